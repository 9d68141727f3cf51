# expect: failed
# the mean is taken away first
def project_qkv(x, w_q, w_k, w_v):
    x = x - x.mean(-1, keepdims=True)
    return x @ w_q, x @ w_k, x @ w_v


# expect: failed
# a list instead of a tuple of arrays with one too many
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v, x


# expect: failed one-weight-for-k-v qkv-in-other-order
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    q, v = np.tensordot(x, w_q, 1), np.tensordot(x, w_k, 1)
    return v, q, np.array(v)


# expect: error
# the joint matrix is cut in three equal parts
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    return tuple(np.split(x @ np.hstack([w_q, w_k, w_v]), 3, axis=-1))


# expect: error transposed-weights
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q.T, x @ w_k.T, x @ w_v


# expect: failed input-not-projected
def project_qkv(x, w_q, w_k, w_v):
    return x, x, x @ w_v


# expect: error projection-of-projection
def project_qkv(x, w_q, w_k, w_v):
    q = x @ w_q
    return q, q @ w_k, q @ w_v


# expect: failed qkv-in-other-order
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    q, k, v = (np.tensordot(x, w, 1) for w in (w_q, w_k, w_v))
    return v, q, k


# expect: failed one-weight-for-q-k one-weight-for-k-v
# one matrix for all three
def project_qkv(x, w_q, w_k, w_v):
    q = x @ w_q
    return q, q, q


# expect: error transposed-weights one-weight-for-q-k
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q.T, x @ w_q.T, x @ w_v.T


# expect: error transposed-weights input-not-projected
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q.T, x @ w_k.T, x
