# expect: passed
# one wide matrix, split afterwards
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    qkv = x @ np.concatenate([w_q, w_k, w_v], axis=1)
    a = w_q.shape[1]
    b = a + w_k.shape[1]
    q, k, v = np.split(qkv, [a, b], axis=-1)
    return q, k, v


# expect: passed
# columns are tokens inside
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    xt = np.swapaxes(x, -1, -2)
    return tuple(np.swapaxes(w.T @ xt, -1, -2) for w in (w_q, w_k, w_v))
