# expect: failed empty-row-nan
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    return softmax(scores if mask is None else np.where(mask, scores, -np.inf))


# expect: failed empty-row-uniform
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is not None:
        scores = np.where(~mask, -1e9, scores)
    return softmax(scores)


# expect: failed mask-after-softmax
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    weights = softmax(scores)
    return weights if mask is None else weights * mask.astype(weights.dtype)


# expect: failed softmax-mask-ignored
from reference import softmax


def masked_softmax(scores, mask):
    return softmax(scores, axis=-1)


# expect: failed nan-to-num-everything
import numpy as np
from reference import mask_scores, softmax


def masked_softmax(scores, mask):
    weights = softmax(mask_scores(scores, mask))
    return np.where(np.isnan(weights), 0, weights)


# expect: failed forbidden-score-zero
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    masked = scores.copy()
    if mask is not None:
        masked[np.broadcast_to(~mask, scores.shape)] = 0
    return softmax(masked)
