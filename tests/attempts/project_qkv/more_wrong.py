# expect: error
# x transposed
def project_qkv(x, w_q, w_k, w_v):
    return x.T @ w_q, x.T @ w_k, x.T @ w_v


# expect: error
# weight.T on the left, column convention
def project_qkv(x, w_q, w_k, w_v):
    return w_q.T @ x, w_k.T @ x, w_v.T @ x


# expect: failed
# k transposed already
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q, np.swapaxes(x @ w_k, -1, -2), x @ w_v


# expect: failed
# v is made with w_q
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_q


# expect: error
# b,t,d
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    b, t, d = x.shape
    f = x.reshape(b * t, d)
    return tuple((f @ w).reshape(b, t, -1) for w in (w_q, w_k, w_v))


# expect: error projection-of-projection
def project_qkv(x, w_q, w_k, w_v):
    x = x @ w_q
    q = x
    x = x @ w_k
    k = x
    x = x @ w_v
    return q, k, x


# expect: failed
# x is overwritten
def project_qkv(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    x -= x
    return q, k, v


# expect: failed one-weight-for-q-k qkv-in-other-order
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_v, x @ w_q, x @ w_q
