# expect: passed
import numpy as np
from reference import masked_softmax


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    def cut(y, n):
        return np.moveaxis(y.reshape(*y.shape[:-1], n, -1), -2, -3)

    q, k, v = cut(x_q @ weights.w_q, n_heads), cut(x_kv @ weights.w_k, n_kv_heads), cut(x_kv @ weights.w_v, n_kv_heads)
    of = [j * n_kv_heads // n_heads for j in range(n_heads)]
    a = masked_softmax(q @ k[..., of, :, :].swapaxes(-1, -2) / np.sqrt(q.shape[-1]), mask)
    return np.concatenate(list(np.moveaxis(a @ v[..., of, :, :], -3, 0)), -1) @ weights.w_o


# expect: passed
import numpy as np
from reference import AttentionWeights, multi_head_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    group = n_heads // n_kv_heads

    def widened(w):
        parts = np.split(w, n_kv_heads, axis=1)
        return np.concatenate([part for part in parts for _ in range(group)], axis=1)

    wide = AttentionWeights(weights.w_q, widened(weights.w_k), widened(weights.w_v), weights.w_o)
    return multi_head_attention(x_q, x_kv, wide, n_heads, mask)
