# expect: failed output-projection-forgotten
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = x_q @ weights[0], x_kv @ weights[1], x_kv @ weights[2]
    return merge_heads(scaled_dot_product_attention(*[split_heads(a, n_heads) for a in (q, k, v)], mask)[0])


# expect: failed mask-not-passed-on
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = x_q @ weights[0], x_kv @ weights[1], x_kv @ weights[2]
    return merge_heads(scaled_dot_product_attention(*[split_heads(a, n_heads) for a in (q, k, v)])[0]) @ weights[3]


# expect: failed scale-by-sqrt-d-model
import numpy as np
from reference import masked_softmax, merge_heads, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q = x_q @ weights.w_q
    s = split_heads(q, n_heads) @ split_heads(x_kv @ weights.w_k, n_heads).swapaxes(-1, -2)
    a = masked_softmax(s / np.sqrt(q.shape[-1]), mask)
    return merge_heads(a @ split_heads(x_kv @ weights.w_v, n_heads)) @ weights.w_o


# expect: failed heads-glued-without-transpose
import numpy as np
from reference import scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = x_q @ weights[0], x_kv @ weights[1], x_kv @ weights[2]
    out = scaled_dot_product_attention(*[split_heads(a, n_heads) for a in (q, k, v)], mask)[0]
    return np.reshape(out, (*q.shape[:-1], v.shape[-1])) @ weights.w_o


# expect: error projections-from-query
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = (split_heads(x_q @ w, n_heads) for w in weights[:3])
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights[3]
