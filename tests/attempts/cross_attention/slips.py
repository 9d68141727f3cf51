# expect: failed
# what x holds already is added
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    output = multi_head_attention(x, memory, weights, n_heads, memory_mask)
    return output * (1 + x.mean())


# expect: failed
# the memory is turned round
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory[..., ::-1, :], weights, n_heads, memory_mask)


# expect: failed memory-mask-inverted
# the mask is inverted
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory, weights, n_heads, None if memory_mask is None else ~memory_mask)


# expect: failed causal-mask-in-cross
from reference import causal_mask, multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory, weights, n_heads, causal_mask(x.shape[-2], memory.shape[-2]))


# expect: failed causal-mask-in-cross
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    if memory_mask is None:
        memory_mask = np.tri(x.shape[-2], memory.shape[-2], dtype=bool)
    return multi_head_attention(x, memory, weights, n_heads, memory_mask)


# expect: error query-from-memory memory-mask-forgotten
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(memory, x, weights, n_heads)


# expect: error keys-from-decoder memory-mask-forgotten
from reference import merge_heads, scaled_dot_product_attention, split_heads


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    q = split_heads(x @ weights.w_q, n_heads)
    k = split_heads(x @ weights.w_k, n_heads)
    v = split_heads(memory @ weights.w_v, n_heads)
    return merge_heads(scaled_dot_product_attention(q, k, v)[0]) @ weights.w_o
