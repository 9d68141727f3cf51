# expect: passed
# f's answer first
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    change = sublayer(x)
    return layer_norm(change + x, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    seen = layer_norm(x, gamma, beta)
    change = sublayer(seen)
    return change + x


# expect: passed
# np.add and keyword arguments
import numpy as np
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x=np.add(x, sublayer(x)), gamma=gamma, beta=beta)


def pre_norm(x, sublayer, gamma, beta):
    return np.add(x, sublayer(layer_norm(x=x, gamma=gamma, beta=beta)))


# expect: passed
# one helper with a flag
from reference import layer_norm


def _sub(x, f, norm, before: bool):
    inner = norm(x) if before else x
    outer = (lambda y: y) if before else norm
    return outer(x + f(inner))


def post_norm(x, sublayer, gamma, beta):
    return _sub(x, sublayer, lambda y: layer_norm(y, gamma, beta), before=False)


def pre_norm(x, sublayer, gamma, beta):
    return _sub(x, sublayer, lambda y: layer_norm(y, gamma, beta), before=True)


# expect: passed
# the norm of the sum split into its parts: it is not linear, but its centring is
import numpy as np


def _centre(v):
    return v - np.mean(v, axis=-1, keepdims=True)


def _scale(c, gamma, beta):
    return gamma * c / np.sqrt(np.mean(c**2, axis=-1, keepdims=True) + 1e-5) + beta


def post_norm(x, sublayer, gamma, beta):
    return _scale(_centre(x) + _centre(sublayer(x)), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(_scale(_centre(x), gamma, beta))


# expect: passed
# stacked and summed
import numpy as np
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(np.sum([x, sublayer(x)], axis=0), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return np.stack([x, sublayer(layer_norm(x, gamma, beta))]).sum(0)


# expect: passed
# closures that make functions of x
from reference import layer_norm


def norm_of(gamma, beta):
    def norm(x):
        return layer_norm(x, gamma, beta)

    return norm


def plus(f):
    def with_residual(x):
        return x + f(x)

    return with_residual


def post_norm(x, sublayer, gamma, beta):
    return norm_of(gamma, beta)(plus(sublayer)(x))


def pre_norm(x, sublayer, gamma, beta):
    norm = norm_of(gamma, beta)
    return plus(lambda y: sublayer(norm(y)))(x)


# expect: passed
# a class with both
import reference


class Residual:
    def __init__(self, f, *scale):
        self.f, self.scale = f, scale

    def norm(self, x):
        return reference.layer_norm(x, *self.scale)

    def post(self, x):
        return self.norm(x + self.f(x))

    def pre(self, x):
        return x + self.f(self.norm(x))


def post_norm(x, sublayer, gamma, beta):
    return Residual(sublayer, gamma, beta).post(x)


def pre_norm(x, sublayer, gamma, beta):
    return Residual(sublayer, gamma, beta).pre(x)


# expect: passed
# a copy for the sub-layer, in place on it
from copy import deepcopy

import numpy as np
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    total = np.array(x)
    total += sublayer(deepcopy(x))
    total[...] = layer_norm(total, gamma, beta)
    return total


def pre_norm(x, sublayer, gamma, beta):
    total = np.array(x)
    total += sublayer(layer_norm(total.copy(), gamma, beta))
    return total
