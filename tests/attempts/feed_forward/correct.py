# expect: passed
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.einsum("...d,df->...f", x, w_1) + b_1
    return np.einsum("...f,fo->...o", h * (h > 0), w_2) + b_2


# expect: passed
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    h = np.clip(np.dot(x, w_1) + b_1, 0, None)
    return np.dot(h, w_2) + b_2


# expect: passed
# the bias as one more row
import numpy as np


def feed_forward(x, w_1, b_1, w_2, b_2):
    one = np.ones((*x.shape[:-1], 1), dtype=x.dtype)
    h = np.concatenate([x, one], -1) @ np.vstack([w_1, b_1])
    h = (abs(h) + h) / 2
    return np.concatenate([h, one], -1) @ np.vstack([w_2, b_2])
