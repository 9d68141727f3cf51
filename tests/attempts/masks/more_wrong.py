# expect: failed
# n_keys rows
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.tri(n_keys, dtype=bool)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out


# expect: failed square-tril-for-cache
# the first rows of the square
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.tri(n_keys, dtype=bool)[:n_queries]


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out


# expect: failed true-means-forbidden square-tril-for-cache
# PyTorch's triangle, and no past
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.triu(np.ones((n_queries, n_keys)), k=1).astype(bool)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out


# expect: failed
# both queries and keys (outer)
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    real = ids != pad
    return (real[:, :, None] & real[:, None, :])[:, None]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out


# expect: failed
# pads are the ids below or equal pad
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids > pad)[:, None, None, :]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out


# expect: failed two-masks-only
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(a=None, b=None, *rest):
    if a is None:
        return b
    if b is None:
        return a
    return a & b


# expect: failed none-not-skipped
import numpy as np
import functools


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    return functools.reduce(np.logical_and, masks) if masks else None


# expect: failed
# &= on the caller's first mask, where the shapes allow it
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    if not masks:
        return None
    out = masks[0]
    for m in masks[1:]:
        if np.broadcast_shapes(out.shape, m.shape) == out.shape:
            out &= m
        else:
            out = out & m
    return out


# expect: failed masks-combined-in-place
# &= on the caller's first mask
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is None:
            continue
        if out is None:
            out = m
        else:
            out &= m
    return out


# expect: failed nothing-combined-is-not-none
# starts from True
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    out = np.bool_(True)
    for m in masks:
        if m is not None:
            out = np.logical_and(out, m)
    return out


# expect: failed one-mask-only none-not-skipped
# return inside the loop
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.tril(np.ones((n_queries, n_keys), dtype=bool), n_keys - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
        return out


# expect: failed true-means-forbidden or-instead-of-and
# forbidden everywhere, consistently: True = forbidden
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return ~np.tri(n_queries, n_keys, n_keys - n_queries, dtype=bool)


def padding_mask(ids, pad):
    return (ids == pad)[:, None, None]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out | m
    return out
