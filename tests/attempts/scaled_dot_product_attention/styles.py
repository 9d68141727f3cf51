# expect: passed
# half of the scaling on each side
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    c = q.shape[-1] ** 0.25
    w = masked_softmax((q / c) @ np.moveaxis(k / c, -1, -2), mask)
    return np.matmul(w, v), w


# expect: passed
# key by key, with a running maximum
import math

import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / math.sqrt(q.shape[-1])
    mask = True if mask is None else mask
    s = np.where(mask, s, -np.inf)
    m = np.full(s.shape[:-1], -1e300)
    l = np.zeros(s.shape[:-1])
    o = np.zeros(s.shape[:-1] + (v.shape[-1],))
    for j in range(k.shape[-2]):
        new = np.maximum(m, s[..., j])
        c = np.exp(m - new)
        p = np.exp(s[..., j] - new)
        l = l * c + p
        o = o * c[..., None] + p[..., None] * v[..., j, :][..., None, :]
        m = new
    safe = np.where(l == 0, 1, l)
    return o / safe[..., None], np.exp(s - m[..., None]) / safe[..., None]


# expect: passed
# an additive mask, sequence by sequence
import numpy as np
from reference import softmax


def attention(q, k, v, mask):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]) + mask) @ v, softmax(q @ k.T / np.sqrt(q.shape[-1]) + mask)


def scaled_dot_product_attention(q, k, v, mask=None):
    if q.ndim > 2:
        mask = None if mask is None else np.broadcast_to(mask, q.shape[:-1] + (k.shape[-2],))
        parts = [
            scaled_dot_product_attention(q[i], k[i], v[i], None if mask is None else mask[i])
            for i in range(len(q))
        ]
        return tuple(map(np.stack, zip(*parts)))
    add = np.where(mask if mask is not None else True, 0, -1e30)
    out, w = attention(q, k, v, add)
    if mask is not None:
        dead = ~np.broadcast_to(mask, w.shape).any(-1)
        w[dead] = 0
        out[dead] = 0
    return out, w
