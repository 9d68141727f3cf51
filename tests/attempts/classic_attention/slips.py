# expect: failed
# a sigmoid for the tanh
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return 1 / (1 + np.exp(-((query @ w_query)[..., None, :] + keys @ w_key))) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: error hidden-units-summed general-weight-ignored
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key).sum(-1)


def dot_product_scores(query, keys, w=None):
    return np.einsum("...d,...kd->...k", query, keys)


# expect: failed scores-ignore-keys
# one score a query
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh(query @ w_query) @ v


def dot_product_scores(query, keys, w=None):
    return np.einsum("...d,...nd->...n", query if w is None else query @ w, keys)


# expect: error one-query-at-a-time
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys * q).sum(-1)


# expect: error one-query-at-a-time
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return q @ keys.T


# expect: failed classic-scores-scaled
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    return np.einsum("...d,...nd->...n", query if w is None else query @ w, keys) / np.sqrt(query.shape[-1])


# expect: error
# no batch or one, but not two
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    if query.ndim == 1:
        return np.tanh(query @ w_query + keys @ w_key) @ v
    return np.einsum("bnh,h->bn", np.tanh((query @ w_query)[:, None, :] + keys @ w_key), v)


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return np.einsum("...d,...nd->...n", q, keys)


# expect: error
# the same for dot products
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return keys @ q if q.ndim == 1 else np.einsum("bd,bnd->bn", q, keys)
