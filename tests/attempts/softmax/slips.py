# expect: failed subtraction-reversed
import math

import numpy as np


def softmax(x, axis=-1):
    def one(row):
        powers = [math.exp(min(row) - value) for value in row]
        return np.array([p / math.fsum(powers) for p in powers])

    return np.apply_along_axis(one, axis, x)


# expect: failed
# deserves: axis-zero-hard-coded in-place-max-subtraction
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
