# expect: passed
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory, weights, n_heads=n_heads, mask=memory_mask)


# expect: passed
from reference import merge_heads, scaled_dot_product_attention, split_heads


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    q = split_heads(x @ weights.w_q, n_heads)
    k, v = (split_heads(memory @ w, n_heads) for w in (weights.w_k, weights.w_v))
    return merge_heads(scaled_dot_product_attention(q, k, v, memory_mask)[0]) @ weights.w_o


# expect: passed
import numpy as np
from reference import masked_softmax


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    cut = lambda w: w.reshape(w.shape[0], n_heads, -1)
    q = np.einsum("...td,dhe->...hte", x, cut(weights.w_q))
    k = np.einsum("...td,dhe->...hte", memory, cut(weights.w_k))
    v = np.einsum("...td,dhe->...hte", memory, cut(weights.w_v))
    a = masked_softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]), memory_mask)
    heads = np.moveaxis(a @ v, -3, -2)
    return heads.reshape(*x.shape[:-1], -1) @ weights.w_o
