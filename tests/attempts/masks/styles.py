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


# expect: passed
# by recursion, the past as a block of its own
import numpy as np


def causal_mask(n_queries, n_keys=None):
    if n_keys is None or n_keys == n_queries:
        return np.tril(np.ones((n_queries, n_queries))).astype(bool)
    past = np.ones((n_queries, n_keys - n_queries), dtype=bool)
    return np.hstack([past, causal_mask(n_queries)])


def padding_mask(ids, pad):
    return np.expand_dims(ids != pad, (1, 2))


def combine_masks(*masks):
    if not masks:
        return None
    first, *rest = masks
    others = combine_masks(*rest)
    if first is None:
        return others
    if others is None:
        return first
    return first & others


# expect: passed
# what is forbidden, joined by or; a read-only slice, remembered
import functools

import numpy as np


@functools.lru_cache
def causal_mask(n_queries, n_keys=None):
    n = n_keys or n_queries
    m = np.tri(n, dtype=bool)[n - n_queries :]
    m.flags.writeable = False
    return m


def padding_mask(ids, pad):
    return np.expand_dims(ids != pad, (1, 2))


def combine_masks(*masks):
    forbidden = [~m for m in masks if m is not None]
    return ~functools.reduce(np.logical_or, forbidden) if forbidden else None
