# expect: passed
# MATLAB user: columns, bsxfun and repmat
import numpy as np


def softmax(x, axis=-1):
    dim = axis % x.ndim
    sz = [1] * x.ndim
    sz[dim] = x.shape[dim]
    m = np.tile(np.max(x, dim, keepdims=True), sz)
    e = np.exp(x - m)
    s = np.tile(np.sum(e, dim, keepdims=True), sz)
    return e / s


# expect: passed
# C programmer: strides, flat loops
import math

import numpy as np


def softmax(x, axis=-1):
    shape = x.shape
    axis = axis + len(shape) if axis < 0 else axis
    outer = int(np.prod(shape[:axis]))
    n = shape[axis]
    inner = int(np.prod(shape[axis + 1 :]))
    src = x.reshape(-1).tolist()
    dst = [0.0] * len(src)
    for i in range(outer):
        for j in range(inner):
            base = i * n * inner + j
            m = -math.inf
            for t in range(n):
                m = max(m, src[base + t * inner])
            s = 0.0
            for t in range(n):
                dst[base + t * inner] = math.exp(src[base + t * inner] - m)
                s += dst[base + t * inner]
            for t in range(n):
                dst[base + t * inner] /= s
    return np.array(dst).reshape(shape)


# expect: passed
# recursion over axes
import numpy as np


def softmax(x, axis=-1):
    if x.ndim == 1:
        p = np.exp(x - max(x))
        return p / sum(p)
    axis %= x.ndim
    if axis:
        return np.array([softmax(part, axis - 1) for part in x])
    return (
        np.array([softmax(x[:, i], 0) for i in range(x.shape[1])]).swapaxes(0, 1)
        if x.ndim == 2
        else np.moveaxis(np.array([softmax(x[:, i], 0) for i in range(x.shape[1])]), 0, 1)
    )


# expect: passed
# masked arrays for -inf
import numpy as np


def softmax(x, axis=-1):
    m = np.ma.masked_where(np.isneginf(x), x)
    e = np.ma.exp(m - m.max(axis=axis, keepdims=True))
    return (e / e.sum(axis=axis, keepdims=True)).filled(0.0)


# expect: passed
# a sort: the last in order is the largest
import numpy as np


def softmax(x, axis=-1):
    biggest = np.take(np.sort(x, axis=axis), [-1], axis=axis)
    e = np.e ** (x - biggest)
    return e / np.cumsum(e, axis=axis).take([-1], axis=axis)


# expect: passed
# argmax and take_along_axis
import numpy as np


def softmax(x, axis=-1):
    at = np.expand_dims(np.argmax(x, axis=axis), axis)
    shifted = x - np.take_along_axis(x, at, axis)
    unnormalised = np.exp(shifted)
    return unnormalised / np.linalg.norm(unnormalised, ord=1, axis=axis, keepdims=True)


# expect: passed
# matrix product with ones
import numpy as np


def softmax(x, axis=-1):
    y = np.moveaxis(x, axis, -1)
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    n = y.shape[-1]
    return np.moveaxis(e / (e @ np.ones((n, n), e.dtype)), -1, axis)


# expect: passed
# logaddexp.accumulate
import numpy as np


def softmax(x, axis=-1):
    z = np.logaddexp.accumulate(x.astype(np.float64), axis=axis)
    return np.exp(x - np.take(z, [-1], axis=axis))


# expect: passed
# golfed lambda
from numpy import *

softmax = lambda x, axis=-1: (lambda e: e / e.sum(axis, keepdims=1))(exp(x - x.max(axis, keepdims=1)))


# expect: passed
# -inf taken out as nan
import numpy as np


def softmax(x, axis=-1):
    with np.errstate(invalid="ignore"):
        x = np.asarray(x, float)
        finite = np.where(np.isfinite(x), x, np.nan)
        top = np.nanmax(finite, axis=axis, keepdims=True)
    e = np.where(np.isneginf(x), 0, np.exp(np.where(np.isneginf(x), 0, x - top)))
    return e / np.nansum(e, axis=axis, keepdims=True)
