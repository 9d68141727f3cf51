# expect: failed causal-mask-missing
# only the padding
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = mask

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed target-mask-ignored
# the stack forgets it
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, memory_mask=memory_mask, norm=norm, drop=drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: error
# one mask for both attentions
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, see)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed memory-not-asked
# feed-forward starts from y
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(y, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-layers-in-parallel
# every layer reads x
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(x, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-norm-or-drop-ignored
# norm is not handed on
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, drop=drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# drop is handed on once only
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm)
    z = add_and_norm(y, look_over, weights.norm_2, norm)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-ffn-reads-other
# feed-forward adds to x
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(x, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# one token too many is seen
import numpy as np
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(np.tri(x.shape[-2], k=1, dtype=bool), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed causal-mask-missing memory-mask-ignored
# causal: or
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = mask

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# memory and x exchanged in the stack
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(memory, h, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed
# feed-forward forgotten
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return z


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed attention-weights-shared
# the two sets of weights are exchanged
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.cross_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.self_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-norms-exchanged
# the norms are exchanged
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_2, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_1, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-norms-exchanged
# norm_3 is forgotten, norm_2 serves twice
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_2, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-layers-from-top
# layers from the top
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers[::-1]:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-masks-first-layer-only
# the memory mask is used in the first layer only
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
        memory_mask = None
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-masks-first-layer-only
# the mask is used in the first layer only
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
        mask = None
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-sublayer-reads-outside
# a sub-layer reads x from outside
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(x, x, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-sublayer-reads-outside
# cross-attention reads y from outside
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: error
# final norm asked by the name of the kind
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return layer_norm(h, *weights.norm) if norm == "pre" else h


# expect: failed
# final norm asked by both
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return layer_norm(h, *weights.norm) if norm == "pre" and weights.norm else h


# expect: failed
# deserves: decoder-norm-or-drop-ignored
# in the layer neither norm nor drop, partly
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2)
    return add_and_norm(z, think, weights.norm_3, norm, drop)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: failed decoder-norm-or-drop-ignored
# drop is forgotten in the last sub-layer
from reference import (
    add_and_norm,
    causal_mask,
    combine_masks,
    cross_attention,
    feed_forward,
    layer_norm,
    multi_head_attention,
)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    see = combine_masks(causal_mask(x.shape[-2]), mask)

    def look_back(t):
        return multi_head_attention(t, t, weights.self_attention, n_heads, see)

    def look_over(t):
        return cross_attention(t, memory, weights.cross_attention, n_heads, memory_mask)

    def think(t):
        return feed_forward(t, *weights.feed_forward)

    y = add_and_norm(x, look_back, weights.norm_1, norm, drop)
    z = add_and_norm(y, look_over, weights.norm_2, norm, drop)
    return add_and_norm(z, think, weights.norm_3, norm)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)
