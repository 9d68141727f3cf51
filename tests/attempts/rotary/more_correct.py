# expect: passed
# C style loops
import math

import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    y = np.array(x)
    rows = y.reshape(-1, x.shape[-2], d)
    for b in range(rows.shape[0]):
        for t in range(rows.shape[1]):
            for i in range(d // 2):
                angle = float(positions[t]) / math.pow(base, 2 * i / d)
                c, s = math.cos(angle), math.sin(angle)
                j, k = (2 * i, 2 * i + 1) if layout == "pairs" else (i, i + d // 2)
                u, w = rows[b, t, j], rows[b, t, k]
                rows[b, t, j] = u * c - w * s
                rows[b, t, k] = u * s + w * c
    return rows.reshape(x.shape)


# expect: passed
# the angle-sum recurrence: frequencies multiplied up
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    n = x.shape[-1] // 2
    ratio = base ** (-1.0 / n)
    angles = np.empty((len(positions), n))
    f = 1.0
    for i in range(n):
        angles[:, i] = positions * f
        f *= ratio
    spin = np.cos(angles) + 1j * np.sin(angles)
    parts = x.reshape(*x.shape[:-1], *((n, 2) if layout == "pairs" else (2, n)))
    axis = -1 if layout == "pairs" else -2
    z = parts.take(0, axis=axis) + 1j * parts.take(1, axis=axis)
    z = z * spin
    return np.stack([z.real, z.imag], axis=axis).reshape(x.shape).astype(x.dtype)


# expect: passed
# np.roll for the partner, signs by position
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    i = np.arange(d)
    pair = i // 2 if layout == "pairs" else i % (d // 2)
    first = i % 2 == 0 if layout == "pairs" else i < d // 2
    step = 1 if layout == "pairs" else d // 2
    partner = np.where(first, np.roll(x, -step, axis=-1), np.roll(x, step, axis=-1))
    angle = positions[:, np.newaxis] * np.power(float(base), -2.0 * pair / d)
    return x * np.cos(angle) + np.where(first, -1, 1) * partner * np.sin(angle)


# expect: passed
# einsum with a rotation tensor
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    h = x.shape[-1] // 2
    t = np.multiply.outer(np.asarray(positions, float), base ** -(np.arange(h) / h))
    R = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    if layout == "pairs":
        return np.einsum("rctp,...tpc->...tpr", R, x.reshape(*x.shape[:-1], h, 2)).reshape(x.shape)
    return np.einsum("rctp,...tcp->...trp", R, x.reshape(*x.shape[:-1], 2, h)).reshape(x.shape)


# expect: passed
# half by way of pairs; a class with a cache of tables
import numpy as np


class RoPE:
    tables = {}

    def __init__(self, dim, base):
        self.dim, self.base = dim, base

    def table(self, n):
        key = self.dim, self.base, n
        if key not in self.tables:
            freqs = np.outer(np.arange(n), 1 / self.base ** (np.arange(0, self.dim, 2) / self.dim))
            self.tables[key] = np.cos(freqs), np.sin(freqs)
        return self.tables[key]

    def __call__(self, x, positions):
        cos, sin = (each[positions] for each in self.table(int(positions.max()) + 1))
        out = np.empty_like(x, dtype=float)
        out[..., ::2] = cos * x[..., ::2] - sin * x[..., 1::2]
        out[..., 1::2] = sin * x[..., ::2] + cos * x[..., 1::2]
        return out


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    rope = RoPE(d, base)
    if layout == "pairs":
        return rope(x, positions)
    order = np.arange(d).reshape(2, -1).T.ravel()
    out = np.empty(x.shape)
    out[..., order] = rope(x[..., order], positions)
    return out


# expect: passed
# strided views
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    t = np.asarray(positions, np.float64)[..., None] * np.exp(np.arange(0, d, 2) * (-np.log(base) / d))
    if layout == "pairs":
        w = sliding_window_view(x, 2, axis=-1)[..., ::2, :]
    else:
        w = np.stack(np.array_split(x, 2, axis=-1), axis=-1)
    a, b = w[..., 0], w[..., 1]
    new = np.stack([a * np.cos(t) - b * np.sin(t), b * np.cos(t) + a * np.sin(t)], axis=-1)
    return new.reshape(x.shape) if layout == "pairs" else np.moveaxis(new, -1, -2).reshape(x.shape)


# expect: passed
# three shears make a rotation
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    t = positions[..., None] / base ** (2 * np.arange(d // 2) / d)
    t = np.remainder(t + np.pi, 2 * np.pi) - np.pi
    t = np.where(np.abs(np.abs(t) - np.pi) < 1e-3, np.nan, t)
    s1, s2 = np.s_[..., 0::2], np.s_[..., 1::2]
    if layout == "half":
        s1, s2 = np.s_[..., : d // 2], np.s_[..., d // 2 :]
    y = x.astype(np.float64)
    a, b = y[s1].copy(), y[s2].copy()
    tan, sin = np.tan(t / 2), np.sin(t)
    a -= tan * b
    b += sin * a
    a -= tan * b
    y[s1], y[s2] = a, b
    return y
