# expect: failed accumulators-not-rescaled
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = l + p.sum(-1, keepdims=True)
        o = o + p @ v[..., j : j + block, :]
        m = m_new
    return o / np.where(l == 0, 1, l)


# expect: failed output-not-rescaled
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = o + p @ v[..., j : j + block, :]
        m = m_new
    return o / np.where(l == 0, 1, l)


# expect: failed not-divided-at-end
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return o


# expect: failed tiled-scaling-forgotten
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) 
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return o / np.where(l == 0, 1, l)


# expect: failed last-block-dropped
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n - n % block, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return o / np.where(l == 0, 1, l)


# expect: failed tiled-scaling-forgotten tiled-mask-ignored
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) 
        if False:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return o / np.where(l == 0, 1, l)


# expect: failed tiled-empty-row-nan
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return o / l


# expect: failed
# a row without keys so far starts from 0
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(-1, keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = safe
    return o / np.where(l == 0, 1, l)


# expect: failed
# the largest score of all queries together
# (right, but for queries far below it)
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2]
    shape = q.shape[:-1]
    m, l, o = np.full(shape + (1,), -np.inf), np.zeros(shape + (1,)), np.zeros(shape + (v.shape[-1],))
    for j in range(0, n, block):
        s = q @ k[..., j : j + block, :].swapaxes(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            s = np.where(np.broadcast_to(mask, shape + (n,))[..., j : j + block], s, -np.inf)
        m_new = np.maximum(m, s.max(axis=(-1, -2), keepdims=True))
        safe = np.where(np.isneginf(m_new), 0, m_new)
        p, alpha = np.exp(s - safe), np.exp(m - safe)
        l = alpha * l + p.sum(-1, keepdims=True)
        o = alpha * o + p @ v[..., j : j + block, :]
        m = m_new
    return o / np.where(l == 0, 1, l)


# expect: failed accumulators-not-rescaled
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    if mask is not None:
        mask = np.broadcast_to(mask, st + (k.shape[-2],))
    for s in range(0, k.shape[-2], block):
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            S = np.where(mask[..., s : s + block], S, -np.inf)
        m = S.max(-1, keepdims=True)
        r = np.where(np.isfinite(m), m, 0)
        p = np.exp(S - r)
        l += p.sum(-1, keepdims=True)
        o += p @ v[..., s : s + block, :]
    return o / np.where(l == 0, 1, l)


# expect: failed normalised-every-block
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    m = np.full(st + (1,), -np.inf)
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    if mask is not None:
        mask = np.broadcast_to(mask, st + (k.shape[-2],))
    for s in range(0, k.shape[-2], block):
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            S = np.where(mask[..., s : s + block], S, -np.inf)
        n = np.maximum(m, S.max(-1, keepdims=True))
        r = np.where(np.isfinite(n), n, 0)
        p = np.exp(S - r)
        c = np.exp(m - r)
        l = l * c + p.sum(-1, keepdims=True)
        o = o * c + p @ v[..., s : s + block, :]
        m = n
        o = o / np.where(l == 0, 1, l)
    return o


# expect: failed last-block-dropped
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    m = np.full(st + (1,), -np.inf)
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    block = min(block, k.shape[-2])
    if mask is not None:
        mask = np.broadcast_to(mask, st + (k.shape[-2],))
    for s in range(0, k.shape[-2] - block + 1, block):
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            S = np.where(mask[..., s : s + block], S, -np.inf)
        n = np.maximum(m, S.max(-1, keepdims=True))
        r = np.where(np.isfinite(n), n, 0)
        p = np.exp(S - r)
        c = np.exp(m - r)
        l = l * c + p.sum(-1, keepdims=True)
        o = o * c + p @ v[..., s : s + block, :]
        m = n
    return o / np.where(l == 0, 1, l)


# expect: failed running-max-from-zero tiled-empty-row-nan
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    m = np.zeros(st + (1,))
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    if mask is not None:
        mask = np.broadcast_to(mask, st + (k.shape[-2],))
    for s in range(0, k.shape[-2], block):
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            S = np.where(mask[..., s : s + block], S, -np.inf)
        n = np.maximum(m, S.max(-1, keepdims=True))
        p = np.exp(S - n)
        c = np.exp(m - n)
        l = l * c + p.sum(-1, keepdims=True)
        o = o * c + p @ v[..., s : s + block, :]
        m = n
    return o / l


# expect: failed masked-block-nan
# each block has a largest score of its own first
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    m = np.full(st + (1,), -np.inf)
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    if mask is not None:
        mask = np.broadcast_to(mask, st + (k.shape[-2],))
    for s in range(0, k.shape[-2], block):
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            S = np.where(mask[..., s : s + block], S, -np.inf)
        bm = S.max(-1, keepdims=True)
        p = np.exp(S - bm)
        bl = p.sum(-1, keepdims=True)
        n = np.maximum(m, bm)
        a = np.exp(m - n)
        b = np.exp(bm - n)
        l = l * a + bl * b
        o = o * a + (p @ v[..., s : s + block, :]) * b
        m = n
    return o / np.where(l == 0, 1, l)


# expect: failed
# the last block overlaps the one before
import math
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    st = q.shape[:-1]
    m = np.full(st + (1,), -np.inf)
    l = np.zeros(st + (1,))
    o = np.zeros(st + (v.shape[-1],))
    T = k.shape[-2]
    block = min(block, T)
    if mask is not None:
        mask = np.broadcast_to(mask, st + (T,))
    for s in range(0, T, block):
        s = min(s, T - block)
        S = q @ np.swapaxes(k[..., s : s + block, :], -1, -2) / math.sqrt(q.shape[-1])
        if mask is not None:
            S = np.where(mask[..., s : s + block], S, -np.inf)
        n = np.maximum(m, S.max(-1, keepdims=True))
        r = np.where(np.isfinite(n), n, 0)
        p = np.exp(S - r)
        c = np.exp(m - r)
        l = l * c + p.sum(-1, keepdims=True)
        o = o * c + p @ v[..., s : s + block, :]
        m = n
    return o / np.where(l == 0, 1, l)
