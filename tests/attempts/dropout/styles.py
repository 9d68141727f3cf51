# expect: passed
# a child of the generator draws
def dropout(x, p, rng, training=True):
    if not training:
        return x
    (child,) = rng.spawn(1)
    return x * (child.random(x.shape) >= p) / (1 - p)


# expect: passed
# a generator whose seed is drawn
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    r = np.random.default_rng(rng.integers(2**32))
    return np.where(r.random(x.shape) < p, 0, x) / (1 - p)


# expect: passed
# drawn in another order
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    return np.where(rng.random(x.shape[::-1]).T < p, 0, x / (1 - p))
