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


# expect: failed square-mask-for-chunk
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    out = []
    n = x.shape[-2]
    o = cache.offset
    for i, (L, c) in enumerate(zip(layers, cache.layers)):
        p = np.arange(o, o + n)
        y = layer_norm(x, *L.norm_1)
        k = np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], -2)
        v = np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], -2)
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        out.append(KVCache(k, v))
        mask = np.tril(np.ones((n, k.shape[-2]), bool)) if n > 1 else None
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ L.attention.w_o
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(out, o + n)


# expect: failed square-mask-for-chunk
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    out = []
    n = x.shape[-2]
    o = cache.offset
    for i, (L, c) in enumerate(zip(layers, cache.layers)):
        p = np.arange(o, o + n)
        y = layer_norm(x, *L.norm_1)
        k = np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], -2)
        v = np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], -2)
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        out.append(KVCache(k, v))
        if n == 1:
            mask = np.ones((1, k.shape[-2]), bool)
        else:
            mask = np.concatenate([np.zeros((n, o), bool), causal_mask(n)], axis=1)
        x = x + merge_heads(scaled_dot_product_attention(q, k, v, mask)[0]) @ L.attention.w_o
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(out, o + n)


# expect: error cache-joined-wrong-axis
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    out = []
    n = x.shape[-2]
    o = cache.offset
    for i, (L, c) in enumerate(zip(layers, cache.layers)):
        p = np.arange(o, o + n)
        y = layer_norm(x, *L.norm_1)
        k = np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], axis=-1)
        v = np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], axis=-1)
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        out.append(KVCache(k, v))
        x = (
            x
            + merge_heads(scaled_dot_product_attention(q, k, v, causal_mask(n, k.shape[-2]))[0])
            @ L.attention.w_o
        )
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(out, o + n)


# expect: error cache-joined-wrong-axis
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    out = []
    n = x.shape[-2]
    o = cache.offset
    for i, (L, c) in enumerate(zip(layers, cache.layers)):
        p = np.arange(o, o + n)
        y = layer_norm(x, *L.norm_1)
        k = np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], axis=2)
        v = np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], axis=2)
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        out.append(KVCache(k, v))
        x = (
            x
            + merge_heads(scaled_dot_product_attention(q, k, v, causal_mask(n, k.shape[-2]))[0])
            @ L.attention.w_o
        )
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(out, o + n)


# expect: failed new-token-position-zero
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    o = cache.offset
    caches = list(cache.layers)
    for i, (L, c) in enumerate(zip(layers, list(caches))):
        p = np.zeros(n, dtype=int) if o else np.arange(n)
        y = layer_norm(x, *L.norm_1)
        caches[i] = KVCache(
            np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], -2),
            np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], -2),
        )
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        x = (
            x
            + merge_heads(
                scaled_dot_product_attention(q, *caches[i], causal_mask(n, caches[i].k.shape[-2]))[
                    0
                ]
            )
            @ L.attention.w_o
        )
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(caches, o + n)


# expect: failed new-token-position-zero
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    o = cache.offset
    caches = list(cache.layers)
    for i, (L, c) in enumerate(zip(layers, list(caches))):
        p = np.zeros(n, dtype=int)
        y = layer_norm(x, *L.norm_1)
        caches[i] = KVCache(
            np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], -2),
            np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], -2),
        )
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        x = (
            x
            + merge_heads(
                scaled_dot_product_attention(q, *caches[i], causal_mask(n, caches[i].k.shape[-2]))[
                    0
                ]
            )
            @ L.attention.w_o
        )
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(caches, o + n)


# expect: error square-mask-for-chunk
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    o = cache.offset
    caches = list(cache.layers)
    for i, (L, c) in enumerate(zip(layers, list(caches))):
        p = o + np.arange(n)
        y = layer_norm(x, *L.norm_1)
        caches[i] = KVCache(
            np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], -2),
            np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], -2),
        )
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        x = (
            x
            + merge_heads(
                scaled_dot_product_attention(q, *caches[i], causal_mask(caches[i].k.shape[-2]))[0]
            )
            @ L.attention.w_o
        )
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(caches, o + n)


# expect: failed append-after-attending
# itself only where there is no past
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    o = cache.offset
    caches = list(cache.layers)
    for i, (L, c) in enumerate(zip(layers, list(caches))):
        p = o + np.arange(n)
        y = layer_norm(x, *L.norm_1)
        k, v = (
            rotary(split_heads(y @ L.attention.w_k, n_heads), p),
            split_heads(y @ L.attention.w_v, n_heads),
        )
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        if o:
            out = scaled_dot_product_attention(q, c.k, c.v)[0]
        else:
            out = scaled_dot_product_attention(q, k, v, causal_mask(n))[0]
        caches[i] = KVCache(np.concatenate([c.k, k], -2), np.concatenate([c.v, v], -2))
        x = x + merge_heads(out) @ L.attention.w_o
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(caches, o + n)


# expect: failed cache-shared-between-beams
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    scaled_dot_product_attention,
    split_heads,
)


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    o = cache.offset
    new = []
    for L, c in zip(layers, cache.layers):
        p = o + np.arange(n)
        y = layer_norm(x, *L.norm_1)
        kv = KVCache(
            np.concatenate([c.k, rotary(split_heads(y @ L.attention.w_k, n_heads), p)], -2),
            np.concatenate([c.v, split_heads(y @ L.attention.w_v, n_heads)], -2),
        )
        new.append(kv)
        q = rotary(split_heads(y @ L.attention.w_q, n_heads), p)
        x = (
            x
            + merge_heads(scaled_dot_product_attention(q, *kv, causal_mask(n, kv.k.shape[-2]))[0])
            @ L.attention.w_o
        )
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    cache.layers[:] = new
    return x, DecoderCache(cache.layers, o + n)
