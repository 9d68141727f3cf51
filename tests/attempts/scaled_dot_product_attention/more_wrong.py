# expect: failed multiplied-by-the-root
# multiplied by the root
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ np.swapaxes(k, -1, -2) * math.sqrt(q.shape[-1]), mask)
    return w @ v, w


# expect: failed scale-by-d-k
# scaled twice
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    q = q / math.sqrt(q.shape[-1])
    w = masked_softmax(q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1]), mask)
    return w @ v, w


# expect: failed attention-empty-row-uniform
# -100, scaled afterwards
import math
import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = np.einsum("...id,...jd->...ij", q, k)
    if mask is not None:
        s = np.where(mask, s, -100.0)
    w = softmax(s / math.sqrt(q.shape[-1]))
    return w @ v, w


# expect: error fixed-number-of-axes
# transpose(0, 2, 1)
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
    w = masked_softmax(s, mask)
    return w @ v, w


# expect: failed scores-returned-as-weights
# returns scaled scores rather than weights
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    return masked_softmax(s, mask) @ v, s


# expect: failed
# causal where no mask is given
import math
import numpy as np
from reference import masked_softmax, causal_mask


def scaled_dot_product_attention(q, k, v, mask=None):
    if mask is None:
        mask = causal_mask(q.shape[-2], k.shape[-2])
    s = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    w = masked_softmax(s, mask)
    return w @ v, w


# expect: error fixed-number-of-axes
# batch loop only
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    b, t, d = q.shape
    w = masked_softmax(np.einsum("bqd,bkd->bqk", q, k) / math.sqrt(d), mask)
    return np.einsum("bqk,bkv->bqv", w, v), w


# expect: error
# query by query, each with its row of the mask
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    rows = []
    for i in range(q.shape[-2]):
        s = (k @ q[..., i, :, None])[..., 0] / np.sqrt(q.shape[-1])
        m = None if mask is None else mask[..., i, :]
        rows.append(masked_softmax(s[..., None, :], None if m is None else m[..., None, :])[..., 0, :])
    w = np.stack(rows, -2)
    return w @ v, w


# expect: failed
# the mask is only looked at if square
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if mask is not None and mask.shape[-2:] != s.shape[-2:]:
        mask = None
    w = masked_softmax(s, mask)
    return w @ v, w


# expect: failed
# empty rows get zeros in weights but mean in output
import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    w = softmax(s if mask is None else np.where(mask, s, -1e30))
    o = w @ v
    return o, w if mask is None else w * mask


# expect: failed mask-ignored multiplied-by-the-root
import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax(q @ np.swapaxes(k, -1, -2) * np.sqrt(q.shape[-1]))
    return w @ v, w


# expect: failed no-scaling mask-ignored
# blank page: softmax(q k^T) v
import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax(np.einsum("...qd,...kd->...qk", q, k))
    return np.einsum("...qk,...kd->...qd", w, v), w
