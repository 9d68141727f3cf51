# expect: failed dropout-not-rescaled
def dropout(x, p, rng, training=True):
    return x * rng.binomial(1, 1 - p, size=x.shape) if training else x


# expect: failed p-as-keep-probability
# p taken for the share that stays, and so in the scale
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    keep = rng.uniform(size=x.shape) < p
    return np.where(keep, x, 0) / (1 - p)


# expect: failed rng-ignored
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = np.random.rand(*x.shape) > p
    return x * mask / (1 - p)


# expect: failed same-draw-every-call
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    rng = np.random.default_rng(42)
    return x * rng.binomial(1, 1 - p, x.shape) / (1 - p)


# expect: failed shared-dropout-mask
def dropout(x, p, rng, training=True):
    if not training:
        return x
    return x * (rng.random(x.shape[-1]) >= p) / (1 - p)


# expect: failed dropout-not-rescaled rng-ignored
import numpy as np


def dropout(x, p, rng, training=True):
    if training:
        x = x * (np.random.uniform(size=x.shape) >= p)
    return x


# expect: failed
# dropped ones become 1
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(rng.random(x.shape) < p, 1.0, x / (1 - p))


# expect: failed
# normal noise in place of dropping
def dropout(x, p, rng, training=True):
    return x * (1 + (p / (1 - p)) ** 0.5 * rng.normal(size=x.shape)) if training else x


# expect: failed
# exactly a share p is dropped, from the front
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    out = x / (1 - p)
    rng.random()
    out.reshape(-1)[: round(p * x.size)] = 0
    return out
