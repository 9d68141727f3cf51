# expect: failed large-negative-number
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return scores - 1e9 * ~mask


# expect: failed large-negative-number
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return scores * mask - 1e9 * (1 - mask)


# expect: failed large-negative-number
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.where(mask == 0, -1e6, scores)


# expect: failed large-negative-number
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.where(mask == 0, -1e5, scores)


# expect: error none-mask-hides-all
import numpy as np


def mask_scores(scores, mask):
    out = scores.copy()
    out[~np.broadcast_to(mask, out.shape)] = -np.inf
    return out


# expect: failed none-mask-hides-all
import numpy as np


def mask_scores(scores, mask):
    return np.where(np.broadcast_to(mask, scores.shape), scores, -np.inf)


# expect: failed
# forbidden scores are multiplied by -inf
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.where(mask, scores, scores * -np.inf)


# expect: failed scores-plus-boolean inverted-mask
import numpy as np


def mask_scores(scores, mask):
    if mask is not None:
        scores = np.add(scores, ~mask)
    return scores


# expect: failed plus-infinity
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return scores + np.where(mask, 0, np.inf)


# expect: failed inverted-mask infinity-added
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return scores + np.where(mask, -np.inf, 0)


# expect: failed inverted-mask
import numpy as np


def mask_scores(scores, mask):
    return np.where(mask, -np.inf, scores)
