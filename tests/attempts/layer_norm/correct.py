# expect: passed
# vector by vector, sums without rounding
import math

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    out = np.empty_like(x)
    for at in np.ndindex(x.shape[:-1]):
        vector = x[at].tolist()
        mu = math.fsum(vector) / len(vector)
        var = math.fsum((value - mu) ** 2 for value in vector) / len(vector)
        for j, value in enumerate(vector):
            out[at + (j,)] = gamma[j] * ((value - mu) / math.sqrt(var + eps)) + beta[j]
    return out


# expect: passed
# the mean of the squares minus the square of the mean
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mu = x.mean(-1)[..., None]
    var = (x**2).mean(-1)[..., None] - mu**2
    return (x - mu) * (gamma / np.sqrt(np.maximum(var, 0) + eps)) + beta


# expect: passed
# a module with buffers
import numpy as np


class LayerNorm:
    def __init__(self, weight, bias, eps):
        self.weight, self.bias, self.eps = weight, bias, eps

    def forward(self, x):
        out = np.subtract(x, np.average(x, axis=-1, keepdims=True))
        np.divide(out, np.sqrt(np.var(x, axis=-1, keepdims=True) + self.eps), out=out)
        np.multiply(out, self.weight, out=out)
        np.add(out, self.bias, out=out)
        return out

    __call__ = forward


def layer_norm(x, gamma, beta, eps=1e-5):
    return LayerNorm(gamma, beta, eps)(x)


# expect: passed
# centring is a matrix, the square a dot product; always float64
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    d = x.shape[-1]
    centring = np.eye(d) - 1.0 / d
    c = x @ centring
    inverse = np.power(np.einsum("...i,...i->...", c, c) / d + eps, -0.5)
    return np.einsum("...i,i,...->...i", c, gamma, inverse) + beta


# expect: passed
# tokens last
import numpy as np


def layer_norm(x, gamma, beta, eps: float = 1e-5):
    t = np.moveaxis(x, -1, 0)
    t = (t - t.mean(0)) / np.hypot(t.std(0), eps**0.5)
    return gamma * np.moveaxis(t, 0, -1) + beta
