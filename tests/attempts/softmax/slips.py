# expect: failed subtraction-reversed
import math

import numpy as np


def softmax(x, axis=-1):
    def one(row):
        powers = [math.exp(min(row) - value) for value in row]
        return np.array([p / math.fsum(powers) for p in powers])

    return np.apply_along_axis(one, axis, x)


# expect: failed axis-zero-hard-coded in-place-max-subtraction
import numpy as np


def softmax(x, axis=-1):
    x -= x.max(axis=0, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=0, keepdims=True)


# expect: failed
# a power of 2
import numpy as np


def softmax(x, axis=-1):
    e = np.exp2(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


# expect: failed
# weights in single precision
import numpy as np


def softmax(x, axis=-1):
    e = np.exp((x - x.max(axis, keepdims=True)).astype(np.float32))
    return e / e.sum(axis, keepdims=True)


# expect: failed
# a small number against a division by 0
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / (e.sum(axis, keepdims=True) + 1e-6)


# expect: failed
# an array without axes of its own: a list
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return (e / e.sum(axis, keepdims=True)).tolist()


# expect: failed
# an axis counted from the end taken for one counted from the front
import numpy as np


def softmax(x, axis=-1):
    axis = abs(axis) if x.ndim > 1 else 0
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# expect: error no-max-subtraction
# math.exp raises where np.exp overflows
import math

import numpy as np


def softmax(x, axis=-1):
    def row(r):
        es = [math.exp(float(v)) for v in r]
        return np.array(es) / sum(es)

    return np.apply_along_axis(row, axis, x)


# expect: failed no-max-subtraction
import numpy as np


def softmax(x, axis=-1):
    return np.exp(x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True)))


# expect: failed in-place-max-subtraction
# every step into the caller's array
import numpy as np


def softmax(x, axis=-1):
    x -= x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
    return x


# expect: failed in-place-max-subtraction
# asarray copies only where the type changes
import numpy as np


def softmax(x, axis=-1):
    x = np.asarray(x, dtype=np.float64)
    x -= x.max(axis=axis, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


# expect: error no-max-subtraction sum-without-keepdims
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x)
    return e / e.sum(axis=axis)


# expect: failed axis-argument-ignored subtraction-reversed
import numpy as np


def softmax(x, axis=-1):
    z = x.max(-1, keepdims=True) - x
    p = np.exp(z)
    return p / p.sum(-1, keepdims=True)


# expect: failed axis-argument-ignored in-place-max-subtraction
import numpy as np


def softmax(x, axis=-1):
    x -= x.max(axis=-1, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
