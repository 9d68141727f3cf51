# expect: passed
# sorted pairs in plain Python
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    order = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    if temperature == 0:
        top_k, top_p, temperature = 1, None, 1.0
    top = logits[order[0]]
    p = [math.exp((value - top) / temperature) for value in logits]
    total = sum(p)
    p = [value / total for value in p]
    kept, mass = [], 0.0
    for i in order:
        if len(kept) == top_k or (top_p is not None and mass >= top_p):
            break
        kept.append(i)
        mass += p[i]
    out = np.zeros(len(logits))
    for i in kept:
        out[i] = p[i] / mass
    return out


# expect: passed
# the loser's logit becomes -inf, softmax at the end
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[logits.argmax()]
    logits = logits / temperature
    if top_k is not None:
        losers = np.argsort(-logits, kind="stable")[top_k:]
        logits[losers] = -np.inf
    if top_p is not None:
        ids = np.argsort(-logits, kind="stable")
        mass = np.cumsum(softmax(logits)[ids])
        n = np.count_nonzero(mass < top_p) + 1
        logits[ids[n:]] = -np.inf
    return softmax(logits)


# expect: passed
# lexsort, searchsorted, put
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = logits.size
    ids = np.lexsort((np.arange(n), -logits))
    if not temperature:
        keep, p = 1, np.ones(n)
    else:
        p = np.exp((logits[ids] - logits[ids[0]]) / temperature)
        p /= p.sum()
        keep = n if top_k is None else top_k
        if top_p is not None:
            keep = min(keep, int(np.searchsorted(np.cumsum(p), top_p)) + 1)
    p[keep:] = 0
    out = np.empty(n)
    np.put(out, ids, p / p.sum())
    return out


# expect: passed
# one after another by a heap
import heapq
from itertools import accumulate

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    one_hot = np.zeros_like(logits)
    if temperature == 0:
        one_hot[np.flatnonzero(logits == logits.max())[0]] = 1
        return one_hot
    z = (logits - logits.max()) / temperature
    p = np.exp(z) / np.exp(z).sum()
    best = heapq.nsmallest(top_k or len(p), range(len(p)), key=lambda i: (-p[i], i))
    if top_p is not None:
        sums = list(accumulate(p[best]))
        best = [i for i, before in zip(best, [0.0, *sums]) if before < top_p]
    keep = np.isin(np.arange(len(p)), best)
    return np.where(keep, p, 0) / p[keep].sum()


# expect: passed
# top-p first; shifted by one, as in well-known libraries
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature < 1e-12:
        return (np.arange(logits.shape[-1]) == logits.argmax(-1)).astype(logits.dtype)
    scores = logits / temperature
    if top_p is not None and top_p < 1.0:
        idx = np.argsort(-scores, kind="stable")
        cum = softmax(scores[idx]).cumsum()
        remove = cum > top_p
        remove[1:] = remove[:-1].copy()
        remove[0] = False
        scores = scores.copy()
        scores[idx[remove]] = -np.inf
    if top_k is not None:
        idx = np.argsort(-scores, kind="stable")
        scores = scores.copy()
        scores[idx[top_k:]] = -np.inf
    return softmax(scores)


# expect: passed
# everyone against everyone
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    V = logits.shape[-1]
    if temperature == 0:
        p = np.zeros(V)
        p[int(np.argmax(logits))] = 1.0
        return p
    better = (logits[None, :] > logits[:, None]) | (
        (logits[None, :] == logits[:, None]) & (np.arange(V)[None, :] < np.arange(V)[:, None])
    )
    rank = better.sum(1)
    x = logits / temperature
    p = np.exp(x - x.max())
    if top_k is not None:
        p = p * (rank < top_k)
    p = p / p.sum()
    if top_p is not None:
        before = better @ p
        keep = before < top_p if top_p < 1 else np.ones(V, bool)
        p = np.where(keep, p, 0)
        p = p / p.sum()
    return p


# expect: passed
# recursion
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return next_token_probabilities(logits, 1.0, top_k=1)
    if temperature != 1:
        order_keeps = logits / temperature
        return next_token_probabilities(order_keeps, 1.0, top_k, top_p)
    p = softmax(logits)
    ids = sorted(range(len(p)), key=lambda i: (-logits[i], i))
    if top_k is not None:
        ids = ids[:top_k]
    if top_p is not None:
        total = 0.0
        for n, i in enumerate(ids):
            total += p[i]
            if total >= top_p:
                ids = ids[: n + 1]
                break
    out = np.zeros_like(p)
    for i in ids:
        out[i] = p[i]
    return out / out.sum()
