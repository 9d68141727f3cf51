# expect: failed finfo-min-added
# the most negative number instead of -inf
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else np.where(mask, scores, np.finfo(scores.dtype).min)


# expect: failed
# nan marks what is forbidden
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else np.where(mask, scores, np.nan)


# expect: failed inverted-mask scores-masked-in-place
import numpy as np


def mask_scores(scores, mask):
    if mask is not None:
        np.putmask(scores, np.broadcast_to(mask, scores.shape), -np.inf)
    return scores


# expect: failed
# nan in the scores is cleaned away
import numpy as np


def mask_scores(scores, mask):
    return np.nan_to_num(scores) if mask is None else np.where(mask, np.nan_to_num(scores), -np.inf)


# expect: failed finfo-min-added
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.where(mask, scores, np.finfo(np.float32).min)


# expect: failed large-negative-number
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.where(mask, scores, -1e10)


# expect: failed large-negative-number
def mask_scores(scores, mask):
    if mask is None:
        return scores
    return scores + (1 - mask) * -10000.0


# expect: failed inverted-mask large-negative-number
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else np.where(mask, -1e9, scores)


# expect: failed inverted-mask plus-infinity
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else np.where(mask, np.inf, scores)


# expect: failed scores-times-mask inverted-mask
def mask_scores(scores, mask):
    return scores if mask is None else scores * ~mask


# expect: failed large-negative-number scores-masked-in-place
import numpy as np


def mask_scores(scores, mask):
    if mask is not None:
        scores[~np.broadcast_to(mask, scores.shape)] = -1e9
    return scores


# expect: error
# a mask has two axes, no more
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    out = scores.copy()
    out[..., ~np.broadcast_to(mask, scores.shape[-2:])] = -np.inf
    return out


# expect: failed
# the mask of the first sequence for all
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    m = mask.reshape(-1, *mask.shape[-2:])[0] if mask.ndim > 1 else mask
    return np.where(m, scores, -np.inf)


# expect: error
# a mask has two axes, no less
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    q, k = mask.shape[-2:]
    return np.where(mask, scores, -np.inf)
