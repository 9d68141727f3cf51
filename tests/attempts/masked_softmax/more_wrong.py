# expect: failed
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    w = softmax(scores)
    if mask is not None:
        w = w * mask
        w = np.divide(w, w.sum(-1, keepdims=True), out=np.zeros_like(w), where=w.sum(-1, keepdims=True) > 0)
    return w


# expect: failed masked-softmax-along-axis-one
# axis 1
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    s = mask_scores(scores, mask)
    t = s.max(axis=1, keepdims=True)
    e = np.exp(s - np.where(t == -np.inf, 0, t))
    z = e.sum(axis=1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed boolean-added-before-softmax
# the boolean mask is added
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    return softmax(scores if mask is None else scores + mask)


# expect: failed masked-softmax-without-maximum
# exp overflows
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    e = np.exp(mask_scores(scores, mask))
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: error none-mask-not-handled
# None not handled
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    s = np.where(mask, scores, -np.inf)
    t = s.max(-1, keepdims=True)
    t = np.where(np.isinf(t), 0, t)
    e = np.exp(s - t) * mask
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed none-mask-not-handled
# None not handled, silently zeros
import numpy as np


def masked_softmax(scores, mask):
    s = np.where(mask, scores, -np.inf)
    t = s.max(-1, keepdims=True)
    t = np.where(np.isinf(t), 0, t)
    e = np.exp(s - t)
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed nan-to-num-everything
# the sum of a row with nan is not > 0, so nan is hidden
import numpy as np
from reference import mask_scores


def masked_softmax(scores, mask):
    s = mask_scores(scores, mask)
    t = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isfinite(t), t, 0))
    z = e.sum(-1, keepdims=True)
    return np.where(z > 0, e / np.where(z > 0, z, 1), 0)


# expect: failed minus-infinity-added
# -inf added: nan at forbidden survive
import numpy as np


def masked_softmax(scores, mask):
    s = scores if mask is None else scores + np.where(mask, 0, -np.inf)
    t = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(np.isneginf(t), 0, t))
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed max-over-forbidden
# AllenNLP with vector * mask
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    w = softmax(scores * mask) * mask
    return w / (w.sum(-1, keepdims=True) + 1e-13)


# expect: failed max-over-forbidden
# where(mask, scores, 0) then times mask, normalised
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    w = softmax(np.where(mask, scores, 0)) * mask
    z = w.sum(-1, keepdims=True)
    return w / np.where(z == 0, 1, z)


# expect: error none-mask-not-handled
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    s = np.where(~mask, -np.inf, scores)
    t = s.max(-1, keepdims=True)
    t = np.where(np.isneginf(t), 0, t)
    e = np.exp(s - t)
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed empty-row-nan none-mask-not-handled
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    return softmax(np.where(mask, scores, -np.inf))


# expect: failed empty-row-uniform none-mask-not-handled
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    return softmax(np.where(mask, scores, -1e9))


# expect: failed empty-row-nan masked-softmax-without-maximum
import numpy as np


def masked_softmax(scores, mask):
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    return np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)


# expect: failed max-over-forbidden
# initial=0 in the maximum
import numpy as np


def masked_softmax(scores, mask):
    ok = np.broadcast_to(True if mask is None else mask, scores.shape)
    top = np.max(scores, axis=-1, keepdims=True, where=ok, initial=0)
    e = np.exp(np.where(ok, scores - top, -np.inf))
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed masked-softmax-without-maximum
# exp overflows, then 0 * inf
import numpy as np


def masked_softmax(scores, mask):
    e = np.exp(scores)
    if mask is not None:
        e = e * mask
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)


# expect: failed
# -1e4 is no less than other scores
import numpy as np
from reference import softmax


def masked_softmax(scores, mask):
    if mask is None:
        return softmax(scores)
    w = softmax(np.where(mask, scores, -1e4))
    return w * mask
