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


# expect: failed
# counts the real tokens: padding is taken to stand at the end
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    i = np.arange(n_keys - n_queries, n_keys)[:, None]
    return np.arange(n_keys)[None, :] <= i


def padding_mask(ids, pad):
    n = (ids != pad).sum(1)
    return (np.arange(ids.shape[1]) < n[:, None])[:, None, None]


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out


# expect: failed upper-triangle causal-mask-not-boolean
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return np.triu(np.ones((n_queries, n_keys)), n_keys - n_queries)


def padding_mask(ids, pad):
    return np.expand_dims(ids != pad, (1, 2))


def combine_masks(*masks):
    out = None
    for m in masks:
        if m is not None:
            out = m if out is None else out & m
    return out
