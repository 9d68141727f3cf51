# expect: passed
# complex numbers
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    turn = np.exp(1j * positions[..., None] * base ** (-np.arange(0, d, 2) / d))
    if layout == "half":
        z = (x[..., : d // 2] + 1j * x[..., d // 2 :]) * turn
        return np.concatenate([z.real, z.imag], axis=-1)
    z = (x[..., ::2] + 1j * x[..., 1::2]) * turn
    return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)


# expect: passed
# rotate_half, as in a well-known library
import numpy as np


def rotate_half(x):
    x1, x2 = np.split(x, 2, axis=-1)
    return np.concatenate((-x2, x1), axis=-1)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    order = np.arange(d) if layout == "half" else np.r_[0:d:2, 1:d:2]
    x = x[..., order]
    inv_freq = 1.0 / (base ** (np.arange(0, d, 2, dtype=np.float64) / d))
    freqs = np.einsum("...t,f->...tf", positions.astype(float), inv_freq)
    emb = np.concatenate((freqs, freqs), axis=-1)
    out = x * np.cos(emb) + rotate_half(x) * np.sin(emb)
    return out[..., np.argsort(order)]


# expect: passed
# a matrix for each pair and token
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    out = np.empty(np.broadcast_shapes(x.shape, (*positions.shape, d)))
    for i in range(d // 2):
        a, b = (2 * i, 2 * i + 1) if layout == "pairs" else (i, i + d // 2)
        t = positions / base ** (2 * i / d)
        matrix = np.moveaxis(np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]), (0, 1), (-2, -1))
        out[..., [a, b]] = (matrix @ x[..., [a, b], None])[..., 0]
    return out


# expect: passed
# slices by layout, written in place into a copy
import math

import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    half = x.shape[-1] // 2
    slices = {"pairs": (slice(0, None, 2), slice(1, None, 2)), "half": (slice(None, half), slice(half, None))}[layout]
    angles = np.multiply.outer(positions, np.exp(-math.log(base) * np.arange(half) / half))
    a, b = (x[..., s] for s in slices)
    out = np.array(x, dtype=float)
    out[..., slices[0]] = a * np.cos(angles) - b * np.sin(angles)
    out[..., slices[1]] = b * np.cos(angles) + a * np.sin(angles)
    return out


# expect: passed
# rotation matrices
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    n = d // 2
    idx = (
        [(2 * i, 2 * i + 1) for i in range(n)]
        if layout == "pairs"
        else [(i, i + n) for i in range(n)]
    )
    R = np.zeros(np.shape(positions) + (d, d))
    for i, (a, b) in enumerate(idx):
        t = positions / base ** (2 * i / d)
        R[..., a, a] = np.cos(t)
        R[..., a, b] = -np.sin(t)
        R[..., b, a] = np.sin(t)
        R[..., b, b] = np.cos(t)
    return (R @ x[..., None])[..., 0]


# expect: passed
# seen as complex numbers
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    y = (
        x
        if layout == "pairs"
        else x.reshape(*x.shape[:-1], 2, d // 2).swapaxes(-1, -2).reshape(x.shape)
    )
    z = np.ascontiguousarray(y, dtype=np.float64).view(np.complex128)
    z = z * np.exp(1j * positions[..., None] * base ** (-np.arange(0, d, 2) / d))
    r = z.view(np.float64)
    return (
        r
        if layout == "pairs"
        else r.reshape(*x.shape[:-1], d // 2, 2).swapaxes(-1, -2).reshape(x.shape)
    )


# expect: passed
# lengths and angles
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    a, b = (x[..., 0::2], x[..., 1::2]) if layout == "pairs" else (x[..., :h], x[..., h:])
    r = np.hypot(a, b)
    phi = np.arctan2(b, a) + positions[..., None] / base ** (np.arange(0, d, 2) / d)
    p, q = r * np.cos(phi), r * np.sin(phi)
    return (
        np.stack((p, q), -1).reshape(x.shape) if layout == "pairs" else np.concatenate((p, q), -1)
    )


# expect: passed
# an outer product
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    t = np.outer(positions, base ** (-np.arange(0, d, 2) / d))
    out = np.empty(x.shape)
    b, a = (slice(1, d, 2), slice(0, d, 2)) if layout == "pairs" else (slice(h, d), slice(0, h))
    out[..., a] = x[..., a] * np.cos(t) - x[..., b] * np.sin(t)
    out[..., b] = x[..., a] * np.sin(t) + x[..., b] * np.cos(t)
    return out
