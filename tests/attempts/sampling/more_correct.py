# expect: passed
# C style, selection sort
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = logits.shape[0]
    out = np.zeros(n)
    order = list(range(n))
    for i in range(n):
        best = i
        for j in range(i + 1, n):
            a, b = order[j], order[best]
            if logits[a] > logits[b] or (logits[a] == logits[b] and a < b):
                best = j
        order[i], order[best] = order[best], order[i]
    if temperature == 0.0:
        out[order[0]] = 1.0
        return out
    big = logits[order[0]] / temperature
    total = 0.0
    for i in range(n):
        out[i] = math.exp(logits[i] / temperature - big)
        total += out[i]
    keep = n if top_k is None else top_k
    if top_p is not None:
        mass = 0.0
        keep = 0
        while keep < n and mass < top_p:
            mass += out[order[keep]] / total
            keep += 1
    for i in order[keep:]:
        out[i] = 0.0
    total = sum(out)
    for i in range(n):
        out[i] /= total
    return out


# expect: passed
# match, a stable sort by np.unique-free lexsort, float ranks
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        return np.bincount([logits.argmax()], minlength=n).astype(float)
    weights = np.exp(logits / temperature - np.logaddexp.reduce(logits / temperature))
    order = np.lexsort([np.arange(n), -logits])
    match (top_k, top_p):
        case (None, None):
            kept = order
        case (int(), None):
            kept = order[:top_k]
        case _:
            kept = order[np.r_[True, np.cumsum(weights[order])[:-1] < top_p]]
    chosen = np.zeros(n)
    chosen[kept] = weights[kept]
    return chosen / chosen.sum()


# expect: passed
# dict, sorted items
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    table = dict(enumerate(logits.tolist()))
    ranking = sorted(table.items(), key=lambda item: item[1], reverse=True)
    if temperature == 0:
        ranking = ranking[:1]
        temperature, top_k, top_p = 1, None, None
    if top_k:
        ranking = ranking[:top_k]
    best = ranking[0][1]
    shares = {token: math.exp((value - best) / temperature) for token, value in ranking}
    total = math.fsum(shares.values())
    shares = {token: share / total for token, share in shares.items()}
    if top_p is not None:
        nucleus, mass = {}, 0
        for token, share in shares.items():
            nucleus[token] = share
            mass += share
            if mass >= top_p:
                break
        shares = {token: share / mass for token, share in nucleus.items()}
    return np.array([shares.get(token, 0.0) for token in range(len(logits))])


# expect: passed
# temperature as a power of the probabilities
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature <= 0:
        p = np.zeros_like(logits)
        p[np.argmax(logits)] = 1
        return p
    p = softmax(logits) ** (1 / temperature)
    p /= np.sum(p)
    idx = np.argsort(-logits, kind="stable")
    s = p[idx]
    if top_k is not None:
        s[top_k:] = 0.0
    if top_p is not None:
        s[np.concatenate(([0.0], np.cumsum(s)[:-1])) >= top_p] = 0.0
    back = np.argsort(idx)
    return s[back] / s.sum()


# expect: passed
# ties broken by jitter-free keys: a structured array
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    rows = np.zeros(logits.size, dtype=[("minus", float), ("id", int)])
    rows["minus"], rows["id"] = -logits, np.arange(logits.size)
    rows.sort(order=["minus", "id"])
    ids = rows["id"]
    if temperature == 0:
        ids, temperature = ids[:1], 1.0
    elif top_k is not None:
        ids = ids[:top_k]
    z = logits[ids] / temperature
    p = np.exp(z - z[0])
    p /= p.sum()
    if top_p is not None and len(ids) > 1:
        n = int(np.argmax(np.cumsum(p) >= top_p)) + 1 if top_p < 1 else len(p)
        ids, p = ids[:n], p[:n] / p[:n].sum()
    out = np.zeros(logits.shape)
    np.add.at(out, ids, p)
    return out


# expect: passed
# np.partition for the threshold, ties by a running count
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        winner = logits == logits.max()
        return (winner & (np.cumsum(winner) == 1)).astype(float)
    z = logits / temperature
    if top_k is not None:
        t = np.partition(logits, -top_k)[-top_k]
        above, at = logits > t, logits == t
        room = top_k - above.sum()
        z = np.where(above | (at & (np.cumsum(at) <= room)), z, -np.inf)
    p = softmax(z)
    if top_p is not None:
        levels = np.unique(p)[::-1]
        mass, keep = 0.0, np.zeros(p.size, bool)
        for level in levels:
            for i in np.flatnonzero(p == level):
                if mass >= top_p:
                    break
                keep[i] = True
                mass += p[i]
        p = np.where(keep, p, 0) / mass
    return p


# expect: passed
# a class of warpers, as in a well-known library
import numpy as np


class Temperature:
    def __init__(self, t):
        self.t = t

    def __call__(self, scores):
        return scores / self.t


class TopK:
    def __init__(self, k):
        self.k = k

    def __call__(self, scores):
        drop = np.argsort(-scores, kind="stable")[self.k :]
        scores = np.array(scores)
        scores[drop] = -np.inf
        return scores


class TopP:
    def __init__(self, p):
        self.p = p

    def __call__(self, scores):
        order = np.argsort(-scores, kind="stable")
        probs = np.exp(scores[order] - scores.max())
        probs /= probs.sum()
        cumulative = np.cumsum(probs)
        remove = cumulative - probs >= self.p
        return np.where(remove[np.argsort(order, kind="stable")], -np.inf, scores)


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[int(np.argmax(logits))]
    warpers = [Temperature(temperature)]
    if top_k is not None:
        warpers.append(TopK(top_k))
    if top_p is not None:
        warpers.append(TopP(top_p))
    for warp in warpers:
        logits = warp(logits)
    e = np.exp(logits - logits.max())
    return e / e.sum()


# expect: passed
# a tiny temperature in place of 0, ties broken beforehand
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = logits.size
    order = np.array(sorted(range(n), key=lambda i: (-logits[i], i)))
    if temperature == 0:
        top_k, top_p = 1, None
    z = (logits[order] - logits[order[0]]) / max(temperature, 1e-9)
    p = np.exp(z)
    p[(n if top_k is None else top_k) :] = 0
    p /= p.sum()
    if top_p is not None:
        stop = np.flatnonzero(np.cumsum(p) >= top_p)
        if stop.size:
            p[stop[0] + 1 :] = 0
    out = np.empty(n)
    out[order] = p / p.sum()
    return out


# expect: passed
# masked arrays
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = logits.shape[-1]
    ids = np.argsort(-logits, kind="stable")
    cut = np.ma.array(logits, mask=np.zeros(n, bool))
    if temperature == 0:
        cut[ids[1:]] = np.ma.masked
        temperature, top_k, top_p = 1, None, None
    if top_k is not None:
        cut[ids[top_k:]] = np.ma.masked
    e = np.ma.exp((cut - cut.max()) / temperature)
    p = (e / e.sum()).filled(0)
    if top_p is not None:
        late = np.cumsum(p[ids]) - p[ids] >= top_p
        p[ids[late]] = 0
        p = p / p.sum()
    return p


# expect: passed
# keyword only; binary search for the cut
import bisect
from itertools import accumulate

import numpy as np


def next_token_probabilities(logits, *, temperature=1.0, top_k=None, top_p=None):
    order = sorted(range(len(logits)), key=lambda i: -logits[i])
    if temperature == 0:
        kept = order[:1]
        w = np.ones(1)
    else:
        w = np.exp((logits[order] - logits[order[0]]) / temperature)
        if top_p is None:
            n = top_k or len(order)
        else:
            sums = list(accumulate((w / w.sum()).tolist()))
            n = min(bisect.bisect_left(sums, top_p) + 1, len(order))
        kept, w = order[:n], w[:n]
    result = np.zeros(len(logits))
    result[kept] = w / w.sum()
    return result
