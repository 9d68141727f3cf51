# expect: passed
# C style
import math

import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    flat = x.reshape(-1, x.shape[-1])
    out = np.zeros_like(flat)
    for r in range(flat.shape[0]):
        acc = 0.0
        for c in range(flat.shape[1]):
            acc += float(flat[r, c]) * float(flat[r, c])
        inv = 1.0 / math.sqrt(acc / flat.shape[1] + eps)
        for c in range(flat.shape[1]):
            out[r, c] = flat[r, c] * inv * gamma[c]
    return out.reshape(x.shape)


def swiglu(x, w_gate, w_up, w_down):
    def silu(z):
        return np.where(z >= 0, z / (1 + np.exp(-np.abs(z))), z * np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))

    return np.matmul(np.multiply(silu(np.matmul(x, w_gate)), np.matmul(x, w_up)), w_down)


# expect: passed
# through layer_norm's parts: var + mean^2; logaddexp for the sigmoid
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    second_moment = x.var(axis=-1, keepdims=True) + x.mean(axis=-1, keepdims=True) ** 2
    return x / (second_moment + eps) ** 0.5 * gamma


def swiglu(x, w_gate, w_up, w_down):
    a, b = x @ w_gate, x @ w_up
    return (a * np.exp(-np.logaddexp(0, -a)) * b) @ w_down


# expect: passed
# apply_along_axis, stacked weights
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return np.apply_along_axis(lambda row: row * gamma / np.sqrt(row @ row / row.size + eps), -1, x)


def swiglu(x, w_gate, w_up, w_down):
    gate, up = np.stack([w_gate, w_up])[(slice(None),) + (None,) * (x.ndim - 2)] if x.ndim > 2 else np.stack([w_gate, w_up])
    return (silu(x @ gate) * (x @ up)) @ w_down


# expect: passed
# vecdot and mT
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    scale = np.sqrt(np.vecdot(x, x) / x.shape[-1] + eps)
    return (x.T / scale.T).T * gamma


def swiglu(x, w_gate, w_up, w_down):
    return (w_down.T @ (silu(x @ w_gate) * (x @ w_up))[..., None])[..., 0]


# expect: passed
# keyword only; in place on a copy; np.average
import numpy as np
import reference


def rms_norm(x, *, gamma, eps=1e-6):
    y = np.array(x, copy=True)
    y *= (np.average(np.abs(x) ** 2, axis=-1) + eps)[..., np.newaxis] ** (-1 / 2)
    y *= gamma
    return y


def swiglu(x, *, w_gate, w_up, w_down):
    h = x @ w_gate
    h = reference.silu(h)
    h = h * (x @ w_up)
    return h @ w_down


# expect: passed
# scaled by the largest number, eps scaled too; a sigmoid of two branches
import numpy as np


def sigmoid(z):
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out


def rms_norm(x, gamma, eps=1e-6):
    big = np.max(np.abs(x), axis=-1, keepdims=True)
    big = np.where(big > 0, big, 1)
    y = x / big
    return gamma * y / np.sqrt(np.mean(np.square(y), -1, keepdims=True) + eps / big / big)


def swiglu(x, w_gate, w_up, w_down):
    g = x @ w_gate
    return np.einsum("...h,...h,ho->...o", g * sigmoid(g), x @ w_up, w_down)
