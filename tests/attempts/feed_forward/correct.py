# expect: passed
# unit by unit
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    out = np.zeros((*x.shape[:-1], w_2.shape[1]))
    for j in range(w_1.shape[1]):
        unit = (x * w_1[:, j]).sum(-1) + b_1[j]
        unit = np.where(unit > 0, unit, 0)
        out += unit[..., None] * w_2[j]
    return out + b_2


# expect: passed
# biases as one more row of the matrix
import numpy as np


def with_ones(a):
    return np.concatenate([a, np.ones((*a.shape[:-1], 1), dtype=a.dtype)], axis=-1)


def feed_forward(x, w_1, b_1, w_2, b_2):
    hidden = with_ones(x) @ np.vstack([w_1, b_1])
    return with_ones(hidden * (hidden > 0)) @ np.vstack([w_2, b_2])


# expect: passed
# layers in a list
from functools import reduce

import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    layers = [
        lambda h: np.einsum("...i,ij->...j", h, w_1) + b_1,
        lambda h: (h + np.abs(h)) / 2,
        lambda h: np.einsum("...i,ij->...j", h, w_2) + b_2,
    ]
    return reduce(lambda h, layer: layer(h), layers, x)


# expect: passed
# in place on memory of its own
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.matmul(x.reshape(-1, x.shape[-1]), w_1)
    h += b_1
    np.maximum(h, 0, out=h)
    return np.add(np.dot(h, w_2), b_2).reshape(x.shape[:-1] + (-1,))


# expect: passed
# torch.nn.functional by heart
from reference.layers import relu


class F:
    @staticmethod
    def linear(x, weight, bias):
        return x @ weight.T + bias


def feed_forward(x, w_1, b_1, w_2, b_2):
    return F.linear(relu(F.linear(x, w_1.T, b_1)), w_2.T, b_2)
