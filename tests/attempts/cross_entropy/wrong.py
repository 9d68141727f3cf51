# expect: failed pads-in-mean
import numpy as np


def cross_entropy(logits, targets, pad=None):
    real = np.ones(targets.shape, bool) if pad is None else targets != pad
    safe = np.where(real, targets, 0)
    losses = np.logaddexp.reduce(logits, axis=-1) - np.take_along_axis(logits, safe[..., None], -1)[..., 0]
    return (losses * real).sum() / targets.size


# expect: failed naive-log-softmax
import numpy as np


def cross_entropy(logits, targets, pad=None):
    p = np.exp(logits)
    p = p / p.sum(-1, keepdims=True)
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    return -np.mean(np.log(p[keep][np.arange(keep.sum()), targets[keep]]))


# expect: failed sum-instead-of-mean
import math

import numpy as np


def cross_entropy(logits, targets, pad=None):
    loss = 0.0
    for row, target in zip(logits.reshape(-1, logits.shape[-1]), targets.flat):
        if target != pad:
            top = row.max()
            loss += top + math.log(np.exp(row - top).sum()) - row[target]
    return loss


# expect: failed mean-of-sentence-means
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    if targets.ndim == 1:
        targets, logits = targets[None], logits[None]
    means = []
    for row, wanted in zip(log_softmax(logits), targets):
        keep = np.flatnonzero(np.ones(len(wanted), bool) if pad is None else wanted != pad)
        if keep.size:
            means.append(-row[keep, wanted[keep]].mean())
    return np.mean(means)


# expect: failed log-base-or-sign
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    return log_softmax(logits[keep])[np.arange(keep.sum()), targets[keep]].mean()


# expect: failed sum-instead-of-mean log-base-or-sign
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    return log_softmax(logits[keep])[np.arange(keep.sum()), targets[keep]].sum()


# expect: failed
# the squared distance from the one-hot row
import numpy as np
from reference import softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    one_hot = targets[keep][:, None] == np.arange(logits.shape[-1])
    return ((softmax(logits[keep]) - one_hot) ** 2).sum(-1).mean()


# expect: failed
# the median
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    return -np.median(log_softmax(logits[keep])[np.arange(keep.sum()), targets[keep]])


# expect: failed
# one loss a token
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    return -log_softmax(logits[keep])[np.arange(keep.sum()), targets[keep]]
