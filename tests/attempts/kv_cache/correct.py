# expect: passed
# from the parts of attention only; the mask by comparing places
import numpy as np
from reference import DecoderCache, KVCache, feed_forward, layer_norm, masked_softmax, rotary


def decode_step(x, layers, cache, n_heads):
    *batch, new, d = x.shape
    place = cache.offset + np.arange(new)
    heads = lambda a: np.moveaxis(a.reshape(*batch, new, n_heads, -1), -2, -3)
    kept = []
    for w, old in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = (heads(y @ m) for m in w.attention[:3])
        q, k = rotary(q, place), rotary(k, place)
        k, v = np.concatenate((old.k, k), axis=-2), np.concatenate((old.v, v), axis=-2)
        kept.append(KVCache(k, v))
        see = np.arange(k.shape[-2]) <= place[:, None]
        a = masked_softmax(q @ k.swapaxes(-1, -2) / np.sqrt(k.shape[-1]), see)
        x = x + np.moveaxis(a @ v, -3, -2).reshape(*batch, new, -1) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(kept, cache.offset + new)


# expect: passed
# one token after another
import numpy as np
from reference import *


def one(x, layers, caches, position, n_heads):
    after = []
    for w, past in zip(layers, caches):
        y = layer_norm(x, *w.norm_1)
        q = rotary(split_heads(y @ w.attention.w_q, n_heads), np.array([position]))
        k = rotary(split_heads(y @ w.attention.w_k, n_heads), np.array([position]))
        k = np.append(past.k, k, axis=-2)
        v = np.append(past.v, split_heads(y @ w.attention.w_v, n_heads), axis=-2)
        after.append(past._replace(k=k, v=v))
        x = x + merge_heads(scaled_dot_product_attention(q, k, v)[0]) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, after


def decode_step(x, layers, cache, n_heads):
    caches, outputs = list(cache.layers), []
    for i in range(x.shape[-2]):
        y, caches = one(x[..., i : i + 1, :], layers, caches, cache.offset + i, n_heads)
        outputs.append(y)
    return np.concatenate(outputs, axis=-2), DecoderCache(caches, cache.offset + len(outputs))


# expect: passed
# recursion over layers; preallocated caches; the rotation by a helper
import numpy as np
import reference as R


def joined(old, new):
    out = np.empty((*old.shape[:-2], old.shape[-2] + new.shape[-2], old.shape[-1]), dtype=new.dtype)
    out[..., : old.shape[-2], :] = old
    out[..., old.shape[-2] :, :] = new
    return out


def decode_step(x, layers, cache, n_heads):
    n_new = x.shape[-2]

    def turned(a):
        return R.rotary(a, np.arange(n_new) + cache.offset)

    def through(x, layers, caches):
        if not layers:
            return x, []
        (w, *more), (c, *rest) = layers, caches
        y = R.layer_norm(x, *w.norm_1)
        k = joined(c.k, turned(R.split_heads(y @ w.attention.w_k, n_heads)))
        v = joined(c.v, R.split_heads(y @ w.attention.w_v, n_heads))
        q = turned(R.split_heads(y @ w.attention.w_q, n_heads))
        out, _ = R.scaled_dot_product_attention(q, k, v, R.causal_mask(n_new, k.shape[-2]))
        x = x + R.merge_heads(out) @ w.attention.w_o
        x = x + R.feed_forward(R.layer_norm(x, *w.norm_2), *w.feed_forward)
        top, kept = through(x, more, rest)
        return top, [R.KVCache(k=k, v=v), *kept]

    output, kept = through(x, list(layers), list(cache.layers))
    return output, R.DecoderCache(kept, cache.offset + n_new)


# expect: passed
# plain tuples and a class
from collections import namedtuple

import numpy as np
from reference import causal_mask, feed_forward, layer_norm, rotary, scaled_dot_product_attention, split_heads

Cache = namedtuple("Cache", "layers offset")


class Block:
    def __init__(self, weights, n_heads):
        self.w, self.n = weights, n_heads

    def __call__(self, x, past, offset):
        place = np.arange(offset, offset + x.shape[-2])
        y = layer_norm(x, self.w.norm_1.gamma, self.w.norm_1.beta)
        w_q, w_k, w_v, w_o = self.w.attention
        k = np.concatenate([past[0], rotary(split_heads(y @ w_k, self.n), place)], -2)
        v = np.concatenate([past[1], split_heads(y @ w_v, self.n)], -2)
        heads = scaled_dot_product_attention(rotary(split_heads(y @ w_q, self.n), place), k, v, causal_mask(len(place), k.shape[-2]))[0]
        x = x + np.einsum("...hte,heo->...to", heads, w_o.reshape(self.n, -1, w_o.shape[1]))
        return x + feed_forward(layer_norm(x, *self.w.norm_2), *self.w.feed_forward), (k, v)


def decode_step(x, layers, cache, n_heads):
    kept = []
    for weights, past in zip(layers, cache.layers, strict=True):
        x, now = Block(weights, n_heads)(x, past, cache.offset)
        kept.append(now)
    return x, Cache(kept, cache.offset + x.shape[-2])


# expect: passed
# plain tuples
import math
import numpy as np
from reference import feed_forward, layer_norm, merge_heads, rotary, split_heads


def block(x, layer, past, pos, h):
    y = layer_norm(x, *layer.norm_1)
    q = rotary(split_heads(y @ layer.attention.w_q, h), pos)
    k = np.append(past.k, rotary(split_heads(y @ layer.attention.w_k, h), pos), axis=-2)
    v = np.append(past.v, split_heads(y @ layer.attention.w_v, h), axis=-2)
    s = np.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])
    allowed = np.arange(k.shape[-2])[None, :] <= pos[:, None]
    s = np.where(allowed, s, -np.inf)
    w = np.exp(s - s.max(-1, keepdims=True))
    w /= w.sum(-1, keepdims=True)
    x = x + merge_heads(np.einsum("...qk,...kd->...qd", w, v)) @ layer.attention.w_o
    return x + feed_forward(layer_norm(x, *layer.norm_2), *layer.feed_forward), (k, v)


def decode_step(x, layers, cache, n_heads):
    pos = cache.offset + np.arange(x.shape[-2])
    kv = []
    for layer, past in zip(layers, cache.layers):
        x, c = block(x, layer, past, pos, n_heads)
        kv.append(c)
    return x, (kv, cache.offset + x.shape[-2])


# expect: passed
# token by token
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
    outs, caches, offset = [], list(cache.layers), cache.offset
    for t in range(x.shape[-2]):
        h = x[..., t : t + 1, :]
        for i, L in enumerate(layers):
            y = layer_norm(h, *L.norm_1)
            q = rotary(split_heads(y @ L.attention.w_q, n_heads), np.array([offset]))
            k = rotary(split_heads(y @ L.attention.w_k, n_heads), np.array([offset]))
            v = split_heads(y @ L.attention.w_v, n_heads)
            K = np.concatenate([caches[i].k, k], -2)
            V = np.concatenate([caches[i].v, v], -2)
            caches[i] = KVCache(K, V)
            h = h + merge_heads(scaled_dot_product_attention(q, K, V)[0]) @ L.attention.w_o
            h = h + feed_forward(layer_norm(h, *L.norm_2), *L.feed_forward)
        outs.append(h)
        offset += 1
    return np.concatenate(outs, axis=-2), DecoderCache(caches, offset)


# expect: passed
# past and new scores side by side
import math
import numpy as np
from reference import (
    DecoderCache,
    KVCache,
    causal_mask,
    feed_forward,
    layer_norm,
    merge_heads,
    rotary,
    split_heads,
    softmax,
)


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    pos = cache.offset + np.arange(n)
    out = []
    for w, past in zip(layers, cache.layers):
        y = layer_norm(x, *w.norm_1)
        q, k, v = [split_heads(y @ m, n_heads) for m in w.attention[:3]]
        q, k = rotary(q, pos), rotary(k, pos)
        T = lambda a: np.swapaxes(a, -1, -2)
        s = np.concatenate(
            [q @ T(past.k), np.where(causal_mask(n), q @ T(k), -np.inf)], axis=-1
        ) / math.sqrt(q.shape[-1])
        p = softmax(s)
        m = past.k.shape[-2]
        o = p[..., :m] @ past.v + p[..., m:] @ v
        x = x + merge_heads(o) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
        out.append(
            KVCache(np.concatenate([past.k, k], axis=-2), np.concatenate([past.v, v], axis=-2))
        )
    return x, DecoderCache(out, pos[-1] + 1)
