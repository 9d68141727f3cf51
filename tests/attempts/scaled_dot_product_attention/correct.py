# expect: passed
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    scores = np.einsum("...qd,...kd->...qk", q, k) / np.sqrt(k.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(-1, keepdims=True)
    e = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = e.sum(-1, keepdims=True)
    w = np.divide(e, total, out=np.zeros_like(e), where=total > 0)
    return np.einsum("...qk,...kv->...qv", w, v), w


# expect: passed
# scaled on both sides, always in float64, as a named tuple
from collections import namedtuple

import numpy as np
from reference import masked_softmax

Result = namedtuple("Result", ["output", "weights"])


def scaled_dot_product_attention(q, k, v, mask=None, verbose=False):
    root = q.shape[-1] ** 0.25
    scores = (np.float64(1) * q / root) @ (k / root).swapaxes(-1, -2)
    weights = masked_softmax(scores, mask)
    if verbose:
        print(weights)
    return Result(weights @ v, weights)


# expect: passed
# query by query
import math

import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    batch = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    shape = (*batch, q.shape[-2], k.shape[-2])
    allowed = np.broadcast_to(True if mask is None else mask, shape)
    q, k, v = (np.broadcast_to(a, (*batch, *a.shape[-2:])) for a in (q, k, v))
    weights, output = np.zeros(shape), np.zeros((*batch, q.shape[-2], v.shape[-1]))
    for at in np.ndindex(*shape[:-1]):
        keys = [j for j in range(shape[-1]) if allowed[at][j]]
        if not keys:
            continue
        scores = [math.fsum(q[at] * k[at[:-1]][j]) / math.sqrt(q.shape[-1]) for j in keys]
        powers = [math.exp(score - max(scores)) for score in scores]
        for j, power in zip(keys, powers):
            weights[at][j] = power / math.fsum(powers)
            output[at] += weights[at][j] * v[at[:-1]][j]
    return output, weights


# expect: passed
# values first averaged with exponentials, divided at the end
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.matmul(q, np.moveaxis(k, -1, -2)) * (1 / k.shape[-1] ** 0.5)
    allowed = np.ones(s.shape, bool) if mask is None else np.broadcast_to(mask, s.shape)
    top = np.max(s, axis=-1, keepdims=True, where=allowed, initial=-1e300)
    e = np.exp(np.where(allowed, s - top, -np.inf))
    z = np.maximum(e.sum(-1, keepdims=True), ~allowed.any(-1, keepdims=True))
    return (e @ v) / z, e / z
