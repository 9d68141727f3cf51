# expect: passed
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError("steps count from 1")
    rate = step / warmup**1.5 if step < warmup else step**-0.5
    return factor * rate / d_model**0.5


# expect: passed
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    step = np.float64(step)
    assert step >= 1
    return factor / np.sqrt(d_model) * np.minimum(step * np.power(warmup, -1.5), 1 / np.sqrt(step))


# expect: passed
import math


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    return factor / math.sqrt(d_model * step) * min(1, (step / warmup) ** 1.5)
