# expect: failed tiled-mask-ignored
from reference import scaled_dot_product_attention


def tiled_attention(q, k, v, mask=None, block=128):
    return scaled_dot_product_attention(q, k, v)[0]


# expect: failed last-block-dropped
import numpy as np
from reference import scaled_dot_product_attention


def tiled_attention(q, k, v, mask=None, block=128):
    n = k.shape[-2] // block * block
    if not n:
        return np.zeros((*q.shape[:-1], v.shape[-1]))
    m = None if mask is None else np.broadcast_to(mask, (*mask.shape[:-1], k.shape[-2]))[..., :n]
    return scaled_dot_product_attention(q, k[..., :n, :], v[..., :n, :], m)[0]
