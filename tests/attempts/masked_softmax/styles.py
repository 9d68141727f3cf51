# expect: passed
# the empty rows are given a key, and it is taken away again
import numpy as np
from reference import mask_scores, softmax


def masked_softmax(scores, mask):
    if mask is None:
        mask = np.True_
    allowed = np.broadcast_to(mask, scores.shape)
    nothing = np.logical_not(np.any(allowed, axis=-1, keepdims=True))
    weights = softmax(mask_scores(np.where(nothing, 0, scores), allowed | nothing))
    weights[np.broadcast_to(nothing, weights.shape)] = 0
    return weights


# expect: passed
# sorted out by logaddexp with a mask of its own
import numpy as np


def masked_softmax(scores, mask):
    where = True if mask is None else np.broadcast_to(mask, scores.shape)
    total = np.logaddexp.reduce(np.where(where, scores, -np.inf), axis=-1, keepdims=True)
    out = np.zeros_like(scores, dtype=np.result_type(scores, np.float32))
    np.subtract(scores, total, out=out, where=where)
    np.exp(out, out=out, where=where)
    return out


# expect: passed
# one more key that wins only where no other is allowed
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    # softmax with an extra key which only wins where nothing else is allowed
    if mask is None:
        return softmax(scores)
    mask = np.broadcast_to(mask, scores.shape)
    extra = np.where(mask.any(-1, keepdims=True), -np.inf, 0.0)
    s = np.concatenate([np.where(mask, scores, -np.inf), extra], axis=-1)
    return softmax(s)[..., :-1]


# expect: passed
# a maximum with where = and initial =
import numpy as np


def masked_softmax(scores, mask):
    mask = np.True_ if mask is None else mask
    full = np.broadcast_to(mask, scores.shape)
    top = np.max(scores, axis=-1, keepdims=True, where=full, initial=np.finfo(scores.dtype).min)
    e = np.exp(np.where(full, scores - top, -np.inf))
    total = e.sum(-1, keepdims=True)
    total[total == 0] = 1
    return e / total


# expect: passed
# a large negative number, and the mask once more afterwards
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    w = softmax(np.where(mask, scores, -1e30))
    return np.where(mask, w, 0.0)
