# expect: failed no-bias-correction
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m, v = b1 * state.m + (1 - b1) * gradient, b2 * state.v + (1 - b2) * gradient**2
    return parameter - learning_rate * m / (v**0.5 + eps), AdamState(m, v, state.t + 1)


# expect: failed adam-eps-inside-root
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m, v = b1 * state.m + (1 - b1) * gradient, b2 * state.v + (1 - b2) * gradient**2
    return parameter - learning_rate * (m / (1 - b1**t)) / (v / (1 - b2**t) + eps) ** 0.5, AdamState(m, v, t)


# expect: failed adam-t-not-returned
def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m, v = b1 * state.m + (1 - b1) * gradient, b2 * state.v + (1 - b2) * gradient**2
    moved = parameter - learning_rate * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
    return moved, state._replace(m=m, v=v)


# expect: failed adam-state-in-place
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m, v, t = state
    m *= b1
    m += (1 - b1) * gradient
    v *= b2
    v += (1 - b2) * gradient**2
    moved = parameter - learning_rate * (m / (1 - b1 ** (t + 1))) / ((v / (1 - b2 ** (t + 1))) ** 0.5 + eps)
    return moved, AdamState(m, v, t + 1)
