# expect: failed tanh-forgotten
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.einsum("...kh,h->...k", (query @ w_query)[..., None, :] + keys @ w_key, v)


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: failed scores-ignore-query
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh(keys @ w_key).dot(v)


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: failed tanh-before-sum
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    left, right = np.tanh(query @ w_query) @ v, np.tanh(keys @ w_key) @ v
    return left[..., None] + right


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: failed weights-instead-of-scores
import numpy as np
from reference import softmax


def additive_scores(query, keys, w_query, w_key, v):
    return softmax(np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v, axis=-1)


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    s = (keys @ q[..., None])[..., 0]
    e = np.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# expect: failed classic-scores-scaled
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0] / keys.shape[-1] ** 0.5


# expect: failed tanh-forgotten classic-scores-scaled
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return ((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0] / keys.shape[-1] ** 0.5


# expect: failed hidden-units-summed
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.einsum("...kh->...k", np.tanh((query @ w_query)[..., None, :] + keys @ w_key))


def dot_product_scores(query, keys, w=None):
    q = query if w is None else query @ w
    return (keys @ q[..., None])[..., 0]


# expect: error general-weight-transposed
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    if w is None:
        return np.einsum("...d,...kd->...k", query, keys)
    return np.einsum("...d,...kd->...k", np.matmul(query, np.transpose(w)), keys)


# expect: unsolved
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return np.tanh((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    ...


# expect: failed tanh-forgotten
# one is wrong, the other not written yet
import numpy as np


def additive_scores(query, keys, w_query, w_key, v):
    return ((query @ w_query)[..., None, :] + keys @ w_key) @ v


def dot_product_scores(query, keys, w=None):
    raise NotImplementedError
