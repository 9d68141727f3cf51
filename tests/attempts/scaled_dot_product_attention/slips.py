# expect: failed
# a temperature
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ k.swapaxes(-1, -2) / (2 * q.shape[-1] ** 0.5), mask)
    return w @ v, w


# expect: failed
# no query looks at the last key
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    last = np.arange(k.shape[-2]) < k.shape[-2] - 1
    w = masked_softmax(s, last if mask is None else mask & last)
    return w @ v, w


# expect: failed mask-ignored weights-before-output
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    e = np.einsum("...qd,...kd->...qk", q, k) / k.shape[-1] ** 0.5
    e = np.exp(e - e.max(-1)[..., None])
    e /= e.sum(-1)[..., None]
    return e, np.einsum("...qk,...kv->...qv", e, v)
