# expect: passed
# column vectors
from reference import softmax


def attend(query, keys, values):
    q = query.reshape(-1, 1)
    s = keys @ q
    w = softmax(s, axis=0)
    return (values.T @ w).ravel(), w.ravel()


# expect: passed
# np.average
import numpy as np
from reference import softmax


def attend(query, keys, values):
    weights = softmax(np.inner(keys, query))
    return np.average(values, axis=0, weights=weights), weights


# expect: passed
# key by key, no matrix product
import functools
import operator

import numpy as np
from reference import softmax


def attend(query, keys, values):
    weights = softmax(np.fromiter((np.dot(k, query) for k in keys), float))
    return functools.reduce(operator.add, (w * v for w, v in zip(weights, values))), weights
