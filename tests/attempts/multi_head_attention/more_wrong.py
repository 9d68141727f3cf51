# expect: failed heads-not-scaled
# no scaling
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    from reference import masked_softmax

    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    a = masked_softmax(q @ np.swapaxes(k, -1, -2), mask)
    return merge_heads(a @ v) @ w_o


# expect: failed heads-scaled-twice
# scaled twice
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    q = q / math.sqrt(q.shape[-1])
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ w_o


# expect: error
# tuple passed to merge
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)) @ w_o


# expect: failed heads-not-split
# no split at all: one big head
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    o, _ = scaled_dot_product_attention(
        x_q @ w_q, x_kv @ w_k, x_kv @ w_v, mask if mask is None or mask.ndim < 3 else mask[..., 0, :, :]
    )
    return o @ w_o


# expect: failed heads-not-split
# no split at all: mask as is
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    o, _ = scaled_dot_product_attention(x_q @ w_q, x_kv @ w_k, x_kv @ w_v, mask)
    return o @ w_o


# expect: failed head-axis-added-again
# unsqueeze(0)
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    if mask is not None:
        mask = mask[None]
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ w_o


# expect: failed heads-mask-inverted
# mask inverted
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    if mask is not None:
        mask = ~mask
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ w_o


# expect: error heads-weights-transposed
# w_o transposed
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ w_o.T


# expect: error heads-weights-transposed
# all transposed
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (
        split_heads(x_q @ w_q.T, n_heads),
        split_heads(x_kv @ w_k.T, n_heads),
        split_heads(x_kv @ w_v.T, n_heads),
    )
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ w_o.T


# expect: error mask-not-passed-on projections-from-query
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (split_heads(x_q @ w, n_heads) for w in (w_q, w_k, w_v))
    return merge_heads(scaled_dot_product_attention(q, k, v)[0]) @ w_o


# expect: error projections-from-query queries-from-the-other-sequence
# swapped: q from x_kv, kv from x_q
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k, v = (split_heads(x @ w, n_heads) for x, w in ((x_kv, w_q), (x_q, w_k), (x_q, w_v)))
    return merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ w_o


# expect: error three-axes-assumed
# torch: batch_size = x_q.shape[0]; view(batch, -1, h, d)
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    b = x_q.shape[0]
    q = (x_q @ w_q).reshape(b, -1, n_heads, w_q.shape[1] // n_heads).swapaxes(1, 2)
    k = (x_kv @ w_k).reshape(b, -1, n_heads, w_k.shape[1] // n_heads).swapaxes(1, 2)
    v = (x_kv @ w_v).reshape(b, -1, n_heads, w_v.shape[1] // n_heads).swapaxes(1, 2)
    o = scaled_dot_product_attention(q, k, v, mask)[0]
    return o.swapaxes(1, 2).reshape(b, -1, w_v.shape[1]) @ w_o


# expect: failed
# d_k used for v: split widths wrong
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q, k = split_heads(x_q @ w_q, n_heads), split_heads(x_kv @ w_k, n_heads)
    d = q.shape[-1]
    outs = []
    v = x_kv @ w_v
    for i in range(n_heads):
        m = mask if mask is None or mask.ndim < 3 else mask[..., min(i, mask.shape[-3] - 1), :, :]
        outs.append(
            scaled_dot_product_attention(q[..., i, :, :], k[..., i, :, :], v[..., i * d : (i + 1) * d], m)[0]
        )
    c = np.concatenate(outs, -1)
    return c @ w_o[: c.shape[-1]]


# expect: failed heads-cut-interleaved
# heads interleaved
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    f = lambda x, w: np.moveaxis((x @ w).reshape(*x.shape[:-1], -1, n_heads), -1, -3)
    o = scaled_dot_product_attention(f(x_q, w_q), f(x_kv, w_k), f(x_kv, w_v), mask)[0]
    return merge_heads(o) @ w_o


# expect: failed mask-not-passed-on heads-not-scaled
import math
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    from reference import softmax

    q, k, v = (
        split_heads(x_q @ w_q, n_heads),
        split_heads(x_kv @ w_k, n_heads),
        split_heads(x_kv @ w_v, n_heads),
    )
    a = softmax(q @ np.swapaxes(k, -1, -2))
    return merge_heads(a @ v) @ w_o
