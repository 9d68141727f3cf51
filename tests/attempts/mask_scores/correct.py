# expect: passed
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    out = scores.copy()
    out[np.broadcast_to(~mask, out.shape)] = -np.inf
    return out


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    return np.where(np.True_ if mask is None else mask, scores, float("-inf"))


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        mask = np.ones(scores.shape[-2:], dtype=bool)
    result = np.full(np.broadcast_shapes(scores.shape, mask.shape), -np.inf)
    np.copyto(result, scores, where=mask)
    return result


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    return scores if mask is None else np.ma.array(scores, mask=np.broadcast_to(~mask, scores.shape)).filled(-np.inf)
