# expect: passed
import numpy as np


def masked_softmax(scores, mask):
    allowed = np.ones_like(scores, dtype=bool) if mask is None else np.broadcast_to(mask, scores.shape)
    some = allowed.any(-1, keepdims=True)
    top = np.max(scores, axis=-1, keepdims=True, where=allowed, initial=-np.inf)
    e = np.where(allowed, np.exp(np.where(allowed, scores, 0) - np.where(some, top, 0)), 0)
    return e / np.where(some, e.sum(-1, keepdims=True), 1)


# expect: passed
# one row at a time
import numpy as np


def masked_softmax(scores, mask):
    weights = np.zeros(scores.shape, dtype=scores.dtype)
    mask = np.broadcast_to(True if mask is None else mask, scores.shape)
    for at in np.ndindex(*scores.shape[:-1]):
        keys = np.flatnonzero(mask[at])
        if len(keys):
            e = np.exp(scores[at][keys] - scores[at][keys].max())
            weights[at][keys] = e / e.sum()
    return weights


# expect: passed
import numpy as np
from reference import mask_scores, softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    empty = ~np.broadcast_to(mask, scores.shape).any(axis=-1, keepdims=True)
    masked = mask_scores(scores, mask)
    return np.where(empty, 0.0, softmax(np.where(empty, 0.0, masked)))
