# expect: passed
# np.var and np.std are squares and roots of each other
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mu = np.mean(x, axis=-1, keepdims=True)
    sigma2 = np.std(x, axis=-1, keepdims=True) ** 2
    return gamma * ((x - mu) / (sigma2 + eps) ** 0.5) + beta


# expect: passed
# the length of the centred vector by np.linalg.norm
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    d = x.shape[-1]
    centred = x - x.mean(-1)[..., np.newaxis]
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    return beta + gamma * centred / np.sqrt(length**2 / d + eps)


# expect: passed
# everything over d_model: sums in place of means
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    d_model = np.shape(x)[-1]
    total = np.sum(x, axis=x.ndim - 1, keepdims=True)
    centred = d_model * x - total
    squares = np.sum(centred * centred, axis=x.ndim - 1, keepdims=True)
    return centred / np.sqrt(squares / d_model + d_model**2 * eps) * gamma + beta


# expect: passed
# recursion: one vector at a time
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    if x.ndim > 1:
        return np.array([layer_norm(part, gamma, beta, eps) for part in x])
    mean = sum(x) / len(x)
    variance = sum((value - mean) ** 2 for value in x) / len(x)
    return np.array([g * (value - mean) / (variance + eps) ** 0.5 + b for value, g, b in zip(x, gamma, beta)])


# expect: passed
# rows of a matrix, with np.reshape at both ends
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    rows = np.reshape(x, (-1, x.shape[-1])).astype(np.result_type(x.dtype, np.float64))
    mean = np.matmul(rows, np.full((rows.shape[1], 1), 1 / rows.shape[1]))
    rows = rows - mean
    variance = np.matmul((rows * rows), np.ones((rows.shape[1], 1))) / rows.shape[1]
    rows = rows / np.sqrt(variance + eps)
    rows = rows @ np.diag(gamma) + np.tile(beta, (len(rows), 1))
    return rows.reshape(x.shape)


# expect: passed
# two helpers and a named tuple
from typing import NamedTuple

import numpy as np


class Statistics(NamedTuple):
    mean: np.ndarray
    precision: np.ndarray


def statistics(x, eps):
    mean = np.expand_dims(np.average(x, -1), -1)
    variance = np.expand_dims(np.average(np.square(x - mean), -1), -1)
    return Statistics(mean, np.reciprocal(np.sqrt(variance + eps)))


def layer_norm(x, gamma, beta, eps=1e-5):
    s = statistics(x, eps)
    return (x - s.mean) * s.precision * gamma + beta


# expect: passed
# einsum, on a copy in place
import numpy as np


def layer_norm(x, gamma, beta, eps: float = 1e-5):
    out = x.copy()
    n = out.shape[-1]
    out -= np.einsum("...i->...", out)[..., None] / n
    out /= np.sqrt(np.einsum("...i,...i->...", out, out)[..., None] / n + eps)
    out *= gamma
    out += beta
    return out


# expect: passed
# np.cov of one row, biased
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    out = np.zeros(x.shape)
    for at in np.ndindex(x.shape[:-1]):
        v = x[at]
        out[at] = (v - v.mean()) / np.sqrt(float(np.cov(v, bias=True)) + eps)
    return np.add(np.multiply(out, gamma), beta)


# expect: passed
# the last axis goes to the front and back
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    z = np.rollaxis(x, -1)
    z = z - np.mean(z, axis=0)
    z = z / np.sqrt(np.mean(z**2, axis=0) + eps)
    z = np.moveaxis(z, 0, -1)
    return np.vectorize(lambda a, g, b: g * a + b)(z, gamma, beta)
