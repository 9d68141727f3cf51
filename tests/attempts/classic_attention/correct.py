# expect: passed
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    q = np.einsum("...d,dh->...h", query, w_query)
    k = np.einsum("...kd,dh->...kh", keys, w_key)
    return np.einsum("...kh,h->...k", np.tanh(np.expand_dims(q, -2) + k), v)


def dot_product_scores(query, keys, w=None):
    if w is not None:
        return np.einsum("...d,de,...ke->...k", query, w, keys)
    return np.einsum("...d,...kd->...k", query, keys)


# expect: passed
# the weight goes to the keys, tanh by exponentials
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    z = query[..., None, :] @ w_query + keys @ w_key
    z = np.clip(z, -300, 300)
    return ((np.exp(2 * z) - 1) / (np.exp(2 * z) + 1) * v).sum(-1)


def dot_product_scores(query, keys, w=None):
    projected = keys if w is None else keys @ w.T
    return (projected * query[..., None, :]).sum(-1)


# expect: passed
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    out = np.zeros(keys.shape[:-1])
    for at in np.ndindex(*keys.shape[:-1]):
        out[at] = np.tanh(query[at[:-1]] @ w_query + keys[at] @ w_key) @ v
    return out


def dot_product_scores(query, keys, w=None):
    if w is None:
        w = np.eye(keys.shape[-1], dtype=keys.dtype)
    return (keys @ (query @ w)[..., None])[..., 0]
