# expect: passed
# token by token
import math

import numpy as np


def cross_entropy(logits, targets, pad=None):
    losses = []
    for row, target in zip(logits.reshape(-1, logits.shape[-1]).tolist(), targets.ravel().tolist()):
        if pad is not None and target == pad:
            continue
        top = max(row)
        losses.append(top + math.log(sum(math.exp(value - top) for value in row)) - row[target])
    return sum(losses) / len(losses)


# expect: passed
# weights instead of a choice
import numpy as np


def cross_entropy(logits, targets, pad=None):
    weights = np.ones(targets.shape) if pad is None else (targets != pad).astype(float)
    one_hot = targets[..., None] == np.arange(logits.shape[-1])
    picked = np.sum(logits * one_hot, axis=-1)
    losses = np.logaddexp.reduce(logits, axis=-1) - picked
    return np.average(losses, weights=weights)


# expect: passed
# flat, a mask, fancy indices
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    flat, wanted = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    if pad is not None:
        flat, wanted = flat[wanted != pad], wanted[wanted != pad]
    return -log_softmax(flat)[np.arange(len(wanted)), wanted].mean()


# expect: passed
# how far each class is above the target; a 0-d array
import numpy as np


def cross_entropy(logits, targets, pad=None):
    real = np.isin(targets, [] if pad is None else [pad], invert=True)
    at = np.nonzero(real)
    gaps = logits[at] - logits[at + (targets[at],)][:, None]
    top = gaps.max(axis=1)
    return np.asarray(np.add.reduce(np.log(np.exp(gaps - top[:, None]).sum(1)) + top) / np.count_nonzero(real))
