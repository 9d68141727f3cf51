# expect: error one-batch-axis-assumed
import numpy as np


def split_heads(x, n_heads):
    return np.einsum("bthd->bhtd", x.reshape(*x.shape[:-1], n_heads, -1))


def merge_heads(x):
    y = np.swapaxes(x, -2, -3)
    return y.reshape(*y.shape[:-2], -1)


# expect: error no-batch-axis-assumed
# no batch at all
import numpy as np


def split_heads(x, n_heads):
    t, d = x.shape
    return x.reshape(t, n_heads, d // n_heads).transpose(1, 0, 2)


def merge_heads(x):
    y = np.swapaxes(x, -2, -3)
    return y.reshape(*y.shape[:-2], -1)


# expect: error no-batch-axis-assumed
# no batch at all, both
import numpy as np


def split_heads(x, n_heads):
    t, d = x.shape
    return x.reshape(t, n_heads, d // n_heads).transpose(1, 0, 2)


def merge_heads(x):
    h, t, d = x.shape
    return x.transpose(1, 0, 2).reshape(t, h * d)


# expect: failed
# no batch at all, split columns
import numpy as np


def split_heads(x, n_heads):
    return np.array(np.hsplit(x, n_heads))


def merge_heads(x):
    return np.hstack(x)


# expect: failed split-without-transpose merge-without-transpose
# consistent (tokens, heads) order: both without exchange
import numpy as np


def split_heads(x, n_heads):
    return x.reshape(x.shape[:-1] + (n_heads, x.shape[-1] // n_heads))


def merge_heads(x):
    return x.reshape(x.shape[:-2] + (-1,))


# expect: failed
# (h, t*d)
import numpy as np


def split_heads(x, n_heads):
    return np.swapaxes(x.reshape(*x.shape[:-1], n_heads, -1), -2, -3)


def merge_heads(x):
    return np.swapaxes(x, -1, -3).reshape(*x.shape[:-3], x.shape[-2], -1)


# expect: error
# the number of heads is remembered from the last split
import numpy as np

N = [3]


def split_heads(x, n_heads):
    N[0] = n_heads
    return np.swapaxes(x.reshape(*x.shape[:-1], n_heads, -1), -2, -3)


def merge_heads(x):
    y = np.swapaxes(x, -2, -3)
    return y.reshape(*y.shape[:-2], N[0] * x.shape[-1])


# expect: failed
import numpy as np


def split_heads(x, n_heads):
    return np.swapaxes(x.reshape(*x.shape[:-1], n_heads, -1), -2, -3)


def merge_heads(x):
    return np.concatenate([x[:, i] for i in range(x.shape[1])], axis=-1)


# expect: failed
# squeeze
import numpy as np


def split_heads(x, n_heads):
    return np.squeeze(np.swapaxes(x.reshape(*x.shape[:-1], n_heads, -1), -2, -3))


def merge_heads(x):
    y = np.swapaxes(x, -2, -3)
    return y.reshape(*y.shape[:-2], -1)
