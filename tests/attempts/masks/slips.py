# expect: failed
# a band of two
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    i, j = np.ogrid[n_keys - n_queries : n_keys, 0:n_keys]
    return (j <= i) & (i - j < 2)


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return np.logical_and.reduce(np.broadcast_arrays(*masks)) if masks else None


# expect: failed
# an odd number of masks that allow
import functools

import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.arange(n_keys) <= np.arange(n_keys - n_queries, n_keys)[:, None]


def padding_mask(ids, pad):
    return (ids != pad)[..., None, None, :]


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    return functools.reduce(np.logical_xor, masks) if masks else None
