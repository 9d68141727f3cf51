# expect: failed second-sublayer-reads-input
# x is the second residual
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(x, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed encoder-mask-ignored
# the mask is not handed to attention
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed encoder-norms-exchanged
# norm_1 for both
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_1, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed norm-argument-ignored
# the stack does not hand norm on
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, drop=drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed drop-argument-ignored
# drop only in the stack: the layer forgets it
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, None)
    return add_and_norm(first, ffn, weights.norm_2, norm, None)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed sublayer-reads-raw-x
# attention reads x
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(x, x, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# x is added once more at the end
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    h = h + x
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# one residual around both sub-layers
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def both(y):
        z = multi_head_attention(y, y, weights.attention, n_heads, mask)
        return feed_forward(z, *weights.feed_forward)

    return add_and_norm(x, both, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# attention twice, no feed-forward
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, attention, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# drop after the residual
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(x, lambda t: multi_head_attention(t, t, weights.attention, n_heads, mask), weights.norm_1, norm)
    y = y if drop is None else drop(y)
    z = add_and_norm(y, lambda t: feed_forward(t, *weights.feed_forward), weights.norm_2, norm)
    return z if drop is None else drop(z)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed encoder-mask-ignored norm-argument-ignored
# pre-norm layers twice mask
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, drop=drop, norm=norm)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, drop=drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed layers-in-parallel
# exchanged: share weights and from x
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, drop=drop, norm=norm)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(x, weights.layers[0], n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)
# expect: failed
# the norm at the end belongs to pre-norm, it is asked by name
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return layer_norm(h, *weights.norm) if norm == "post" and weights.norm else h


# expect: error
# final norm asked by the name of the kind
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, drop=drop, norm=norm)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return layer_norm(h, *weights.norm) if norm == "pre" else h


# expect: failed
# final norm asked by both
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, drop=drop, norm=norm)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return layer_norm(h, *weights.norm) if norm == "pre" and weights.norm else h
