# expect: passed
# np.fromfunction, np.ix_, multiplication of booleans
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys if n_keys is not None else n_queries
    return np.fromfunction(lambda i, j: j <= i + (n_keys - n_queries), (n_queries, n_keys))


def padding_mask(ids, pad):
    b, t = ids.shape
    return ~(ids.reshape(b, 1, 1, t) == pad)


def combine_masks(*masks):
    result = True
    for mask in masks:
        if mask is not None:
            result = result * mask
    return None if result is True else result


# expect: passed
# subtract.outer
import numpy as np


def causal_mask(n_queries, n_keys=None):
    if not n_keys:
        n_keys = n_queries
    return np.subtract.outer(np.arange(n_queries), np.arange(n_keys)) >= n_queries - n_keys


def padding_mask(ids, pad):
    return np.array([[[[t != pad for t in row]]] for row in ids.tolist()])


def combine_masks(*masks):
    kept = [m for m in masks if m is not None]
    return np.minimum.reduce(np.broadcast_arrays(*kept)) if kept else None


# expect: passed
# cumulative logical
import numpy as np


def causal_mask(n_queries, n_keys=None):
    k = n_queries if n_keys is None else n_keys
    eye = np.eye(n_queries, k, k - n_queries, dtype=bool)
    return np.logical_or.accumulate(eye[:, ::-1], axis=1)[:, ::-1]


def padding_mask(ids, pad):
    return (ids - pad).astype(bool)[:, np.newaxis, np.newaxis]


def combine_masks(*masks):
    masks = list(masks)
    while None in [m if m is None else 0 for m in masks]:
        masks.pop(next(i for i, m in enumerate(masks) if m is None))
    if not masks:
        return None
    out = masks.pop()
    while masks:
        out = np.bitwise_and(out, masks.pop())
    return out


# expect: passed
# einsum of bools; count
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    rows = [[True] * (n_keys - n_queries + i + 1) + [False] * (n_queries - i - 1) for i in range(n_queries)]
    return np.array(rows)


def padding_mask(ids, pad):
    return np.vectorize(lambda t: t != pad, otypes=[bool])(ids)[:, None, None, :]


def combine_masks(*masks):
    some = [m for m in masks if m is not None]
    if some == []:
        return None
    total = sum(m.astype(int) for m in some)
    return total == len(some)


# expect: passed
# helpers, upper triangle indices set False
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    mask = np.full((n_queries, n_keys), True)
    mask[np.triu_indices(n_queries, n_keys - n_queries + 1, n_keys)] = False
    return mask


def padding_mask(ids, pad):
    real = np.ones(ids.shape, dtype=bool)
    real[ids == pad] = False
    return real[:, None, None, :]


def combine_masks(*masks):
    given = iter(m for m in masks if m is not None)
    first = next(given, None)
    if first is None:
        return None
    result = first.copy()
    for other in given:
        result = np.where(result, other, False)
    return result


# expect: passed
# a class and a match
import numpy as np


class Mask:
    def __init__(self, a=None):
        self.a = a

    def __and__(self, o):
        match (self.a is None, o.a is None):
            case (True, _):
                return o
            case (_, True):
                return self
        return Mask(self.a & o.a)


def causal_mask(n_queries, n_keys=None):
    n = n_keys or n_queries
    return np.greater_equal(np.r_[n - n_queries : n][:, None], np.r_[:n])


def padding_mask(ids, pad):
    return np.expand_dims(np.expand_dims(ids != pad, 1), 1)


def combine_masks(*masks):
    m = Mask()
    for a in masks:
        m = m & Mask(a)
    return m.a


# expect: passed
# float masks of 0 and -inf turned to bool at the end
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    bias = np.triu(np.full((n_queries, n_keys), -np.inf), 1 + n_keys - n_queries)
    return bias == 0


def padding_mask(ids, pad):
    bias = np.where(ids == pad, -np.inf, 0.0)
    return np.isfinite(bias)[:, None, None, :]


def combine_masks(*masks):
    bias = sum(np.where(m, 0.0, -np.inf) for m in masks if m is not None)
    return bias == 0 if isinstance(bias, np.ndarray) else None


# expect: passed
# bool through sign; sliding_window_view
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    line = np.concatenate([np.ones(n_keys, bool), np.zeros(n_queries - 1, bool)])
    return (
        sliding_window_view(line, n_keys)[::-1][:n_queries]
        if n_queries == 1
        else np.array([line[n_queries - 1 - i : n_queries - 1 - i + n_keys] for i in range(n_queries)])
    )


def padding_mask(ids, pad):
    return np.abs(np.sign(ids - pad)).astype("bool")[:, None, None, :]


def combine_masks(*masks):
    import functools

    return functools.reduce(
        lambda a, b: b if a is None else a if b is None else np.logical_and(a, b), masks, None
    )
