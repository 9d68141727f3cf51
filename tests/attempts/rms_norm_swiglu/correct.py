# expect: passed
# vector by vector and unit by unit
import math

import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    out = np.empty_like(x)
    for at in np.ndindex(x.shape[:-1]):
        ms = math.fsum(float(value) ** 2 for value in x[at]) / len(x[at])
        out[at] = [g * value / math.sqrt(ms + eps) for g, value in zip(gamma, x[at])]
    return out


def swiglu(x, w_gate, w_up, w_down):
    out = 0
    for gate, up, down in zip(w_gate.T, w_up.T, w_down):
        g = x @ gate
        out = out + (g / (1 + np.exp(-g)) * (x @ up))[..., None] * down
    return out


# expect: passed
# the norm of the vector; the sigmoid by tanh
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    d = x.shape[-1]
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x * gamma / np.hypot(length / d**0.5, eps**0.5)


def swiglu(x, w_gate, w_up, w_down):
    both = x @ np.hstack([w_gate, w_up])
    gate, up = np.split(both, 2, axis=-1)
    sigmoid = 0.5 * (1 + np.tanh(gate / 2))
    return np.einsum("...f,...f,...f,fo->...o", gate, sigmoid, up, w_down)


# expect: passed
# modules, float64 inside
import numpy as np
from reference import silu


class RMSNorm:
    def __init__(self, weight, eps):
        self.weight, self.eps = weight, eps

    def _norm(self, x):
        return x * np.reciprocal(np.sqrt(np.square(x).mean(-1, keepdims=True) + self.eps))

    def __call__(self, x):
        return self._norm(x.astype(np.float64)) * self.weight


class FeedForward:
    def __init__(self, *weights):
        self.w1, self.w3, self.w2 = weights

    def __call__(self, x):
        return (silu(x @ self.w1) * (x @ self.w3)) @ self.w2


def rms_norm(x, gamma, eps=1e-6):
    return RMSNorm(gamma, eps)(x)


def swiglu(x, w_gate, w_up, w_down):
    return FeedForward(w_gate, w_up, w_down)(x)


# expect: passed
# lambdas, out= arguments
import numpy as np
import reference

rms_norm = lambda x, gamma, eps=1e-6: gamma * x * ((x * x).sum(-1)[..., None] / x.shape[-1] + eps) ** -0.5


def swiglu(x, w_gate, w_up, w_down):
    h = reference.silu(np.matmul(x, w_gate))
    np.multiply(h, np.matmul(x, w_up), out=h)
    return h.dot(w_down)


# expect: passed
# math.exp, number by number
import math
import numpy as np


sil = np.vectorize(lambda z: z / (1 + math.exp(-z)), otypes=[float])


def rms_norm(x, gamma, eps=1e-6):
    denominator = np.sqrt(
        np.add(np.divide(np.sum(np.multiply(x, x), -1, keepdims=True), x.shape[-1]), eps)
    )
    return np.divide(np.multiply(gamma, x), denominator)


def swiglu(x, w_gate, w_up, w_down):
    return (sil(x @ w_gate) * (x @ w_up)) @ w_down


# expect: passed
# the axis to the front
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    t = np.moveaxis(x, -1, 0)
    t = t / np.sqrt((t**2).mean(0) + eps)
    return np.moveaxis(t, 0, -1) * gamma


def swiglu(x, w_gate, w_up, w_down):
    return np.tensordot(silu(np.tensordot(x, w_gate, 1)) * np.tensordot(x, w_up, 1), w_down, 1)
