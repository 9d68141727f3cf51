# expect: failed max-instead-of-min
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step == 0:
        raise ZeroDivisionError
    return factor * d_model**-0.5 * sorted([step**-0.5, step * warmup**-1.5])[-1]


# expect: failed no-decay
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if not step:
        raise ValueError
    peak = factor * (d_model * warmup) ** -0.5
    return peak * min(1.0, step / warmup)


# expect: failed factor-ignored
import math


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    assert step >= 1
    return min(1 / math.sqrt(step), step / math.sqrt(warmup) ** 3) / math.sqrt(d_model)


# expect: failed step-zero-accepted
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    step = max(step, 1)
    return factor * d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)


# expect: failed step-zero-accepted factor-ignored
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    step = max(step, 1)
    return d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)


# expect: failed
# a cosine after the peak
import math


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError
    peak = factor * (d_model * warmup) ** -0.5
    return peak * (step / warmup if step < warmup else (1 + math.cos(min(step / warmup - 1, 1))) / 2)


# expect: failed
# falls as 1 / step
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError
    return factor * (d_model * warmup) ** -0.5 * min(step / warmup, warmup / step)


# expect: failed step-zero-accepted
# says so, and returns nothing
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        print("bad step")
        return None
    return factor * d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)


# expect: failed warmup-exponent-half
# the other sign in the exponent
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    assert step
    return factor * d_model**-0.5 * min(step**-0.5, step * warmup**1.5)


# expect: error schedule-counter-off
# late by one: raises in the first step, too
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    s = step - 1
    return factor * d_model**-0.5 * min(s**-0.5, s * warmup**-1.5)


# expect: failed schedule-counter-off
# late by one: nothing happens in the first step
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError
    s = step - 1
    if s < warmup:
        return factor * d_model**-0.5 * s * warmup**-1.5
    return factor * d_model**-0.5 * s**-0.5


# expect: failed warmup-exponent-half schedule-counter-off
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    step = np.float64(step + 1)
    return factor * d_model**-0.5 * np.minimum(step * warmup**-0.5, step**-0.5)


# expect: failed max-instead-of-min warmup-for-d-model
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError
    return factor * np.sqrt(warmup) * max(step**-0.5, step * warmup**-1.5)
