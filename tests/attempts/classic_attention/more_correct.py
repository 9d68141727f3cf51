# expect: passed
# flatten the batch and bmm
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    *batch, n, d = keys.shape
    q = query.reshape(-1, 1, query.shape[-1])
    k = keys.reshape(-1, n, d)
    s = np.stack([np.tanh(qi @ w_query + ki @ w_key) @ v for qi, ki in zip(q, k)])
    return s.reshape(*batch, n)


def dot_product_scores(query, keys, w=None):
    *batch, n, d = keys.shape
    q = query.reshape(-1, query.shape[-1])
    if w is not None:
        q = q @ w
    return np.stack([ki @ qi for qi, ki in zip(q, keys.reshape(-1, n, d))]).reshape(*batch, n)


# expect: passed
# recursion over the batch
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    if query.ndim == 1:
        return np.array([v @ np.tanh(w_query.T @ query + w_key.T @ k) for k in keys])
    return np.array([additive_scores(q, k, w_query, w_key, v) for q, k in zip(query, keys)])


def dot_product_scores(query, keys, w=None):
    if query.ndim > 1:
        return np.array([dot_product_scores(q, k, w) for q, k in zip(query, keys)])
    return keys @ query if w is None else keys @ (w.T @ query)


# expect: passed
# column vectors everywhere
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    q = w_query.T @ query[..., None]
    k = w_key.T @ np.swapaxes(keys, -1, -2)
    return (v[None, :] @ np.tanh(q + k))[..., 0, :]


def dot_product_scores(query, keys, w=None):
    W = np.identity(query.shape[-1], dtype=query.dtype) if w is None else w
    return np.squeeze(query[..., None, :] @ W @ np.swapaxes(keys, -2, -1), -2)


# expect: passed
# tanh as 2 sigmoid(2x) - 1
import numpy as np


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def additive_scores(query, keys, w_query, w_key, v):
    z = (query @ w_query)[..., np.newaxis, :] + keys @ w_key
    return (2 * sigmoid(2 * z) - 1) @ v


def dot_product_scores(query, keys, w=None):
    return np.vecdot(keys, (query if w is None else np.vecmat(query, w))[..., None, :])


# expect: passed
# unit by unit loop over hidden
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    total = 0
    for j in range(len(v)):
        total = total + v[j] * np.tanh((query @ w_query[:, j])[..., None] + keys @ w_key[:, j])
    return total


def dot_product_scores(query, keys, w=None):
    total = np.zeros(keys.shape[:-1])
    for d in range(keys.shape[-1]):
        q = query[..., d] if w is None else query @ w[:, d]
        total += q[..., None] * keys[..., d]
    return total


# expect: passed
# moves the key axis to the front so that broadcasting is natural
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    k = np.moveaxis(keys, -2, 0)
    return np.moveaxis(np.tanh(query @ w_query + k @ w_key) @ v, 0, -1)


def dot_product_scores(query, keys, w=None):
    k = np.moveaxis(keys, -2, 0)
    if w is not None:
        k = k @ w.T
    return np.moveaxis((query * k).sum(-1), 0, -1)


# expect: passed
# tanh by expm1; np.vectorize with a signature
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    hidden = np.add(*np.broadcast_arrays((query @ w_query)[..., None, :], keys @ w_key))
    e2 = np.expm1(np.clip(2 * hidden, None, 700))
    return (e2 / (e2 + 2)) @ v


def dot_product_scores(query, keys, w=None):
    f = np.vectorize(np.dot, signature="(n,d),(d)->(n)")
    return f(keys, query if w is None else query @ w)


# expect: passed
# the trace of outer products
import numpy as np


def additive_scores(query, keys, w_query, w_key, v, activation=np.tanh):
    hidden = activation(query[..., None, :] @ w_query + keys @ w_key)
    return (hidden * v).sum(axis=-1)


def dot_product_scores(query, keys, w=None):
    outer = query[..., None, :, None] * keys[..., :, None, :]
    if w is None:
        return np.trace(outer, axis1=-2, axis2=-1)
    return (outer * w).sum((-1, -2))
