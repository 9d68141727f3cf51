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
