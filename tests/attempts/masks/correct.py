# expect: passed
import numpy as np


def causal_mask(n_queries, n_keys=None):
    if n_keys is None:
        n_keys = n_queries
    return np.arange(n_keys) <= np.arange(n_keys - n_queries, n_keys)[:, None]


def padding_mask(ids, pad):
    return np.expand_dims(np.not_equal(ids, pad), (-2, -3))


def combine_masks(*masks):
    masks = [m for m in masks if m is not None]
    if not masks:
        return None
    return np.all(np.stack(np.broadcast_arrays(*masks)), axis=0)


# expect: passed
import functools
import operator

import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    mask = np.zeros((n_queries, n_keys), bool)
    for i in range(n_queries):
        mask[i, : n_keys - n_queries + i + 1] = True
    return mask


def padding_mask(ids, pad):
    return (~(ids == pad))[..., np.newaxis, np.newaxis, :]


def combine_masks(*masks):
    present = tuple(filter(lambda mask: mask is not None, masks))
    return functools.reduce(operator.and_, present) if present else None


# expect: passed
import numpy as np


def causal_mask(n_queries, n_keys=None):
    n_keys = n_queries if n_keys is None else n_keys
    return ~np.triu(np.ones((n_queries, n_keys), dtype=np.bool_), 1 + n_keys - n_queries)


def padding_mask(ids, pad):
    real = np.where(ids == pad, False, True)
    return real.reshape(*ids.shape[:-1], 1, 1, ids.shape[-1])


def combine_masks(*masks):
    result = None
    for mask in masks:
        if mask is not None:
            result = mask if result is None else np.logical_and(result, mask)
    return result
