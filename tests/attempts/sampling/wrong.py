# expect: failed crossing-token-lost
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits / temperature)
    order = np.argsort(-p, kind="stable")
    keep = np.ones(len(p), bool)
    if top_k is not None:
        keep[order[top_k:]] = False
    if top_p is not None and top_p < 1:
        mass = np.cumsum(p[order])
        lost = mass > top_p
        lost[0] = False
        keep[order[lost]] = False
    p = np.where(keep, p, 0)
    return p / p.sum()


# expect: failed multiply-by-temperature
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p = softmax(logits * temperature)
    order = np.argsort(-p, kind="stable")
    n = len(p) if top_k is None else top_k
    if top_p is not None and top_p < 1:
        n = int(np.searchsorted(np.cumsum(p[order]), top_p)) + 1
    out = np.zeros_like(p)
    out[order[:n]] = p[order[:n]]
    return out / out.sum()
