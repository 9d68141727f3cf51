# expect: passed
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


# expect: passed
# through the logarithm, always in float64
import numpy as np


def softmax(x, axis=-1):
    x = np.asarray(x, dtype=np.float64)
    return np.exp(x - np.logaddexp.reduce(x, axis=axis, keepdims=True))


# expect: passed
# slice by slice, with a helper and a print
import math

import numpy as np


def one(row):
    largest = max(row)
    powers = [math.exp(value - largest) for value in row]
    return [power / sum(powers) for power in powers]


def softmax(x, axis=-1):
    print("softmax of", x.shape)
    return np.apply_along_axis(lambda row: np.array(one(row.tolist())), axis, x)


# expect: passed
# another order of axes, a view at the end, a class around it
import numpy as np


class Normaliser:
    def __call__(self, scores):
        powers = np.exp(scores - np.amax(scores, 0))
        return powers / powers.sum(0)


def softmax(x, axis=-1, *, normalise=Normaliser()):
    return np.moveaxis(normalise(np.moveaxis(x, axis, 0)), 0, axis)
