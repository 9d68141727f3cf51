# expect: failed
# the heads come out in reverse
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = split_heads(x_q @ weights.w_q, n_heads), split_heads(x_kv @ weights.w_k, n_heads), split_heads(x_kv @ weights.w_v, n_heads)
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0][..., ::-1, :, :]) @ weights.w_o


# expect: failed
# only the first head is asked
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    first = [np.split(w, n_heads, axis=1)[0] for w in weights[:3]]
    m = mask if mask is None or mask.ndim < 3 else mask[..., 0, :, :]
    head = scaled_dot_product_attention(x_q @ first[0], x_kv @ first[1], x_kv @ first[2], m)[0]
    return head @ np.split(weights.w_o, n_heads)[0]


# expect: failed output-projection-forgotten mask-not-passed-on
import numpy as np


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    heads = lambda x, w: np.einsum("...td,dhe->...hte", x, w.reshape(w.shape[0], n_heads, -1))
    q, k, v = heads(x_q, weights.w_q), heads(x_kv, weights.w_k), heads(x_kv, weights.w_v)
    s = np.einsum("...qe,...ke->...qk", q, k) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True))
    out = np.einsum("...hqk,...hkv->...qhv", e / e.sum(-1, keepdims=True), v)
    return out.reshape(*x_q.shape[:-1], -1)


# expect: failed scale-by-sqrt-d-model
import numpy as np
from reference import merge_heads, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    d_model = x_kv.shape[-1]
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    s = np.einsum("...id,...jd->...ij", q, k) / d_model**0.5
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    m = s.max(-1, keepdims=True)
    m = np.where(np.isneginf(m), 0, m)
    e = np.exp(s - m)
    z = e.sum(-1, keepdims=True)
    return merge_heads(e / np.where(z == 0, 1, z) @ v) @ weights.w_o


# expect: failed scale-by-sqrt-d-model
import numpy as np
from reference import merge_heads, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    d_model = weights.w_o.shape[-1]
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    s = np.einsum("...id,...jd->...ij", q, k) / d_model**0.5
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    m = s.max(-1, keepdims=True)
    m = np.where(np.isneginf(m), 0, m)
    e = np.exp(s - m)
    z = e.sum(-1, keepdims=True)
    return merge_heads(e / np.where(z == 0, 1, z) @ v) @ weights.w_o


# expect: failed split-before-projection
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    outs = []

    def sl(x, i):
        d = x.shape[-1] // n_heads
        return x[..., i * d : (i + 1) * d]

    def ws(w):
        return w[: w.shape[0] // n_heads, : w.shape[1] // n_heads]

    for i in range(n_heads):
        m = mask if mask is None or mask.ndim < 3 else mask[..., i if mask.shape[-3] > 1 else 0, :, :]
        q, k, v = sl(x_q, i) @ ws(weights.w_q), sl(x_kv, i) @ ws(weights.w_k), sl(x_kv, i) @ ws(weights.w_v)
        outs.append(scaled_dot_product_attention(q, k, v, m)[0])
    return np.concatenate(outs, -1) @ weights.w_o


# expect: failed split-before-projection
import numpy as np
from reference import merge_heads, scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    # each head gets its slice of x, and the columns of head i of the first rows
    def proj(x, w):
        dx, dw = x.shape[-1] // n_heads, w.shape[1] // n_heads
        return np.stack(
            [x[..., i * dx : (i + 1) * dx] @ w[:dx, i * dw : (i + 1) * dw] for i in range(n_heads)], -3
        )

    o = scaled_dot_product_attention(
        proj(x_q, weights.w_q), proj(x_kv, weights.w_k), proj(x_kv, weights.w_v), mask
    )[0]
    return merge_heads(o) @ weights.w_o


# expect: error heads-averaged
from reference import scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    o = scaled_dot_product_attention(q, k, v, mask)[0].mean(-3)
    return o @ weights.w_o


# expect: failed heads-averaged
from reference import scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    o = scaled_dot_product_attention(q, k, v, mask)[0].mean(-3)
    return o @ weights.w_o[: o.shape[-1]]


# expect: failed output-projection-forgotten heads-averaged
import numpy as np
from reference import scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    return np.mean(scaled_dot_product_attention(q, k, v, mask)[0], axis=-3)


# expect: error mask-without-head-axis
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    if mask is not None and mask.ndim == 4:
        mask = mask[:, 0]
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o


# expect: error mask-without-head-axis
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    if mask is not None and mask.ndim > 3 and mask.shape[1] == 1:
        mask = mask.squeeze(1)
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o


# expect: error mask-without-head-axis
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    if mask is not None and mask.ndim > 2:
        mask = mask.reshape(-1, *mask.shape[-2:])
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o


# expect: failed head-axis-added-again
# the whole mask to each head
import numpy as np
from reference import scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    hs = [
        scaled_dot_product_attention(q[..., i, :, :], k[..., i, :, :], v[..., i, :, :], mask)[0]
        for i in range(n_heads)
    ]
    return np.concatenate(hs, -1) @ weights.w_o


# expect: failed one-head-for-all
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    dk = weights.w_q.shape[1] // n_heads
    dv = weights.w_v.shape[1] // n_heads
    hs = []
    for i in range(n_heads):
        m = mask if mask is None or mask.ndim < 3 else mask[..., i if mask.shape[-3] > 1 else 0, :, :]
        hs.append(
            scaled_dot_product_attention(
                x_q @ weights.w_q[:, :dk], x_kv @ weights.w_k[:, :dk], x_kv @ weights.w_v[:, :dv], m
            )[0]
        )
    return np.concatenate(hs, axis=-1) @ weights.w_o


# expect: failed one-head-for-all
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (
        split_heads(x @ w, n_heads) for x, w in ((x_q, weights.w_q), (x_kv, weights.w_k), (x_kv, weights.w_v))
    )
    o = scaled_dot_product_attention(q[..., :1, :, :], k[..., :1, :, :], v, mask)[0]
    return merge_heads(o) @ weights.w_o


# expect: failed scale-by-sqrt-d-model heads-cut-without-transpose
import math

from reference import merge_heads, scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    def sp(y):
        return y.reshape(*y.shape[:-2], n_heads, y.shape[-2], y.shape[-1] // n_heads)

    o = scaled_dot_product_attention(
        sp(x_q @ weights.w_q) / math.sqrt(n_heads), sp(x_kv @ weights.w_k), sp(x_kv @ weights.w_v), mask
    )[0]
    return merge_heads(o) @ weights.w_o
