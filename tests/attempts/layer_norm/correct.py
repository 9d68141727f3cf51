# expect: passed
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) * gamma + beta


# expect: passed
# vector by vector
import math

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    out = np.empty(x.shape)
    for at in np.ndindex(*x.shape[:-1]):
        row = x[at].tolist()
        mean = math.fsum(row) / len(row)
        variance = math.fsum((value - mean) ** 2 for value in row) / len(row)
        for j, value in enumerate(row):
            out[at][j] = gamma[j] * (value - mean) * (variance + eps) ** -0.5 + beta[j]
    return out


# expect: passed
# statistics on the first axis
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    t = np.moveaxis(x, -1, 0)
    centred = t - t.sum(0) / len(t)
    scale = np.reciprocal(np.sqrt(np.einsum("i...,i...->...", centred, centred) / len(t) + eps))
    return np.moveaxis(centred * scale, 0, -1) * gamma + beta


# expect: passed
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mu = np.average(x, axis=-1)[..., None]
    sigma = np.hypot(np.std(x, axis=-1), np.sqrt(eps))[..., None]
    return gamma / sigma * x + (beta - gamma * mu / sigma)
