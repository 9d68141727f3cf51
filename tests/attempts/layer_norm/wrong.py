# expect: failed sample-variance
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True, ddof=1) + eps) * gamma + beta


# expect: failed layer-norm-eps-outside-root
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps) + beta


# expect: failed norm-over-tokens
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return (x - np.mean(x)) / np.sqrt(np.var(x) + eps) * gamma + beta


# expect: failed layer-norm-mean-kept
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return x / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps) * gamma + beta


# expect: failed beta-before-gamma
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return ((x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + beta) * gamma


# expect: failed eps-hard-coded
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 0.00001) * gamma + beta
