# expect: failed hard-argmax
import numpy as np


def attend(query, keys, values):
    best = int((keys @ query).argmax())
    weights = np.zeros(len(keys), dtype=query.dtype)
    weights[best] = 1
    return values[best], weights


# expect: failed cosine-for-dot
import numpy as np
from reference import softmax


def attend(query, keys, values):
    unit = lambda a: a / np.sqrt((a**2).sum(-1, keepdims=True))
    w = softmax((unit(keys) * unit(query)).sum(-1))
    return w @ values, w


# expect: failed scaling-not-asked
import numpy as np
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query * query.size**-0.5)
    return values.T @ w, w


# expect: failed mix-keys-not-values
import numpy as np
from reference import softmax


def attend(query, keys, values):
    w = softmax(np.einsum("kd,d->k", keys, query))
    return np.einsum("k,kd->d", w, keys), w


# expect: failed unnormalised-weights
import numpy as np


def attend(query, keys, values):
    w = np.exp(keys.dot(query))
    return w.dot(values), w


# expect: failed scores-as-weights
def attend(query, keys, values):
    s = (keys * query).sum(axis=1)
    return s @ values, s


# expect: failed scores-over-their-sum
def attend(query, keys, values):
    s = (keys * query).sum(axis=1)
    s = s / s.sum()
    return s @ values, s


# expect: failed values-not-summed
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query)
    return (values.T * w).T, w


# expect: failed weights-returned-first
from reference import softmax


def attend(query, keys, values):
    w = softmax(keys @ query)
    return w, values.T @ w
