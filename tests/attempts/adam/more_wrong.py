# expect: failed no-bias-correction
# m only
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# b * t in place of b^t
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1 * step)
    v_hat = second / (1 - b2 * step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# 1 + b^t
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 + b1**step)
    v_hat = second / (1 + b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-t-from-zero
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step + 1)


# expect: failed adam-t-one-ahead
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 2
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, state.t + 1)


# expect: failed adam-corrected-state
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(m_hat, v_hat, step)


# expect: failed
# old m and v, new t
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(state.m, state.v, step)


# expect: failed
# four things
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, first, second, step


# expect: failed adam-eps-inside-root
# eps is added to v before its correction
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = (second + eps) / (1 - b2**step)
    new = parameter - learning_rate * m_hat / np.sqrt(v_hat)
    return new, AdamState(first, second, step)


# expect: failed
# eps is 1e-8 whatever is given
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8)
    return new, AdamState(first, second, step)


# expect: failed adam-square-forgotten
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# v about the mean (AdaBelief)
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * (g - first) ** 2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-betas-swapped
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b2 * state.m + (1 - b2) * g
    second = b1 * state.v + (1 - b1) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# the gradient, not m
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * g / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# NAdam
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * (b1 * m_hat + (1 - b1) * g / (1 - b1**step)) / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# t as a float
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1.0
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed
# a dict as the state
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, dict(m=first, v=second, t=step)


# expect: failed adam-state-in-place
# m changed in place
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = np.add(np.multiply(state.m, b1, out=state.m), (1 - b1) * g, out=state.m)
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-state-in-place parameter-in-place
# everything in place
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    m, v, t = state
    t += 1
    m *= b1
    m += (1 - b1) * gradient
    v *= b2
    v += (1 - b2) * gradient**2
    parameter -= learning_rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return parameter, AdamState(m, v, t)


# expect: failed bias-multiplied
# m only is multiplied
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first * (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed bias-multiplied
# v only is multiplied
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second * (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-one-beta-for-both
# b1 in both corrections
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b1**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-corrected-state
# only m corrected in the state
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(m_hat, second, step)


# expect: failed adam-corrected-state
# only v corrected in the state
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, v_hat, step)


# expect: failed adam-eps-before-correction
# eps before the correction of v, outside the root
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second
    new = parameter - learning_rate * m_hat / ((np.sqrt(second) + eps) / np.sqrt(1 - b2**step))
    return new, AdamState(first, second, step)


# expect: failed adam-eps-outside-fraction
# eps added to the whole step
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * (m_hat / np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-eps-outside-fraction
# precedence: + eps after the division
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / np.sqrt(v_hat) + eps
    return new, AdamState(first, second, step)


# expect: failed adam-one-beta-for-both
# b1 in both means
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b1 * state.v + (1 - b1) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-one-beta-for-both
# b1 in both means and corrections
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b1 * state.v + (1 - b1) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b1**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-gradient-unweighted
# v only
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-gradient-unweighted
# exchanged weights in m only
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = (1 - b1) * state.m + b1 * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new, AdamState(first, second, step)


# expect: failed adam-uphill adam-eps-forgotten
import numpy as np
from reference import AdamState


def adam_step(parameter, gradient, state, learning_rate, b1=0.9, b2=0.98, eps=1e-09):
    g = gradient
    step = state.t + 1
    first = b1 * state.m + (1 - b1) * g
    second = b2 * state.v + (1 - b2) * g**2
    m_hat = first / (1 - b1**step)
    v_hat = second / (1 - b2**step)
    new = parameter + learning_rate * m_hat / np.sqrt(v_hat)
    return new, AdamState(first, second, step)
