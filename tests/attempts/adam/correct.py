# expect: passed
# number by number, a plain tuple as the state
import math

import numpy as np


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    new, m, v = (np.empty_like(parameter) for _ in range(3))
    for at in np.ndindex(parameter.shape):
        g = gradient[at]
        m[at] = b1 * state.m[at] + (1 - b1) * g
        v[at] = b2 * state.v[at] + (1 - b2) * g * g
        new[at] = parameter[at] - learning_rate * (m[at] / (1 - b1**t)) / (math.sqrt(v[at] / (1 - b2**t)) + eps)
    return new, (m, v, t)


# expect: passed
# as PyTorch does it: the corrections go into step size and denominator
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    exp_avg, exp_avg_sq, step = state
    step = step + 1
    exp_avg = exp_avg + (gradient - exp_avg) * (1 - b1)
    exp_avg_sq = exp_avg_sq * b2 + gradient * gradient * (1 - b2)
    bias_correction1 = 1 - b1**step
    bias_correction2_sqrt = (1 - b2**step) ** 0.5
    denom = np.sqrt(exp_avg_sq) / bias_correction2_sqrt + eps
    return parameter - learning_rate / bias_correction1 * exp_avg / denom, AdamState(exp_avg, exp_avg_sq, step)


# expect: passed
# weighted averages of stacks; a replaced state
import numpy as np


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    beta = np.array([b1, b2])
    old = np.stack([state.m, state.v])
    new = np.stack([gradient, np.square(gradient)])
    m, v = np.einsum("i,i...->i...", beta, old) + np.einsum("i,i...->i...", 1 - beta, new)
    state = state._replace(t=state.t + 1, m=m, v=v)
    c1, c2 = -np.expm1(state.t * np.log(beta))
    delta = np.divide(m / c1, np.sqrt(v / c2) + eps)
    return np.subtract(parameter, learning_rate * delta), state


# expect: passed
# a class with the two means
from collections import namedtuple

import numpy as np

State = namedtuple("State", "m v t")


class Mean:
    def __init__(self, value, beta):
        self.value, self.beta = value.copy(), beta

    def update(self, x):
        self.value *= self.beta
        self.value += (1 - self.beta) * x
        return self

    def corrected(self, t):
        return self.value / (1 - self.beta**t)


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = int(state.t) + 1
    first, second = Mean(state.m, b1).update(gradient), Mean(state.v, b2).update(gradient**2)
    step = learning_rate * first.corrected(t) / (second.corrected(t) ** 0.5 + eps)
    return parameter - step, State(first.value, second.value, np.int64(t))


# expect: passed
# expm1 for the corrections
import numpy as np


bias = lambda b, t: -np.expm1(t * np.log(b))


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m, v = (
        b * s + (1 - b) * g
        for b, s, g in ((b1, state.m, gradient), (b2, state.v, np.abs(gradient) ** 2))
    )
    delta = -learning_rate * (m / bias(b1, t)) / (np.sqrt(v / bias(b2, t)) + eps)
    return parameter + delta, (m, v, t)


# expect: passed
# both means in one array
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    old = np.stack([state.m, state.v])
    new = np.stack([gradient, gradient**2])
    b = np.array([b1, b2]).reshape(2, *[1] * parameter.ndim)
    mv = b * old + (1 - b) * new
    t = state.t + 1
    mh, vh = mv / (1 - b**t)
    return parameter - learning_rate * mh / (np.sqrt(vh) + eps), AdamState(mv[0], mv[1], t)
