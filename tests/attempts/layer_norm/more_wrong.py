# expect: failed sample-variance
# np.std with ddof
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=-1, keepdims=True)
    var = x.std(axis=-1, keepdims=True, ddof=1) ** 2
    return (x - mu) / np.sqrt(var + eps) * gamma + beta


# expect: failed norm-over-tokens
# axis 0
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta


# expect: failed in-place-layer-norm
# x is centred, scaled and shifted where it lies
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    x -= x.mean(axis=-1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    x *= gamma
    x += beta
    return x


# expect: failed
# another default
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-6):
    m = x.mean(axis=-1, keepdims=True)
    return gamma * (x - m) / np.sqrt(x.var(axis=-1, keepdims=True) + eps) + beta


# expect: failed
# beta is subtracted
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=-1, keepdims=True)
    z = (x - m) / np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    return z * gamma - beta


# expect: failed
# a norm of length 1
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(axis=-1, keepdims=True)
    return gamma * c / np.sqrt(np.sum(c * c, axis=-1, keepdims=True) + eps) + beta


# expect: failed
# the larger of variance and eps
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=-1, keepdims=True)
    v = np.maximum(x.var(axis=-1, keepdims=True), eps)
    return gamma * (x - m) / np.sqrt(v) + beta


# expect: failed
# mean of x is not subtracted in the variance
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(axis=-1, keepdims=True)
    return gamma * c / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps) + beta


# expect: failed variance-as-deviation
# np.std under one more root
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=-1, keepdims=True)
    return gamma * (x - m) / np.sqrt(np.std(x, axis=-1, keepdims=True) + eps) + beta


# expect: failed sample-variance layer-norm-without-eps
# ddof and no eps
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True, ddof=1) + beta


# expect: failed eps-hard-coded
# eps has a name of its own
import numpy as np

EPS = 1e-5


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(-1, keepdims=True)
    return gamma * c * (c.var(-1, keepdims=True) + EPS) ** -0.5 + beta


# expect: failed
# eps added to the numerator
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(-1, keepdims=True) + eps
    return gamma * c / np.sqrt((c * c).mean(-1, keepdims=True) + eps) + beta


# expect: failed eps-hard-coded
# a tiny number in the code
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=-1, keepdims=True)
    return gamma * (x - m) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-9) + beta
