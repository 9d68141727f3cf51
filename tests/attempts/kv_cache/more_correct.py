# expect: passed
# GPT style functions; weights fused; manual layer norm
import numpy as np
from reference import DecoderCache, KVCache, rotary


def norm(x, gamma, beta, eps=1e-5):
    mu = x.mean(-1, keepdims=True)
    return (x - mu) / np.sqrt(x.var(-1, keepdims=True) + eps) * gamma + beta


def decode_step(x, layers, cache, n_heads):
    *lead, new, d = x.shape
    hd = layers[0].attention.w_q.shape[1] // n_heads if layers else 0
    where = np.arange(cache.offset, cache.offset + new)
    fresh = []
    for layer, (old_k, old_v) in zip(layers, cache.layers):
        w = np.concatenate(layer.attention[:3], axis=1)
        qkv = norm(x, *layer.norm_1) @ w
        qkv = qkv.reshape(*lead, new, 3, n_heads, hd)
        q, k, v = (np.swapaxes(qkv[..., i, :, :], -2, -3) for i in range(3))
        k = np.concatenate([old_k, rotary(k, where)], axis=-2)
        v = np.concatenate([old_v, v], axis=-2)
        fresh.append(KVCache(k, v))
        s = np.einsum("...qd,...kd->...qk", rotary(q, where), k) * hd**-0.5
        s = np.where(np.tri(new, k.shape[-2], cache.offset, dtype=bool), s, -np.inf)
        p = np.exp(s - s.max(-1, keepdims=True))
        o = np.einsum("...qk,...kd->...qd", p / p.sum(-1, keepdims=True), v)
        x = x + np.swapaxes(o, -2, -3).reshape(*lead, new, -1) @ layer.attention.w_o
        ff = layer.feed_forward
        h = np.maximum(norm(x, *layer.norm_2) @ ff.w_1 + ff.b_1, 0)
        x = x + h @ ff.w_2 + ff.b_2
    return x, DecoderCache(fresh, cache.offset + new)


# expect: passed
# everything read at once with an empty past is not possible, so: the mask negated twice
import numpy as np
from reference import *


def future(new, total):
    return np.triu(np.ones((new, total), dtype=bool), k=total - new + 1)


def decode_step(x, layers, cache, n_heads):
    steps = np.arange(x.shape[-2])
    stored = [None] * len(layers)
    h = x.copy()
    for number, block in enumerate(layers):
        z = layer_norm(h, block.norm_1.gamma, block.norm_1.beta)
        k = rotary(split_heads(z @ block.attention.w_k, n_heads), steps + cache.offset)
        v = split_heads(z @ block.attention.w_v, n_heads)
        stored[number] = KVCache(*(np.concatenate(pair, axis=-2) for pair in zip(cache.layers[number], (k, v))))
        q = rotary(split_heads(z @ block.attention.w_q, n_heads), steps + cache.offset)
        mask = ~future(len(steps), stored[number].k.shape[-2])
        h += merge_heads(scaled_dot_product_attention(q, *stored[number], mask)[0]) @ block.attention.w_o
        h += feed_forward(layer_norm(h, *block.norm_2), *block.feed_forward)
    return h, cache._replace(layers=stored, offset=cache.offset + len(steps))


# expect: passed
# heads one by one
import numpy as np
from reference import DecoderCache, KVCache, attend, feed_forward, layer_norm, rotary


def decode_step(x, layers, cache, n_heads):
    new = x.shape[-2]
    pos = np.arange(new) + cache.offset
    out = []
    for w, past in zip(layers, cache.layers, strict=True):
        y = layer_norm(x, *w.norm_1)
        ks, vs, os = [], [], []
        for h, (wq, wk, wv) in enumerate(zip(*(np.split(m, n_heads, axis=1) for m in w.attention[:3]))):
            q, k, v = rotary(y @ wq, pos), rotary(y @ wk, pos), y @ wv
            k = np.concatenate([past.k[..., h, :, :], k], axis=-2)
            v = np.concatenate([past.v[..., h, :, :], v], axis=-2)
            o = np.empty((*x.shape[:-1], v.shape[-1]), x.dtype)
            for i in range(new):
                n = cache.offset + i + 1
                s = (k[..., :n, :] @ q[..., i, :, None])[..., 0] / np.sqrt(q.shape[-1])
                e = np.exp(s - s.max(-1, keepdims=True))
                o[..., i, :] = (e[..., None] * v[..., :n, :]).sum(-2) / e.sum(-1, keepdims=True)
            ks.append(k), vs.append(v), os.append(o)
        out.append(KVCache(np.stack(ks, axis=-3), np.stack(vs, axis=-3)))
        x = x + np.concatenate(os, axis=-1) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(layers=out, offset=cache.offset + new)


# expect: passed
# np.pad and slices
import numpy as np
from reference import (
    DecoderCache, KVCache, causal_mask, feed_forward, layer_norm, merge_heads, rotary,
    scaled_dot_product_attention, split_heads,
)


def grow(old, new):
    n = new.shape[-2]
    padding = [(0, 0)] * (old.ndim - 2) + [(0, n), (0, 0)]
    out = np.pad(old, padding)
    out[..., out.shape[-2] - n :, :] = new
    return out


def decode_step(x, layers, cache, n_heads):
    offset, n = cache.offset, x.shape[-2]
    rope = lambda a: rotary(x=a, positions=offset + np.arange(n))
    new_layers = []
    for i in range(len(layers)):
        L, C = layers[i], cache.layers[i]
        normed = layer_norm(x, *L.norm_1)
        Q = rope(split_heads(normed @ L.attention.w_q, n_heads))
        K = grow(C.k, rope(split_heads(normed @ L.attention.w_k, n_heads)))
        V = grow(C.v, split_heads(normed @ L.attention.w_v, n_heads))
        new_layers.append(C._replace(k=K, v=V))
        full = causal_mask(offset + n)[offset:]
        A = scaled_dot_product_attention(Q, K, V, full)[0]
        x = x + merge_heads(A) @ L.attention.w_o
        x = x + feed_forward(layer_norm(x, *L.norm_2), *L.feed_forward)
    return x, DecoderCache(new_layers, offset + n)


# expect: passed
# functools.reduce over layers; q, k turned together
from functools import reduce

import numpy as np
import reference as r


def decode_step(x, layers, cache, n_heads):
    n = x.shape[-2]
    place = np.arange(cache.offset, cache.offset + n)

    def layer(state, pair):
        hidden, kept = state
        w, (past_k, past_v) = pair
        y = r.layer_norm(hidden, *w.norm_1)
        qk = np.stack([r.split_heads(y @ w.attention.w_q, n_heads), r.split_heads(y @ w.attention.w_k, n_heads)])
        q, k = r.rotary(qk, place)
        k, v = np.append(past_k, k, -2), np.append(past_v, r.split_heads(y @ w.attention.w_v, n_heads), -2)
        a, _ = r.scaled_dot_product_attention(q, k, v, r.causal_mask(n, k.shape[-2]))
        hidden = hidden + r.merge_heads(a) @ w.attention.w_o
        return hidden + r.feed_forward(r.layer_norm(hidden, *w.norm_2), *w.feed_forward), kept + [(k, v)]

    hidden, kept = reduce(layer, zip(layers, cache.layers), (x, []))
    return hidden, (kept, cache.offset + n)


# expect: passed
# the offset from the cache's own length; single tokens without a mask
import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    new, past = x.shape[-2], cache.layers[0].k.shape[-2]
    mask = causal_mask(new, past + new) if new > 1 else None
    ks, vs = [], []
    for w, c in zip(layers, cache.layers):
        q, k, v = project_qkv(layer_norm(x, *w.norm_1), *w.attention[:3])
        q, k, v = (split_heads(t, n_heads) for t in (q, k, v))
        q, k = (rotary(t, past + np.arange(new)) for t in (q, k))
        ks.append(np.concatenate((c.k, k), -2))
        vs.append(np.concatenate((c.v, v), -2))
        out, _ = scaled_dot_product_attention(q, ks[-1], vs[-1], mask)
        x = x + merge_heads(out) @ w.attention.w_o
        x = x + feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward)
    return x, DecoderCache(list(map(KVCache, ks, vs)), past + new)


# expect: passed
# a tuple of layers in the new cache; post-processing in float64
import numpy as np
from reference import *


class Stack:
    def __init__(self, layers, n_heads):
        self.layers = layers
        self.n_heads = n_heads

    def attention(self, y, w, past, offset):
        q, k, v = (split_heads(y @ m, self.n_heads) for m in (w.w_q, w.w_k, w.w_v))
        at = offset + np.arange(y.shape[-2])
        k = np.concatenate([past.k, rotary(k, at)], axis=k.ndim - 2)
        v = np.concatenate([past.v, v], axis=v.ndim - 2)
        out, _ = scaled_dot_product_attention(rotary(q, at), k, v, at[:, None] >= np.arange(k.shape[-2])[None])
        return merge_heads(out) @ w.w_o, KVCache(k, v)

    def __call__(self, x, cache):
        kept = ()
        for w, past in zip(self.layers, cache.layers):
            a, now = self.attention(layer_norm(x, *w.norm_1), w.attention, past, cache.offset)
            x = np.add(x, a)
            x = np.add(x, feed_forward(layer_norm(x, *w.norm_2), *w.feed_forward))
            kept += (now,)
        return x, DecoderCache(list(kept), cache.offset + x.shape[-2])


def decode_step(x, layers, cache, n_heads):
    return Stack(layers, n_heads)(x, cache)


# expect: passed
# a copy of the list, replaced entry by entry; pre-norm as closures
import copy

import numpy as np
from reference import *


def decode_step(x, layers, cache, n_heads):
    memory = copy.deepcopy(cache.layers)
    n = x.shape[-2]
    for i, w in enumerate(layers):
        def attend_to_past(y):
            q, k, v = (split_heads(y @ m, n_heads) for m in w.attention[:3])
            p = cache.offset + np.arange(n)
            memory[i] = KVCache(
                np.concatenate([memory[i].k, rotary(k, p)], -2), np.concatenate([memory[i].v, v], -2)
            )
            mask = causal_mask(n, memory[i].k.shape[-2])
            return merge_heads(scaled_dot_product_attention(rotary(q, p), *memory[i], mask)[0]) @ w.attention.w_o

        x = pre_norm(x, attend_to_past, *w.norm_1)
        x = pre_norm(x, lambda y: feed_forward(y, *w.feed_forward), *w.norm_2)
    return x, DecoderCache(memory, cache.offset + n)
