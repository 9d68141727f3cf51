# expect: failed tile-for-repeat
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], R, G, *q.shape[-2:])
    s = np.einsum("...rgtd,...gsd->...rgts", q, k) / np.sqrt(q.shape[-1])
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], R, G, *p.shape[-2:])
    o = np.einsum("...rgts,...gsd->...rgtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    o = np.moveaxis(o, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o


# expect: error repeat-along-sequence
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_q, weights.w_q), n_heads)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = np.repeat(k, r, axis=-1)
    v = np.repeat(v, r, axis=-1)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: error
# the values are not repeated
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_q, weights.w_q), n_heads)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = np.repeat(k, r, axis=-3)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: failed one-kv-head-for-all
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_q, weights.w_q), n_heads)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = k[..., -1:, :, :]
    v = v[..., -1:, :, :]
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: failed
# the mask inverted
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_q, weights.w_q), n_heads)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = np.repeat(k, r, axis=-3)
    v = np.repeat(v, r, axis=-3)
    o = scaled_dot_product_attention(q, k, v, None if mask is None else ~mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: error
# queries from the other sequence
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_kv, weights.w_q), n_heads)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = np.repeat(k, r, axis=-3)
    v = np.repeat(v, r, axis=-3)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: failed grouped-scale-wrong
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], G, R, *q.shape[-2:])
    s = np.einsum("...grtd,...gsd->...grts", q, k)
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], G, R, *p.shape[-2:])
    o = np.einsum("...grts,...gsd->...grtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    o = np.moveaxis(o, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o


# expect: failed grouped-scale-wrong
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], G, R, *q.shape[-2:])
    s = np.einsum("...grtd,...gsd->...grts", q, k) / q.shape[-1]
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], G, R, *p.shape[-2:])
    o = np.einsum("...grts,...gsd->...grtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    o = np.moveaxis(o, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o


# expect: failed grouped-scale-wrong
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], G, R, *q.shape[-2:])
    s = np.einsum("...grtd,...gsd->...grts", q, k) / np.sqrt(weights.w_q.shape[1])
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], G, R, *p.shape[-2:])
    o = np.einsum("...grts,...gsd->...grtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    o = np.moveaxis(o, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o


# expect: failed grouped-scale-wrong
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], G, R, *q.shape[-2:])
    s = np.einsum("...grtd,...gsd->...grts", q, k) / np.sqrt(weights.w_k.shape[1])
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], G, R, *p.shape[-2:])
    o = np.einsum("...grts,...gsd->...grtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    o = np.moveaxis(o, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o


# expect: failed grouped-heads-reshaped
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], G, R, *q.shape[-2:])
    s = np.einsum("...grtd,...gsd->...grts", q, k) / np.sqrt(q.shape[-1])
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], G, R, *p.shape[-2:])
    o = np.einsum("...grts,...gsd->...grtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    return o.reshape(*x_q.shape[:-1], -1) @ weights.w_o


# expect: failed grouped-heads-reshaped
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_q, weights.w_q), n_heads)
    k = np.matmul(x_kv, weights.w_k).reshape(*x_kv.shape[:-2], n_kv_heads, x_kv.shape[-2], -1)
    v = np.matmul(x_kv, weights.w_v).reshape(*x_kv.shape[:-2], n_kv_heads, x_kv.shape[-2], -1)
    k = np.repeat(k, r, axis=-3)
    v = np.repeat(v, r, axis=-3)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: failed
# every n-th feature to the same head
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = np.moveaxis(np.matmul(x_q, weights.w_q).reshape(*x_q.shape[:-1], -1, n_heads), -1, -3)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = np.repeat(k, r, axis=-3)
    v = np.repeat(v, r, axis=-3)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: error
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(np.matmul(x_q, weights.w_q), n_kv_heads)
    k = split_heads(np.matmul(x_kv, weights.w_k), n_kv_heads)
    v = split_heads(np.matmul(x_kv, weights.w_v), n_kv_heads)
    k = np.repeat(k, r, axis=-3)
    v = np.repeat(v, r, axis=-3)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return np.matmul(merge_heads(o), weights.w_o)


# expect: failed
# queries of a group averaged
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    heads = lambda t, *n: np.moveaxis(t.reshape(*t.shape[:-1], *n, -1), -1 - len(n) - 1, -2)
    q = heads(x_q @ weights.w_q, n_heads)
    k = heads(x_kv @ weights.w_k, G)
    v = heads(x_kv @ weights.w_v, G)
    q = q.reshape(*q.shape[:-3], G, R, *q.shape[-2:])
    q = np.broadcast_to(q.mean(-3, keepdims=True), q.shape)
    s = np.einsum("...grtd,...gsd->...grts", q, k) / np.sqrt(q.shape[-1])
    s = s.reshape(*s.shape[:-4], n_heads, *s.shape[-2:])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    p = p.reshape(*p.shape[:-3], G, R, *p.shape[-2:])
    o = np.einsum("...grts,...gsd->...grtd", p, v)
    o = o.reshape(*o.shape[:-4], n_heads, *o.shape[-2:])
    o = np.moveaxis(o, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o


# expect: failed
# the maximum over forbidden scores too
import numpy as np
from reference import merge_heads, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    g = n_heads // n_kv_heads
    q = split_heads(x_q @ weights.w_q, n_heads)
    k, v = (np.repeat(split_heads(x_kv @ w, n_kv_heads), g, axis=-3) for w in (weights.w_k, weights.w_v))
    s = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True)) * (True if mask is None else mask)
    z = e.sum(-1, keepdims=True)
    return merge_heads(e / np.where(z == 0, 1, z) @ v) @ weights.w_o
