# expect: failed pads-in-mean
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    real = np.ones(targets.shape, bool) if pad is None else targets != pad
    picked = np.take_along_axis(log_softmax(logits), np.where(real, targets, 0)[..., None], -1)[..., 0]
    return -np.sum(picked * real) / targets.size


# expect: failed softmax-twice
import numpy as np
from reference import log_softmax, softmax


def cross_entropy(logits, targets, pad=None):
    real = np.ones(targets.shape, bool) if pad is None else targets != pad
    picked = np.take_along_axis(log_softmax(softmax(logits)), np.where(real, targets, 0)[..., None], -1)[..., 0]
    return -picked[real].mean()


# expect: failed naive-log-softmax
import numpy as np


def cross_entropy(logits, targets, pad=None):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    real = np.ones(targets.shape, bool) if pad is None else targets != pad
    picked = np.take_along_axis(p, np.where(real, targets, 0)[..., None], -1)[..., 0]
    return -np.log(picked[real]).mean()
