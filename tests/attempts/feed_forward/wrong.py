# expect: failed no-activation
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.einsum("...i,ij,jk->...k", x, w_1, w_2) + b_1 @ w_2 + b_2


# expect: failed relu-on-output
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x
    for w, b in ((w_1, b_1), (w_2, b_2)):
        h = np.clip(h @ w + b, 0, None)
    return h


# expect: failed bias-forgotten
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.dot(np.fmax(np.dot(x, w_1) + b_1, 0), w_2)


# expect: failed other-activation
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1 + b_1
    return h / (1 + np.exp(-np.clip(h, -700, 700))) @ w_2 + b_2


# expect: failed relu-too-early
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1
    return (h * (h >= 0) + b_1) @ w_2 + b_2


# expect: failed relu-too-early bias-forgotten
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1
    return (h * (h >= 0) + b_1) @ w_2


# expect: failed
# leaky
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = x @ w_1 + b_1
    return np.where(h > 0, h, 0.01 * h) @ w_2 + b_2


# expect: failed
# the sign turned round
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    return np.minimum(0, x @ w_1 + b_1) @ w_2 + b_2
