# expect: failed upper-triangle
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.arange(n_keys) >= np.arange(n_queries)[:, None] + n_keys - n_queries


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed true-means-forbidden
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.arange(n_keys) > np.arange(n_queries)[:, None] + n_keys - n_queries


def padding_mask(ids, pad):
    return (ids == pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed diagonal-excluded
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.arange(n_keys) < np.arange(n_queries)[:, None] + n_keys - n_queries


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed square-tril-for-cache
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.arange(n_queries)[:, None] >= np.arange(n_keys)[None, :]


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed sees-next-token padding-hides-queries
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.tri(n_queries, n_keys, n_keys - n_queries + 1, dtype=bool)


def padding_mask(ids, pad):
    return np.not_equal(ids, pad)[..., None, :, None]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed square-tril-for-cache pad-by-truthiness or-instead-of-and
# three functions, three mistakes
import numpy as np


def causal_mask(n_queries, n_keys=None):
    return np.tri(n_queries, n_keys or n_queries, dtype=bool)


def padding_mask(ids, pad):
    return ids.astype(bool)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.any(np.stack(np.broadcast_arrays(*masks)), axis=0) if masks else None


# expect: failed padding-mask-two-axes
import numpy as np


def causal_mask(n_queries, n_keys=None):
    return np.tri(n_queries, n_keys or n_queries, (n_keys or n_queries) - n_queries, dtype=bool)


def padding_mask(ids, pad):
    return ~(ids == pad)


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed causal-mask-not-boolean
import numpy as np


def causal_mask(n_queries, n_keys=None):
    return np.tri(n_queries, n_keys or n_queries, (n_keys or n_queries) - n_queries)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None
