# expect: passed
# the starter filled in; > in place of >=
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    keep = rng.random(x.shape) > p
    scaled = x / (1 - p)
    output = keep * scaled
    return output


# expect: passed
# the keep probability; a mask that is scaled itself
import numpy as np


def dropout(x: np.ndarray, p: float, rng: np.random.Generator, training: bool = True) -> np.ndarray:
    if not training:
        return x.copy()
    q = 1.0 - p
    mask = (rng.uniform(0.0, 1.0, size=x.shape) < q) / q
    return np.multiply(mask, x)


# expect: passed
# row by row
import numpy as np


def dropout(x, p, rng, training=True):
    if not training or p == 0.0:
        return x
    flat = x.reshape(-1, x.shape[-1])
    rows = [np.where(rng.random(len(row)) < p, 0.0, row / (1 - p)) for row in flat]
    return np.array(rows).reshape(x.shape)


# expect: passed
# recursion over the axes
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    if x.ndim > 1:
        return np.stack([dropout(part, p, rng) for part in x])
    return x * (rng.random(x.size) >= p) * (1 / (1 - p))


# expect: passed
# the number of dropped ones is drawn, then the places
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    out = (x / (1 - p)).ravel()
    n = rng.binomial(out.size, p)
    out[rng.choice(out.size, size=n, replace=False)] = 0
    return out.reshape(x.shape)


# expect: passed
# exponential waiting times
import numpy as np


def dropout(x, p, rng, training=True):
    if not training or not p:
        return np.array(x)
    keep = rng.exponential(size=x.shape) < -np.log(p)
    return np.where(keep, x, 0) / (1 - p)


# expect: passed
# bits of random bytes: 32 a number
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    draws = np.frombuffer(rng.bytes(4 * x.size), dtype=np.uint32).reshape(x.shape)
    return np.where(draws < p * 2**32, 0, x / (1 - p))


# expect: passed
# masked arrays
import numpy as np


def dropout(x, p, rng, training=True):
    if training is False:
        return x
    gone = rng.random(size=x.shape) < p
    return np.ma.masked_array(x, mask=gone).filled(0.0) / (1.0 - p)


# expect: passed
# Python's own floats
import numpy as np


def dropout(x, p, rng, training=True):
    keep_prob = 1 - p if training else 1
    values = [v / keep_prob if rng.random() < keep_prob else 0.0 for v in x.ravel().tolist()]
    return np.array(values).reshape(x.shape)


# expect: passed
# one row more is drawn than is used
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    n = rng.normal(size=x.shape), rng.normal(size=x.shape)
    u = np.exp(-(n[0] ** 2 + n[1] ** 2) / 2)
    return (u >= p) * x / (1 - p)
