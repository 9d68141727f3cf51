# expect: failed multiply-by-temperature
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    ids = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    result = np.zeros(len(logits))
    if temperature == 0:
        result[ids[0]] = 1
        return result
    weights = [math.exp((logits[i] - logits[ids[0]]) * temperature) for i in ids]
    total = sum(weights)
    probs = [w / total for w in weights]
    if top_k is not None:
        ids, probs = ids[:top_k], probs[:top_k]
    if top_p is not None:
        acc, cut = 0.0, 0
        for cut, p in enumerate(probs, start=1):
            acc += p
            if acc >= top_p:
                break
        ids, probs = ids[:cut], probs[:cut]
    for i, p in zip(ids, probs):
        result[i] = p / sum(probs)
    return result


# expect: failed probabilities-divided-by-temperature
# probabilities divided before the sums
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    ids = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    result = np.zeros(len(logits))
    if temperature == 0:
        result[ids[0]] = 1
        return result
    weights = [math.exp((logits[i] - logits[ids[0]]) ) for i in ids]
    total = sum(weights)
    probs = [w / total / temperature for w in weights]
    if top_k is not None:
        ids, probs = ids[:top_k], probs[:top_k]
    if top_p is not None:
        acc, cut = 0.0, 0
        for cut, p in enumerate(probs, start=1):
            acc += p
            if acc >= top_p:
                break
        ids, probs = ids[:cut], probs[:cut]
    for i, p in zip(ids, probs):
        result[i] = p / sum(probs)
    return result


# expect: failed probabilities-divided-by-temperature
# divided after softmax
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p / temperature


# expect: failed zero-temperature-division
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    ids = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    result = np.zeros(len(logits))
    if False:
        result[ids[0]] = 1
        return result
    weights = [math.exp((logits[i] - logits[ids[0]]) / temperature) for i in ids]
    total = sum(weights)
    probs = [w / total for w in weights]
    if top_k is not None:
        ids, probs = ids[:top_k], probs[:top_k]
    if top_p is not None:
        acc, cut = 0.0, 0
        for cut, p in enumerate(probs, start=1):
            acc += p
            if acc >= top_p:
                break
        ids, probs = ids[:cut], probs[:cut]
    for i, p in zip(ids, probs):
        result[i] = p / sum(probs)
    return result


# expect: failed epsilon-in-temperature
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if False:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = (logits - logits.max()) / (temperature + 1e-8)
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed
# only without top_k
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0 and top_k is None:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed ties-to-higher-id
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argsort(logits, kind="stable")[-1]] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed crossing-token-lost
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed probabilities-not-renormalised
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        pass
    p = softmax(z)
    if top_k is not None:
        p[order[top_k:]] = 0
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed top-k-drops-ties
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[z <= np.sort(z)[-top_k]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed top-k-off-by-one
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k + 1:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed top-k-off-by-one
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k - 1:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed sorted-order-kept
import math

import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    ids = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    result = np.zeros(len(logits))
    if temperature == 0:
        result[ids[0]] = 1
        return result
    weights = [math.exp((logits[i] - logits[ids[0]]) / temperature) for i in ids]
    total = sum(weights)
    probs = [w / total for w in weights]
    if top_k is not None:
        ids, probs = ids[:top_k], probs[:top_k]
    if top_p is not None:
        acc, cut = 0.0, 0
        for cut, p in enumerate(probs, start=1):
            acc += p
            if acc >= top_p:
                break
        ids, probs = ids[:cut], probs[:cut]
    for i, p in enumerate(probs):
        result[i] = p / sum(probs)
    return result


# expect: failed
# top_p is what goes
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, 1 - top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p


# expect: failed
# top_p as a threshold
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[p < top_p] = 0.0
        p = p / p.sum()
    return p


# expect: failed softmax-of-probabilities
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(z)
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = softmax(p)
    return p


# expect: failed
# softmax twice
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    n = len(logits)
    if temperature == 0:
        p = np.zeros(n)
        p[np.argmax(logits)] = 1.0
        return p
    z = logits / temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z = z.copy()
        z[order[top_k:]] = -np.inf
    p = softmax(softmax(z))
    if top_p is not None:
        cum = np.cumsum(p[order])
        last = np.searchsorted(cum, top_p)
        p[order[last + 1:]] = 0.0
        p = p / p.sum()
    return p
