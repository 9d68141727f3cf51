# expect: failed split-without-transpose
import numpy as np


def split_heads(x, n_heads):
    *batch, t, d = x.shape
    return np.reshape(x, (*batch, n_heads, t, d // n_heads))


def merge_heads(x):
    return np.concatenate(list(np.moveaxis(x, -3, 0)), axis=-1)


# expect: failed merge-without-transpose
import numpy as np


def split_heads(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1), axis=-3)


def merge_heads(x):
    *batch, h, t, d = x.shape
    return np.reshape(x, (*batch, t, h * d))


# expect: failed both-reshapes-wrong
import numpy as np


def split_heads(x, n_heads):
    *batch, t, d = x.shape
    return np.reshape(x, (*batch, n_heads, t, d // n_heads))


def merge_heads(x):
    *batch, h, t, d = x.shape
    return np.reshape(x, (*batch, t, h * d))


# expect: failed heads-interleaved
import numpy as np


def split_heads(x, n_heads):
    return np.stack([x[..., i::n_heads] for i in range(n_heads)], axis=-3)


def merge_heads(x):
    return np.concatenate(list(np.moveaxis(x, -3, 0)), axis=-1)
