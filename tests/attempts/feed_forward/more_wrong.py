# expect: failed no-activation
# no relu
def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1 + b_1
    out = h @ w_2 + b_2
    return out


# expect: failed relu-on-output
# relu only at the end
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    y = np.matmul(np.matmul(x, w_1) + b_1, w_2) + b_2
    y[y < 0] = 0
    return y


# expect: failed bias-forgotten
# no biases
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.maximum(x @ w_1, 0) @ w_2


# expect: error bias-per-position
# columns of biases
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.maximum(x @ w_1 + b_1.reshape(-1, 1), 0)
    return h @ w_2 + b_2.reshape(-1, 1)


# expect: failed
# sigmoid
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return (1 / (1 + np.exp(-(x @ w_1 + b_1)))) @ w_2 + b_2


# expect: error
# a residual, which is not part of it
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return x + np.maximum(x @ w_1 + b_1, 0) @ w_2 + b_2


# expect: failed relu-on-output
# a loop over the layers, relu after each but written so that the first is left out
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x
    for i, (w, b) in enumerate([(w_1, b_1), (w_2, b_2)]):
        h = h @ w + b
        if i:
            h = np.maximum(h, 0)
    return h


# expect: error
# only a matrix x
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    tokens, d_model = x.shape
    out = np.zeros((tokens, w_2.shape[1]))
    for t in range(tokens):
        out[t] = np.maximum(x[t] @ w_1 + b_1, 0) @ w_2 + b_2
    return out


# expect: failed
# relu(x) as well as relu(hidden)
from reference import relu


def feed_forward(x, w_1, b_1, w_2, b_2):
    return relu(relu(x) @ w_1 + b_1) @ w_2 + b_2


# expect: error
# biases exchanged
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.maximum(0, x @ w_1 + b_2) @ w_2 + b_1


# expect: failed
# one vector of all tokens' sums
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.maximum(0, x.sum(axis=tuple(range(x.ndim - 1))) @ w_1 + b_1)
    return h @ w_2 + b_2


# expect: error maximum-of-array
# np.max of a list of two
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.max([0, x @ w_1 + b_1]) @ w_2 + b_2


# expect: failed other-activation
# GELU by the sigmoid
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1 + b_1
    return h / (1 + np.exp(-1.702 * h)) @ w_2 + b_2
