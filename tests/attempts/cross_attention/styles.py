# expect: passed
# a partial of what is solved
import functools

import reference


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    asked = functools.partial(reference.multi_head_attention, weights=weights, n_heads=n_heads)
    return asked(x_q=x, x_kv=memory, mask=None if memory_mask is None else memory_mask.copy())


# expect: passed
# query by query: no token of the decoder sees another
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    rows = []
    for i in range(x.shape[-2]):
        mask = memory_mask
        if mask is not None and mask.shape[-2] > 1:
            mask = mask[..., i : i + 1, :]
        rows.append(multi_head_attention(x[..., i : i + 1, :], memory, weights, n_heads, mask))
    return np.concatenate(rows, axis=-2)


# expect: passed
# query by query
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    rows = []
    for t in range(x.shape[-2]):
        m = memory_mask
        if m is not None and m.shape[-2] > 1:
            m = m[..., t : t + 1, :]
        rows.append(multi_head_attention(x[..., t : t + 1, :], memory, weights, n_heads, m))
    return np.concatenate(rows, axis=-2)


# expect: passed
# keys and values made once, as a cache would
import math

import numpy as np
from reference import masked_softmax, merge_heads, split_heads


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    def precompute(mem):
        return split_heads(mem @ weights.w_k, n_heads), split_heads(mem @ weights.w_v, n_heads)

    k, v = precompute(memory)
    s = split_heads(x @ weights.w_q, n_heads) @ np.swapaxes(k, -1, -2) / math.sqrt(k.shape[-1])
    return merge_heads(masked_softmax(s, memory_mask) @ v) @ weights.w_o
