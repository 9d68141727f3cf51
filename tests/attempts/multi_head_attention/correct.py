# expect: passed
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    parts = []
    for i in range(n_heads):
        q, k, v = (x @ np.split(w, n_heads, axis=1)[i] for x, w in ((x_q, w_q), (x_kv, w_k), (x_kv, w_v)))
        m = mask
        if mask is not None and mask.ndim > 2:
            m = mask[..., min(i, mask.shape[-3] - 1), :, :]
        parts.append(scaled_dot_product_attention(q, k, v, m)[0])
    return np.concatenate(parts, axis=-1) @ w_o


# expect: passed
import numpy as np


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    def heads(x, w):
        return np.einsum("...td,dhe->...hte", x, w.reshape(w.shape[0], n_heads, -1))

    q, k, v = heads(x_q, weights.w_q), heads(x_kv, weights.w_k), heads(x_kv, weights.w_v)
    s = np.einsum("...qe,...ke->...qk", q, k) / np.sqrt(q.shape[-1])
    s = s if mask is None else np.where(mask, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    a = e / np.maximum(e.sum(-1, keepdims=True), 1e-300)
    w_o = weights.w_o.reshape(n_heads, -1, weights.w_o.shape[-1])
    return np.einsum("...hqe,heo->...qo", a @ v, w_o)


# expect: passed
from reference.attention import AttentionWeights, merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights: AttentionWeights, n_heads: int, mask=None):
    queries, keys, values = x_q @ weights.w_q, x_kv @ weights.w_k, x_kv @ weights.w_v
    attended, _ = scaled_dot_product_attention(*(split_heads(each, n_heads) for each in (queries, keys, values)), mask)
    return merge_heads(attended) @ weights.w_o
