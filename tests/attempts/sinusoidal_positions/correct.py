# expect: passed
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    table = np.zeros((n, d_model))
    for position in range(n):
        for i in range(d_model // 2):
            angle = position / base ** (2 * i / d_model)
            table[position, 2 * i], table[position, 2 * i + 1] = np.sin(angle), np.cos(angle)
    return table


# expect: passed
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    angles = np.outer(np.arange(n), np.exp(-np.log(base) * np.arange(0, d_model, 2) / d_model))
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d_model)


# expect: passed
# a cosine is a sine a quarter later; complex numbers on the way
import numpy as np


def sinusoidal_positions(n, d_model, base=10000.0):
    speeds = base ** (-np.arange(d_model // 2) * 2.0 / d_model)
    turned = np.exp(1j * np.arange(n)[:, None] * speeds[None])
    out = np.empty((n, d_model))
    out[:, 0::2], out[:, 1::2] = turned.imag, turned.real
    return out
