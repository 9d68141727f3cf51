# expect: failed tile-for-repeat
import numpy as np
from reference import AttentionWeights, multi_head_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    group = n_heads // n_kv_heads
    wide = AttentionWeights(weights.w_q, np.tile(weights.w_k, group), np.tile(weights.w_v, group), weights.w_o)
    return multi_head_attention(x_q, x_kv, wide, n_heads, mask)
