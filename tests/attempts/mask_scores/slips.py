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


# expect: failed
# deserves: inverted-mask scores-masked-in-place
import numpy as np


def mask_scores(scores, mask):
    if mask is not None:
        np.putmask(scores, np.broadcast_to(mask, scores.shape), -np.inf)
    return scores
