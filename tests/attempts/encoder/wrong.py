# expect: failed layers-from-top
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    x = add_and_norm(x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop)
    return add_and_norm(x, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    stack = list(weights.layers)
    while stack:
        x = encoder_layer(x, stack.pop(), n_heads, mask, norm, drop)
    return layer_norm(x, *weights.norm) if weights.norm else x


# expect: failed encoder-mask-ignored
from reference import feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    drop = drop or (lambda y: y)
    attention = lambda y: drop(multi_head_attention(y, y, weights.attention, n_heads))
    ffn = lambda y: drop(feed_forward(y, *weights.feed_forward))
    if norm == "pre":
        x = x + attention(layer_norm(x, *weights.norm_1))
        return x + ffn(layer_norm(x, *weights.norm_2))
    x = layer_norm(x + attention(x), *weights.norm_1)
    return layer_norm(x + ffn(x), *weights.norm_2)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = encoder_layer(x, w, n_heads, mask, norm, drop)
    return layer_norm(x, *weights.norm) if weights.norm else x


# expect: failed norm-argument-ignored
# only post-norm written
from reference import feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    for f, scale in (
        (lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2),
    ):
        y = f(x)
        x = layer_norm(x + (y if drop is None else drop(y)), *scale)
    return x


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = encoder_layer(x, w, n_heads, mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed layers-share-weights
import copy

from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    x = add_and_norm(x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop)
    return add_and_norm(x, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    layers = [copy.copy(weights.layers[0]) for _ in weights.layers]
    for w in layers:
        x = encoder_layer(x, w, n_heads, mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed encoder-mask-ignored final-norm-missing
from functools import reduce

from reference import add_and_norm, feed_forward, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    x = add_and_norm(x, lambda y: multi_head_attention(y, y, weights.attention, n_heads), weights.norm_1, norm, drop)
    return add_and_norm(x, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    return reduce(lambda h, w: encoder_layer(h, w, n_heads, mask, norm, drop), weights.layers, x)


# expect: failed
# the second residual is forgotten
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    x = add_and_norm(x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop)
    return layer_norm(feed_forward(x, *weights.feed_forward), *weights.norm_2)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = encoder_layer(x, w, n_heads, mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed
# an average over the layers
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    x = add_and_norm(x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop)
    return add_and_norm(x, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    outputs = []
    for w in weights.layers:
        x = encoder_layer(x, w, n_heads, mask, norm, drop)
        outputs.append(x)
    x = sum(outputs) / len(outputs)
    return x if weights.norm is None else layer_norm(x, *weights.norm)
