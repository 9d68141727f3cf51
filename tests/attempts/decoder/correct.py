# expect: passed
# sub-layers written out, the causal mask by hand
import numpy as np
from reference import cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    tokens = x.shape[-2]
    allowed = np.tri(tokens, dtype=bool)
    if mask is not None:
        allowed = allowed & mask

    def sublayer(x, f, scale):
        y = f(layer_norm(x, *scale) if norm == "pre" else x)
        y = x + (drop(y) if drop else y)
        return y if norm == "pre" else layer_norm(y, *scale)

    x = sublayer(x, lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, allowed), weights.norm_1)
    x = sublayer(x, lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2)
    return sublayer(x, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: passed
# the causal mask first, then everything by a list of sub-layers
from functools import reduce

from reference import *


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = reduce(lambda h, w: decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop), weights.layers, x)
    return layer_norm(h, *weights.norm) if weights.norm is not None else h


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    self_mask = combine_masks(mask, causal_mask(x.shape[-2]))
    sublayers = (
        lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, self_mask),
        lambda y: multi_head_attention(y, memory, weights.cross_attention, n_heads, memory_mask),
        lambda y: feed_forward(y, *weights.feed_forward),
    )
    norms = weights.norm_1, weights.norm_2, weights.norm_3
    for f, scale in zip(sublayers, norms, strict=True):
        x = add_and_norm(x, f, scale, norm, drop)
    return x


# expect: passed
# a class; keyword arguments only
import numpy as np
import reference


class Layer:
    def __init__(self, weights, n_heads, memory, memory_mask, **kind):
        self.w, self.h, self.memory, self.memory_mask, self.kind = weights, n_heads, memory, memory_mask, kind

    def __call__(self, x, mask):
        future = np.triu(np.ones((x.shape[-2],) * 2, dtype=bool), k=1)
        allowed = ~future if mask is None else np.logical_and(~future, mask)
        add = lambda x, f, n: reference.add_and_norm(x, f, n, **self.kind)
        x = add(x, lambda y: reference.multi_head_attention(x_q=y, x_kv=y, weights=self.w.self_attention, n_heads=self.h, mask=allowed), self.w.norm_1)
        x = add(x, lambda y: reference.cross_attention(y, self.memory, weights=self.w.cross_attention, n_heads=self.h, memory_mask=self.memory_mask), self.w.norm_2)
        return add(x, lambda y: reference.feed_forward(y, *self.w.feed_forward), self.w.norm_3)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    return Layer(weights, n_heads, memory, memory_mask, norm=norm, drop=drop)(x, mask)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = Layer(w, n_heads, memory, memory_mask, norm=norm, drop=drop)(x, mask)
    if weights.norm is not None:
        x = reference.layer_norm(x, weights.norm.gamma, weights.norm.beta)
    return x


# expect: passed
# recursion; the mask by comparing places
import numpy as np
from reference import add_and_norm, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    place = np.arange(x.shape[-2])
    see = (place[:, None] >= place) & (True if mask is None else mask)
    y = add_and_norm(x, lambda t: multi_head_attention(t, t, weights.self_attention, n_heads, see), weights.norm_1, norm, drop)
    z = add_and_norm(y, lambda t: cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2, norm, drop)
    return add_and_norm(z, lambda t: feed_forward(t, *weights.feed_forward), weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    if not weights.layers:
        return x if weights.norm is None else layer_norm(x, *weights.norm)
    first, *rest = weights.layers
    x = decoder_layer(x, memory, first, n_heads, mask, memory_mask, norm, drop)
    return decoder(x, memory, weights._replace(layers=rest), n_heads, mask, memory_mask, norm, drop)
