# expect: passed
# an object with a name, plain imports, a check of its own when imported
from numpy import allclose, amax, array, exp, zeros


class Softmax:
    """Callable."""

    def __call__(self, x, axis=-1):
        e = exp(x - amax(x, axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)


softmax = Softmax()
assert allclose(softmax(zeros(4)), array([0.25] * 4)), "uniform scores"


# expect: passed
# vectorised over slices, wrapped, with Greek and Cyrillic names
import functools

import numpy as np


def журнал(f):
    @functools.wraps(f)
    def обёртка(*args, **kwargs):
        ответ = f(*args, **kwargs)
        return ответ

    return обёртка


σ = np.vectorize(lambda row: np.exp(row - np.logaddexp.reduce(row)), signature="(n)->(n)")


@журнал
def softmax(x, axis=-1):
	x = x.astype(float)
	return σ(x.swapaxes(axis, -1)).swapaxes(-1, axis)


# expect: passed
# in more than double precision, on a copy, backwards and turned round again
import numpy as np


def softmax(x, axis=-1):
    y = np.flip(np.array(x, dtype=np.longdouble), axis)
    y -= y.max(axis=axis, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=axis, keepdims=True)
    return np.flip(y, axis).astype(np.float64)


# expect: passed
# sigmoid of what is missing to everything else: 1 / sum exp(x_j - x_i)
import numpy


def softmax(x: "numpy.ndarray", axis: int = -1) -> "numpy.ndarray":
    x = numpy.moveaxis(numpy.asfarray(x) if hasattr(numpy, "asfarray") else x * 1.0, axis, -1)
    with numpy.errstate(over="ignore", invalid="ignore"):
        gaps = x[..., None, :] - x[..., :, None]
        weights = 1 / numpy.exp(gaps).sum(-1)
    return numpy.moveaxis(numpy.where(numpy.isneginf(x), 0.0, weights), -1, axis)


# expect: passed
# tuples, try, and a float32 shortcut that stays exact enough
import numpy as np
import warnings


def softmax(x, axis=-1):
    warnings.warn("soft")
    try:
        largest = np.maximum.reduce(x, axis=axis)
        e = np.exp(np.subtract(x, np.expand_dims(largest, axis)))
        return np.divide(e, np.expand_dims(np.add.reduce(e, axis=axis), axis), out=e)
    finally:
        del largest


# expect: passed
# each weight by itself: 1 / sum_j exp(x_j - x_i)
import numpy as np


def softmax(x, axis=-1):
    """weights_i = 1 / sum_j exp(x_j - x_i)"""
    y = np.moveaxis(np.asarray(x, dtype=np.float64), axis, -1)
    with np.errstate(over="ignore", invalid="ignore"):
        d = y[..., None, :] - y[..., :, None]
        d = np.where(np.isneginf(y)[..., :, None], np.inf, d)
        w = 1 / np.exp(d).sum(-1)
    return np.moveaxis(w, -1, axis)


# expect: passed
# one pass, with a running maximum
import numpy as np


def softmax(x, axis=-1):
    x = np.moveaxis(np.asarray(x, float), axis, 0)
    m = np.full(x.shape[1:], -np.inf)
    s = np.zeros(x.shape[1:])
    for v in x:
        new = np.maximum(m, v)
        with np.errstate(invalid="ignore"):
            s = s * np.where(np.isneginf(m), 0.0, np.exp(m - new)) + np.where(
                np.isneginf(v), 0.0, np.exp(v - new)
            )
        m = new
    return np.moveaxis(np.exp(x - m) / s, 0, axis)


# expect: passed
# only exponentials that do not underflow
import numpy as np


def softmax(x, axis=-1):
    shifted = np.subtract(
        x, np.maximum.reduce(x, axis=axis, keepdims=True), dtype=np.result_type(x, np.float32)
    )
    e = np.zeros_like(shifted)
    np.exp(shifted, out=e, where=shifted > -745)
    return e / np.add.reduce(e, axis=axis, keepdims=True)


# expect: passed
# powers of two
import math

import numpy as np


def softmax(x, axis=-1):
    z = (x - np.max(x, axis, None, True)) * math.log2(math.e)
    p = np.exp2(z)
    return p / p.sum(axis, None, None, True)
