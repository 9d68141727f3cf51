# expect: failed global-max-underflow
import numpy as np
from functools import reduce


def softmax(x, axis=-1):
    m = reduce(max, x.ravel().tolist())
    e = np.exp(x - m)
    return e / e.sum(axis=axis, keepdims=True)


# expect: failed one-normaliser-for-all
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


# expect: failed no-max-subtraction axis-zero-hard-coded
import numpy as np


def softmax(x, axis=-1):
    return np.exp(x) / np.sum(np.exp(x), axis=0)


# expect: failed
# the default taken for the first axis
import numpy as np


def softmax(x, axis=-1):
    if axis == -1:
        axis = 0
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# expect: error axis-argument-ignored
# axis 1, as in two dimensions
import numpy as np


def softmax(x, axis=-1):
    m = np.max(x, axis=1)
    e = np.exp(x - m[:, np.newaxis])
    return e / np.sum(e, axis=1)[:, np.newaxis]


# expect: failed
# log-softmax returned
import numpy as np


def softmax(x, axis=-1):
    s = x - x.max(axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis, keepdims=True))


# expect: failed shifted-by-another-number
# mean subtracted
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.mean(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


# expect: failed shifted-by-another-number
# min subtracted
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.min(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


# expect: failed shifted-by-another-number
# the largest magnitude subtracted
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - np.abs(x).max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


# expect: failed softmax-not-normalised
# not normalised
import numpy as np


def softmax(x, axis=-1):
    return np.exp(x - x.max(axis, keepdims=True))


# expect: failed
# divided by mean
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.mean(axis, keepdims=True)


# expect: failed
# keeps a cache by shape
import numpy as np

cache = {}


def softmax(x, axis=-1):
    key = (x.shape, axis)
    if key not in cache:
        e = np.exp(x - x.max(axis, keepdims=True))
        cache[key] = e / e.sum(axis, keepdims=True)
    return cache[key]


# expect: failed axis-argument-ignored integer-result-array
import numpy as np


def softmax(x, axis=-1):
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape[:-1]):
        e = np.exp(x[i] - x[i].max())
        out[i] = e / e.sum()
    return out


# expect: failed no-max-subtraction subtraction-reversed
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(-x)
    return e / e.sum(axis, keepdims=True)


# expect: failed divided-by-maximum
import numpy as np


def softmax(x, axis=-1):
    x = x / np.abs(x).max(axis, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis, keepdims=True)


# expect: failed no-max-subtraction softmax-not-normalised
import numpy as np


def softmax(x, axis=-1):
    return np.exp(x)


# expect: failed shifted-by-another-number
# mean of the whole
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - np.mean(x))
    return e / e.sum(axis, keepdims=True)
