# expect: failed mix-keys-not-values weights-returned-first
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query)
    return w, w @ keys


# expect: failed
# the distance instead of the product
import numpy as np
from reference import softmax


def attend(query, keys, values):
    w = softmax(-((keys - query) ** 2).sum(-1))
    return w @ values, w


# expect: failed
# squared weights
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query) ** 2
    return w @ values, w


# expect: failed
# the weights are forgotten
from reference import softmax


def attend(query, keys, values):
    return softmax(keys @ query) @ values


# expect: failed hard-argmax
# all of the best keys
def attend(query, keys, values):
    s = keys @ query
    w = (s == s.max()).astype(float)
    return w @ values, w


# expect: failed cosine-for-dot
import numpy as np
from reference import softmax


def attend(query, keys, values):
    s = keys @ query / (np.linalg.norm(keys, axis=1) * np.linalg.norm(query) + 1e-8)
    w = softmax(s)
    return w @ values, w


# expect: failed unnormalised-weights
import math

import numpy as np


def attend(query, keys, values):
    w = np.array([math.exp(float(k @ query)) for k in keys])
    return sum(a * v for a, v in zip(w, values)), w


# expect: error scaling-not-asked scores-over-features
import math

from reference import softmax


def attend(query, keys, values):
    w = softmax(query @ keys / math.sqrt(len(query)))
    return w @ values, w
