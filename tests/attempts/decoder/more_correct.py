# expect: passed
# named functions
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
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# the causal mask by np.tril, the two masks multiplied
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
    see = np.tril(np.ones((x.shape[-2], x.shape[-2]), dtype=bool))
    if mask is not None:
        see = see * mask

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


# expect: passed
# the causal mask with a head axis and as many batch axes as x
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
    see = combine_masks(mask, causal_mask(x.shape[-2])[(np.newaxis,) * (x.ndim - 1)])

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


# expect: passed
# cross-attention is attention with another second argument
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
        return multi_head_attention(t, memory, weights=weights.cross_attention, n_heads=n_heads, mask=memory_mask)

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


# expect: passed
# post_norm and pre_norm chosen by a flag
from reference import layer_norm


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    import reference as r

    sa, n1, ca, n2, ff, n3 = weights
    residual = {"post": r.post_norm, "pre": r.pre_norm}[norm]
    keep = drop or (lambda t: t)
    see = r.combine_masks(r.causal_mask(x.shape[-2]), mask)
    x = residual(x, lambda t: keep(r.multi_head_attention(t, t, sa, n_heads, see)), *n1)
    x = residual(x, lambda t: keep(r.cross_attention(t, memory, ca, n_heads, memory_mask)), *n2)
    x = residual(x, lambda t: keep(r.feed_forward(t, *ff)), *n3)
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# reduce over the sub-layers
import functools

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

    steps = ((look_back, weights.norm_1), (look_over, weights.norm_2), (think, weights.norm_3))
    return functools.reduce(lambda h, step: add_and_norm(h, *step, norm=norm, drop=drop), steps, x)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# recursion through the stack, the top layer last
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
    def below(i):
        if i < 0:
            return x
        return decoder_layer(below(i - 1), memory, weights.layers[i], n_heads, mask, memory_mask, norm, drop)

    top = below(len(weights.layers) - 1)
    if weights.norm is not None:
        top = layer_norm(top, weights.norm.gamma, weights.norm.beta)
    return top


# expect: passed
# everything in NumPy
import numpy as np


def ln(x, gamma, beta):
    return gamma * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) + beta


def mha(q_from, kv_from, w, h, allowed):
    def split(t):
        return t.reshape(*t.shape[:-1], h, t.shape[-1] // h).swapaxes(-2, -3)

    q, k, v = split(q_from @ w.w_q), split(kv_from @ w.w_k), split(kv_from @ w.w_v)
    s = np.einsum("...qd,...kd->...qk", q, k) * q.shape[-1] ** -0.5
    allowed = np.broadcast_to(True if allowed is None else allowed, s.shape)
    s = np.where(allowed, s, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.where(allowed, np.exp(s - np.where(np.isfinite(top), top, 0)), 0)
    total = e.sum(-1, keepdims=True)
    p = e / np.where(total == 0, 1, total)
    out = np.einsum("...qk,...kd->...qd", p, v).swapaxes(-2, -3)
    return out.reshape(*out.shape[:-2], -1) @ w.w_o


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    w, f = weights, weights.feed_forward
    n = x.shape[-2]
    allowed = np.arange(n)[None, :] <= np.arange(n)[:, None]
    allowed = allowed if mask is None else np.logical_and(allowed, mask)
    for sublayer, scale in [
        (lambda t: mha(t, t, w.self_attention, n_heads, allowed), w.norm_1),
        (lambda t: mha(t, memory, w.cross_attention, n_heads, memory_mask), w.norm_2),
        (lambda t: np.maximum(0, t @ f.w_1 + f.b_1) @ f.w_2 + f.b_2, w.norm_3),
    ]:
        change = sublayer(ln(x, *scale) if norm == "pre" else x)
        x = x + (change if drop is None else drop(change))
        x = ln(x, *scale) if norm == "post" else x
    return x


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = decoder_layer(h, memory, w, n_heads, mask, memory_mask, norm, drop)
    return h if weights.norm is None else ln(h, *weights.norm)


# expect: passed
# a class per sub-layer; map of layers
import reference as R


class Block:
    def __init__(self, weights, n_heads, norm, drop):
        self.weights, self.n_heads = weights, n_heads
        self.how = {"norm": norm, "drop": drop}

    def __call__(self, x, memory, mask, memory_mask):
        w, h = self.weights, self.n_heads
        causal = R.causal_mask(x.shape[-2])
        mask = causal if mask is None else causal & mask
        x = R.add_and_norm(x, lambda q: R.multi_head_attention(q, q, w.self_attention, h, mask), w.norm_1, **self.how)
        x = R.add_and_norm(x, lambda q: R.cross_attention(q, memory, w.cross_attention, h, memory_mask), w.norm_2, **self.how)
        return R.add_and_norm(x, lambda q: R.feed_forward(q, *w.feed_forward), w.norm_3, **self.how)


def decoder_layer(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    return Block(weights, n_heads, norm, drop)(x, memory, mask, memory_mask)


def decoder(x, memory, weights, n_heads, mask=None, memory_mask=None, norm="post", drop=None):
    for block in map(lambda w: Block(w, n_heads, norm, drop), weights.layers):
        x = block(x, memory, mask, memory_mask)
    return R.layer_norm(x, *weights.norm) if weights.norm is not None else x
