# expect: passed
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    kT = k.transpose(*range(k.ndim - 2), k.ndim - 1, k.ndim - 2)
    w = masked_softmax(q @ kT * d**-0.5, mask)
    return w @ v, w


# expect: passed
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = (q[..., :, None, :] * k[..., None, :, :]).sum(-1) / np.sqrt(q.shape[-1], dtype=q.dtype)
    w = masked_softmax(s, mask)
    return (w[..., None] * v[..., None, :, :]).sum(-2), w


# expect: passed
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    batch = q.shape[:-2]
    Q, K, V = (a.reshape(-1, *a.shape[-2:]) for a in (q, k, v))
    M = (
        None
        if mask is None
        else np.broadcast_to(mask, (*batch, q.shape[-2], k.shape[-2])).reshape(-1, q.shape[-2], k.shape[-2])
    )
    S = np.array([a @ b.T for a, b in zip(Q, K)]) / math.sqrt(Q.shape[-1])
    W = masked_softmax(S, M)
    O = np.array([a @ b for a, b in zip(W, V)])
    return O.reshape(*batch, *O.shape[1:]), W.reshape(*batch, *W.shape[1:])


# expect: passed
# the sink: one more key with value zero
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k) / np.sqrt(q.shape[-1])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    m = s.max(-1)
    m[m == -np.inf] = 0
    p = np.exp(s - m[..., None])
    l = p.sum(-1)
    inv = np.zeros_like(l)
    np.reciprocal(l, out=inv, where=l > 0)
    return inv[..., None] * (p @ v), inv[..., None] * p


# expect: passed
# torch habits with helpers
import numpy as np
from reference import masked_softmax


def transpose(t, a, b):
    axes = list(range(t.ndim))
    axes[a], axes[b] = axes[b], axes[a]
    return t.transpose(axes)


def scaled_dot_product_attention(
    query=None, key=None, value=None, attn_mask=None, *, q=None, k=None, v=None, mask=None
):
    q, k, v, mask = (
        (query if q is None else q),
        (key if k is None else k),
        (value if v is None else v),
        (attn_mask if mask is None else mask),
    )
    w = masked_softmax(q @ transpose(k, -2, -1) / q.shape[-1] ** 0.5, mask)
    return w @ v, w


# expect: passed
# query blocks, memory saving
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None, block=2):
    outs, ws = [], []
    kt = np.swapaxes(k, -1, -2)
    for lo in range(0, q.shape[-2], block):
        rows = slice(lo, lo + block)
        m = mask
        if mask is not None and mask.ndim >= 2 and mask.shape[-2] > 1:
            m = mask[..., rows, :]
        w = masked_softmax(q[..., rows, :] @ kt / np.sqrt(k.shape[-1]), m)
        ws.append(w)
        outs.append(w @ v)
    return np.concatenate(outs, -2), np.concatenate(ws, -2)


# expect: passed
# subclass of ndarray inside
import numpy as np
from reference import masked_softmax


class T(np.ndarray):
    @property
    def mT_(self):
        return np.swapaxes(self, -1, -2)


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ k.view(T).mT_
    w = masked_softmax(np.asarray(s) * np.power(q.shape[-1], -0.5), mask)
    return np.asarray(w @ v), np.asarray(w)


# expect: passed
# recursive halves of keys merged (flash-like)
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q / q.shape[-1] ** 0.5, k)
    ok = np.broadcast_to(True if mask is None else mask, s.shape)

    def part(lo, hi):
        if hi - lo <= 2:
            z = np.where(ok[..., lo:hi], s[..., lo:hi], -np.inf)
            m = np.maximum(z.max(-1, keepdims=True), -1e300)
            p = np.exp(z - m)
            return m, p.sum(-1, keepdims=True), p @ v[..., lo:hi, :]
        mid = (lo + hi) // 2
        m1, l1, o1 = part(lo, mid)
        m2, l2, o2 = part(mid, hi)
        m = np.maximum(m1, m2)
        a, b = np.exp(m1 - m), np.exp(m2 - m)
        return m, a * l1 + b * l2, a * o1 + b * o2

    m, l, o = part(0, k.shape[-2])
    safe = np.where(l == 0, 1, l)
    return o / safe, np.exp(np.where(ok, s, -np.inf) - m) / safe
