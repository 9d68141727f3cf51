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


# expect: failed unstable-sort
# shows among many ties
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


# expect: error zero-temperature-division
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    beta = 1.0 / temperature
    e = np.exp(beta * (logits - logits.max()))
    p = e / e.sum()
    o = np.argsort(-p, kind="stable")
    n = len(p)
    if top_k is not None:
        n = top_k
    if top_p is not None:
        n = int(np.searchsorted(np.cumsum(p[o]), top_p)) + 1
    q = np.zeros_like(p)
    q[o[:n]] = p[o[:n]]
    return q / q.sum()


# expect: failed crossing-token-lost
# nothing may stay at all
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    o = np.argsort(-logits, kind="stable")
    p = softmax(logits / temperature)
    if top_k:
        p[o[top_k:]] = 0
    if top_p is not None:
        p[o[np.cumsum(p[o]) > top_p + 1e-12]] = 0
    return p / max(p.sum(), 1e-12)


# expect: failed sorted-ascending
# only for top-p
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    z = logits / temperature
    if top_k is not None:
        z[np.argsort(-logits, kind="stable")[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        o = np.argsort(p)
        c = np.cumsum(p[o])
        p[o[c - p[o] >= top_p]] = 0
    return p / p.sum()


# expect: failed sorted-order-kept
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    if top_k is not None:
        p = np.sort(p)[::-1].copy()
        p[top_k:] = 0
    if top_p is not None:
        p = np.sort(p)[::-1].copy()
        p[np.cumsum(p) - p >= top_p] = 0
    return p / p.sum()


# expect: failed top-k-keeps-ties probabilities-not-renormalised
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    rank = np.argsort(-logits, kind="stable")
    if top_k is not None:
        p[logits < np.sort(logits)[-top_k]] = 0
    if top_p is not None:
        s = p[rank]
        p[rank[np.cumsum(s) - s >= top_p]] = 0
    return p


# expect: failed cut-ignored
# top_p is not used
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    o = np.argsort(-logits, kind="stable")
    p = softmax(logits / temperature)
    if top_k:
        p[o[top_k:]] = 0
    return p / p.sum()


# expect: failed crossing-token-lost
# any sort will do, it seems
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    if top_k is not None:
        o = np.argsort(-p)
        p[o[top_k:]] = 0
        p /= p.sum()
    if top_p is not None and top_p < 1:
        o = np.argsort(-p)
        p[o[np.cumsum(p[o]) > top_p]] = 0
        p /= p.sum()
    return p


# expect: failed sorted-ascending
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    o = np.argsort(p)
    if top_k is not None:
        p[o[top_k:]] = 0
    if top_p is not None:
        p[o[np.cumsum(p[o]) - p[o] >= top_p]] = 0
    return p / p.sum()


# expect: failed ties-to-higher-id
# the usual [::-1]
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    o = np.argsort(p)[::-1]
    if top_k is not None:
        p[o[top_k:]] = 0
    if top_p is not None:
        p[o[np.cumsum(p[o]) - p[o] >= top_p]] = 0
    return p / p.sum()


# expect: failed sorted-order-kept
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    if top_k is not None:
        p[top_k:] = 0
    if top_p is not None:
        s = np.sort(p)[::-1]
        p[np.cumsum(s) - s >= top_p] = 0
    return p / p.sum()


# expect: failed zero-temperature-as-one
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return softmax(logits)
    p = softmax(logits / temperature)
    o = np.argsort(-logits, kind="stable")
    if top_k is not None:
        p[o[top_k:]] = 0
    if top_p is not None:
        p[o[np.cumsum(p[o]) - p[o] >= top_p]] = 0
    return p / p.sum()


# expect: failed top-p-before-temperature
# what is left is sharpened
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits)
    o = np.argsort(-logits, kind="stable")
    if top_k is not None:
        p[o[top_k:]] = 0
    if top_p is not None:
        p[o[np.cumsum(p[o]) - p[o] >= top_p]] = 0
    p = np.where(p > 0, p, 0) ** (1 / temperature)
    return p / p.sum()
