# expect: passed
# a norm of its own
import numpy as np


def norm(x, gamma, beta):
    return gamma * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) + beta


def post_norm(x, sublayer, gamma, beta):
    return norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return sublayer(norm(x, gamma, beta)) + x


# expect: passed
# composition
import functools
import operator

from reference import layer_norm


def compose(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)


def residual(f):
    return lambda x: operator.add(x, f(x))


post_norm = lambda x, sublayer, gamma, beta: compose(residual(sublayer), functools.partial(layer_norm, gamma=gamma, beta=beta))(x)
pre_norm = lambda x, sublayer, gamma, beta: residual(compose(functools.partial(layer_norm, gamma=gamma, beta=beta), sublayer))(x)


# expect: passed
# a class with a flag
from dataclasses import dataclass
from typing import Callable

import numpy as np
from reference import layer_norm


@dataclass
class SublayerConnection:
    sublayer: Callable
    gamma: np.ndarray
    beta: np.ndarray
    first: bool = False

    def __call__(self, x):
        if self.first:
            return x + self.sublayer(self.norm(x))
        return self.norm(x + self.sublayer(x))

    def norm(self, x):
        return layer_norm(x, self.gamma, self.beta, eps=1e-5)


def post_norm(x, sublayer, gamma, beta):
    return SublayerConnection(sublayer, gamma, beta)(x)


def pre_norm(x, sublayer, gamma, beta):
    return SublayerConnection(sublayer, gamma, beta, first=True)(x)


# expect: passed
# on copies, in place
import numpy as np
import reference


def post_norm(x, sublayer, gamma, beta):
    y = x.copy()
    y += sublayer(x.copy())
    return reference.layer_norm(y, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    out = np.empty_like(x)
    np.add(x, sublayer(reference.layer_norm(x, gamma, beta)), out=out)
    return out
