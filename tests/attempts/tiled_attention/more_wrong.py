# expect: failed shrink-inverted
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(ref - m)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed shrink-inverted
# only where something was gathered
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.where(np.isneginf(m), 0, np.exp(ref - np.where(np.isneginf(m), 0, m)))
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed normalised-every-block
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + (p / np.where(p.sum(-1, keepdims=True) == 0, 1, p.sum(-1, keepdims=True))) @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed last-block-dropped
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for b in range(n_keys // block):
        i = b * block
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed tiled-scaling-forgotten
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-2])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed tiled-scaling-forgotten
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(v.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed
# forbidden scores are 0
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, 0)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed tiled-max-over-forbidden
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            pass
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        if mask is not None:
            p = p * mask[..., i : i + block]
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed
# the same columns of the mask in each block
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., : kb.shape[-2]], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed
# the maximum of this block only
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.max(s, axis=-1, keepdims=True)
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed
# the new share shrinks, too
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = (acc + p @ vb) * alpha
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed
# no maximum at all
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.zeros((*rows, 1))
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = m * 0
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed
# blocks overlap
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / np.where(l == 0, 1, l)


# expect: failed blocks-mixed-equally
import numpy as np
from reference import scaled_dot_product_attention


def tiled_attention(q, k, v, mask=None, block=128):
    parts = []
    for i in range(0, k.shape[-2], block):
        m = None if mask is None else mask[..., i : i + block]
        parts.append(scaled_dot_product_attention(q, k[..., i : i + block, :], v[..., i : i + block, :], m)[0])
    return np.mean(parts, axis=0)


# expect: failed
# a small number added to the sum
import numpy as np


def tiled_attention(q, k, v, mask=None, block=128):
    n_keys = k.shape[-2]
    rows = q.shape[:-1]
    if mask is not None:
        mask = np.broadcast_to(mask, (*rows, n_keys))
    m = np.full((*rows, 1), -np.inf)
    l = np.zeros((*rows, 1))
    acc = np.zeros((*rows, v.shape[-1]))
    for i in range(0, n_keys, block):
        kb = k[..., i : i + block, :]
        vb = v[..., i : i + block, :]
        s = q @ np.swapaxes(kb, -1, -2) / np.sqrt(q.shape[-1])
        if mask is not None:
            s = np.where(mask[..., i : i + block], s, -np.inf)
        m_new = np.maximum(m, np.max(s, axis=-1, keepdims=True))
        ref = np.where(m_new == -np.inf, 0.0, m_new)
        alpha = np.exp(m - ref)
        p = np.exp(s - ref)
        l = l * alpha + np.sum(p, axis=-1, keepdims=True)
        acc = acc * alpha + p @ vb
        m = m_new
    return acc / (l + 1e-6)
