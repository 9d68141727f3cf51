# expect: failed no-activation
def feed_forward(x, w_1, b_1, w_2, b_2):
    return x @ (w_1 @ w_2) + (b_1 @ w_2 + b_2)


# expect: failed relu-on-output
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.maximum(0, np.maximum(0, x @ w_1 + b_1) @ w_2 + b_2)


# expect: failed bias-forgotten
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.clip(x @ w_1, 0, np.inf) @ w_2
