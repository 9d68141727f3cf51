# expect: error transposed-weights
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    return tuple(np.matmul(x, np.swapaxes(w, 0, 1)) for w in (w_q, w_k, w_v))


# expect: failed one-weight-for-q-k
def project_qkv(x, w_q, w_k, w_v):
    shared = x @ w_q
    return shared, shared.copy(), x @ w_v


# expect: failed one-weight-for-k-v
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    return np.dot(x, w_q), np.dot(x, w_k), np.dot(x, w_k)


# expect: failed input-not-projected
def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x


# expect: failed qkv-in-other-order
def project_qkv(x, w_q, w_k, w_v):
    k, q, v = x @ w_k, x @ w_q, x @ w_v
    return k, q, v
