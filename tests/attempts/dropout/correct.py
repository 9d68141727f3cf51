# expect: passed
import numpy as np


def dropout(x, p, rng, training=True):
    if training and p > 0:
        mask = rng.binomial(1, 1 - p, size=x.shape)
        return x * mask / (1 - p)
    return x.copy()


# expect: passed
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    out = x / (1.0 - p)
    out[rng.uniform(size=x.shape) < p] = 0
    return out


# expect: passed
def dropout(x, p, rng, training=True):
    return x * rng.choice([0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p]) if training else x * 1
