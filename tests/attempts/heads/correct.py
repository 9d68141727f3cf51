# expect: passed
import numpy as np


def split_heads(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1), axis=-3)


def merge_heads(x):
    return np.concatenate(list(np.moveaxis(x, -3, 0)), axis=-1)


# expect: passed
import numpy as np


def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    out = np.empty((*x.shape[:-2], n_heads, x.shape[-2], d))
    for i in range(n_heads):
        out[..., i, :, :] = x[..., i * d : (i + 1) * d]
    return out


def merge_heads(x):
    *batch, h, t, d = x.shape
    return np.einsum("...htd->...thd", x).reshape(*batch, t, h * d)


# expect: passed
import numpy as np


def split_heads(x, n_heads):
    *batch, tokens, width = x.shape
    return np.moveaxis(x.reshape((*batch, tokens, n_heads, -1)), -2, -3)


def merge_heads(x):
    *batch, heads, tokens, width = x.shape
    return np.ascontiguousarray(x.swapaxes(-3, -2)).reshape((*batch, tokens, -1))
