# expect: failed
# scaled by the number of keys
import numpy as np
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query / np.sqrt(len(keys)))
    return w @ values, w


# expect: failed
# softmax along the last axis of a column
import numpy as np
from reference import softmax


def attend(query, keys, values):
    s = (keys @ query)[:, None]
    w = softmax(s)
    return (w * values).sum(0), w[:, 0]


# expect: failed
# mean over the weighted values
import numpy as np
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query)
    return (w[:, None] * values).mean(0), w


# expect: failed scores-returned-for-weights
# returns scores instead of weights
import numpy as np
from reference import softmax


def attend(query, keys, values):
    s = keys @ query
    return softmax(s) @ values, s


# expect: failed hand-made-softmax-overflows
# exp by hand overflows
import numpy as np


def attend(query, keys, values):
    e = np.exp(keys @ query)
    w = e / e.sum()
    return w @ values, w


# expect: failed
# softmax of softmax
from reference import softmax


def attend(query, keys, values):
    w = softmax(softmax(keys @ query))
    return w @ values, w


# expect: failed
# mutates keys
from reference import softmax


def attend(query, keys, values):
    keys *= query
    w = softmax(keys.sum(1))
    return w @ values, w


# expect: failed scaling-not-asked weights-returned-first
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query / keys.shape[1] ** 0.5)
    return w, w @ values


# expect: failed scaling-not-asked mix-keys-not-values
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query / keys.shape[1] ** 0.5)
    return w @ keys, w


# expect: error scores-over-features
from reference import softmax
import numpy as np


def attend(query, keys, values):
    w = softmax(np.dot(query, keys))
    return np.dot(w, values), w


# expect: failed weights-returned-first hand-made-softmax-overflows
import numpy as np


def attend(query, keys, values):
    e = np.exp(keys @ query)
    return e / e.sum(), e @ values / e.sum()


# expect: error hand-made-softmax-overflows
import math
import numpy as np


def attend(query, keys, values):
    e = [math.exp(k @ query) for k in keys]
    w = np.array([a / sum(e) for a in e])
    return w @ values, w
