# expect: failed adds-one-over-classes
# the uniform part has weight 1
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = hot * (1 - eps) + np.ones(n_classes) / n_classes
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed mixed-smoothing-denominators
# put_along_axis with 1 - eps
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = np.full(hot.shape, eps / n_classes)
    q[hot == 1] = 1 - eps
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed pad-rows-kept
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    return (1 - eps) * hot + eps / n_classes


# expect: failed pad-column-emptied
# q[..., pad] = 0 only
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = (1 - eps) * hot + eps / n_classes
    if pad is not None:
        q[..., pad] = 0
    return q


# expect: failed
# normalised afterwards: one hot plus eps, divided by the sum
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = hot + eps
    q /= q.sum(-1, keepdims=True)
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed
# classes first
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = (1 - eps) * hot + eps / n_classes
    if pad is not None:
        q[targets == pad] = 0
    return np.moveaxis(q, -1, 0)


# expect: failed
# rows of padding are one-hot: no smoothing there
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = (1 - eps) * hot + eps / n_classes
    if pad is not None:
        q[targets == pad] = hot[targets == pad]
    return q


# expect: failed
# the target loses eps twice
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = (1 - 2 * eps) * hot + eps / n_classes
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed
# float32
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes, dtype=np.float32)[targets]
    q = ((1 - eps) * hot + eps / n_classes).astype(np.float32)
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed pad-column-emptied
# pad keeps none, eps to the others but the target
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    others = n_classes - 1 if pad is None else n_classes - 2
    q = np.full((*targets.shape, n_classes), eps / others)
    if pad is not None:
        q[..., pad] = 0
    np.put_along_axis(q, targets[..., None], 1 - eps, -1)
    if pad is not None:
        q[targets == pad] = 0
    return q


# expect: failed
# targets become -1 in place
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    if pad is not None:
        targets[targets == pad] = -1
    hot = targets[..., None] == np.arange(n_classes)
    q = (1 - eps) * hot + eps / n_classes
    q[targets == -1] = 0
    return q


# expect: failed smoothing-pad-zero-taken-for-none
# `if pad:` forgets pad=0
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.eye(n_classes)[targets]
    q = (1 - eps) * hot + eps / n_classes
    if pad:
        q[targets == pad] = 0
    return q
