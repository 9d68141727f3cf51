# expect: failed scores-times-mask
import numpy as np


def mask_scores(scores, mask):
    return scores.copy() if mask is None else scores * mask.astype(scores.dtype)


# expect: failed plus-infinity
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else np.where(~mask, np.inf, scores)


# expect: failed where-not-assigned
import numpy as np


def mask_scores(scores, mask):
    if mask is not None:
        np.where(mask, scores, -np.inf)
    return scores


# expect: failed inverted-mask
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    out = scores.copy()
    out[np.broadcast_to(mask, out.shape)] = -np.inf
    return out


# expect: failed large-negative-number
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    out = scores.copy()
    out[np.broadcast_to(~mask, out.shape)] = -1e9
    return out


# expect: failed zero-times-infinity
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else scores + (1 - mask) * -np.inf


# expect: failed scores-plus-boolean
def mask_scores(scores, mask):
    return scores if mask is None else mask + scores


# expect: failed scores-masked-in-place
import numpy as np


def mask_scores(scores, mask):
    if mask is not None:
        scores[np.broadcast_to(~mask, scores.shape)] = -np.inf
    return scores
