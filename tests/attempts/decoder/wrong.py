# expect: failed causal-mask-missing
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = mask
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed target-mask-ignored
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = causal_mask(x.shape[-2])
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed memory-mask-ignored
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, None), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed memory-not-asked
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed attention-weights-shared
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.self_attention, n_heads, memory_mask), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed target-mask-ignored memory-mask-ignored
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = causal_mask(x.shape[-2])
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, None), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed causal-mask-missing decoder-final-norm-missing
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = mask
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x


# expect: failed
# the order is right, but feed-forward comes twice
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)


# expect: failed
# the memory is normalised first
from reference import add_and_norm, causal_mask, combine_masks, cross_attention, feed_forward, layer_norm, multi_head_attention


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    memory = layer_norm(memory, *weights.norm_2)
    see = combine_masks(causal_mask(x.shape[-2]), mask)
    steps = [
        (lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, see), weights.norm_1),
        (lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask), weights.norm_2),
        (lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3),
    ]
    for f, scale in steps:
        x = add_and_norm(x, f, scale, norm, drop)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for w in weights.layers:
        x = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return x if weights.norm is None else layer_norm(x, *weights.norm)
