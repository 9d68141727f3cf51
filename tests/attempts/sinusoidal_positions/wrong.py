# expect: failed exponent-doubled
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    out = np.zeros((n, d_model))
    for c in range(0, d_model, 2):
        angle = np.arange(n) / base ** (2 * c / d_model)
        out[:, c], out[:, c + 1] = np.sin(angle), np.cos(angle)
    return out


# expect: failed own-exponent-per-column
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    out = np.zeros((n, d_model))
    for c in range(d_model):
        angle = np.arange(n) / base ** (2 * c / d_model)
        out[:, c] = np.cos(angle) if c % 2 else np.sin(angle)
    return out


# expect: failed halves-not-interleaved
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    angles = np.arange(n)[:, None] * np.power(base, -np.arange(0, d_model, 2) / d_model)
    return np.hstack((np.sin(angles), np.cos(angles)))


# expect: failed first-position-one
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    angles = np.arange(1, n + 1)[:, None] * np.power(base, -np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)


# expect: failed sine-and-cosine-exchanged
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    angles = np.arange(n)[:, None] * np.power(base, -np.arange(0, d_model, 2) / d_model)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(n, -1)


# expect: failed angle-multiplied
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    out = np.zeros((n, d_model))
    for i in range(d_model // 2):
        angle = np.arange(n) * base ** (2 * i / d_model)
        out[:, 2 * i], out[:, 2 * i + 1] = np.sin(angle), np.cos(angle)
    return out


# expect: failed base-ignored
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)
