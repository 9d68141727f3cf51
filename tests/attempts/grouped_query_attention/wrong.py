# expect: failed tile-for-repeat
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = j % n_kv_heads
        m = mask if mask is None or mask.ndim < 3 else mask[..., j, :, :]
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate(outs, axis=-1) @ w_o


# expect: failed one-kv-head-for-all
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = 0
        m = mask if mask is None or mask.ndim < 3 else mask[..., j, :, :]
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate(outs, axis=-1) @ w_o


# expect: failed grouped-mask-not-passed-on
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = j // (n_heads // n_kv_heads)
        m = None
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate(outs, axis=-1) @ w_o


# expect: failed grouped-output-projection-forgotten
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = j // (n_heads // n_kv_heads)
        m = mask if mask is None or mask.ndim < 3 else mask[..., j, :, :]
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate(outs, axis=-1)


# expect: failed tile-for-repeat grouped-mask-not-passed-on
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = j % n_kv_heads
        m = None
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate(outs, axis=-1) @ w_o


# expect: failed
# the groups in the other direction
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = n_kv_heads - 1 - j // (n_heads // n_kv_heads)
        m = mask if mask is None or mask.ndim < 3 else mask[..., j, :, :]
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate(outs, axis=-1) @ w_o


# expect: failed
# the heads interleaved at the end
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = j // (n_heads // n_kv_heads)
        m = mask if mask is None or mask.ndim < 3 else mask[..., j, :, :]
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.stack(outs, axis=-1).reshape(*x_q.shape[:-1], -1) @ w_o


# expect: failed
# heads of one group averaged
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, outs = np.split(x_q @ w_q, n_heads, axis=-1), []
    k, v = np.split(x_kv @ w_k, n_kv_heads, axis=-1), np.split(x_kv @ w_v, n_kv_heads, axis=-1)
    for j in range(n_heads):
        g = j // (n_heads // n_kv_heads)
        m = mask if mask is None or mask.ndim < 3 else mask[..., j, :, :]
        outs.append(scaled_dot_product_attention(q[j], k[g], v[g], m)[0])
    return np.concatenate([sum(outs) / n_heads] * n_heads, axis=-1) @ w_o


# expect: error repeat-along-sequence
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    q = split_heads(x_q @ weights.w_q, n_heads)
    g = n_heads // n_kv_heads
    k, v = split_heads(x_kv @ weights.w_k, n_kv_heads), split_heads(x_kv @ weights.w_v, n_kv_heads)
    k, v = np.repeat(k, g, axis=2), np.repeat(v, g, axis=2)
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o


# expect: error repeat-along-sequence
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    g = n_heads // n_kv_heads
    q = split_heads(x_q @ weights.w_q, n_heads)
    k, v = (
        np.repeat(split_heads(x_kv @ w, n_kv_heads), g, axis=0) for w in (weights.w_k, weights.w_v)
    )
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o


# expect: error repeat-along-sequence
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    g = n_heads // n_kv_heads
    q = split_heads(x_q @ weights.w_q, n_heads)
    k, v = (
        np.repeat(split_heads(x_kv @ w, n_kv_heads), g, axis=1) for w in (weights.w_k, weights.w_v)
    )
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o


# expect: failed tile-for-repeat
# for exactly one batch axis
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    q = split_heads(x_q @ weights.w_q, n_heads)
    g = n_heads // n_kv_heads
    k, v = (
        np.tile(split_heads(x_kv @ w, n_kv_heads), (1, g, 1, 1)) for w in (weights.w_k, weights.w_v)
    )
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ weights.w_o
