# expect: passed
# classes first; the result is a view
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    c = np.arange(n_classes).reshape((-1,) + (1,) * targets.ndim)
    q = (c == targets) * (1 - eps) + eps / n_classes
    if pad is not None:
        q = q * (targets != pad)
    return np.moveaxis(q, 0, -1)
