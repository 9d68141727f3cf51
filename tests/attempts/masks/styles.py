# expect: passed
# lists of lists, a running product, broadcast views
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n = n_queries if n_keys is None else n_keys
    return np.array([[j - (n - n_queries) <= i for j in range(n)] for i in range(n_queries)], dtype=bool)


def padding_mask(ids, pad):
    out = np.empty((ids.shape[0], 1, 1, ids.shape[1]), dtype="?")
    np.not_equal(ids, pad, out=out[:, 0, 0])
    return out


def combine_masks(*masks):
    kept = [m for m in masks if m is not None]
    if len(kept) == 0:
        return
    shape = np.broadcast_shapes(*(m.shape for m in kept))
    return np.prod([np.broadcast_to(m, shape) for m in kept], axis=0).astype(bool)


# expect: passed
# counting the masks that forbid; de Morgan
import numpy as np


def causal_mask(n_queries, n_keys=None):
    if n_keys is None:
        n_keys = n_queries
    return np.tri(n_queries, n_keys, n_keys - n_queries) == 1


def padding_mask(ids, pad):
    return np.isin(ids, pad, invert=True)[:, None, None]


def combine_masks(first=None, *rest):
    if rest:
        others = combine_masks(*rest)
        if first is None or others is None:
            return others if first is None else first
        return ~(~first | ~others)
    return first
