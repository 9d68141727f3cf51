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
