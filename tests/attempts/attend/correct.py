# expect: passed
import numpy as np


def attend(query, keys, values):
    s = np.einsum("...kd,...d->...k", keys, query)
    e = np.exp(s - s.max(-1, keepdims=True))
    w = e / e.sum(-1, keepdims=True)
    return np.einsum("...k,...kv->...v", w, values), w


# expect: passed
from collections import namedtuple

import numpy as np
from reference import softmax

Attention = namedtuple("Attention", "output weights")


def attend(query, keys, values):
    scores = (keys * query[..., None, :]).sum(axis=-1)
    weights = softmax(scores)
    return Attention((weights[..., None] * values).sum(axis=-2), weights)


# expect: passed
import reference
import numpy as np


def attend(query, keys, values):
    weights = reference.softmax(np.squeeze(keys @ query[..., None], -1).astype(np.float64))
    output = np.squeeze(np.swapaxes(values, -1, -2) @ weights[..., None], -1)
    return output, weights


# expect: passed
# one query, key by key
import numpy as np


def attend(query, keys, values):
    if query.ndim > 1:
        parts = [attend(*each) for each in zip(query, keys, values)]
        return np.stack([part[0] for part in parts]), np.stack([part[1] for part in parts])
    scores = [float(sum(a * b for a, b in zip(query, key))) for key in keys]
    top = max(scores)
    weights = np.array([np.exp(score - top) for score in scores])
    weights = weights / weights.sum()
    output = np.zeros(values.shape[-1])
    for weight, value in zip(weights, values):
        output += weight * value
    return output, weights
