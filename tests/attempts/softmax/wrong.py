# expect: failed no-max-subtraction
import numpy as np


def softmax(x, axis=-1):
    powers = np.e**x
    return np.divide(powers, np.add.reduce(powers, axis=axis, keepdims=True))


# expect: error sum-without-keepdims
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis)


# expect: error max-without-keepdims
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(np.subtract(x, np.amax(x, axis)))
    return e / np.expand_dims(e.sum(axis), axis)


# expect: failed one-normaliser-for-all
import numpy as np


def softmax(x, axis=-1):
    p = np.exp(x - x.max(axis=axis, keepdims=True))
    p /= p.sum()
    return p


# expect: failed axis-zero-hard-coded
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max(0))
    return e / e.sum(0)


# expect: failed axis-argument-ignored
import numpy as np


def softmax(x, axis=-1):
    powers = np.exp(x - x.max(-1)[..., None])
    return powers / powers.sum(-1)[..., None]


# expect: failed misplaced-softmax-bracket
import numpy as np


def softmax(x, axis=-1):
    s = x - x.max(axis, keepdims=True)
    return np.exp(s / np.exp(s).sum(axis, keepdims=True))


# expect: failed exp-forgotten
import numpy as np


def softmax(x, axis=-1):
    s = x - x.max(axis, keepdims=True)
    return s / s.sum(axis, keepdims=True)


# expect: failed subtraction-reversed
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(-(x - x.max(axis, keepdims=True)))
    return e / e.sum(axis, keepdims=True)


# expect: failed divided-by-maximum
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(np.true_divide(x, x.max(axis, keepdims=True)))
    return e / e.sum(axis, keepdims=True)


# expect: failed integer-result-array
import numpy as np


def softmax(x, axis=-1):
    out = np.empty_like(x)
    e = np.exp(x - x.max(axis, keepdims=True))
    out[...] = e / e.sum(axis, keepdims=True)
    return out


# expect: failed global-max-underflow
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - np.amax(x))
    return e / e.sum(axis, keepdims=True)


# expect: failed in-place-max-subtraction
import numpy as np


def softmax(x, axis=-1):
    np.subtract(x, x.max(axis, keepdims=True), out=x)
    e = np.exp(x)
    return e / e.sum(axis, keepdims=True)


# expect: failed
# nobody's mistake
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(2 * (x - x.max(axis, keepdims=True)))
    return e / e.sum(axis, keepdims=True) ** 1.01


# expect: failed no-max-subtraction axis-argument-ignored
import numpy as np


def softmax(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)
