# expect: passed
from functools import partial, reduce

from reference import feed_forward, layer_norm, multi_head_attention


def residual(x, f, gamma_beta, norm, drop):
    drop = drop or (lambda y: y)
    if norm == "pre":
        return x + drop(f(layer_norm(x, *gamma_beta)))
    return layer_norm(x + drop(f(x)), *gamma_beta)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    attention, norm_1, ffn, norm_2 = weights

    def look(y):
        return multi_head_attention(y, y, attention, n_heads, mask)

    return residual(residual(x, look, norm_1, norm, drop), lambda y: feed_forward(y, *ffn), norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    layer = partial(encoder_layer, n_heads=n_heads, mask=mask, norm=norm, drop=drop)
    x = reduce(layer, weights.layers, x)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: passed
import numpy as np
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    x = add_and_norm(x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop)
    w = weights.feed_forward
    bend = lambda y: np.maximum(y @ w.w_1 + w.b_1, 0) @ w.w_2 + w.b_2
    return add_and_norm(x, sublayer=bend, weights=weights.norm_2, norm=norm, drop=drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    layers, last = weights
    for each in layers:
        x = encoder_layer(x, each, n_heads, mask, norm, drop)
    if last is not None:
        x = layer_norm(x, last.gamma, last.beta)
    return x
