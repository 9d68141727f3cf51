# expect: passed
import numpy as np


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        out = np.zeros_like(logits)
        out[np.argmax(logits)] = 1
        return out
    z = logits / temperature
    p = np.exp(z - z.max())
    p = p / p.sum()
    ranked = sorted(range(len(p)), key=lambda i: (-p[i], i))
    if top_k is not None:
        ranked = ranked[:top_k]
    if top_p is not None:
        kept, mass = [], 0.0
        for i in ranked:
            kept.append(i)
            mass += p[i]
            if mass >= top_p:
                break
        ranked = kept
    out = np.zeros_like(p)
    out[ranked] = p[ranked]
    return out / out.sum()


# expect: passed
import numpy as np
from reference import softmax


def next_token_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if not temperature:
        return (np.arange(len(logits)) == logits.argmax()).astype(logits.dtype)
    p = softmax(logits / temperature)
    order = np.argsort(-p, kind="stable")
    mass = np.cumsum(p[order])
    n = len(p)
    if top_k:
        n = min(n, top_k)
    if top_p is not None and top_p < 1:
        n = min(n, int(np.searchsorted(mass, top_p)) + 1)
    out = np.zeros_like(p)
    out[order[:n]] = p[order[:n]]
    return out / out.sum()
