# expect: passed
# FlashAttention with blocks of queries and keys, C style
import math

import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n, m = q.shape[-2], k.shape[-2]
    lead = q.shape[:-2]
    out = np.zeros((*lead, n, v.shape[-1]), q.dtype)
    full = np.broadcast_to(True if mask is None else mask, (*lead, n, m))
    for at in np.ndindex(lead):
        for i in range(n):
            top, total, acc = -math.inf, 0.0, np.zeros(v.shape[-1])
            for start in range(0, m, block):
                for j in range(start, min(start + block, m)):
                    if not full[at][i, j]:
                        continue
                    s = float(q[at][i] @ k[at][j]) / math.sqrt(q.shape[-1])
                    if s > top:
                        c = math.exp(top - s)
                        top, total, acc = s, total * c + 1.0, acc * c + v[at][j]
                    else:
                        w = math.exp(s - top)
                        total += w
                        acc = acc + w * v[at][j]
            if total:
                out[at][i] = acc / total
    return out


# expect: passed
# array_split, blocks from the end
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    m = k.shape[-2]
    cuts = np.arange(block, m, block)
    ks = np.array_split(k, cuts, axis=-2) if len(cuts) else [k]
    vs = np.array_split(v, cuts, axis=-2) if len(cuts) else [v]
    full = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], m))
    ms = np.array_split(full, cuts, axis=-1) if len(cuts) else [full]
    peak = np.full(q.shape[:-1], -np.inf)
    denominator = np.zeros(q.shape[:-1])
    numerator = np.zeros((*q.shape[:-1], v.shape[-1]))
    for kb, vb, mb in reversed(list(zip(ks, vs, ms))):
        s = np.where(mb, np.einsum("...qd,...kd->...qk", q, kb) / np.sqrt(q.shape[-1]), -np.inf)
        new = np.maximum(peak, s.max(axis=-1))
        shift = np.nan_to_num(new, neginf=0.0)
        e = np.exp(s - shift[..., None])
        old = np.exp(peak - shift)
        denominator = denominator * old + e.sum(axis=-1)
        numerator = numerator * old[..., None] + np.einsum("...qk,...kv->...qv", e, vb)
        peak = new
    safe = np.where(denominator > 0, denominator, 1)
    return numerator / safe[..., None]


# expect: passed
# a column of ones beside the values: sum and output in one product
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    ones = np.ones((*v.shape[:-1], 1), v.dtype)
    va = np.concatenate([v, ones], axis=-1)
    acc = np.zeros((*q.shape[:-1], va.shape[-1]), q.dtype)
    top = np.full((*q.shape[:-1], 1), -np.inf, q.dtype)
    for lo in range(0, k.shape[-2], block):
        hi = lo + block
        s = (q / q.dtype.type(np.sqrt(q.shape[-1]))) @ k[..., lo:hi, :].mT
        if mask is not None:
            wide = np.broadcast_to(mask, (*mask.shape[:-1], k.shape[-2]))
            s = np.where(wide[..., lo:hi], s, -np.inf)
        new = np.maximum(top, s.max(-1, keepdims=True))
        finite = np.where(new == -np.inf, 0, new)
        acc = acc * np.exp(top - finite) + np.exp(s - finite) @ va[..., lo:hi, :]
        top = new
    return np.divide(acc[..., :-1], acc[..., -1:], out=np.zeros_like(acc[..., :-1]), where=acc[..., -1:] != 0)


# expect: passed
# normalised all along: a weighted mean of old and new
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    lse = np.full((*q.shape[:-1], 1), -np.inf)
    out = np.zeros((*q.shape[:-1], v.shape[-1]))
    full = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))
    with np.errstate(invalid="ignore"):
        for lo in range(0, k.shape[-2], block):
            part = slice(lo, lo + block)
            s = np.where(full[..., part], q @ np.swapaxes(k[..., part, :], -1, -2) / q.shape[-1] ** 0.5, -np.inf)
            new = np.logaddexp(lse, np.logaddexp.reduce(s, axis=-1, keepdims=True))
            keep = np.nan_to_num(np.exp(lse - new))
            out = out * keep + np.nan_to_num(np.exp(s - new)) @ v[..., part, :]
            lse = new
    return out


# expect: passed
# a class with state; while; in place
import numpy as np


class Accumulator:
    def __init__(self, rows, width):
        self.m = np.full((*rows, 1), -np.inf)
        self.s = np.zeros((*rows, 1))
        self.o = np.zeros((*rows, width))

    def add(self, scores, values):
        m = np.maximum(self.m, scores.max(-1, keepdims=True))
        seen = np.isfinite(m)
        base = np.where(seen, m, 0)
        with np.errstate(over="ignore"):
            shrink = np.where(np.isfinite(self.m), np.exp(self.m - base), 0)
        weights = np.exp(scores - base)
        self.s *= shrink
        self.s += weights.sum(-1, keepdims=True)
        self.o *= shrink
        self.o += weights @ values
        self.m = m

    def result(self):
        return np.where(self.s > 0, self.o / np.maximum(self.s, np.finfo(float).tiny), 0)


def tiled_attention(q, k, v, mask=None, block=128):
    acc = Accumulator(q.shape[:-1], v.shape[-1])
    start = 0
    while start < k.shape[-2]:
        stop = min(start + block, k.shape[-2])
        scores = np.matmul(q, k[..., start:stop, :].swapaxes(-1, -2)) / np.sqrt(k.shape[-1])
        if mask is not None:
            scores[~np.broadcast_to(mask[..., start:stop], scores.shape)] = -np.inf
        acc.add(scores, v[..., start:stop, :])
        start = stop
    return acc.result()


# expect: passed
# padded to whole blocks, then a new axis of blocks
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    m = k.shape[-2]
    more = -m % block
    pad = lambda a, axis: np.pad(a, [(0, more) if i == axis % a.ndim else (0, 0) for i in range(a.ndim)])
    full = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], m))
    K, V, M = pad(k, -2), pad(v, -2), pad(full, -1)
    s = q @ K.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    s = np.where(M, s, -np.inf).reshape(*s.shape[:-1], -1, block)
    top = s.max(-1)
    e = np.exp(s - np.where(np.isneginf(top), 0, top)[..., None])
    best = top.max(-1, keepdims=True)
    weight = np.exp(top - np.where(np.isneginf(best), 0, best))
    Vb = V.reshape(*V.shape[:-2], -1, block, V.shape[-1])
    o = np.einsum("...qb,...qbk,...bkv->...qv", weight, e, Vb)
    z = (weight * e.sum(-1)).sum(-1)[..., None]
    return o / np.where(z > 0, z, 1)
