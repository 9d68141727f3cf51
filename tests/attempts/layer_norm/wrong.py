# expect: failed sample-variance layer-norm-eps-outside-root
# as in a well-known annotated implementation
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(-1, keepdims=True)
    std = x.std(-1, keepdims=True, ddof=1)
    return gamma * (x - mean) / (std + eps) + beta


# expect: failed sample-variance
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - np.average(x, axis=-1)[..., None]
    return c / np.sqrt((c**2).sum(-1, keepdims=True) / (x.shape[-1] - 1) + eps) * gamma + beta


# expect: failed layer-norm-eps-outside-root
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, x.shape[-1])
    out = [(row - row.mean()) / (row.std() + eps) * gamma + beta for row in rows]
    return np.reshape(out, x.shape)


# expect: failed layer-norm-mean-kept
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return x / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps) * gamma + beta


# expect: failed beta-before-gamma
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m, v = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return ((x - m) / (v + eps) ** 0.5 + beta) * gamma


# expect: failed gamma-or-beta-forgotten
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m, v = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return np.multiply((x - m) * (v + eps) ** -0.5, gamma)


# expect: failed
# the median in place of the mean
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - np.median(x, axis=-1, keepdims=True)
    return c / np.sqrt((c * c).mean(-1, keepdims=True) + eps) * gamma + beta


# expect: failed
# the mean deviation in place of the standard deviation
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(-1, keepdims=True)
    return c / (np.abs(c).mean(-1, keepdims=True) + eps) * gamma + beta
