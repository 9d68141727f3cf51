# expect: failed no-scaling
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(np.einsum("...qd,...kd->...qk", q, k), mask)
    return np.einsum("...qk,...kv->...qv", w, v), w


# expect: failed scale-by-d-k
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax((q / q.shape[-1]) @ k.swapaxes(-2, -1), mask)
    return w @ v, w


# expect: failed scale-by-wrong-size
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ k.swapaxes(-2, -1) / np.sqrt(v.shape[-1]), mask)
    return w @ v, w


# expect: failed softmax-over-queries
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.matmul(q, np.moveaxis(k, -1, -2)) / np.sqrt(q.shape[-1])
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    e = np.exp(s - s.max(-2, keepdims=True))
    w = e / e.sum(-2, keepdims=True)
    return w @ v, w


# expect: failed no-scaling softmax-over-queries
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2)
    if mask is not None:
        s = np.where(mask, s, -np.inf)
    e = np.exp(s - s.max(axis=-2, keepdims=True))
    w = e / e.sum(axis=-2, keepdims=True)
    return w @ v, w


# expect: failed full-transpose-of-keys
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ np.transpose(k) / np.sqrt(q.shape[-1]), mask)
    return w @ v, w


# expect: error torch-style-transpose
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(np.matmul(q, np.transpose(k, (-2, -1))) / np.sqrt(q.shape[-1]), mask)
    return w @ v, w


# expect: failed mask-ignored
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True))
    w = e / e.sum(-1, keepdims=True)
    return w @ v, w


# expect: failed attention-empty-row-nan
import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / np.sqrt(q.shape[-1])
    s = s if mask is None else np.where(mask, s, -np.inf)
    e = np.exp(s - s.max(-1, keepdims=True))
    w = e / e.sum(-1, keepdims=True)
    return w @ v, w


# expect: failed scaling-after-softmax
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(np.einsum("...qd,...kd->...qk", q, k), mask)
    w = w * (1 / np.sqrt(q.shape[-1]))
    return w @ v, w


# expect: failed attention-mask-inverted
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / np.sqrt(q.shape[-1])
    w = masked_softmax(s, mask if mask is None else np.logical_not(mask))
    return w @ v, w


# expect: failed softmax-of-everything
import numpy as np
from reference import masked_softmax, softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    return softmax(np.einsum("...qk,...kv->...qv", s, v)), masked_softmax(s, mask)


# expect: failed weights-before-output
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]), mask)
    return w, np.einsum("...qk,...kv->...qv", w, v)


# expect: failed mask-times-weights
import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax(np.einsum("...qd,...kd->...qk", q, k) / np.sqrt(q.shape[-1]))
    w = w if mask is None else np.where(mask, w, 0)
    return w @ v, w


# expect: failed
# a new idea: squared scores
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    scores = (q @ k.swapaxes(-1, -2)) ** 2
    weights = masked_softmax(scores / np.sqrt(q.shape[-1]), mask)
    return weights @ v, weights
