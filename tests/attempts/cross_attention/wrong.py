# expect: error query-from-memory
from reference import merge_heads, scaled_dot_product_attention, split_heads


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    q, k, v = memory @ weights[0], x @ weights[1], x @ weights[2]
    return merge_heads(scaled_dot_product_attention(*[split_heads(a, n_heads) for a in (q, k, v)], memory_mask)[0]) @ weights[3]


# expect: failed memory-mask-forgotten
from reference import merge_heads, scaled_dot_product_attention, split_heads


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    q, k, v = x @ weights[0], memory @ weights[1], memory @ weights[2]
    return merge_heads(scaled_dot_product_attention(*[split_heads(a, n_heads) for a in (q, k, v)])[0]) @ weights[3]


# expect: error self-attention-by-mistake
from reference import merge_heads, scaled_dot_product_attention, split_heads


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    q, k, v = x @ weights[0], x @ weights[1], x @ weights[2]
    return merge_heads(scaled_dot_product_attention(*[split_heads(a, n_heads) for a in (q, k, v)], memory_mask)[0]) @ weights[3]
