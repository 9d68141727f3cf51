# expect: failed multiply-by-temperature
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    ids = np.lexsort((np.arange(logits.size), -logits))
    out = np.zeros(logits.size)
    if temperature == 0:
        out[ids[0]] = 1
        return out
    p = np.exp((logits[ids] - logits.max()) * temperature)
    p /= p.sum()
    if top_k is not None:
        p[top_k:] = 0
    if top_p is not None:
        p[1 + np.count_nonzero(np.cumsum(p) < top_p) :] = 0
    out[ids] = p / p.sum()
    return out


# expect: failed crossing-token-lost
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    ids = np.lexsort((np.arange(logits.size), -logits))
    out = np.zeros(logits.size)
    if temperature == 0:
        out[ids[0]] = 1
        return out
    p = np.exp((logits[ids] - logits.max()) / temperature)
    p /= p.sum()
    if top_k is not None:
        p[top_k:] = 0
    if top_p is not None and top_p < 1:
        p = np.where(np.cumsum(p) <= top_p, p, 0)
    out[ids] = p / p.sum()
    return out


# expect: failed probabilities-not-renormalised
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(logits.size)[np.argmax(logits)]
    order = sorted(range(logits.size), key=lambda i: (-logits[i], i))
    p = np.exp((logits - logits.max()) / temperature)
    p /= p.sum()
    out, mass = np.zeros(logits.size), 0.0
    for n, i in enumerate(order):
        if n == top_k or (top_p is not None and mass >= top_p):
            break
        out[i], mass = p[i], mass + p[i]
    return out


# expect: failed zero-temperature-as-one
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    temperature = temperature or 1.0
    order = sorted(range(logits.size), key=lambda i: (-logits[i], i))
    p = np.exp((logits - logits.max()) / temperature)
    p /= p.sum()
    out, mass = np.zeros(logits.size), 0.0
    for n, i in enumerate(order):
        if n == top_k or (top_p is not None and mass >= top_p):
            break
        out[i], mass = p[i], mass + p[i]
    return out / mass


# expect: failed zero-temperature-as-one probabilities-not-renormalised
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    temperature = temperature if temperature > 0 else 1.0
    order = sorted(range(logits.size), key=lambda i: (-logits[i], i))
    p = np.exp((logits - logits.max()) / temperature)
    p /= p.sum()
    out, mass = np.zeros(logits.size), 0.0
    for n, i in enumerate(order):
        if n == top_k or (top_p is not None and mass >= top_p):
            break
        out[i], mass = p[i], mass + p[i]
    return out


# expect: failed
# min-p: what is less likely than a share of the best goes
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(logits.size)[np.argmax(logits)]
    p = np.exp((logits - logits.max()) / temperature)
    if top_k is not None:
        p[np.argsort(-logits, kind="stable")[top_k:]] = 0
    if top_p is not None:
        p[p < p.max() * (1 - top_p)] = 0
    return p / p.sum()


# expect: failed
# a token in place of a distribution
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    return int(np.argmax(logits))


# expect: failed
# an unstable sort, which shows among many ties
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(logits.size)[np.argmax(logits)]
    p = softmax(logits / temperature)
    ids = np.argsort(-logits)
    if top_k is not None:
        p[ids[top_k:]] = 0
    if top_p is not None:
        p[ids[1 + np.count_nonzero(np.cumsum(p[ids]) < top_p) :]] = 0
    return p / p.sum()
