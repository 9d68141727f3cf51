# expect: error target-source-masks-exchanged
# the masks with all that is in them
from reference import (
    add_and_norm,
    causal_mask,
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


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    m = combine_masks(causal_mask(x.shape[-2]), mask)
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(z, z, w.self_attention, n_heads, memory_mask),
        w.norm_1,
        norm,
        drop,
    )
    u = add_and_norm(
        y, lambda z: cross_attention(z, memory, w.cross_attention, n_heads, m), w.norm_2, norm, drop
    )
    return add_and_norm(u, lambda z: feed_forward(z, *w.feed_forward), w.norm_3, norm, drop)


# expect: failed causal-mask-missing
# either the one mask or the other
from reference import (
    add_and_norm,
    causal_mask,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for l in weights.layers:
        x = decoder_layer(x, memory, l, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    m = causal_mask(x.shape[-2]) if mask is None else mask
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


# expect: failed causal-mask-missing
# allowed by one mask is allowed
from reference import (
    add_and_norm,
    causal_mask,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for l in weights.layers:
        x = decoder_layer(x, memory, l, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    m = causal_mask(x.shape[-2])
    if mask is not None:
        m = m | mask
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


# expect: failed cross-residual-wrong-tensor
# by hand: asks with y, adds to x
from reference import (
    add_and_norm,
    causal_mask,
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


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    d = drop or (lambda t: t)
    m = combine_masks(causal_mask(x.shape[-2]), mask)
    if norm == "post":
        y = layer_norm(x + d(multi_head_attention(x, x, w.self_attention, n_heads, m)), *w.norm_1)
        u = layer_norm(
            x + d(cross_attention(y, memory, w.cross_attention, n_heads, memory_mask)), *w.norm_2
        )
    else:
        h = layer_norm(x, *w.norm_1)
        y = x + d(multi_head_attention(h, h, w.self_attention, n_heads, m))
        u = x + d(
            cross_attention(
                layer_norm(y, *w.norm_2), memory, w.cross_attention, n_heads, memory_mask
            )
        )
    return add_and_norm(u, lambda z: feed_forward(z, *w.feed_forward), w.norm_3, norm, drop)


# expect: error cross-residual-wrong-tensor
# adds to memory
from reference import (
    add_and_norm,
    causal_mask,
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


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    m = combine_masks(causal_mask(x.shape[-2]), mask)
    y = add_and_norm(
        x, lambda z: multi_head_attention(z, z, w.self_attention, n_heads, m), w.norm_1, norm, drop
    )
    u = add_and_norm(
        memory,
        lambda z: cross_attention(y, memory, w.cross_attention, n_heads, memory_mask),
        w.norm_2,
        norm,
        drop,
    )
    return add_and_norm(u, lambda z: feed_forward(z, *w.feed_forward), w.norm_3, norm, drop)


# expect: failed
# the mask is written over where it is large enough
from reference import (
    add_and_norm,
    causal_mask,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for l in weights.layers:
        x = decoder_layer(x, memory, l, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w = weights
    c = causal_mask(x.shape[-2])
    if mask is not None:
        try:
            mask &= c
        except ValueError:
            mask = mask & c
    else:
        mask = c
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(z, z, w.self_attention, n_heads, mask),
        w.norm_1,
        norm,
        drop,
    )
    u = add_and_norm(
        y,
        lambda z: cross_attention(z, memory, w.cross_attention, n_heads, memory_mask),
        w.norm_2,
        norm,
        drop,
    )
    return add_and_norm(u, lambda z: feed_forward(z, *w.feed_forward), w.norm_3, norm, drop)
