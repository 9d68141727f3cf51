# expect: passed
# two branches
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError("steps count from 1")
    if step < warmup:
        return factor * step / (d_model**0.5 * warmup**1.5)
    return factor / (d_model * step) ** 0.5


# expect: passed
# an assertion is an exception too; NumPy numbers
import numpy as np


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    assert step > 0
    return factor * np.power(float(d_model), -0.5) * np.minimum(np.power(float(step), -0.5), step * np.power(float(warmup), -1.5))


# expect: passed
# logarithms; log(0) raises by itself
import math


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    rising = math.log(step) - 1.5 * math.log(warmup)
    falling = -0.5 * math.log(step)
    return factor * math.exp(min(rising, falling) - 0.5 * math.log(d_model))


# expect: passed
# 0 to a negative power raises
from functools import lru_cache


@lru_cache
def peak(d_model, warmup, factor):
    return factor / (d_model * warmup) ** 0.5


def noam_learning_rate(step: int, d_model: int, warmup: int = 4000, factor: float = 1.0) -> float:
    share = step / warmup
    return peak(d_model, warmup, factor) * sorted([share, share**-0.5])[0]


# expect: passed
# the whole list of rates
def noam_learning_rate(
    step: int, d_model: int, warmup: int = 4000, factor: float = 1.0, *, verbose: bool = False
) -> float:
    rates = [factor * d_model**-0.5 * min(s**-0.5, s * warmup**-1.5) for s in range(1, step + 1)]
    if verbose:
        print(rates)
    return rates[step - 1]


# expect: passed
# an object that can be called
noam_learning_rate = lambda step, d_model, warmup=4000, factor=1.0: (
    factor * d_model**-0.5 * sorted((step**-0.5, step * warmup**-1.5))[0]
)
