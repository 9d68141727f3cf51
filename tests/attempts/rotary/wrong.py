# expect: failed rotary-other-layout
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    angles = np.tile(positions[..., None] / base ** (np.arange(0, d, 2) / d), 2)
    return x * np.cos(angles) + np.concatenate([-x[..., d // 2 :], x[..., : d // 2]], -1) * np.sin(angles)


# expect: failed rotary-turned-backwards
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    turn = np.exp(-1j * positions[..., None] * base ** (-np.arange(0, d, 2) / d))
    if layout == "half":
        z = (x[..., : d // 2] + 1j * x[..., d // 2 :]) * turn
        return np.concatenate([z.real, z.imag], axis=-1)
    z = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
    return np.stack([z.real, z.imag], axis=-1).reshape(z.shape[:-1] + (d,))


# expect: failed rotary-offset-ignored
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    turn = np.exp(1j * np.arange(x.shape[-2])[:, None] * base ** (-np.arange(0, d, 2) / d))
    if layout == "half":
        z = (x[..., : d // 2] + 1j * x[..., d // 2 :]) * turn
        return np.concatenate([z.real, z.imag], axis=-1)
    z = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
    return np.stack([z.real, z.imag], axis=-1).reshape(z.shape[:-1] + (d,))
