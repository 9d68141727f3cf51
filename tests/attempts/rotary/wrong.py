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
