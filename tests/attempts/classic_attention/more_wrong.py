# expect: error one-batch-axis-of-queries
# the new axis is counted from the front
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[:, None] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: error hidden-weights-transposed
# both weights transposed
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query.T)[..., None, :] + keys @ w_key.T) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: failed
# tanh outside
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh(((query @ w_query)[..., None, :] + keys @ w_key) @ v)


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: failed
# product instead of sum
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] * (keys @ w_key)) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: failed one-query-at-a-time
# outer scores for all pairs
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    if w is not None:
        query = query @ w
    return np.tensordot(keys, query, axes=([-1], [-1]))


# expect: failed one-query-at-a-time
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    if w is not None:
        query = query @ w
    return np.inner(keys, query)


# expect: error
# the truth of an array
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query @ w if w else query
    return (keys @ q[..., None])[..., 0]


# expect: failed
# the query is overwritten
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    if w is not None and w.shape[0] == w.shape[1]:
        query[...] = query @ w
        w = None
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: error query-without-key-axis one-query-at-a-time
# neither knows of a batch
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh(query @ w_query + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    return keys @ (query if w is None else query @ w)


# expect: error query-without-key-axis one-query-at-a-time
# loops for one query only
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.array([np.tanh(query @ w_query + k @ w_key) @ v for k in keys])


def dot_product_scores(query, keys, w=None):
    if w is not None:
        query = query @ w
    return np.array([query @ k for k in keys])
