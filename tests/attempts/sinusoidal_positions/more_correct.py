# expect: passed
# the exponent by integer division of the column number
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = np.zeros((n, d_model))
    for pos in range(n):
        for k in range(d_model):
            theta = pos / (base ** ((2 * (k // 2)) / d_model))
            pe[pos, k] = np.sin(theta) if k % 2 == 0 else np.cos(theta)
    return pe


# expect: passed
# np.outer, filled by slices
import numpy as np


def sinusoidal_positions(n: int, d_model: int, base: float = 10000.0) -> np.ndarray:
    inv_freq = np.power(base, -np.arange(0, d_model, 2, dtype=np.float64) / d_model)
    theta = np.outer(np.arange(n), inv_freq)
    out = np.empty((n, d_model), dtype=np.float64)
    out[:, ::2], out[:, 1::2] = np.sin(theta), np.cos(theta)
    return out


# expect: passed
# np.repeat gives both columns their angle; a table of parities chooses
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    i = np.repeat(np.arange(d_model // 2), 2)
    angle = np.arange(n, dtype=float).reshape(n, 1) / base ** (2 * i / d_model)
    even = np.tile([True, False], d_model // 2)
    return np.where(even, np.sin(angle), np.cos(angle))


# expect: passed
# meshgrid and logspace
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    exponents = np.linspace(0.0, 1.0, d_model // 2, endpoint=False)
    wavelengths = np.logspace(0, 1, d_model // 2, endpoint=False, base=base)
    assert exponents.shape == wavelengths.shape
    pos, lam = np.meshgrid(np.arange(n), wavelengths, indexing="ij")
    return np.dstack((np.sin(pos / lam), np.cos(pos / lam))).reshape(n, d_model)


# expect: passed
# complex exponentials, real and imaginary parts
import cmath

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    def row(pos):
        for i in range(d_model // 2):
            z = cmath.exp(1j * pos / base ** (2 * i / d_model))
            yield z.imag
            yield z.real

    return np.array([list(row(pos)) for pos in range(n)])


# expect: passed
# recursion over the pairs
import numpy as np


def pair(pos, i, d, base):
    angle = pos * np.exp(-2 * i / d * np.log(base))
    return np.array([np.sin(angle), np.cos(angle)]).T


def columns(pos, i, d, base):
    here = pair(pos, i, d, base)
    return here if 2 * i + 2 >= d else np.hstack([here, columns(pos, i + 1, d, base)])


def sinusoidal_positions(n, d_model, base=10000.0):
    return columns(np.arange(n, dtype="f8"), 0, d_model, base)


# expect: passed
# all sines and all cosines first, then their columns are shuffled together
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    half = d_model // 2
    freq = 1.0 / (base ** (np.arange(half) / half))
    angles = np.einsum("p,f->pf", np.arange(n), freq)
    halves = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    order = np.arange(d_model).reshape(2, half).T.ravel()
    return halves[:, order]


# expect: passed
# a class with a call, put into the table with np.put_along_axis
import numpy as np


class PositionalEncoding:
    def __init__(self, d_model, base):
        self.d_model = d_model
        self.div = np.exp(np.arange(0, d_model, 2) * (-np.log(base) / d_model))

    def __call__(self, length):
        t = np.arange(length)[:, np.newaxis] * self.div[np.newaxis, :]
        pe = np.zeros((length, self.d_model))
        even = np.broadcast_to(np.arange(0, self.d_model, 2), t.shape)
        np.put_along_axis(pe, even, np.sin(t), axis=1)
        np.put_along_axis(pe, even + 1, np.cos(t), axis=1)
        return pe


def sinusoidal_positions(n, d_model, base=10000.0):
    return PositionalEncoding(d_model, base)(n)


# expect: passed
# transposed and turned back; np.vectorize
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    pe = []
    for k in range(d_model):
        f = math.cos if k & 1 else math.sin
        rate = math.pow(base, (k & ~1) / d_model)
        pe.append([f(p / rate) for p in range(n)])
    return np.asarray(pe).T
