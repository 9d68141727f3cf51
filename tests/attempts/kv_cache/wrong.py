# expect: failed new-token-position-zero
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed chunk-sees-future
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = None
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed offset-not-advanced
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset)


# expect: failed values-turned-too
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), rotary(v, place)
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed cached-residual-from-norm
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]
        x = y + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed chunk-sees-future values-turned-too
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), rotary(v, place)
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = None
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed cache-not-stored
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(old)
        see = np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed
# no rotation and no norm of the queries
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = split_heads(x @ w.attention.w_q, n_heads), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: failed
# a window of the last three keys
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    place = cache.offset + np.arange(new)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
        q, k, v = rotary(q, place), rotary(k, place), v
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = (np.arange(k.shape[-2]) <= cache.offset + np.arange(new)[:, None]) & (np.arange(k.shape[-2]) > cache.offset - 3 + np.arange(new)[:, None])
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, see)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)
