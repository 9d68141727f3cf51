# expect: passed
# filled, then scattered
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    labels = np.full((*targets.shape, n_classes), eps / n_classes)
    np.put_along_axis(labels, targets[..., None], 1 - eps + eps / n_classes, axis=-1)
    if pad is not None:
        labels[targets == pad] = 0
    return labels


# expect: passed
# rows of a table
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    table = np.eye(n_classes) * (1 - eps) + eps / n_classes
    if pad is not None:
        table[pad] = 0.0
    return table[targets]


# expect: passed
# a mean of two distributions, number by number
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    def row(target):
        if pad is not None and target == pad:
            return [0.0] * n_classes
        certain = [float(c == target) for c in range(n_classes)]
        return [(1 - eps) * a + eps * b for a, b in zip(certain, [1 / n_classes] * n_classes)]

    return np.array([row(t) for t in targets.flat]).reshape(targets.shape + (n_classes,))


# expect: passed
# multiplied by the real ones, by einsum
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    one_hot = np.equal.outer(targets, np.arange(n_classes)).astype(np.float64)
    mixing = np.eye(n_classes) - eps * (np.eye(n_classes) - 1 / n_classes)
    real = np.ones(targets.shape) if pad is None else np.not_equal(targets, pad)
    return np.einsum("...i,ij,...->...j", one_hot, mixing, real)
