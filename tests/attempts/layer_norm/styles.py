# expect: passed
# folded into one scale and one shift a vector
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=-1)
    s = 1 / np.sqrt(x.var(axis=-1) + eps)
    scale = s[..., None] * gamma
    return x * scale + (beta - m[..., None] * scale)


# expect: passed
# row by row, by apply_along_axis
import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    def one(row):
        c = row - np.average(row)
        return gamma * c / np.sqrt(np.dot(c, c) / c.size + eps) + beta

    return np.apply_along_axis(one, -1, x)
