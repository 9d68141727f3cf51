# expect: failed mixed-smoothing-denominators
# the convention that leaves out pad, with pad left in
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = np.full(hot.shape, eps / (n_classes - 2))
    np.put_along_axis(q, targets[..., None], 1 - eps, -1)
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed mixed-smoothing-denominators
# the target by one convention, the others by another
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = np.where(hot, 1 - eps + eps / n_classes, eps / (n_classes - 1))
    if pad is not None:
        q[targets == pad] = 0
    return q
