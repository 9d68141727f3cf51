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


# expect: passed
# heads are blocks of rows of the transpose
import numpy as np


def split_heads(x, n_heads):
    xt = np.swapaxes(x, -1, -2)
    y = xt.reshape(*xt.shape[:-2], n_heads, -1, xt.shape[-1])
    return np.swapaxes(y, -1, -2)


def merge_heads(x):
    y = np.swapaxes(x, -1, -2)
    y = y.reshape(*y.shape[:-3], y.shape[-3] * y.shape[-2], y.shape[-1])
    return np.swapaxes(y, -1, -2)


# expect: passed
# number by number
import numpy as np


def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    out = np.zeros((*x.shape[:-2], n_heads, x.shape[-2], d))
    for i in np.ndindex(*x.shape):
        *b, t, c = i
        out[(*b, c // d, t, c % d)] = x[i]
    return out


def merge_heads(x):
    *b, h, t, d = x.shape
    out = np.zeros((*b, t, h * d))
    for i in np.ndindex(*x.shape):
        *bb, hh, tt, dd = i
        out[(*bb, tt, hh * d + dd)] = x[i]
    return out


# expect: passed
# all batch axes as one
def split_heads(x, n_heads):
    t, d = x.shape[-2:]
    y = x.reshape(-1, t, n_heads, d // n_heads).transpose(0, 2, 1, 3)
    return y.reshape(*x.shape[:-2], n_heads, t, d // n_heads)


def merge_heads(x):
    h, t, d = x.shape[-3:]
    return x.reshape(-1, h, t, d).transpose(0, 2, 1, 3).reshape(*x.shape[:-3], t, h * d)
