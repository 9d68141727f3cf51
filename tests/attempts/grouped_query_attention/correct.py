# expect: passed
# a new axis for the group, nothing is repeated
import numpy as np
from reference import masked_softmax


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    def heads(x, w, n):
        return np.moveaxis((x @ w).reshape(*x.shape[:-1], n, -1), -2, -3)

    q = heads(x_q, weights.w_q, n_heads)
    k, v = heads(x_kv, weights.w_k, n_kv_heads), heads(x_kv, weights.w_v, n_kv_heads)
    grouped = q.reshape(*q.shape[:-3], n_kv_heads, -1, *q.shape[-2:])
    scores = np.einsum("...gjqd,...gkd->...gjqk", grouped, k) / np.sqrt(q.shape[-1])
    a = masked_softmax(scores.reshape(*q.shape[:-1], k.shape[-2]), mask).reshape(scores.shape)
    out = np.einsum("...gjqk,...gkv->...gjqv", a, v)
    out = out.reshape(*q.shape[:-1], v.shape[-1])
    return np.moveaxis(out, -3, -2).reshape(*x_q.shape[:-1], -1) @ weights.w_o


# expect: passed
# head by head
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    qs, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    ks, vs = (np.split(x_kv @ w, n_kv_heads, axis=-1) for w in (w_k, w_v))
    for j in range(n_heads):
        g = j * n_kv_heads // n_heads
        m = mask if mask is None or mask.ndim < 3 else mask[..., j % mask.shape[-3], :, :]
        outs.append(scaled_dot_product_attention(qs[j], ks[g], vs[g], m)[0])
    return np.concatenate(outs, axis=-1) @ w_o


# expect: passed
# the weights are repeated, then it is multi-head attention
import numpy as np
from reference import multi_head_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    def widened(w):
        return np.repeat(w.reshape(w.shape[0], n_kv_heads, -1), n_heads // n_kv_heads, axis=1).reshape(w.shape[0], -1)

    return multi_head_attention(x_q, x_kv, weights._replace(w_k=widened(weights.w_k), w_v=widened(weights.w_v)), n_heads, mask)


# expect: passed
# repeat_kv, as in a well-known model
import numpy as np
from reference import *


def repeat_kv(x, n_rep):
    *batch, h, t, d = x.shape
    return np.broadcast_to(x[..., :, None, :, :], (*batch, h, n_rep, t, d)).reshape(*batch, h * n_rep, t, d)


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    n_rep, rest = divmod(n_heads, n_kv_heads)
    assert rest == 0
    k, v = (repeat_kv(split_heads(x_kv @ w, n_kv_heads), n_rep) for w in (weights.w_k, weights.w_v))
    out, _ = scaled_dot_product_attention(split_heads(x_q @ weights.w_q, n_heads), k, v, mask)
    return merge_heads(out) @ weights.w_o


# expect: passed
# wide weights for multi-head attention
import numpy as np
from reference import multi_head_attention, AttentionWeights


def widen(w, n, g):
    return np.repeat(w.reshape(w.shape[0], n, -1), g, axis=1).reshape(w.shape[0], -1)


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    g = n_heads // n_kv_heads
    wide = AttentionWeights(
        weights.w_q,
        widen(weights.w_k, n_kv_heads, g),
        widen(weights.w_v, n_kv_heads, g),
        weights.w_o,
    )
    return multi_head_attention(x_q, x_kv, wide, n_heads, mask)


# expect: passed
# which query head uses which, as a matrix
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    sp = lambda x, h: np.moveaxis(x.reshape(*x.shape[:-1], h, -1), -2, -3)
    q, k, v = (
        sp(x_q @ weights.w_q, n_heads),
        sp(x_kv @ weights.w_k, n_kv_heads),
        sp(x_kv @ weights.w_v, n_kv_heads),
    )
    E = np.kron(np.eye(n_kv_heads), np.ones((n_heads // n_kv_heads, 1)))
    k, v = (np.einsum("hj,...jtd->...htd", E, a) for a in (k, v))
    s = q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    mx = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isfinite(mx), mx, 0))
    z = e.sum(-1, keepdims=True)
    o = np.moveaxis((e / np.where(z == 0, 1, z)) @ v, -3, -2)
    return o.reshape(*o.shape[:-2], -1) @ weights.w_o
