# expect: passed
# number by number
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    rows = []
    for pos in range(n):
        row = []
        for i in range(d_model // 2):
            t = pos / math.pow(base, 2 * i / d_model)
            row += [math.sin(t), math.cos(t)]
        rows.append(row)
    return np.array(rows)


# expect: passed
# as in a well-known PyTorch notebook
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = np.zeros((n, d_model))
    position = np.expand_dims(np.arange(0, n), 1)
    div_term = np.exp(np.arange(0, d_model, 2) * -(np.log(base) / d_model))
    pe[:, 0::2] = np.sin(position * div_term)
    pe[:, 1::2] = np.cos(position * div_term)
    return pe


# expect: passed
# hands of a clock as complex numbers, each step a multiplication by the last
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    speed = base ** (-2.0 * np.arange(d_model // 2) / d_model)
    hands = np.exp(1j * np.outer(np.arange(n), speed))
    return np.ascontiguousarray(1j * hands.conj()).view(np.float64)


# expect: passed
# columns as in the TensorFlow tutorial, cached, read-only, in Fortran order
from functools import lru_cache

import numpy as np


@lru_cache(maxsize=None)
def table(n: int, d_model: int, base: float) -> np.ndarray:
    i = np.arange(d_model)[None]
    angle_rads = np.arange(n)[:, None] / np.power(base, (2 * (i // 2)) / np.float32(d_model), dtype=np.float64)
    out = np.where(i % 2 == 0, np.sin(angle_rads), np.cos(angle_rads))
    out = np.asfortranarray(out)
    out.flags.writeable = False
    return out


def sinusoidal_positions(n, d_model, base=10000.0):
    return table(n, d_model, base)


if __name__ == "__main__":
    print(sinusoidal_positions(4, 4))


# expect: passed
# a cosine is a sine a quarter turn later
import numpy as np


def sinusoidal_positions(n: int, d_model: int, base: float = 10000.0):
    assert d_model % 2 == 0
    column = np.arange(d_model)
    exponent = (column - column % 2) / d_model
    return np.fromfunction(lambda pos, j: np.sin(pos / base ** exponent[j.astype(int)] + np.pi / 2 * (j % 2)), (n, d_model))
