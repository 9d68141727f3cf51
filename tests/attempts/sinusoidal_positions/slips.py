# expect: failed
# a table made once and kept, whatever the base
import numpy as np


_pe = {}


def sinusoidal_positions(n, d_model, base=10000.0):
    if d_model not in _pe:
        a = np.arange(64)[:, None] / base ** (np.arange(0, d_model, 2) / d_model)
        _pe[d_model] = np.stack([np.sin(a), np.cos(a)], -1).reshape(64, -1)
    return _pe[d_model][:n]


# expect: failed base-exponent-swapped
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    a = np.arange(n)[:, None] / np.power(np.arange(0, d_model, 2) / d_model, base)
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed base-exponent-swapped
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    a = np.arange(n)[:, None] / (np.arange(0, d_model, 2) / d_model) ** (1 / base)
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed floor-division-precedence
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    a = np.arange(n)[:, None] / base ** (np.arange(0, d_model, 2) // d_model)
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed floor-division-precedence
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    div = np.exp(np.arange(0, d_model, 2) * (-math.log(base) / d_model // 2))
    a = np.arange(n)[:, None] * div
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed floor-division-precedence
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    div = np.exp(np.arange(0, d_model, 2) * (-math.log(base) // d_model))
    a = np.arange(n)[:, None] * div
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed wrong-wavelengths
# another default
import numpy as np


def sinusoidal_positions(n, d_model, base=1000.0):
    a = np.arange(n)[:, None] / base ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed wrong-wavelengths
import math

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    half = d_model // 2
    inc = math.log(base) / max(half - 1, 1)
    a = np.arange(n)[:, None] * np.exp(-inc * np.arange(half))
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed wrong-wavelengths
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    a = np.arange(n)[:, None] / 100000 ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed exponent-doubled base-ignored
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    a = np.arange(n)[:, None] / 10000 ** (2 * np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(a), np.cos(a)], -1).reshape(n, -1)


# expect: failed own-exponent-per-column halves-not-interleaved
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    p = np.arange(n)[:, None]
    i = np.arange(0, d_model, 2)
    return np.hstack((np.sin(p / base ** (i / d_model)), np.cos(p / base ** ((i + 1) / d_model))))


# expect: failed own-exponent-per-column base-ignored
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    a = np.arange(n)[:, None] / 10000 ** (2 * np.arange(d_model) / d_model)
    a[:, 0::2] = np.sin(a[:, 0::2])
    a[:, 1::2] = np.cos(a[:, 1::2])
    return a
