# expect: passed
# the starter filled in with math.sqrt
import math


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step <= 0:
        raise ValueError("step counts from 1")
    rising = step / (warmup * math.sqrt(warmup))
    falling = 1 / math.sqrt(step)
    rate = factor / math.sqrt(d_model) * min(rising, falling)
    return rate


# expect: passed
# a factor on the peak
def noam_learning_rate(step: int, d_model: int, warmup: int = 4000, factor: float = 1.0) -> float:
    if not step >= 1:
        raise ValueError(step)
    peak = factor * d_model**-0.5 * warmup**-0.5
    if step <= warmup:
        return float(peak * step / warmup)
    return float(peak * (warmup / step) ** 0.5)


# expect: passed
# np.min over a list, float64
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step == 0:
        raise ZeroDivisionError("step 0")
    terms = np.array([1 / np.sqrt(step), step / warmup**1.5])
    return np.float64(factor) * terms.min() / np.sqrt(d_model)


# expect: passed
# a scheduler with a state
class Noam:
    def __init__(self, d_model, warmup, factor):
        self.scale, self.warmup = factor * pow(d_model, -0.5), warmup

    def rate(self, step):
        return self.scale * min(pow(step, -0.5), step * pow(self.warmup, -1.5))


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    return Noam(d_model, warmup, factor).rate(step)


# expect: passed
# the reciprocal: the larger of two denominators
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise IndexError("no such step")
    return factor / (d_model**0.5 * max(step**0.5, warmup**1.5 / step))


# expect: passed
# squares under one root; an array without axes
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError("step")
    return np.asarray(factor * np.sqrt(min(1 / step, step**2 / warmup**3) / d_model))


# expect: passed
# recursion: the rise is a sum of equal increments
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError("step must be at least 1")
    if step >= warmup:
        return factor * (step * d_model) ** -0.5
    increment = factor * d_model**-0.5 * warmup**-1.5
    rate = 0.0
    for _ in range(step):
        rate += increment
    return rate


# expect: passed
# decimals
from decimal import Decimal


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    s, d, w = Decimal(step), Decimal(d_model), Decimal(warmup)
    if not s:
        raise ArithmeticError("step 0")
    half = Decimal("0.5")
    return float(Decimal(factor) / d**half * min(1 / s**half, s / w ** Decimal("1.5")))


# expect: passed
# a harmless clamp on the falling side after the check
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    step = np.float64(step)
    if step < 1.0:
        raise ValueError("steps count from one")
    arg1, arg2 = np.reciprocal(np.sqrt(step)), step * (np.float64(warmup) ** -1.5)
    return np.reciprocal(np.sqrt(np.float64(d_model))) * np.minimum(arg1, arg2) * factor
