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


# expect: passed
# one matrix over query and key side by side, as Bahdanau is often drawn
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    n = keys.shape[-2]
    tiled = np.repeat(query[..., None, :], n, axis=-2)
    both = np.concatenate([tiled, keys], axis=-1)
    w = np.concatenate([w_query, w_key], axis=0)
    return np.dot(np.tanh(np.dot(both, w)), v)


def dot_product_scores(query, keys, w=None):
    k = keys if w is None else keys @ w.T
    return np.vecdot(k, query[..., None, :])


# expect: passed
# np.vectorize with a signature
import numpy as np


_score = np.vectorize(lambda k, q: np.dot(k, q), signature="(n,d),(d)->(n)")


def additive_scores(query: np.ndarray, keys, w_query, w_key, v):
    f = np.vectorize(lambda q, K: np.tanh(q @ w_query + K @ w_key) @ v, signature="(d),(n,e)->(n)")
    return f(query, keys)


def dot_product_scores(query, keys, w=None):
    return _score(keys, query if w is None else query @ w)
