# expect: failed relu-on-output
# before the last bias
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x.dot(w_1) + b_1
    return np.maximum(0, h.dot(w_2)) + b_2


# expect: error tokens-flattened
# each sequence is one long vector
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.maximum(x.reshape(x.shape[0], -1) @ w_1 + b_1, 0) @ w_2 + b_2


# expect: error maximum-of-array
# np.max for np.maximum
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.max(x @ w_1 + b_1, 0) @ w_2 + b_2


# expect: error maximum-of-array
# Python's max
def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1 + b_1
    return max(0, h) @ w_2 + b_2


# expect: failed maximum-of-array
# the largest number scales the matrix
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.max(x @ w_1 + b_1)
    return h * w_2 + b_2


# expect: error bias-per-position
# a bias for each place
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1
    h = h + b_1[: x.shape[-2], None]
    return np.maximum(0, h) @ w_2 + b_2


# expect: failed
# almost ReLU
def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1 + b_1
    return (h * (h > 1e-3)) @ w_2 + b_2


# expect: error bias-per-position
# from the left, by way of transposes
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    z = ((x @ w_1).T + b_1).T
    return np.maximum(z, 0) @ w_2 + b_2


# expect: error maximum-of-array
# the largest number of each unit
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.max(x @ w_1 + b_1, axis=0, keepdims=True)
    return h @ w_2 + b_2
