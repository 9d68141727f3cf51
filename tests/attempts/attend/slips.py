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
