# expect: passed
# strides
import numpy as np
from numpy.lib.stride_tricks import as_strided


def split_heads(x, n_heads):
    *batch, tokens, width = x.shape
    *outer, over, along = x.strides
    head = width // n_heads
    return as_strided(x, (*batch, n_heads, tokens, head), (*outer, along * head, over, along), writeable=False)


def merge_heads(x):
    return np.dstack(list(x)).reshape(x.shape[1], -1) if False else np.concatenate([x[..., i, :, :] for i in range(x.shape[-3])], -1)


# expect: passed
# number by number
import numpy as np


def split_heads(x, n_heads):
    head = x.shape[-1] // n_heads
    out = np.empty(x.shape[:-2] + (n_heads, x.shape[-2], head), dtype=x.dtype)
    for *batch, t, c in np.ndindex(x.shape):
        out[(*batch, c // head, t, c % head)] = x[(*batch, t, c)]
    return out


def merge_heads(x):
    *batch, n_heads, tokens, head = x.shape
    out = np.zeros((*batch, tokens, n_heads * head), dtype=x.dtype)
    for at in np.ndindex(*x.shape):
        *b, h, t, c = at
        out[(*b, t, h * head + c)] = x[at]
    return out
