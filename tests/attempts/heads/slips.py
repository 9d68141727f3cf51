# expect: failed
# the heads in reverse
import numpy as np


def split_heads(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1)[::-1], axis=-3)


def merge_heads(x):
    return np.concatenate(list(np.moveaxis(x, -3, 0))[::-1], axis=-1)


# expect: failed
# the heads are added up
import numpy as np


def split_heads(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1), axis=-3)


def merge_heads(x):
    return np.tile(x.sum(-3), x.shape[-3])


# expect: error one-batch-axis-assumed
import numpy as np


def split_heads(x, n_heads):
    b, t, d = x.shape
    return x.reshape(b, t, n_heads, d // n_heads).transpose(0, 2, 1, 3)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.transpose(0, 2, 1, 3).reshape(b, t, h * d)
