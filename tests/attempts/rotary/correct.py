# expect: passed
# complex numbers
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    turn = np.exp(1j * np.asarray(positions)[..., None] * base ** (-np.arange(0, d, 2) / d))
    if layout == "half":
        z = (x[..., : d // 2] + 1j * x[..., d // 2 :]) * turn
        return np.concatenate([z.real, z.imag], axis=-1)
    z = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
    return np.stack([z.real, z.imag], axis=-1).reshape(z.shape[:-1] + (d,))


# expect: passed
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    first = np.arange(d // 2) if layout == "half" else np.arange(0, d, 2)
    second = first + (d // 2 if layout == "half" else 1)
    shape = np.broadcast_shapes(x.shape[:-1], np.shape(positions))
    out = np.empty((*shape, d))
    for i in range(d // 2):
        angle = positions / base ** (2 * i / d)
        a, b = x[..., first[i]], x[..., second[i]]
        out[..., first[i]] = a * np.cos(angle) - b * np.sin(angle)
        out[..., second[i]] = a * np.sin(angle) + b * np.cos(angle)
    return out.astype(x.dtype)


# expect: passed
# the trick of most implementations: x cos + rotate(x) sin
import numpy as np


def rotary(x, positions, base=10000.0, layout="pairs"):
    d = x.shape[-1]
    angles = positions[..., None] / base ** (np.arange(0, d, 2) / d)
    if layout == "half":
        angles = np.concatenate([angles, angles], -1)
        turned = np.concatenate([-x[..., d // 2 :], x[..., : d // 2]], -1)
    else:
        angles = np.repeat(angles, 2, -1)
        turned = np.empty_like(x)
        turned[..., 0::2], turned[..., 1::2] = -x[..., 1::2], x[..., 0::2]
    return x * np.cos(angles) + turned * np.sin(angles)
