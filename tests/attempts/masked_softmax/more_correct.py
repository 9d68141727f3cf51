# expect: passed
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    full = np.broadcast_to(mask, scores.shape)
    out = np.zeros(scores.shape, scores.dtype)
    live = full.any(-1)
    out[live] = softmax(np.where(full[live], scores[live], -np.inf))
    return out


# expect: passed
import numpy as np


def masked_softmax(scores, mask):
    def row(s, m):
        r = np.zeros_like(s)
        if m.any():
            r[m] = np.exp(s[m] - s[m].max())
            r[m] /= r[m].sum()
        return r

    m = np.broadcast_to(True if mask is None else mask, scores.shape)
    return np.vectorize(row, signature="(n),(n)->(n)")(scores, m)


# expect: passed
import numpy as np
from reference import softmax, mask_scores


def masked_softmax(scores, mask):
    with np.errstate(invalid="ignore"):
        w = softmax(mask_scores(scores, mask))
    if mask is None:
        return w
    empty = ~mask.any(-1, keepdims=True)
    return np.where(empty, 0.0, w)


# expect: passed
import numpy as np
import functools


def masked_softmax(scores, mask):
    if mask is None:
        mask = np.ones((1,) * scores.ndim, bool)
    if scores.ndim > 1:
        m = np.broadcast_to(mask, scores.shape)
        return np.stack([masked_softmax(s, a) for s, a in zip(scores, m)])
    keys = np.broadcast_to(mask, scores.shape).nonzero()[0]
    out = np.zeros(len(scores))
    if keys.size:
        lse = functools.reduce(np.logaddexp, scores[keys])
        out[keys] = np.exp(scores[keys] - lse)
    return out


# expect: passed
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores, -1)
    bias = np.where(mask, 0, -np.inf)
    s = np.where(mask, scores, 0) + bias
    s = np.where((bias == -np.inf).all(axis=-1, keepdims=True), 0, s)
    return softmax(s) * mask


# expect: passed
# loops over the keys
import numpy as np


def masked_softmax(scores, mask):
    n = scores.shape[-1]
    ok = np.broadcast_to(True if mask is None else mask, scores.shape)
    m = np.full(scores.shape[:-1], -np.inf)
    for j in range(n):
        m = np.where(ok[..., j], np.maximum(m, scores[..., j]), m)
    z = np.zeros(scores.shape[:-1])
    cols = []
    for j in range(n):
        c = np.where(ok[..., j], np.exp(scores[..., j] - m), 0)
        z = z + c
        cols.append(c)
    return np.stack([np.divide(c, z, where=z != 0, out=np.zeros_like(c)) for c in cols], -1)


# expect: passed
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    s = mask_scores(scores, mask)
    lse = np.logaddexp.reduce(s, axis=-1, keepdims=True)
    return np.exp(s - np.where(lse == -np.inf, 0, lse))


# expect: passed
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    s = mask_scores(scores, mask)
    peak = np.amax(s, -1, keepdims=True, initial=np.finfo(s.dtype).min)
    p = np.exp(s - peak)
    z = np.add.reduce(p, -1, keepdims=True)
    return p / np.maximum(z, np.finfo(z.dtype).tiny)


# expect: passed
# torch style masked_fill, then masked_fill again
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    attn = scores if mask is None else np.where(mask, scores, np.finfo(scores.dtype).min)
    p = softmax(attn)
    return p if mask is None else np.where(mask, p, 0)
