# expect: passed
# not in tiles at all: only the numbers are looked at
from reference import scaled_dot_product_attention


def tiled_attention(q, k, v, mask=None, block=128):
    output, _ = scaled_dot_product_attention(q, k, v, mask)
    return output


# expect: passed
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    top = np.full((*q.shape[:-1], 1), -1e300)
    total, gathered = np.zeros_like(top), np.zeros((*q.shape[:-1], v.shape[-1]))
    n = k.shape[-2]
    for start in range(0, n, block):
        s = q @ k[..., start : start + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is None:
            here = np.ones(s.shape, bool)
        else:
            here = np.broadcast_to(mask, (*mask.shape[:-1], n))[..., start : start + block]
        new = np.maximum(top, np.max(s, axis=-1, keepdims=True, where=here, initial=-1e300))
        e = np.where(here, np.exp(np.minimum(s - new, 0)), 0)
        shrink = np.exp(top - new)
        total = total * shrink + e.sum(-1, keepdims=True)
        gathered = gathered * shrink + e @ v[..., start : start + block, :]
        top = new
    return np.divide(gathered, total, out=np.zeros_like(gathered), where=total > 0)
