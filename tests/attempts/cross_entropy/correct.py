# expect: passed
import numpy as np


def cross_entropy(logits, targets, pad=None):
    flat, ids = logits.reshape(-1, logits.shape[-1]), targets.ravel()
    real = np.ones(len(ids), bool) if pad is None else ids != pad
    flat, ids = flat[real], ids[real]
    return float(np.mean(np.logaddexp.reduce(flat, axis=-1) - flat[np.arange(len(ids)), ids]))


# expect: passed
from math import exp, log

import numpy as np


def cross_entropy(logits, targets, pad=None):
    losses = []
    for at in np.ndindex(*targets.shape):
        if pad is not None and targets[at] == pad:
            continue
        row = logits[at].tolist()
        top = max(row)
        losses.append(top + log(sum(exp(value - top) for value in row)) - row[targets[at]])
    return sum(losses) / len(losses)


# expect: passed
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    counts = np.ones(targets.shape) if pad is None else (targets != pad).astype(float)
    safe = np.where(counts > 0, targets, 0)
    chosen = (log_softmax(logits) * (np.arange(logits.shape[-1]) == safe[..., None])).sum(-1)
    return np.array(-(chosen * counts).sum() / counts.sum())
