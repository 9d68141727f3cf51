# expect: passed
# named functions; settings by keyword
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
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# everything of the layer written in numpy, heads and all
import numpy as np


def softmax(s):
    e = np.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm_(x, gamma, beta):
    c = x - x.mean(-1, keepdims=True)
    return gamma * c / np.sqrt((c * c).mean(-1, keepdims=True) + 1e-5) + beta


def attend(x, a, n_heads, mask):
    def split(t):
        return np.moveaxis(t.reshape(*t.shape[:-1], n_heads, -1), -2, -3)

    q, k, v = split(x @ a.w_q), split(x @ a.w_k), split(x @ a.w_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    allowed = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    weights = softmax(np.where(allowed, scores, -1e9)) * allowed
    heads = np.moveaxis(weights @ v, -3, -2)
    return heads.reshape(*x.shape[:-1], -1) @ a.w_o


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    w = weights
    d = (lambda y: y) if drop is None else drop
    ffn = lambda y: np.maximum(y @ w.feed_forward.w_1 + w.feed_forward.b_1, 0) @ w.feed_forward.w_2 + w.feed_forward.b_2
    if norm == "post":
        y = norm_(x + d(attend(x, w.attention, n_heads, mask)), *w.norm_1)
        return norm_(y + d(ffn(y)), *w.norm_2)
    y = x + d(attend(norm_(x, *w.norm_1), w.attention, n_heads, mask))
    return y + d(ffn(norm_(y, *w.norm_2)))


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else norm_(h, *weights.norm)


# expect: passed
# enumerate, unpacked weights
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    attention, norm_1, ffn, norm_2 = weights
    y = add_and_norm(x, lambda t: multi_head_attention(t, t, attention, n_heads, mask), norm_1, norm, drop)
    z = add_and_norm(y, lambda t: feed_forward(t, *ffn), norm_2, norm, drop)
    return z


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    hidden = [x]
    for i, layer in enumerate(weights.layers):
        hidden.append(encoder_layer(hidden[i], layer, n_heads, mask, norm, drop))
    last = hidden[-1]
    if weights.norm is not None:
        last = layer_norm(last, gamma=weights.norm.gamma, beta=weights.norm.beta)
    return last


# expect: passed
# a generator of layers, the last of which is taken
import itertools

from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    *_, top = itertools.accumulate(
        weights.layers, lambda h, w: encoder_layer(h, w, n_heads, mask, norm, drop), initial=x
    )
    return top if weights.norm is None else layer_norm(top, *weights.norm)


# expect: passed
# a mask given its full shape first
import numpy as np
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    *batch, n, _ = x.shape
    full = np.ones((*batch, n_heads, n, n), dtype=bool)
    if mask is not None:
        full &= mask
    y = add_and_norm(x, lambda t: multi_head_attention(t, t, weights.attention, n_heads, full), weights.norm_1, norm, drop)
    return add_and_norm(y, lambda t: feed_forward(t, *weights.feed_forward), weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# functools.partial with named parameters
from functools import partial

from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def self_attention(y, w, n_heads, mask):
    return multi_head_attention(y, y, w, n_heads, mask)


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    f = weights.feed_forward
    attention = partial(self_attention, w=weights.attention, n_heads=n_heads, mask=mask)
    ffn = partial(feed_forward, w_1=f.w_1, b_1=f.b_1, w_2=f.w_2, b_2=f.b_2)
    for sublayer, scale in zip((attention, ffn), (weights.norm_1, weights.norm_2)):
        x = add_and_norm(x, sublayer, scale, norm=norm, drop=drop)
    return x


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# post_norm and pre_norm by name, from a dictionary
from reference import feed_forward, layer_norm, multi_head_attention, post_norm, pre_norm

KINDS = {"post": post_norm, "pre": pre_norm}


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    residual = KINDS[norm]

    def and_drop(f):
        return f if drop is None else lambda y: drop(f(y))

    attention = and_drop(lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask))
    ffn = and_drop(lambda y: feed_forward(y, *weights.feed_forward))
    return residual(residual(x, attention, *weights.norm_1), ffn, *weights.norm_2)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)


# expect: passed
# a while loop with an index; helpers defined below
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    def attention(y):
        return multi_head_attention(y, y, weights.attention, n_heads, mask)

    def ffn(y):
        return feed_forward(y, *weights.feed_forward)

    first = add_and_norm(x, attention, weights.norm_1, norm, drop)
    return add_and_norm(first, ffn, weights.norm_2, norm, drop)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    i, hidden = 0, x.copy()
    while i < len(weights.layers):
        hidden = encoder_layer(x=hidden, weights=weights.layers[i], n_heads=n_heads, mask=mask, norm=norm, drop=drop)
        i += 1
    return finish(hidden, weights.norm)


def finish(hidden, scale):
    return hidden if scale is None else layer_norm(hidden, *scale)


# expect: passed
# sequence by sequence, in a loop over the batch
import numpy as np
from reference import add_and_norm, feed_forward, layer_norm, multi_head_attention


def encoder_layer(x, weights, n_heads, mask=None, norm="post", drop=None):
    y = add_and_norm(x, lambda t: multi_head_attention(t, t, weights.attention, n_heads, mask), weights.norm_1, norm, drop)
    rows = y.reshape(-1, y.shape[-1])
    z = np.stack([add_and_norm(row, lambda t: feed_forward(t, *weights.feed_forward), weights.norm_2, norm, drop) for row in rows])
    return z.reshape(y.shape)


def encoder(x, weights, n_heads, mask=None, norm="post", drop=None):
    h = x
    for w in weights.layers:
        h = encoder_layer(h, w, n_heads, mask, norm, drop)
    return h if weights.norm is None else layer_norm(h, *weights.norm)
