# expect: passed
# key by key with map; a table of scorers
import numpy as np

SCORERS = {
    "dot": lambda q, k, w: (q * k).sum(-1),
    "general": lambda q, k, w: ((q @ w) * k).sum(-1),
}


def over_keys(f, keys):
    return np.stack([f(keys[..., j, :]) for j in range(keys.shape[-2])], axis=-1)


def additive_scores(query, keys, w_query, w_key, v):
    base = query @ w_query
    return over_keys(lambda key: np.tanh(base + key @ w_key) @ v, keys)


def dot_product_scores(query, keys, w=None):
    kind = "dot" if w is None else "general"
    return over_keys(lambda key: SCORERS[kind](query, key, w), keys)


# expect: passed
# one joined input for the network, sinh over cosh
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    q = np.broadcast_to(query[..., None, :], (*keys.shape[:-1], query.shape[-1]))
    hidden = np.concatenate([q, keys], axis=-1) @ np.concatenate([w_query, w_key], axis=0)
    return np.dot(1 - 2 / (1 + np.exp(np.minimum(2 * hidden, 700))), v)


def dot_product_scores(query, keys, w=None):
    return np.inner(keys, query) if query.ndim == 1 and w is None else np.squeeze(keys @ (query if w is None else np.tensordot(query, w, 1))[..., np.newaxis], axis=-1)
