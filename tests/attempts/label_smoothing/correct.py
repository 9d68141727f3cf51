# expect: passed
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    out = np.full((*targets.shape, n_classes), eps / n_classes)
    for at in np.ndindex(*targets.shape):
        out[at][targets[at]] += 1 - eps
        if pad is not None and targets[at] == pad:
            out[at] = 0
    return out


# expect: passed
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    rows = (1 - eps) * np.eye(n_classes) + eps * np.ones((n_classes, n_classes)) / n_classes
    if pad is not None:
        rows[pad] = 0
    return rows[targets]
