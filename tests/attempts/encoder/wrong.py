# expect: failed encoder-mask-ignored
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(x, lambda y: multi_head_attention(y, y, weights[0], n_heads), weights[1], norm, drop)
    return add_and_norm(y, lambda y: feed_forward(y, *weights[2]), weights[3], norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = encoder_layer(x, layer, n_heads, mask, norm, drop)
    return layer_norm(x, *weights.norm) if weights.norm else x


# expect: failed ffn-before-attention
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    attend = lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask)
    think = lambda y: feed_forward(y, *weights.feed_forward)
    for f, n in ((think, weights.norm_2), (attend, weights.norm_1)):
        x = add_and_norm(x, f, n, norm, drop)
    return x


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for layer in weights.layers:
        x = encoder_layer(x, layer, n_heads, mask, norm, drop)
    return layer_norm(x, *weights.norm) if weights.norm else x


# expect: failed layers-share-weights
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(x, lambda y: multi_head_attention(y, y, weights[0], n_heads, mask), weights[1], norm, drop)
    return add_and_norm(y, lambda y: feed_forward(y, *weights[2]), weights[3], norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    for _ in range(len(weights.layers)):
        x = encoder_layer(x, weights.layers[0], n_heads, mask, norm, drop)
    return layer_norm(x, *weights.norm) if weights.norm else x
