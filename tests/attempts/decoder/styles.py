# expect: passed
# the stack adds the causal mask, too
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    m = combine_masks(causal_mask(x.shape[-2]), mask)
    y = add_and_norm(
        x, lambda z: multi_head_attention(z, z, w.self_attention, n_heads, m), w.norm_1, norm, drop
    )
    u = add_and_norm(
        y,
        lambda z: cross_attention(z, memory, w.cross_attention, n_heads, memory_mask),
        w.norm_2,
        norm,
        drop,
    )
    return add_and_norm(u, lambda z: feed_forward(z, *w.feed_forward), w.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    mask = combine_masks(causal_mask(x.shape[-2]), mask)
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    if weights.norm is not None:
        h = layer_norm(h, *weights.norm)
    return h


# expect: passed
# the causal mask is kept, and may not be written to
import functools

import numpy as np
from reference import (
    add_and_norm,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for l in weights.layers:
        x = decoder_layer(x, memory, l, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


@functools.lru_cache(maxsize=None)
def tri(n):
    m = np.tri(n, dtype=bool)
    m.setflags(write=False)
    return m


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    m = combine_masks(tri(x.shape[-2]), mask)
    y = add_and_norm(
        x,
        functools.partial(
            lambda z, w: multi_head_attention(z, z, w, n_heads, m), w=weights.self_attention
        ),
        weights.norm_1,
        norm,
        drop,
    )
    y = add_and_norm(
        y,
        lambda z: cross_attention(z, memory, weights.cross_attention, n_heads, memory_mask),
        weights.norm_2,
        norm,
        drop,
    )
    return add_and_norm(
        y, lambda z: feed_forward(z, *weights.feed_forward), weights.norm_3, norm, drop
    )
