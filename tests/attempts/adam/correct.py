# expect: passed
import numpy as np


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m, v, t = state
    t += 1
    m = m + (1 - b1) * (gradient - m)
    v = v + (1 - b2) * (gradient * gradient - v)
    step = np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps * np.sqrt(1 - b2**t))
    return parameter - learning_rate * step, (m, v, t)


# expect: passed
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    new = AdamState(state.m * b1 + gradient * (1 - b1), state.v * b2 + gradient**2 * (1 - b2), state.t + 1)
    size = (new.v / (1 - b2**new.t)) ** 0.5
    return parameter - learning_rate * new.m / (1 - b1**new.t) / (size + eps), new


# expect: passed
def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m, v = b1 * state.m + (1 - b1) * gradient, b2 * state.v + (1 - b2) * gradient**2
    moved = parameter - learning_rate * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
    return moved, state._replace(m=m, v=v, t=t)
