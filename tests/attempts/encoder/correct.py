# expect: passed
# sub-layers written out
from reference import feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    drop = drop or (lambda y: y)

    def attention(y):
        return drop(multi_head_attention(y, y, weights.attention, n_heads, mask))

    def ffn(y):
        return drop(feed_forward(y, *weights.feed_forward))

    if norm == "post":
        x = layer_norm(x + attention(x), *weights.norm_1)
        return layer_norm(x + ffn(x), *weights.norm_2)
    x = x + attention(layer_norm(x, *weights.norm_1))
    return x + ffn(layer_norm(x, *weights.norm_2))


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for each in weights.layers:
        x = encoder_layer(x, each, n_heads, mask=mask, norm=norm, drop=drop)
    if weights.norm is not None:
        gamma, beta = weights.norm
        x = layer_norm(x, gamma, beta)
    return x


# expect: passed
# folded; settings bound once
from functools import partial, reduce

from reference import *


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    layers, last = weights
    settings = dict(n_heads=n_heads, mask=mask, norm=norm, drop=drop)
    out = reduce(lambda h, w: partial(encoder_layer, **settings)(h, w), layers, x)
    return out if last is None else layer_norm(out, last.gamma, last.beta)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    steps = [
        (lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2),
    ]
    for sublayer, scale in steps:
        x = add_and_norm(x, sublayer, scale, norm, drop)
    return x


# expect: passed
# recursion from the top
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    w = weights
    f = w.feed_forward
    return add_and_norm(
        add_and_norm(x, lambda t: multi_head_attention(t, t, w.attention, n_heads, mask=mask), w.norm_1, norm, drop),
        lambda t: feed_forward(t, f.w_1, f.b_1, f.w_2, f.b_2),
        w.norm_2,
        norm,
        drop,
    )


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    def up_to(i):
        return x if i == 0 else encoder_layer(up_to(i - 1), weights.layers[i - 1], n_heads, mask, norm, drop)

    top = up_to(len(weights.layers))
    return top if weights.norm is None else layer_norm(top, *weights.norm)


# expect: passed
# modules with state, as in a framework
import reference as R


class EncoderLayer:
    def __init__(self, weights, n_heads, norm, drop):
        self.weights, self.n_heads, self.norm, self.drop = weights, n_heads, norm, drop

    def self_attention(self, x):
        return R.multi_head_attention(x, x, self.weights.attention, self.n_heads, self.mask)

    def ffn(self, x):
        return R.feed_forward(x, *self.weights.feed_forward)

    def __call__(self, x, mask):
        self.mask = mask
        x = R.add_and_norm(x, self.self_attention, self.weights.norm_1, self.norm, self.drop)
        return R.add_and_norm(x, self.ffn, self.weights.norm_2, self.norm, self.drop)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    return EncoderLayer(weights, n_heads, norm, drop)(x, mask)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for module in [EncoderLayer(w, n_heads, norm, drop) for w in weights.layers]:
        x = module(x, mask)
    return R.layer_norm(x, *weights.norm) if weights.norm else x
