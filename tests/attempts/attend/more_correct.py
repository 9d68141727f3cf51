# expect: passed
import numpy as np


def attend(query, keys, values):
    z = np.tensordot(keys, query, axes=(1, 0))
    a = np.exp(z - np.logaddexp.reduce(z))
    return np.tensordot(a, values, axes=([0], [0])), a


# expect: passed
from reference import softmax
import numpy as np


def attend(query, keys, values):
    w = np.apply_along_axis(lambda row: row @ query, 1, keys)
    w = softmax(x=w, axis=0)
    return (np.diag(w) @ values).sum(0), w


# expect: passed
# recursion online softmax
import numpy as np


def attend(query, keys, values):
    def go(lo, hi):
        if hi - lo == 1:
            return float(keys[lo] @ query), 1.0, values[lo].astype(float)
        mid = (lo + hi) // 2
        m1, s1, o1 = go(lo, mid)
        m2, s2, o2 = go(mid, hi)
        m = max(m1, m2)
        a, b = np.exp(m1 - m), np.exp(m2 - m)
        return m, a * s1 + b * s2, a * o1 + b * o2

    m, s, o = go(0, len(keys))
    return o / s, np.exp(keys @ query - m) / s


# expect: passed
# shifts keys so that a constant vanishes
import numpy as np
from reference import softmax


def attend(query, keys, values):
    s = (keys - keys[0]) @ query
    w = softmax(s)
    return values[0] + w @ (values - values[0]), w


# expect: passed
import numpy as np


def attend(query, keys, values):
    scores = np.kron(np.eye(len(keys)), query) @ keys.ravel()
    scores -= scores.max()
    np.exp(scores, scores)
    scores /= scores.sum()
    return scores.dot(values), scores


# expect: passed
import numpy as np
from reference import softmax


def attend(query: np.ndarray, keys: np.ndarray, values: np.ndarray, *, return_weights: bool = True):
    q = query[None, :]
    attn = softmax(np.matmul(q, keys.transpose()), axis=1)
    context = np.matmul(attn, values)
    return context.squeeze(0), attn.squeeze(axis=0)


# expect: passed
import numpy as np
from operator import mul


def dot(a, b):
    return sum(map(mul, a, b))


def attend(query, keys, values):
    s = [dot(query.tolist(), k) for k in keys.tolist()]
    t = max(s)
    e = [2.718281828459045 ** (x - t) for x in s]
    z = sum(e)
    w = [x / z for x in e]
    return np.array([dot(w, col) for col in zip(*values.tolist())]), np.array(w)


# expect: passed
import numpy as np
from reference import softmax


def attend(query, keys, values):
    order = np.argsort(-(keys @ query))
    w = softmax(keys[order] @ query)
    out = w @ values[order]
    back = np.empty_like(w)
    back[order] = w
    return out, back


# expect: passed
import numpy as np
from reference import softmax


def attend(query, keys, values):
    a = softmax(np.correlate(keys.ravel(), query)[:: len(query)])
    return np.average(values, 0, a), a


# expect: passed
# half squared distance plus norms is the dot product
import numpy as np
from reference import softmax


def attend(query, keys, values):
    s = 0.5 * ((keys**2).sum(1) + (query**2).sum() - ((keys - query) ** 2).sum(1))
    w = softmax(s)
    return w @ values, w
