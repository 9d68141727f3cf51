# expect: failed own-exponent-per-column
# the TensorFlow tutorial without its // 2
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    i = np.arange(d_model)[None]
    angles = np.arange(n)[:, None] / np.power(base, i / d_model)
    angles[:, 0::2] = np.sin(angles[:, 0::2])
    angles[:, 1::2] = np.cos(angles[:, 1::2])
    return angles


# expect: failed halves-not-interleaved
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    inv_freq = 1.0 / base ** (np.arange(0, d_model, 2.0) / d_model)
    sinusoid = np.einsum("i,j->ij", np.arange(n), inv_freq)
    return np.concatenate((np.sin(sinusoid), np.cos(sinusoid)), axis=-1)


# expect: failed first-position-one
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    return np.array(
        [[(math.cos if j % 2 else math.sin)(p * base ** (-(j // 2 * 2) / d_model)) for j in range(d_model)] for p in range(1, n + 1)]
    )


# expect: failed base-ignored
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = np.empty((n, d_model))
    for i in range(0, d_model, 2):
        pe[:, i] = np.sin(np.arange(n) / 10000 ** (i / d_model))
        pe[:, i + 1] = np.cos(np.arange(n) / 10000 ** (i / d_model))
    return pe


# expect: failed exponent-doubled
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = np.empty((n, d_model))
    for i in range(0, d_model, 2):
        pe[:, i] = np.sin(np.arange(n) / base ** (2 * i / d_model))
        pe[:, i + 1] = np.cos(np.arange(n) / base ** (2 * i / d_model))
    return pe


# expect: failed first-position-one halves-not-interleaved
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(1, n + 1)[:, None] * base ** -np.linspace(0, 1, d_model // 2, endpoint=False)
    return np.hstack([np.sin(t), np.cos(t)])


# expect: failed
# sines only, a quarter turn apart in the wrong direction
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    column = np.arange(d_model)
    t = np.arange(n)[:, None] * base ** (-(column - column % 2) / d_model)
    return np.sin(t - np.pi / 2 * (column % 2))


# expect: failed
# single precision
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    t = np.arange(n, dtype=np.float32)[:, None] * np.float32(base) ** (-np.arange(0, d_model, 2, dtype=np.float32) / d_model)
    return np.stack([np.sin(t), np.cos(t)], -1).reshape(n, d_model)
