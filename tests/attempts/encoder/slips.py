# expect: failed second-sublayer-reads-input
# feed-forward reads attention, and adds to x
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = encoder_layer(x, layer, n_heads, mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    d = drop or (lambda t: t)
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(z, z, weights.attention, n_heads, mask),
        weights.norm_1,
        norm,
        drop,
    )
    if norm == "post":
        return layer_norm(x + d(feed_forward(y, *weights.feed_forward)), *weights.norm_2)
    return x + d(feed_forward(layer_norm(y, *weights.norm_2), *weights.feed_forward))


# expect: failed second-sublayer-reads-input
# feed-forward reads x, and adds to attention
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = encoder_layer(x, layer, n_heads, mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    d = drop or (lambda t: t)
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(z, z, weights.attention, n_heads, mask),
        weights.norm_1,
        norm,
        drop,
    )
    if norm == "post":
        return layer_norm(y + d(feed_forward(x, *weights.feed_forward)), *weights.norm_2)
    return y + d(feed_forward(layer_norm(x, *weights.norm_2), *weights.feed_forward))


# expect: failed layers-in-parallel
# `return` is one level too deep
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(z, z, weights.attention, n_heads, mask),
        weights.norm_1,
        norm,
        drop,
    )
    return add_and_norm(
        y, lambda z: feed_forward(z, *weights.feed_forward), weights.norm_2, norm, drop
    )


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = encoder_layer(x, layer, n_heads, mask, norm, drop)
        return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed sublayer-reads-raw-x
# both sub-layers read variables from outside
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = encoder_layer(x, layer, n_heads, mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(x, x, weights.attention, n_heads, mask),
        weights.norm_1,
        norm,
        drop,
    )
    return add_and_norm(
        y, lambda z: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop
    )


# expect: failed layers-share-weights mask-first-layer-only
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(
        x,
        lambda z: multi_head_attention(z, z, weights.attention, n_heads, mask),
        weights.norm_1,
        norm,
        drop,
    )
    return add_and_norm(
        y, lambda z: feed_forward(z, *weights.feed_forward), weights.norm_2, norm, drop
    )


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for i, _ in enumerate(weights.layers):
        x = encoder_layer(x, weights.layers[0], n_heads, None if i else mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)
