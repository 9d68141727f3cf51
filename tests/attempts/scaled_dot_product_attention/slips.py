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


# expect: failed scale-by-wrong-size
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[1]), mask)
    return w @ v, w


# expect: failed scale-by-wrong-size
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[1]), mask)
    return w @ v, w


# expect: failed full-transpose-of-keys
import math

import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(np.dot(q, k.T) / math.sqrt(q.shape[-1]), mask)
    return np.dot(w, v), w


# expect: failed full-transpose-of-keys
import math

import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(np.dot(q, k.T) / math.sqrt(q.shape[-1]), mask)
    return w @ v, w


# expect: failed softmax-over-queries
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])
    w = softmax(s if mask is None else np.where(mask, s, -1e9), axis=-2)
    return w @ v, w


# expect: failed attention-empty-row-uniform
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        s = s + (1 - mask) * -1e10
    w = softmax(s)
    return w @ v, w


# expect: failed attention-empty-row-uniform
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        s = s + (1.0 - mask) * -10000.0
    w = softmax(s)
    return w @ v, w


# expect: failed attention-mask-inverted attention-empty-row-nan
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        s = np.where(mask, -np.inf, s)
    w = softmax(s)
    return w @ v, w


# expect: failed softmax-over-queries mask-ignored
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax(q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1]), -2)
    return w @ v, w


# expect: failed softmax-over-queries attention-mask-inverted
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    w = softmax(s if mask is None else np.where(mask, -np.inf, s), -2)
    return w @ v, w


# expect: failed scaling-after-softmax mask-ignored
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax(q @ np.swapaxes(k, -1, -2)) / math.sqrt(q.shape[-1])
    return w @ v, w


# expect: failed scaling-after-softmax softmax-over-queries
import math

import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2)
    w = softmax(s if mask is None else np.where(mask, s, -np.inf), -2) / math.sqrt(q.shape[-1])
    return w @ v, w
