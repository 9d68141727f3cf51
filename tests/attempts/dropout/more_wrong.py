# expect: failed dropout-not-rescaled
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(rng.random(x.shape) < p, 0, x)


# expect: failed rescaled-at-inference
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return (1 - p) * x
    return np.where(rng.random(x.shape) < p, 0, x / (1 - p))


# expect: failed dropout-wrong-flag
# acts in inference only
import numpy as np


def dropout(x, p, rng, training=True):
    if training:
        return x
    return np.where(rng.random(x.shape) < p, 0, x / (1 - p))


# expect: failed p-as-keep-probability
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = rng.binomial(1, p, size=x.shape)
    return mask * x / p if p else x


# expect: failed shared-dropout-mask
# a draw a row
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = rng.random((*x.shape[:-1], 1)) >= p
    return mask * x / (1 - p)


# expect: failed same-draw-every-call
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    np.random.seed(0)
    return np.where(np.random.rand(*x.shape) < p, 0, x / (1 - p))


# expect: failed
# scaled by 1 / sqrt(1 - p)
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(rng.random(x.shape) < p, 0, x / np.sqrt(1 - p))


# expect: failed
# dropped become nan
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(rng.random(x.shape) < p, np.nan, x / (1 - p))


# expect: failed
# normal numbers, not uniform ones
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(rng.normal(size=x.shape) < p, 0, x / (1 - p))


# expect: failed
# changes x
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    x[rng.random(x.shape) < p] = 0
    x /= 1 - p
    return x


# expect: failed
# only the numbers that stay
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return x[rng.random(x.shape) >= p] / (1 - p)


# expect: failed shared-dropout-mask
# whole rows by a loop, one draw each
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    out = np.zeros_like(x)
    for i in range(len(x)):
        if rng.random() >= p:
            out[i] = x[i] / (1 - p)
    return out


# expect: failed dropout-wrong-flag dropout-not-rescaled
import numpy as np


def dropout(x, p, rng, training=True):
    if training:
        return x
    return np.where(rng.random(x.shape) < p, 0, x)


# expect: failed shared-dropout-mask
# a draw for the last two axes: one sentence, one matrix
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = rng.random(x.shape[-2:]) >= p
    return mask * x / (1 - p)
