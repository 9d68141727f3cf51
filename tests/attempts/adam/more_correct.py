# expect: passed
# the starter filled in, powers as products
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    t = state.t + 1
    m = b1 * state.m + (1.0 - b1) * gradient
    v = b2 * state.v + (1.0 - b2) * np.power(gradient, 2)
    unbiased_m = m / (1 - np.power(b1, t))
    unbiased_v = v / (1 - np.power(b2, t))
    moved = parameter - learning_rate * (unbiased_m / (unbiased_v**0.5 + eps))
    return moved, AdamState(m=m, v=v, t=t)


# expect: passed
# in place on own copies
import numpy as np


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    m, v, t = state.m.copy(), state.v.copy(), state.t
    t += 1
    m *= b1
    m += (1 - b1) * gradient
    v *= b2
    v += (1 - b2) * gradient * gradient
    new = parameter.copy()
    new -= learning_rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return new, (m, v, t)


# expect: passed
# a closure for each running mean; a named tuple of its own in another order of making
from typing import NamedTuple

import numpy as np


class State(NamedTuple):
    first: np.ndarray
    second: np.ndarray
    steps: int


def running(beta, steps):
    def update(old, new):
        now = beta * old + (1 - beta) * new
        return now, now / (1 - beta**steps)

    return update


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    steps = state[2] + 1
    m, m_hat = running(b1, steps)(state[0], gradient)
    v, v_hat = running(b2, steps)(state[1], gradient**2)
    direction = m_hat / (eps + np.sqrt(v_hat))
    return parameter + -learning_rate * direction, State(m, v, steps)


# expect: passed
# np.average, np.hypot-free: a lerp
import numpy as np
from reference import AdamState


def lerp(a, b, w):
    return a + w * (b - a)


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    m = lerp(state.m, gradient, 1 - b1)
    v = lerp(state.v, np.square(gradient), 1 - b2)
    t = 1 + state.t
    scale = learning_rate / (1 - b1**t)
    return parameter - scale * m / (np.sqrt(v) * (1 - b2**t) ** -0.5 + eps), AdamState(m, v, t)


# expect: passed
# vectorised over a flat list of Python floats
import math

import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    t = state.t + 1
    c1, c2 = 1 - math.pow(b1, t), 1 - math.pow(b2, t)
    new_p, new_m, new_v = [], [], []
    for p, g, m, v in zip(*(a.ravel().tolist() for a in (parameter, gradient, state.m, state.v))):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        new_p.append(p - learning_rate * (m / c1) / (math.sqrt(v / c2) + eps))
        new_m.append(m)
        new_v.append(v)
    shape = parameter.shape
    return np.array(new_p).reshape(shape), AdamState(np.array(new_m).reshape(shape), np.array(new_v).reshape(shape), t)


# expect: passed
# a class with an attribute each
import numpy as np


class Adam:
    def __init__(self, m, v, t, b1, b2, eps):
        self.m, self.v, self.t, self.b1, self.b2, self.eps = m, v, t, b1, b2, eps

    def step(self, p, g, lr):
        self.t = self.t + 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.v = self.b2 * self.v + (1 - self.b2) * g**2
        m_hat = self.m / (1 - self.b1**self.t)
        v_hat = self.v / (1 - self.b2**self.t)
        return p - lr * m_hat / (np.sqrt(v_hat) + self.eps)

    def state(self):
        return self.m, self.v, self.t


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    adam = Adam(*state, b1, b2, eps)
    return adam.step(parameter, gradient, learning_rate), adam.state()


# expect: passed
# ufuncs with out= into fresh arrays
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    t = state.t + 1
    m, v = np.empty_like(state.m), np.empty_like(state.v)
    np.multiply(state.m, b1, out=m)
    np.add(m, np.multiply(gradient, 1 - b1), out=m)
    np.multiply(state.v, b2, out=v)
    np.add(v, np.multiply(np.square(gradient), 1 - b2), out=v)
    denominator = np.sqrt(np.true_divide(v, 1 - b2**t))
    np.add(denominator, eps, out=denominator)
    update = np.true_divide(m, 1 - b1**t)
    np.divide(update, denominator, out=update)
    np.multiply(update, learning_rate, out=update)
    return np.subtract(parameter, update), AdamState(m, v, t)


# expect: passed
# einsum over old and new
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    m = np.einsum('i,i...->...', [b1, 1 - b1], np.array([state.m, gradient]))
    v = np.einsum('i,i...->...', [b2, 1 - b2], np.array([state.v, gradient * gradient]))
    t = state.t + 1
    corrected = [mean / (1 - beta**t) for mean, beta in ((m, b1), (v, b2))]
    return parameter - learning_rate * corrected[0] / (np.sqrt(corrected[1]) + eps), AdamState(m, v, t)


# expect: passed
# t counted as a float, and made an int again
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    t = np.int32(state.t) + 1
    decay = np.array([b1, b2]) ** float(t)
    m = state.m - (1 - b1) * (state.m - gradient)
    v = state.v - (1 - b2) * (state.v - gradient**2)
    size = np.sqrt(v / (1 - decay[1])) + eps
    return parameter - learning_rate / (1 - decay[0]) / size * m, AdamState(m, v, int(t))
