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
