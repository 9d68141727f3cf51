# expect: failed
# the positions turned round
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)[::-1]
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed keys-turned-again
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        k_all = rotary(k_all, np.arange(k_all.shape[-2]))
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed keys-turned-again
# turned where they are used
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        k_all = rotary(k_all, np.arange(k_all.shape[-2]))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed rotary-before-heads
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(rotary(h @ w.attention.w_q, pos), n_heads)
        k = split_heads(rotary(h @ w.attention.w_k, pos), n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed
# the mask inverted
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, ~mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed square-mask-for-chunk
# the past is not looked at
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k, v, causal_mask(n))
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed
# keys and values exchanged in the cache
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(v_all, k_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed offset-advanced-by-layer
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    offset = cache.offset
    for w, old in zip(layers, cache.layers):
        pos = offset + np.arange(n)
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        offset += n
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, offset)


# expect: failed cached-norm-misplaced
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = x
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = layer_norm(x + merge_heads(out) @ w.attention.w_o, *w.norm_1)
        x = layer_norm(x + feed_forward(x, *w.feed_forward), *w.norm_2)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed cached-norm-misplaced
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = x
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed cached-norm-misplaced
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(x, *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed
# no residual around attention
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed
# the first layer lends its cache to all
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        old = cache.layers[0]
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: failed
# one norm too many
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2])
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    x = layer_norm(x, *layers[-1].norm_2)
    return x, DecoderCache(new_layers, cache.offset + n)


# expect: error
# a column of the mask is missing
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = np.arange(cache.offset, cache.offset + n)
    new_layers = []
    for w, old in zip(layers, cache.layers):
        h = layer_norm(x, *w.norm_1)
        q = split_heads(h @ w.attention.w_q, n_heads)
        k = split_heads(h @ w.attention.w_k, n_heads)
        v = split_heads(h @ w.attention.w_v, n_heads)
        q = rotary(q, pos)
        k = rotary(k, pos)
        k_all = np.concatenate([old.k, k], axis=-2)
        v_all = np.concatenate([old.v, v], axis=-2)
        new_layers.append(KVCache(k_all, v_all))
        mask = causal_mask(n, k_all.shape[-2] - 1)
        out, _ = scaled_dot_product_attention(q, k_all, v_all, mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(new_layers, cache.offset + n)
