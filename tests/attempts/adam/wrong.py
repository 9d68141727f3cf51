# expect: failed adam-eps-inside-root
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = (v_hat + eps) ** 0.5
    return parameter - learning_rate * m_hat / denominator, AdamState(m, v, t)


# expect: failed adam-uphill
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    return np.add(parameter, learning_rate * m_hat / denominator), AdamState(m, v, t)


# expect: failed no-bias-correction
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m, v
    denominator = np.sqrt(v_hat) + eps
    return parameter - learning_rate * m_hat / denominator, AdamState(m, v, t)


# expect: failed adam-t-not-returned
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    return parameter - learning_rate * m_hat / denominator, state._replace(m=m, v=v)


# expect: failed adam-corrected-state
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    return parameter - learning_rate * m_hat / denominator, AdamState(m_hat, v_hat, t)


# expect: failed adam-betas-swapped
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    b1, b2 = b2, b1
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    return parameter - learning_rate * m_hat / denominator, AdamState(m, v, t)


# expect: failed adam-eps-inside-root adam-uphill
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = (v_hat + eps) ** 0.5
    return parameter + learning_rate * m_hat / denominator, AdamState(m, v, t)


# expect: failed parameter-in-place
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    parameter -= learning_rate * m_hat / denominator
    return parameter, AdamState(m, v, t)


# expect: failed
# the largest of the squares is kept
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = np.maximum(b2 * state.v, gradient * gradient)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    return parameter - learning_rate * m_hat / denominator, AdamState(m, v, t)


# expect: failed
# the sign of the gradient only
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = state.m + (1 - b1) * (gradient - state.m)
    v = state.v + (1 - b2) * (gradient * gradient - state.v)
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    denominator = np.sqrt(v_hat) + eps
    return parameter - learning_rate * np.sign(m_hat), AdamState(m, v, t)


# expect: error adam-t-from-zero
# the corrections in the step size: Python divides by 0
import math
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m, v, t = state
    m = b1 * m + (1 - b1) * gradient
    v = b2 * v + (1 - b2) * gradient**2
    lr = learning_rate * math.sqrt(1 - b2**t) / (1 - b1**t)
    return parameter - lr * m / (np.sqrt(v) + eps * math.sqrt(1 - b2**t)), AdamState(m, v, t + 1)


# expect: error adam-t-from-zero
import math
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m, v, t = state
    m = b1 * m + (1 - b1) * gradient
    v = b2 * v + (1 - b2) * gradient**2
    step_size = learning_rate / (1 - b1**t)
    denom = np.sqrt(v) / math.sqrt(1 - b2**t) + eps
    return parameter - step_size * m / denom, AdamState(m, v, t + 1)


# expect: failed no-bias-correction
# t is not needed at all
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m = b1 * state.m + (1 - b1) * gradient
    v = b2 * state.v + (1 - b2) * gradient**2
    return parameter - learning_rate * m / (np.sqrt(v) + eps), AdamState(m, v, state.t)


# expect: failed
# at least eps in place of plus eps
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    t = state.t + 1
    m = b1 * state.m + (1 - b1) * gradient
    v = b2 * state.v + (1 - b2) * gradient**2
    return parameter - learning_rate * (m / (1 - b1**t)) / np.maximum(
        np.sqrt(v / (1 - b2**t)), eps
    ), AdamState(m, v, t)


# expect: failed adam-eps-inside-root
# eps inside the root, before the correction
import math
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-9):
    m, v, t = state
    t += 1
    m = b1 * m + (1 - b1) * gradient
    v = b2 * v + (1 - b2) * gradient**2
    return parameter - learning_rate * math.sqrt(1 - b2**t) / (1 - b1**t) * m / np.sqrt(
        v + eps
    ), AdamState(m, v, t)
