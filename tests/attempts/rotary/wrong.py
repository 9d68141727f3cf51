# expect: failed rotary-turned-backwards
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    turn = np.exp(-1j * positions[..., None] * base ** (-np.arange(0, d, 2) / d))
    if layout == "half":
        z = (x[..., : d // 2] + 1j * x[..., d // 2 :]) * turn
        return np.concatenate([z.real, z.imag], axis=-1)
    z = (x[..., ::2] + 1j * x[..., 1::2]) * turn
    return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)


# expect: failed rotary-other-layout
# the library's own layout for both
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[..., None] / base ** (np.arange(0, d, 2) / d)
    emb = np.concatenate((freqs, freqs), axis=-1)
    x1, x2 = np.split(x, 2, axis=-1)
    return x * np.cos(emb) + np.concatenate((-x2, x1), axis=-1) * np.sin(emb)


# expect: failed rotary-base-ignored
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    half = x.shape[-1] // 2
    s = (slice(0, None, 2), slice(1, None, 2)) if layout == "pairs" else (slice(None, half), slice(half, None))
    t = positions[..., None] * 10000 ** -(np.arange(half) / half)
    out = np.empty(x.shape)
    out[..., s[0]] = x[..., s[0]] * np.cos(t) - x[..., s[1]] * np.sin(t)
    out[..., s[1]] = x[..., s[0]] * np.sin(t) + x[..., s[1]] * np.cos(t)
    return out


# expect: failed rotary-offset-ignored
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    half = x.shape[-1] // 2
    s = (slice(0, None, 2), slice(1, None, 2)) if layout == "pairs" else (slice(None, half), slice(half, None))
    t = np.outer(np.arange(x.shape[-2]), base ** -(np.arange(half) / half))
    out = np.empty(x.shape)
    out[..., s[0]] = x[..., s[0]] * np.cos(t) - x[..., s[1]] * np.sin(t)
    out[..., s[1]] = x[..., s[0]] * np.sin(t) + x[..., s[1]] * np.cos(t)
    return out


# expect: failed rotary-turned-backwards rotary-base-ignored
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    half = x.shape[-1] // 2
    s = (slice(0, None, 2), slice(1, None, 2)) if layout == "pairs" else (slice(None, half), slice(half, None))
    t = -positions[..., None] * 10000 ** -(np.arange(half) / half)
    out = np.empty(x.shape)
    out[..., s[0]] = x[..., s[0]] * np.cos(t) - x[..., s[1]] * np.sin(t)
    out[..., s[1]] = x[..., s[0]] * np.sin(t) + x[..., s[1]] * np.cos(t)
    return out


# expect: failed
# positions added instead of turned
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    half = x.shape[-1] // 2
    t = positions[..., None] * base ** -(np.arange(half) / half)
    return x + np.concatenate([np.sin(t), np.cos(t)], axis=-1)


# expect: failed
# only the first pair is turned
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    a, b = (0, 1) if layout == "pairs" else (0, x.shape[-1] // 2)
    out = x.astype(float)
    out[..., a] = x[..., a] * np.cos(positions) - x[..., b] * np.sin(positions)
    out[..., b] = x[..., a] * np.sin(positions) + x[..., b] * np.cos(positions)
    return out


# expect: failed rotary-frequencies-repeated
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    ang = positions[..., None] * base ** (-np.arange(0, d, 2) / d)
    if layout == "pairs":
        ang = np.concatenate([ang, ang], -1)
        rot = np.stack([-x[..., 1::2], x[..., ::2]], axis=-1).reshape(x.shape)
    else:
        ang = np.repeat(ang, 2, -1)
        rot = np.concatenate([-x[..., d // 2 :], x[..., : d // 2]], axis=-1)
    return x * np.cos(ang) + rot * np.sin(ang)


# expect: failed rotary-minus-lost
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    t = positions[..., None] * base ** (-np.arange(0, d, 2) / d)
    out = np.empty(x.shape)
    b, a = (slice(1, d, 2), slice(0, d, 2)) if layout == "pairs" else (slice(h, d), slice(0, h))
    out[..., a] = x[..., a] * np.cos(t) - x[..., b] * np.sin(t)
    out[..., b] = x[..., b] * np.cos(t) - x[..., a] * np.sin(t)
    return out


# expect: failed rotary-minus-lost
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    t = positions[..., None] * base ** (-np.arange(0, d, 2) / d)
    if layout == "half":
        c, s = (np.tile(f(t), 2) for f in (np.cos, np.sin))
        r = np.concatenate([x[..., h:], x[..., :h]], -1)
    else:
        c, s = (np.repeat(f(t), 2, -1) for f in (np.cos, np.sin))
        r = np.stack([-x[..., 1::2], x[..., ::2]], -1).reshape(x.shape)
    return x * c + r * s


# expect: failed rotary-offset-ignored
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    n = x.shape[-1] // 2
    p = positions - positions.min()
    f = np.exp(1j * p[..., None] / base ** (np.arange(n) / n))
    if layout == "pairs":
        z = (x[..., ::2] + 1j * x[..., 1::2]) * f
        return np.stack([z.real, z.imag], -1).reshape(x.shape)
    z = (x[..., :n] + 1j * x[..., n:]) * f
    return np.concatenate([z.real, z.imag], axis=-1)


# expect: failed rotary-low-precision
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    f = (1.0 / base ** (np.arange(0, d, 2, dtype=np.float32) / np.float32(d))).astype(np.float32)
    t = positions[..., None].astype(np.float32) * f
    out = np.empty(x.shape)
    b, a = (slice(1, d, 2), slice(0, d, 2)) if layout == "pairs" else (slice(h, d), slice(0, h))
    out[..., a] = x[..., a] * np.cos(t) - x[..., b] * np.sin(t)
    out[..., b] = x[..., b] * np.cos(t) + x[..., a] * np.sin(t)
    return out


# expect: failed rotary-low-precision
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    t = np.asarray(positions[..., None] * base ** (-np.arange(0, d, 2) / d), dtype=np.float16)
    out = np.empty(x.shape)
    b, a = (slice(1, d, 2), slice(0, d, 2)) if layout == "pairs" else (slice(h, d), slice(0, h))
    c, s = np.cos(t), np.sin(t)
    out[..., a] = x[..., a] * c - x[..., b] * s
    out[..., b] = x[..., b] * c + x[..., a] * s
    return out


# expect: failed rotary-low-precision
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    t = positions[..., None] * base ** (-np.arange(0, d, 2) / d)
    out = np.empty(x.shape)
    b, a = (slice(1, d, 2), slice(0, d, 2)) if layout == "pairs" else (slice(h, d), slice(0, h))
    c, s = np.cos(t).astype(np.float32), np.sin(t).astype(np.float32)
    out[..., a] = x[..., a] * c - x[..., b] * s
    out[..., b] = x[..., b] * c + x[..., a] * s
    return out


# expect: failed rotary-low-precision
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    h = d // 2
    t = positions[..., None] * (1 / base ** (np.arange(0, d, 2).astype(np.float32) / d)).astype(
        np.float32
    )
    out = np.empty(x.shape)
    b, a = (slice(1, d, 2), slice(0, d, 2)) if layout == "pairs" else (slice(h, d), slice(0, h))
    c, s = np.cos(t), np.sin(t)
    out[..., a] = x[..., a] * c - x[..., b] * s
    out[..., b] = x[..., b] * c + x[..., a] * s
    return out


# expect: failed rotary-frequencies-repeated rotary-minus-lost
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    inv = 1.0 / (base ** (np.arange(0, d, 2) / d))
    ang = np.repeat(positions[..., None] * inv, 2, axis=-1)
    y = np.empty_like(x)
    y[..., ::2] = x[..., 1::2]
    y[..., 1::2] = x[..., ::2]
    rot = y if layout == "pairs" else np.concatenate([x[..., d // 2 :], x[..., : d // 2]], axis=-1)
    return x * np.cos(ang) + rot * np.sin(ang)
