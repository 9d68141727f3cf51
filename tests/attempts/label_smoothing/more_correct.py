# expect: passed
# the starter filled in
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    one_hot = (targets[..., np.newaxis] == np.arange(n_classes)).astype(float)
    smoothed = one_hot * (1 - eps) + eps / n_classes
    real = np.full(targets.shape, True) if pad is None else targets != pad
    labels = smoothed * real[..., np.newaxis]
    return labels


# expect: passed
# nested loops, place by place
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    labels = np.zeros(targets.shape + (n_classes,))
    for index in np.ndindex(targets.shape):
        if pad is not None and targets[index] == pad:
            continue
        for c in range(n_classes):
            labels[index + (c,)] = eps / n_classes
        labels[index + (targets[index],)] += 1 - eps
    return labels


# expect: passed
# the flat rows are indexed, then reshaped
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    flat = targets.reshape(-1)
    q = np.tile(np.full(n_classes, eps / n_classes), (flat.size, 1))
    q[np.arange(flat.size), flat] += 1.0 - eps
    q[flat == pad] = 0.0
    return q.reshape(*targets.shape, n_classes)


# expect: passed
# a convex combination by a function of its own
import numpy as np


def mix(a, b, share):
    return a + share * (b - a)


def smooth_labels(targets: np.ndarray, n_classes: int, eps: float, pad: int | None = None) -> np.ndarray:
    hot = np.identity(n_classes)[targets]
    uniform = np.ones_like(hot) / n_classes
    q = mix(hot, uniform, eps)
    return q if pad is None else np.where(np.equal(targets, pad)[..., None], 0.0, q)


# expect: passed
# recursion over the axes, lists, then np.array
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    def go(t):
        if isinstance(t, list):
            return [go(each) for each in t]
        if t == pad:
            return [0.0] * n_classes
        row = [eps / n_classes] * n_classes
        row[t] += 1 - eps
        return row

    return np.array(go(targets.tolist()))


# expect: passed
# np.select of three cases
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    t = np.expand_dims(targets, -1)
    c = np.broadcast_to(np.arange(n_classes), (*targets.shape, n_classes))
    padding = np.zeros_like(t, dtype=bool) if pad is None else t == pad
    return np.select([np.broadcast_to(padding, c.shape), c == t], [0.0, 1 - eps + eps / n_classes], eps / n_classes)


# expect: passed
# a class
import numpy as np


class Smoother:
    def __init__(self, n_classes, eps):
        self.low = eps / n_classes
        self.high = 1 - eps * (n_classes - 1) / n_classes
        self.n = n_classes

    def __call__(self, token):
        row = np.full(self.n, self.low)
        row[token] = self.high
        return row


def smooth_labels(targets, n_classes, eps, pad=None):
    smoother = Smoother(n_classes, eps)
    rows = [smoother(t) if pad is None or t != pad else np.zeros(n_classes) for t in targets.ravel()]
    return np.stack(rows).reshape(targets.shape + (-1,))


# expect: passed
# np.add.at; padding is put away first and emptied last
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    n = targets.size
    out = np.zeros((n, n_classes))
    np.add.at(out, (np.arange(n), targets.ravel()), 1 - eps)
    out += eps / n_classes
    if pad is not None:
        out[np.flatnonzero(targets == pad), :] = 0
    return out.reshape(*targets.shape, n_classes)


# expect: passed
# np.apply_along_axis over one-hot rows, float64 from booleans
import numpy as np


def smooth_labels(targets, n_classes, eps, pad=None):
    hot = np.take(np.eye(n_classes), targets, axis=0)
    out = np.apply_along_axis(lambda row: row - eps * row + eps * np.mean(row), -1, hot)
    if pad is None:
        return out
    out[np.nonzero(targets == pad)] = np.zeros(n_classes)
    return out
