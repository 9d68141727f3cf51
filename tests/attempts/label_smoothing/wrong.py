# expect: failed eps-over-the-others
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    labels = np.full((*targets.shape, n_classes), eps / (n_classes - 1))
    np.put_along_axis(labels, targets[..., None], 1 - eps, axis=-1)
    if pad is not None:
        labels[targets == pad] = 0
    return labels


# expect: failed pad-rows-kept
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    return ((1 - eps) * np.eye(n_classes) + eps / n_classes)[targets]


# expect: failed mixed-smoothing-denominators
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    labels = np.full((*targets.shape, n_classes), eps / n_classes)
    np.put_along_axis(labels, targets[..., None], 1 - eps, axis=-1)
    if pad is not None:
        labels *= (targets != pad)[..., None]
    return labels


# expect: failed eps-and-rest-swapped
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    table = eps * np.identity(n_classes) + (1 - eps) / n_classes
    if pad is not None:
        table[pad] = 0
    return table[targets]


# expect: failed one-hot-not-scaled pad-rows-kept
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    return np.eye(n_classes)[targets] + eps / n_classes


# expect: failed
# the target gets everything, the rest nothing
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    labels = np.eye(n_classes)[targets] * (1 - eps)
    if pad is not None:
        labels[targets == pad] = 0
    return labels


# expect: failed
# padding as nan
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    labels = ((1 - eps) * np.eye(n_classes) + eps / n_classes)[targets]
    if pad is not None:
        labels[targets == pad] = np.nan
    return labels
