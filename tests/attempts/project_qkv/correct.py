# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    return tuple(np.einsum("...td,de->...te", x, w) for w in (w_q, w_k, w_v))


# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    joint = x @ np.concatenate([w_q, w_k, w_v], axis=1)
    a, b = w_q.shape[1], w_q.shape[1] + w_k.shape[1]
    return joint[..., :a], joint[..., a:b], joint[..., b:]


# expect: passed
import numpy as np


def project_qkv(x, w_q, w_k, w_v):
    def one(w):
        out = np.zeros((*x.shape[:-1], w.shape[-1]))
        for i in range(x.shape[-1]):
            out += x[..., i, None] * w[i]
        return out

    return one(w_q), one(w_k), one(w_v)


# expect: passed
from typing import NamedTuple

import numpy as np


class Roles(NamedTuple):
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray


def project_qkv(x, w_q, w_k, w_v):
    return Roles(*(np.dot(x, w) for w in (w_q, w_k, w_v)))
