# expect: passed
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    return x * (np.square(x).mean(-1, keepdims=True) + eps) ** -0.5 * gamma


def swiglu(x, w_gate, w_up, w_down):
    g = x @ w_gate
    g = np.clip(g, -700, None) if g.dtype == np.float64 else g
    return np.einsum("...f,fo->...o", g / (1 + np.exp(-np.clip(g, -80, None))) * (x @ w_up), w_down)


# expect: passed
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    n = x.shape[-1]
    size = np.sqrt(np.einsum("...i,...i->...", x, x) / n + eps)
    return np.divide(x, size[..., np.newaxis]) * gamma


def swiglu(x, w_gate, w_up, w_down):
    both = x @ np.concatenate([w_gate, w_up], axis=1)
    gate, up = np.split(both, 2, axis=-1)
    return np.dot(silu(gate) * up, w_down)
