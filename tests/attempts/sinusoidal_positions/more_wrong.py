# expect: failed first-position-one
# positions 1 .. n, in a loop
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    out = np.zeros((n, d_model))
    for k in range(d_model // 2):
        w = base ** (-2 * k / d_model)
        out[:, 2 * k] = np.sin((np.arange(n) + 1) * w)
        out[:, 2 * k + 1] = np.cos((np.arange(n) + 1) * w)
    return out


# expect: failed sine-and-cosine-exchanged
# cosine first
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(n)[:, None] / base ** (np.arange(0, d_model, 2) / d_model)
    pe = np.zeros((n, d_model))
    pe[:, 1::2] = np.sin(t)
    pe[:, 0::2] = np.cos(t)
    return pe


# expect: failed own-exponent-per-column
# the exponent is that of the column
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for j in range(d_model):
            a = p / base ** (j / d_model)
            pe[p, j] = np.cos(a) if j % 2 else np.sin(a)
    return pe


# expect: failed
# the pairs lie one after the other by a reshape of the wrong array
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(n)[:, None] / base ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(t), np.cos(t)]).reshape(n, d_model)


# expect: failed
# a batch axis, as in PyTorch's pe.unsqueeze(0)
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(n)[:, None] / base ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(t), np.cos(t)], axis=-1).reshape(1, n, d_model)


# expect: failed
# the list is returned as it is
import math


def sinusoidal_positions(n, d_model, base=10000.0):
    return [[(math.cos if k % 2 else math.sin)(p / base ** ((k - k % 2) / d_model)) for k in range(d_model)] for p in range(n)]


# expect: failed wrong-wavelengths
# linspace with its end: the last pair has the exponent 1
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    e = np.linspace(0, 1, d_model // 2)
    t = np.arange(n)[:, None] / base**e
    return np.stack([np.sin(t), np.cos(t)], axis=-1).reshape(n, d_model)


# expect: failed halves-not-interleaved sine-and-cosine-exchanged
# as in a well-known diffusion model
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    half = d_model // 2
    freqs = np.exp(-np.log(base) * np.arange(half) / half)
    args = np.arange(n)[:, None] * freqs[None]
    return np.concatenate([np.cos(args), np.sin(args)], axis=-1)


# expect: failed wrong-wavelengths
# i from 1
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    i = np.arange(1, d_model // 2 + 1)
    t = np.arange(n)[:, None] / base ** (2 * i / d_model)
    return np.stack([np.sin(t), np.cos(t)], axis=-1).reshape(n, d_model)


# expect: failed
# n and d_model exchanged in the exponent
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(n)[:, None] / base ** (np.arange(0, d_model, 2) / n)
    return np.stack([np.sin(t), np.cos(t)], axis=-1).reshape(n, d_model)
# expect: failed exponent-halved
# i counts pairs, and the 2 is forgotten
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    i = np.arange(d_model // 2)
    t = np.arange(n)[:, None] / base ** (i / d_model)
    return np.stack([np.sin(t), np.cos(t)], axis=-1).reshape(n, d_model)


# expect: failed division-outside-exponent
# parentheses forgotten
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(n)[:, None] / base ** np.arange(0, d_model, 2) / d_model
    return np.stack([np.sin(t), np.cos(t)], axis=-1).reshape(n, d_model)


# expect: failed division-outside-exponent
# 2i counted in steps and parentheses forgotten, as frequency
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for i in range(d_model // 2):
            pe[p, 2 * i] = np.sin(p / base ** (2 * i) / d_model)
            pe[p, 2 * i + 1] = np.cos(p / base ** (2 * i) / d_model)
    return pe


# expect: failed exponent-halved
# the exponent with i of pairs and no 2, exp and log
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    div = np.exp(-math.log(base) * np.arange(d_model // 2) / d_model)
    t = np.outer(np.arange(n), div)
    pe = np.zeros((n, d_model))
    pe[:, 0::2], pe[:, 1::2] = np.sin(t), np.cos(t)
    return pe
