# expect: passed
# the starter filled in: float(), a boolean index
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    real = (targets != pad) if pad is not None else np.full(targets.shape, True)
    log_probabilities = log_softmax(logits, axis=-1)[real]
    classes = targets[real]
    picked = [row[c] for row, c in zip(log_probabilities, classes)]
    return float(-sum(picked) / len(picked))


# expect: passed
# nested loops over both axes
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    if targets.ndim == 1:
        logits = logits[np.newaxis]
        targets = targets[np.newaxis]
    total = 0
    count = 0
    for i in range(targets.shape[0]):
        for j in range(targets.shape[1]):
            if targets[i, j] == pad:
                continue
            total -= log_softmax(logits[i, j])[targets[i, j]]
            count += 1
    return total / count


# expect: passed
# einsum with one-hot rows of real tokens
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    n = logits.shape[-1]
    one_hot = (targets[..., None] == np.arange(n)).astype(logits.dtype)
    if pad is not None:
        one_hot *= (targets != pad)[..., None]
    return -np.einsum('rc,rc->', one_hot.reshape(-1, n), log_softmax(logits).reshape(-1, n)) / one_hot.sum()


# expect: passed
# masked arrays
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    mask = np.zeros(targets.shape, bool) if pad is None else targets == pad
    safe = targets.copy()
    safe[mask] = 0
    nll = np.ma.masked_array(-np.take_along_axis(log_softmax(logits), safe[..., None], axis=-1).squeeze(-1), mask=mask)
    return float(nll.mean())


# expect: passed
# a class with a running sum
import math

import numpy as np


class Loss:
    def __init__(self, ignore):
        self.ignore, self.total, self.n = ignore, 0.0, 0

    def see(self, row, target):
        if self.ignore is not None and target == self.ignore:
            return
        shifted = row - np.max(row)
        self.total += math.log(np.sum(np.exp(shifted))) - shifted[target]
        self.n += 1

    def mean(self):
        return self.total / self.n


def cross_entropy(logits: np.ndarray, targets: np.ndarray, pad: int | None = None) -> float:
    loss = Loss(pad)
    for index in np.ndindex(targets.shape):
        loss.see(logits[index], int(targets[index]))
    return loss.mean()


# expect: passed
# recursion over the axes gives sum and count
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    def walk(lp, t):
        if t.ndim == 0:
            return (0.0, 0) if pad is not None and t == pad else (-lp[t], 1)
        sums = [walk(a, b) for a, b in zip(lp, t)]
        return sum(s for s, _ in sums), sum(n for _, n in sums)

    total, n = walk(log_softmax(logits), targets)
    return total / n


# expect: passed
# log of 1 + sum of exp of the gaps to the target
import numpy as np


def cross_entropy(logits, targets, pad=None):
    x = logits.reshape(-1, logits.shape[-1])
    t = targets.flatten()
    if pad is not None:
        idx = np.where(t != pad)[0]
        x, t = x[idx], t[idx]
    gap = x - x[np.arange(t.size), t].reshape(-1, 1)
    return np.logaddexp.reduce(gap, axis=1).mean()


# expect: passed
# np.choose by sorting is not needed: np.ravel_multi_index
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    lp = np.ascontiguousarray(log_softmax(logits)).ravel()
    C = logits.shape[-1]
    keep = np.flatnonzero(np.ones(targets.size, bool) if pad is None else targets.ravel() != pad)
    return np.negative(lp[keep * C + targets.ravel()[keep]]).sum() / keep.size


# expect: passed
# mean with where=
import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    keep = True if pad is None else targets != pad
    safe = np.where(keep, targets, 0)
    nll = -np.take_along_axis(log_softmax(logits), np.expand_dims(safe, -1), -1)[..., 0]
    return np.mean(nll, where=keep)


# expect: passed
# math.fsum over Python floats
import math

import numpy as np
from reference import log_softmax


def cross_entropy(logits, targets, pad=None):
    rows = log_softmax(logits).reshape(-1, logits.shape[-1]).tolist()
    nll = [-row[t] for row, t in zip(rows, targets.reshape(-1).tolist()) if t != pad]
    return math.fsum(nll) / len(nll)
