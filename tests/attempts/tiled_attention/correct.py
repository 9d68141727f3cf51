# expect: passed
# everything at once is exact for every block
import numpy as np
from reference import scaled_dot_product_attention


def tiled_attention(q, k, v, mask=None, block=128):
    return scaled_dot_product_attention(q, k, v, mask)[0]


# expect: passed
# all batches at once, block by block
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = (*np.broadcast_shapes(q.shape[:-2], k.shape[:-2]), q.shape[-2])
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    allowed = None if mask is None else np.broadcast_to(mask, shape + (n,))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if allowed is not None:
            s = np.where(allowed[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isfinite(m_new), m_new, 0)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return np.divide(o, l, out=np.zeros_like(o), where=l > 0)


# expect: passed
# key by key, whatever the block; logarithms of sums
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    scores = lambda j: np.einsum("...qd,...d->...q", q, k[..., j, :]) / np.sqrt(q.shape[-1])
    total = np.full(q.shape[:-1], -np.inf)
    out = np.zeros((*q.shape[:-1], v.shape[-1]))
    for j in range(k.shape[-2]):
        s = scores(j)
        if mask is not None:
            s = np.where(mask[..., j], s, -np.inf)
        new = np.logaddexp(total, s)
        with np.errstate(invalid="ignore"):
            share = np.where(np.isneginf(new), 0, np.exp(s - new))[..., None]
        out = (1 - share) * out + share * v[..., j, None, :]
        total = new
    return out


# expect: passed
# partial results first, then merged in pairs
from functools import reduce

import numpy as np


def part(q, k, v, allowed):
    s = np.where(allowed, q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5, -np.inf)
    m = np.maximum(s.max(-1, keepdims=True), -1e30)
    p = np.exp(s - m)
    return m, p.sum(-1, keepdims=True), p @ v


def merge(one, other):
    m = np.maximum(one[0], other[0])
    a, b = np.exp(one[0] - m), np.exp(other[0] - m)
    return m, a * one[1] + b * other[1], a * one[2] + b * other[2]


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    every = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], n))
    cuts = [slice(i, min(i + block, n)) for i in range(0, n, block)]
    m, l, o = reduce(merge, (part(q, k[..., c, :], v[..., c, :], every[..., c]) for c in cuts))
    return o / np.where(l == 0, 1, l)


# expect: passed
# blocks of queries
import numpy as np
from reference import scaled_dot_product_attention


def tiled_attention(q, k, v, mask=None, block=128):
    Tq, Tk = q.shape[-2], k.shape[-2]
    full = (
        None if mask is None else np.broadcast_to(mask, np.broadcast_shapes(mask.shape, (Tq, Tk)))
    )
    parts = [
        scaled_dot_product_attention(
            q[..., i : i + block, :], k, v, None if full is None else full[..., i : i + block, :]
        )[0]
        for i in range(0, Tq, block)
    ]
    return np.concatenate(parts, axis=-2)


# expect: passed
# each block by itself, joined by log-sum-exp
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    T = lambda a: np.swapaxes(a, -1, -2)
    scale = q.shape[-1] ** -0.5
    outs, lses = [], []
    with np.errstate(all="ignore"):
        for s in range(0, k.shape[-2], block):
            S = q @ T(k[..., s : s + block, :]) * scale
            if mask is not None:
                mm = np.broadcast_to(mask, np.broadcast_shapes(mask.shape, (1, k.shape[-2])))[
                    ..., s : s + block
                ]
                S = np.where(mm, S, -np.inf)
            m = S.max(-1, keepdims=True)
            m0 = np.where(np.isfinite(m), m, 0)
            e = np.exp(S - m0)
            z = e.sum(-1, keepdims=True)
            outs.append(e @ v[..., s : s + block, :] / np.where(z == 0, 1, z))
            lses.append(np.where(z == 0, -np.inf, m0 + np.log(z)))
        L = np.stack(lses)
        M = L.max(0)
        M = np.where(np.isfinite(M), M, 0)
        w = np.exp(L - M)
        tot = w.sum(0)
        return (w * np.stack(outs)).sum(0) / np.where(tot == 0, 1, tot)


# expect: passed
# halves of halves
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    full = np.broadcast_to(True if mask is None else mask, q.shape[:-1] + (k.shape[-2],))

    def go(lo, hi):
        if hi - lo <= block:
            s = np.where(
                full[..., lo:hi],
                q @ k[..., lo:hi, :].swapaxes(-1, -2) / math.sqrt(q.shape[-1]),
                -np.inf,
            )
            m = s.max(-1, keepdims=True)
            e = np.exp(s - np.maximum(m, -1e300))
            return m, e.sum(-1, keepdims=True), e @ v[..., lo:hi, :]
        mid = lo + (hi - lo) // 2
        (m1, l1, o1), (m2, l2, o2) = go(lo, mid), go(mid, hi)
        m = np.maximum(m1, m2)
        r = np.maximum(m, -1e300)
        a, b = np.exp(m1 - r), np.exp(m2 - r)
        return m, a * l1 + b * l2, a * o1 + b * o2

    _, l, o = go(0, k.shape[-2])
    return o / np.where(l > 0, l, 1)


# expect: passed
# twice through the keys
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    def score(s):
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        return (
            S
            if mask is None
            else np.where(
                np.broadcast_to(mask, S.shape[:-1] + k.shape[-2:-1])[..., s : s + block], S, -np.inf
            )
        )

    starts = range(0, k.shape[-2], block)
    m = functools.reduce(np.maximum, (score(s).max(-1, keepdims=True) for s in starts))
    m = np.where(np.isneginf(m), 0, m)
    l = sum(np.exp(score(s) - m).sum(-1, keepdims=True) for s in starts)
    o = sum(np.exp(score(s) - m) @ v[..., s : s + block, :] for s in starts)
    return o / np.where(l == 0, 1, l)


import functools


# expect: passed
# a large negative number in place of -inf
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    m = np.full(st + (1,), -1e9)
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    T = k.shape[-2]
    mask = np.broadcast_to(True if mask is None else mask, st + (T,))
    for s in range(0, T, block):
        M = mask[..., s : s + block]
        S = np.where(
            M, q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1]), -1e9
        )
        n = np.maximum(m, S.max(-1, keepdims=True))
        p = np.exp(S - n) * M
        c = np.exp(m - n)
        l = l * c + p.sum(-1, keepdims=True)
        o = o * c + p @ v[..., s : s + block, :]
        m = n
    return o / np.maximum(l, 1e-12)
