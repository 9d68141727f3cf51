# expect: failed variance-as-deviation
# a root of the deviation
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(x.std(-1, keepdims=True) + eps) + beta


# expect: error norm-over-tokens
# axis 1, which is right for a single sequence without a batch
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + eps) + beta


# expect: failed norm-over-tokens
# over tokens and features together
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    ax = (-2, -1) if x.ndim > 1 else -1
    return gamma * (x - x.mean(ax, keepdims=True)) / np.sqrt(x.var(ax, keepdims=True) + eps) + beta


# expect: error norm-without-keepdims
# np.mean and np.var, both without keepdims
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return gamma * (x - np.mean(x, axis=-1)) / np.sqrt(np.var(x, axis=-1) + eps) + beta


# expect: error norm-without-keepdims
# only the mean without keepdims
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(-1)
    return gamma * c / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps) + beta


# expect: failed layer-norm-mean-kept
# root mean square
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return gamma * x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) + beta


# expect: error norm-over-tokens
# over the batch, which has to be there
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=(0, 1), keepdims=True)
    v = x.var(axis=(0, 1), keepdims=True)
    return gamma * (x - m) / np.sqrt(v + eps) + beta


# expect: failed norm-over-tokens
# over all of a sequence
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    axes = tuple(range(1, x.ndim)) or (0,)
    m = x.mean(axis=axes, keepdims=True)
    v = x.var(axis=axes, keepdims=True)
    return gamma * (x - m) / np.sqrt(v + eps) + beta


# expect: error gamma-wrong-axis
# from the left, by way of transposes
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    n = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)
    return (gamma * n.T).T + beta
