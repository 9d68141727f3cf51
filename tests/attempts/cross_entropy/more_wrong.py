# expect: failed naive-log-softmax
# softmax from reference, then log
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = softmax(logits)[keep]
    return -np.log(p[np.arange(len(p)), targets[keep]]).mean()


# expect: failed
# np.finfo(float).tiny
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = softmax(logits)[keep]
    return -np.log(np.maximum(p[np.arange(len(p)), targets[keep]], np.finfo(float).tiny)).mean()


# expect: failed logits-as-log-probabilities
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    x = logits[keep]
    return np.mean([-row[t] for row, t in zip(x, targets[keep])])


# expect: failed
# binary cross-entropy: the other classes as well
import numpy as np
from reference import log_softmax, softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = softmax(logits)[keep]
    y = targets[keep][:, None] == np.arange(p.shape[-1])
    return -np.where(y, log_softmax(logits[keep]), np.log1p(-p)).sum(-1).mean()


# expect: failed
# padding is kept, the rest is left out
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets == pad
    safe = np.clip(targets, 0, logits.shape[-1] - 1)
    nll = -np.take_along_axis(log_softmax(logits), safe[..., None], -1)[..., 0]
    return nll[keep].sum() / max(keep.sum(), 1)


# expect: error pad-looked-up
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    nll = -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]
    if pad is None:
        return nll.mean()
    return nll[targets != pad].mean()


# expect: failed
# no padding is left out at all, looked up with mod
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    t = targets % logits.shape[-1]
    return -np.take_along_axis(log_softmax(logits), t[..., None], axis=-1).mean()


# expect: failed
# the perplexity
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    lp = log_softmax(logits)[keep]
    return np.exp(-lp[np.arange(len(lp)), targets[keep]].mean())


# expect: failed sum-instead-of-mean
# np.nansum
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    lp = log_softmax(logits)
    safe = np.where(keep, targets, 0)
    nll = np.where(keep, -np.take_along_axis(lp, safe[..., None], -1)[..., 0], np.nan)
    return np.nansum(nll)


# expect: failed
# per sentence
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    safe = np.where(keep, targets, 0)
    nll = -np.take_along_axis(log_softmax(logits), safe[..., None], -1)[..., 0] * keep
    return nll.sum(-1) / np.maximum(keep.sum(-1), 1)


# expect: failed
# changes the logits
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    logits -= logits.max(-1, keepdims=True)
    x = logits[keep]
    return (np.log(np.exp(x).sum(-1)) - x[np.arange(len(x)), targets[keep]]).mean()


# expect: failed
# shifted by one: the next target
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    lp = log_softmax(logits)[keep]
    return -lp[np.arange(len(lp)), np.roll(targets[keep], -1)].mean()


# expect: failed log-of-shifted-probability
# 1e-20: yet another small number
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = softmax(logits)[keep]
    return -np.log(p[np.arange(len(p)), targets[keep]] + 1e-20).mean()


# expect: failed log-of-shifted-probability
# 1e-6
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = softmax(logits)[keep]
    return -np.log(p[np.arange(len(p)), targets[keep]] + 1e-6).mean()


# expect: failed log-of-shifted-probability
# clipped at 1e-10
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = np.clip(softmax(logits)[keep], 1e-10, 1.0)
    return -np.log(p[np.arange(len(p)), targets[keep]]).mean()


# expect: failed log-of-shifted-probability
# the smallest float
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    p = softmax(logits)[keep]
    return -np.log(p[np.arange(len(p)), targets[keep]] + np.finfo(float).eps).mean()


# expect: failed pad-zero-taken-for-none
# `if pad:` forgets pad=0
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = targets != pad if pad else np.ones(targets.shape, dtype=bool)
    lp = log_softmax(logits)[keep]
    return -lp[np.arange(len(lp)), targets[keep]].mean()


# expect: failed softmax-over-tokens
# axis 0 of the flat rows: all tokens
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    lp = log_softmax(logits.reshape(-1, logits.shape[-1]), axis=0)
    t, k = targets.ravel(), keep.ravel()
    return -lp[np.arange(t.size)[k], t[k]].mean()
