# expect: passed
# a cosine is a sine a quarter of a turn ahead
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    c = np.arange(d_model)
    return np.sin(np.arange(n)[:, None] / base ** ((c - c % 2) / d_model) + (c % 2) * (np.pi / 2))


# expect: passed
# each position turns the one before
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    f = base ** (-np.arange(0, d_model, 2) / d_model)
    s, c = np.zeros(d_model // 2), np.ones(d_model // 2)
    rows = []
    for _ in range(n):
        rows.append(np.ravel(np.column_stack([s, c])))
        s, c = s * np.cos(f) + c * np.sin(f), c * np.cos(f) - s * np.sin(f)
    return np.array(rows)


# expect: passed
# frequencies by repeated multiplication
import itertools
import operator

import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    ratio = base ** (-2 / d_model)
    freqs = np.array(list(itertools.accumulate([1.0] + [ratio] * (d_model // 2 - 1), operator.mul)))
    ang = np.arange(n).reshape(-1, 1) * freqs
    pe = np.concatenate([np.sin(ang)[..., None], np.cos(ang)[..., None]], -1)
    return pe.reshape(n, d_model)
