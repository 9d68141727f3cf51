# expect: passed
# np.tensordot and np.maximum
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    hidden = np.tensordot(x, w_1, axes=([-1], [0])) + b_1
    hidden = np.maximum(0.0, hidden)
    return np.tensordot(hidden, w_2, axes=1) + b_2


# expect: passed
# token by token, number by number
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    d_ff, d_out = w_2.shape
    out = np.empty(x.shape[:-1] + (d_out,))
    for at in np.ndindex(x.shape[:-1]):
        hidden = [max(0.0, float(x[at] @ w_1[:, j] + b_1[j])) for j in range(d_ff)]
        for k in range(d_out):
            out[at][k] = sum(h * w for h, w in zip(hidden, w_2[:, k])) + b_2[k]
    return out


# expect: passed
# recursion over the axes; np.vecmat is spelled as a vector times a matrix
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    if x.ndim > 1:
        return np.stack([feed_forward(part, w_1, b_1, w_2, b_2) for part in x], axis=0)
    h = np.dot(x, w_1) + b_1
    h[h < 0] = 0
    return np.dot(h, w_2) + b_2


# expect: passed
# columns in place of rows
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    column = np.moveaxis(x, -1, 0).reshape(len(w_1), -1)
    up = w_1.T @ column + b_1.reshape(-1, 1)
    up = np.where(up > 0, up, np.zeros_like(up))
    down = w_2.T @ up + b_2.reshape(-1, 1)
    return down.T.reshape(*x.shape[:-1], w_2.shape[-1])


# expect: passed
# two Linear objects
import numpy as np
from reference import relu


class Linear:
    def __init__(self, weight: np.ndarray, bias: np.ndarray) -> None:
        self.weight, self.bias = weight, bias

    def __matmul__(self, x):
        return np.einsum("...d,df->...f", x, self.weight) + self.bias


def feed_forward(x, w_1, b_1, w_2, b_2):
    first, second = Linear(w_1, b_1), Linear(w_2, b_2)
    return second @ relu(first @ x)


# expect: passed
# broadcasting in place of a product of matrices
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = (x[..., :, None] * w_1).sum(axis=-2) + b_1
    h = h * np.heaviside(h, 0)
    return (h[..., :, None] * w_2).sum(axis=-2) + b_2


# expect: passed
# relu by np.clip and an infinity; the biases as broadcast arrays
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    batch = x.shape[:-1]
    h = np.matmul(x, w_1) + np.broadcast_to(b_1, batch + b_1.shape)
    h = np.clip(h, 0, np.inf)
    return np.matmul(h, w_2) + np.broadcast_to(b_2, batch + b_2.shape)


# expect: passed
# apply_along_axis, relu by sorting out the positive units
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    def ffn(v):
        h = v @ w_1 + b_1
        alive = np.flatnonzero(h > 0)
        return h[alive] @ w_2[alive] + b_2

    return np.apply_along_axis(ffn, axis=-1, arr=x)


# expect: passed
# relu twice is relu
from reference import relu


def feed_forward(x, w_1, b_1, w_2, b_2):
    positive, negative = relu(x @ w_1 + b_1), relu(-(x @ w_1 + b_1))
    assert ((positive == 0) | (negative == 0)).all()
    return relu(positive) @ w_2 + b_2
