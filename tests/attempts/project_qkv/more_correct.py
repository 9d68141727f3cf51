# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    f = np.vectorize(np.matmul, signature="(n,d),(d,k)->(n,k)")
    return f(x, w_q), f(x, w_k), f(x, w_v)


# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    flat = x.reshape(-1, x.shape[-1])
    return tuple((flat @ w).reshape(*x.shape[:-1], w.shape[-1]) for w in [w_q, w_k, w_v])


# expect: passed
import numpy as np


class Linear:
    """torch-like: stores (out, in)"""

    def __init__(self, weight):
        self.weight = weight.T

    def __call__(self, x):
        return x @ self.weight.T


def project_qkv(x, w_q, w_k, w_v):
    wq, wk, wv = Linear(w_q), Linear(w_k), Linear(w_v)
    return wq(x), wk(x), wv(x)


# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    if x.ndim == 1:
        return tuple(w.T @ x for w in (w_q, w_k, w_v))
    parts = [project_qkv(row, w_q, w_k, w_v) for row in x]
    return tuple(np.array(each) for each in zip(*parts))


# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    q = np.tensordot(x, w_q, axes=(-1, 0))
    k = np.tensordot(w_k, x, axes=(0, -1))
    v = np.inner(x, w_v.T)
    return q, np.moveaxis(k, 0, -1), v


# expect: passed
import numpy as np


def project_qkv(*args, **kwargs):
    names = ["x", "w_q", "w_k", "w_v"]
    given = dict(zip(names, args), **kwargs)
    x = given.pop("x")
    return tuple(np.dot(x, given[n]) for n in names[1:])


# expect: passed
import numpy as np
from collections import namedtuple

QKV = namedtuple("QKV", "Q K V")


def project_qkv(x, w_q, w_k, w_v):
    block = np.block([[w_q, w_k, w_v]])
    edges = np.cumsum([w_q.shape[1], w_k.shape[1]])
    return QKV(*np.split(x @ block, edges, axis=-1))
