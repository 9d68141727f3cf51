# expect: failed eps-over-the-others
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.arange(n_classes) == targets[..., None]
    out = np.where(hot, 1 - eps, eps / (n_classes - 1))
    return out if pad is None else out * (targets != pad)[..., None]


# expect: failed pad-rows-kept
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    return (1 - eps) * np.eye(n_classes)[targets] + eps / n_classes
