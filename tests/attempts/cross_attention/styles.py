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
