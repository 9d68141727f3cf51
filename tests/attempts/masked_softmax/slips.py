# expect: failed
# too large a number is cut off
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    e = np.exp(np.clip(mask_scores(scores, mask), None, 50.0))
    total = e.sum(-1, keepdims=True)
    return e / np.where(total == 0, 1, total)


# expect: failed
# a small number in the divisor
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    s = mask_scores(scores, mask)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    return e / (e.sum(-1, keepdims=True) + 1e-8)


# expect: failed
# rows whose largest score is 0 are taken for empty
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    s = mask_scores(scores, mask)
    top = np.maximum(s.max(-1, keepdims=True), np.where(np.isneginf(s.max(-1, keepdims=True)), 0, -np.inf))
    e = np.where(top == 0, 0, np.exp(s - top))
    return e / np.where(e.sum(-1, keepdims=True) == 0, 1, e.sum(-1, keepdims=True))


# expect: failed masked-softmax-over-queries softmax-mask-inverted
import numpy as np


def masked_softmax(scores, mask):
    s = scores if mask is None else np.where(np.broadcast_to(mask, scores.shape), -np.inf, scores)
    top = s.max(-2, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(top), 0, top))
    total = e.sum(-2, keepdims=True)
    return e / np.where(total == 0, 1, total)


# expect: failed max-over-forbidden
# exponentials of all scores times the mask
import numpy as np


def masked_softmax(scores, mask):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    if mask is not None:
        e = e * mask
    s = e.sum(-1, keepdims=True)
    return e / np.where(s == 0, 1, s)


# expect: failed max-over-forbidden
# softmax of everything, cut, divided again
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    w = softmax(scores)
    if mask is None:
        return w
    w = np.where(mask, w, 0)
    s = w.sum(-1, keepdims=True)
    return w / np.where(s == 0, 1, s)


# expect: failed empty-row-nan max-over-forbidden
import numpy as np


def masked_softmax(scores, mask):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    if mask is not None:
        e = e * mask
    return e / e.sum(-1, keepdims=True)


# expect: failed empty-row-uniform softmax-mask-inverted
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    return softmax(scores if mask is None else np.where(mask, -1e9, scores))


# expect: failed mask-after-softmax masked-softmax-over-queries
from reference import softmax


def masked_softmax(scores, mask):
    w = softmax(scores, axis=-2)
    return w if mask is None else w * mask


# expect: failed mask-after-softmax softmax-mask-inverted
from reference import softmax


def masked_softmax(scores, mask):
    w = softmax(scores)
    return w if mask is None else w * ~mask


# expect: error
# a mask has two axes, no more
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    mask = np.broadcast_to(mask, scores.shape[-2:])
    s = np.where(mask, scores, -np.inf)
    some = mask.any(-1, keepdims=True)
    return np.where(some, softmax(np.where(some, s, 0)), 0)


# expect: failed
# the mask of the first sequence for all
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    first = mask.reshape(-1, *mask.shape[-2:])[0] if mask.ndim > 1 else mask
    some = np.atleast_2d(first).any(-1, keepdims=True)
    return np.where(some, softmax(np.where(some, np.where(first, scores, -np.inf), 0)), 0)
