# expect: passed
import numpy as np
from reference import feed_forward, layer_norm, multi_head_attention


def residual(x, f, weights, norm, drop):
    y = f(layer_norm(x, *weights) if norm == "pre" else x)
    y = x + (y if drop is None else drop(y))
    return y if norm == "pre" else layer_norm(y, *weights)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    allowed = np.tri(x.shape[-2], dtype=bool)
    if mask is not None:
        allowed = allowed & mask
    x = residual(x, lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, allowed), weights.norm_1, norm, drop)
    x = residual(x, lambda y: multi_head_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2, norm, drop)
    return residual(x, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = decoder_layer(x, memory, layer, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: passed
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    own, norm_1, cross, norm_2, ffn, norm_3 = weights
    both = combine_masks(mask, causal_mask(x.shape[-2]))
    for f, n in (
        (lambda y: multi_head_attention(y, y, own, n_heads, both), norm_1),
        (lambda y: cross_attention(y, memory, cross, n_heads, memory_mask), norm_2),
        (lambda y: feed_forward(y, *ffn), norm_3),
    ):
        x = add_and_norm(x, f, n, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    def up(y, layers):
        if not layers:
            return y
        return up(decoder_layer(y, memory, layers[0], n_heads, mask, memory_mask, norm, drop), layers[1:])

    x = up(x, weights.layers)
    return layer_norm(x, *weights.norm) if weights.norm is not None else x
