# expect: passed
import numpy as np


def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    idx = np.arange(x.shape[-1]).reshape(n_heads, d)
    return np.moveaxis(x[..., idx], -2, -3)


def merge_heads(x):
    return np.einsum("...htd->...thd", x).reshape(*x.shape[:-3], x.shape[-2], x.shape[-3] * x.shape[-1])


# expect: passed
# selection matrices
import numpy as np


def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    sel = np.eye(x.shape[-1], dtype=x.dtype).reshape(x.shape[-1], n_heads, d)
    return np.einsum("...tm,mhd->...htd", x, sel)


def merge_heads(x):
    h, t, d = x.shape[-3:]
    put = np.eye(h * d, dtype=x.dtype).reshape(h, d, h * d)
    return np.einsum("...htd,hdm->...tm", x, put)


# expect: passed
import numpy as np


def split_heads(x, n_heads):
    if x.ndim > 2:
        return np.stack([split_heads(part, n_heads) for part in x])
    return np.array(np.hsplit(x, n_heads))


def merge_heads(x):
    if x.ndim > 3:
        return np.stack([merge_heads(part) for part in x])
    return np.hstack(x)


# expect: passed
# strides both ways
import numpy as np


def split_heads(x, n_heads):
    x = np.ascontiguousarray(x)
    y = np.ndarray(x.shape[:-1] + (n_heads, x.shape[-1] // n_heads), x.dtype, x)
    axes = list(range(y.ndim))
    axes[-3:] = [y.ndim - 2, y.ndim - 3, y.ndim - 1]
    return y.transpose(axes).copy()


def merge_heads(x):
    axes = [*range(x.ndim - 3), x.ndim - 2, x.ndim - 3, x.ndim - 1]
    y = np.ascontiguousarray(x.transpose(axes))
    y.shape = y.shape[:-2] + (y.shape[-2] * y.shape[-1],)
    return y


# expect: passed
# rollaxis, reshape with Fortran order
import numpy as np


def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    y = np.moveaxis(x, -1, 0).reshape((d, n_heads) + x.shape[:-1], order="F")
    return np.moveaxis(y, (0, 1), (-1, -3))


def merge_heads(x):
    y = np.moveaxis(x, (-1, -3), (0, 1))
    return np.moveaxis(y.reshape((-1,) + y.shape[2:], order="F"), 0, -1)


# expect: passed
# sliding windows with steps
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def split_heads(x, n_heads):
    d = x.shape[-1] // n_heads
    w = sliding_window_view(x, d, axis=-1)[..., ::d, :]
    return w.swapaxes(-2, -3)


def merge_heads(x):
    parts = np.split(x, x.shape[-3], axis=-3)
    return np.concatenate([p.squeeze(-3) for p in parts], axis=-1)


# expect: passed
# np.vectorize
import numpy as np


def split_heads(x, n_heads):
    f = np.vectorize(lambda m: np.stack(np.array_split(m, n_heads, 1)), signature="(t,m)->(h,t,d)")
    return f(x)


def merge_heads(x):
    f = np.vectorize(lambda m: np.concatenate(tuple(m), axis=1), signature="(h,t,d)->(t,m)")
    return f(x)


# expect: passed
# int division by divmod, zeros filled in place via add
import numpy as np


def split_heads(x, n_heads):
    d, rest = divmod(x.shape[-1], n_heads)
    assert rest == 0, "n_heads has to divide d_model"
    out = np.zeros(x.shape[:-2] + (n_heads, x.shape[-2], d), x.dtype)
    for h in range(n_heads):
        for c in range(d):
            out[..., h, :, c] += x[..., h * d + c]
    return out


def merge_heads(x):
    h, d = x.shape[-3], x.shape[-1]
    out = np.empty(x.shape[:-3] + (x.shape[-2], h * d), x.dtype)
    out.reshape(out.shape[:-1] + (h, d))[...] = np.moveaxis(x, -3, -2)
    return out
