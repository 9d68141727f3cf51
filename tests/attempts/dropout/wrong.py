# expect: failed dropout-not-rescaled
def dropout(x, p, rng, training=True):
    return x * rng.binomial(1, 1 - p, size=x.shape) if training else x


# expect: failed p-as-keep-probability
def dropout(x, p, rng, training=True):
    return x * rng.binomial(1, p, x.shape) / (p or 1) if training else x


# expect: failed rng-ignored
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(np.random.rand(*x.shape) < p, 0, x / (1 - p))


# expect: failed same-draw-every-call
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(np.random.default_rng(42).random(x.shape) < p, 0, x / (1 - p))


# expect: failed rescaled-at-inference
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x * (1 - p)
    return np.where(rng.random(x.shape) < p, 0, x / (1 - p))
