# expect: passed
# minus infinity added, where nothing forbidden is left to add it to
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores + 0
    bias = np.where(mask, 0.0, -np.inf)
    clean = np.where(mask, scores, 0.0)
    return clean + bias


# expect: passed
# a masked array, filled
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.ma.array(scores, mask=~np.broadcast_to(mask, scores.shape)).filled(-np.inf)


# expect: passed
# a ufunc with where =
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores.view()
    out = np.full(scores.shape, -np.inf, dtype=scores.dtype)
    return np.positive(scores, out=out, where=mask)
