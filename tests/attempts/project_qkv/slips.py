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
