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


# expect: error head-axis-slip
import numpy as np


def split_heads(x, n_heads):
    b, t, d = x.shape
    return x.reshape(b, t, n_heads, d // n_heads).transpose(1, 0, 2, 3)


def merge_heads(x):
    y = np.moveaxis(x, -3, -2)
    return y.reshape(y.shape[:-2] + (-1,))


# expect: error head-axis-slip
import numpy as np


def split_heads(x, n_heads):
    b, t, d = x.shape
    return x.reshape(b, t, n_heads, d // n_heads).transpose(2, 0, 1, 3)


def merge_heads(x):
    y = np.moveaxis(x, -3, -2)
    return y.reshape(y.shape[:-2] + (-1,))


# expect: failed head-axis-slip
import numpy as np


def split_heads(x, n_heads):
    y = x.reshape(*x.shape[:-1], n_heads, -1)
    return np.moveaxis(y, -2, 0)


def merge_heads(x):
    y = np.moveaxis(x, -3, -2)
    return y.reshape(y.shape[:-2] + (-1,))


# expect: failed head-axis-slip
import numpy as np


def split_heads(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1))


def merge_heads(x):
    y = np.moveaxis(x, -3, -2)
    return y.reshape(y.shape[:-2] + (-1,))


# expect: error head-axis-slip
def split_heads(x, n_heads):
    *lead, t, d = x.shape
    return x.reshape(*lead, t, n_heads, d // n_heads).swapaxes(-2, -3)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.transpose(1, 0, 2, 3).reshape(b, t, h * d)


# expect: failed head-axis-slip
import numpy as np


def split_heads(x, n_heads):
    return np.array(np.split(x, n_heads, axis=-1))


def merge_heads(x):
    return np.concatenate(list(x), axis=-1)


# expect: error one-batch-axis-assumed
# as with .view and .transpose in PyTorch
def split_heads(x, n_heads):
    batch_size = x.shape[0]
    return x.reshape(batch_size, -1, n_heads, x.shape[-1] // n_heads).swapaxes(1, 2)


def merge_heads(x):
    batch_size = x.shape[0]
    return x.swapaxes(1, 2).reshape(batch_size, -1, x.shape[1] * x.shape[3])


# expect: error both-reshapes-wrong one-batch-axis-assumed
def split_heads(x, n_heads):
    b, t, d = x.shape
    return x.reshape(b, n_heads, t, d // n_heads)


def merge_heads(x):
    b, h, t, d = x.shape
    return x.reshape(b, t, h * d)


# expect: error split-without-transpose one-batch-axis-assumed
import numpy as np


def split_heads(x, n_heads):
    b, t, d = x.shape
    return x.reshape(b, n_heads, t, d // n_heads)


def merge_heads(x):
    y = np.moveaxis(x, -3, -2)
    return y.reshape(y.shape[:-2] + (-1,))
