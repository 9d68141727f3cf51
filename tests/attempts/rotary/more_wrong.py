# expect: failed rotary-minus-lost
import numpy as np


def rotate(x, layout):
    if layout == "half":
        n = x.shape[-1] // 2
        return np.concatenate([x[..., n:], x[..., :n]], axis=-1)
    return np.stack([x[..., 1::2], x[..., ::2]], axis=-1).reshape(x.shape)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[:, None] * base ** (-np.arange(0, d, 2) / d)
    emb = np.concatenate([freqs, freqs], axis=-1) if layout == "half" else np.repeat(freqs, 2, axis=-1)
    return x * np.cos(emb) + rotate(x, layout) * np.sin(emb)


# expect: failed rotary-turned-backwards
# in one layout only
import numpy as np


def rotate(x, layout):
    if layout == "half":
        n = x.shape[-1] // 2
        return np.concatenate([x[..., n:], -x[..., :n]], axis=-1)
    return np.stack([-x[..., 1::2], x[..., ::2]], axis=-1).reshape(x.shape)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[:, None] * base ** (-np.arange(0, d, 2) / d)
    emb = np.concatenate([freqs, freqs], axis=-1) if layout == "half" else np.repeat(freqs, 2, axis=-1)
    return x * np.cos(emb) + rotate(x, layout) * np.sin(emb)


# expect: failed rotary-turned-backwards
# in the other layout only
import numpy as np


def rotate(x, layout):
    if layout == "half":
        n = x.shape[-1] // 2
        return np.concatenate([-x[..., n:], x[..., :n]], axis=-1)
    return np.stack([x[..., 1::2], -x[..., ::2]], axis=-1).reshape(x.shape)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[:, None] * base ** (-np.arange(0, d, 2) / d)
    emb = np.concatenate([freqs, freqs], axis=-1) if layout == "half" else np.repeat(freqs, 2, axis=-1)
    return x * np.cos(emb) + rotate(x, layout) * np.sin(emb)


# expect: failed rotary-frequencies-repeated
# halves in both layouts
import numpy as np


def rotate(x, layout):
    if True:
        n = x.shape[-1] // 2
        return np.concatenate([-x[..., n:], x[..., :n]], axis=-1)
    return np.stack([-x[..., 1::2], x[..., ::2]], axis=-1).reshape(x.shape)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[:, None] * base ** (-np.arange(0, d, 2) / d)
    emb = np.concatenate([freqs, freqs], axis=-1) if layout == "half" else np.repeat(freqs, 2, axis=-1)
    return x * np.cos(emb) + rotate(x, layout) * np.sin(emb)


# expect: failed rotary-frequencies-repeated
# neighbours in both layouts
import numpy as np


def rotate(x, layout):
    if False:
        n = x.shape[-1] // 2
        return np.concatenate([-x[..., n:], x[..., :n]], axis=-1)
    return np.stack([-x[..., 1::2], x[..., ::2]], axis=-1).reshape(x.shape)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[:, None] * base ** (-np.arange(0, d, 2) / d)
    emb = np.concatenate([freqs, freqs], axis=-1) if layout == "half" else np.repeat(freqs, 2, axis=-1)
    return x * np.cos(emb) + rotate(x, layout) * np.sin(emb)


# expect: failed rotary-wrong-frequencies
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(half) / max(half - 1, 1))
    theta = np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed rotary-wrong-frequencies
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(1, d, 2) / d)
    theta = np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed rotary-wrong-frequencies
# one speed for all pairs
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = np.ones(half)
    theta = np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed
# the slowest pair first
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(0, d, 2)[::-1] / d)
    theta = np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed
# in full turns
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(0, d, 2) / d)
    theta = 2 * np.pi * np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed
# positions divided as integers
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(0, d, 2) / d)
    theta = positions[:, None] // (base ** (np.arange(0, d, 2) / d))
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed
# added, not turned
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(0, d, 2) / d)
    theta = np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a + c
    w = b + s
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: error
# the tokens taken for the first axis
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(0, d, 2) / d)
    theta = np.outer(positions, inv_freq).reshape(len(positions), *[1] * (x.ndim - 2), half)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)


# expect: failed
# an angle of its own for every coordinate
import numpy as np


def rotate(x, layout):
    if layout == "half":
        n = x.shape[-1] // 2
        return np.concatenate([-x[..., n:], x[..., :n]], axis=-1)
    return np.stack([-x[..., 1::2], x[..., ::2]], axis=-1).reshape(x.shape)


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    freqs = positions[:, None] * base ** (-np.arange(d) / d)
    emb = freqs
    return x * np.cos(emb) + rotate(x, layout) * np.sin(emb)


# expect: failed
# another default
import numpy as np


def rotary(x, positions, base=10000.0, layout="half"):
    d = x.shape[-1]
    half = d // 2
    inv_freq = 1.0 / base ** (np.arange(0, d, 2) / d)
    theta = np.outer(positions, inv_freq)
    c, s = np.cos(theta), np.sin(theta)
    if layout == "pairs":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    u = a * c - b * s
    w = a * s + b * c
    if layout == "pairs":
        out = np.empty_like(x)
        out[..., 0::2] = u
        out[..., 1::2] = w
        return out
    return np.concatenate([u, w], axis=-1)
