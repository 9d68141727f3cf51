"""Backwards without computing anything twice: every function goes forwards and remembers the way back.

`f_pullback(...inputs of f...)` returns `(output, back)`: the output of f, and a function that takes the
gradient at the output and returns the gradients at the inputs, in the form of `f_backward`. `back` keeps
what the way forward has computed. The formulas are those of `gradients` and `layer_gradients`, which read
better; the tests prove the two equal. A composed function calls the pullbacks of its parts in order, and
their `back`s in the opposite order: that is all there is to backpropagation.

Where training drops numbers, `drop` multiplies by what it draws: 0 or 1 / (1 - p). It is asked once, for what
it makes of ones, so that the way back uses the same draw.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.attention import AttentionWeights, merge_heads, split_heads
from reference.gradients import unbroadcast
from reference.layer_gradients import gelu_backward, rotary_backward, silu_backward
from reference.layers import Affine, Drop, FeedForwardWeights, NormWeights, SwigluWeights, gelu, silu
from reference.positions import rotary
from reference.shapes import Array

Back = Callable[[Array], Any]
Pullback = Callable[[Array], tuple[Array, Back]]

# ---------------------------------------------------------------- products and norms


def product_pullback(x: Array, w: Array | Affine) -> tuple[Array, Back]:
    """`x @ w`, where w is a matrix or a matrix with its bias; back gives (d_x, d_w).

    >>> product, back = product_pullback(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    >>> product, back(np.array([[1.0]]))
    (array([[11.]]), (array([[3., 4.]]), array([[1.],
           [2.]])))
    """
    # one large product is faster than one a sentence
    matrix, bias = (w.w, w.b) if isinstance(w, Affine) else (w, None)
    tokens = x.reshape(-1, x.shape[-1])
    product = tokens @ matrix
    if bias is not None:
        product += bias

    output = product.reshape(*x.shape[:-1], matrix.shape[-1])

    def back(d_product: Array) -> tuple[Array, Array | Affine]:
        # x may have been shared along a batch axis; every use of it counts
        d_own = d_product if d_product.shape == output.shape else unbroadcast(d_product, output)
        d_tokens = d_own.reshape(-1, d_own.shape[-1])
        d_x = (d_tokens @ matrix.T).reshape(x.shape)
        d_matrix = tokens.T @ d_tokens
        return d_x, d_matrix if bias is None else Affine(d_matrix, d_tokens.sum(axis=0))

    return output, back


def layer_norm_pullback(x: Array, weights: NormWeights, eps: float = 1e-5) -> tuple[Array, Back]:
    """layer_norm; back gives (d_x, NormWeights).

    >>> output, back = layer_norm_pullback(np.array([[1.0, 3.0]]), NormWeights(np.ones(2), np.zeros(2)))
    >>> back(np.ones((1, 2)))[1].beta
    array([1., 1.])
    """
    n = x.shape[-1]
    normalised = x - x.mean(axis=-1, keepdims=True)
    variance = np.vecdot(normalised, normalised)[..., None] / n
    precision = 1 / np.sqrt(variance + eps)
    normalised *= precision
    output = normalised * weights.gamma
    output += weights.beta

    def back(d_output: Array) -> tuple[Array, NormWeights]:
        d_x = d_output * normalised
        d_gamma = d_x.reshape(-1, n).sum(axis=0)
        d_beta = d_output.reshape(-1, n).sum(axis=0)
        # the two means of the readable version are products with gamma
        stretch = (d_x @ weights.gamma)[..., None] / n
        shift = (d_output @ weights.gamma)[..., None] / n
        np.multiply(d_output, weights.gamma, out=d_x)
        d_x -= shift
        d_x -= normalised * stretch
        d_x *= precision
        return d_x, NormWeights(d_gamma, d_beta)

    return output, back


def rms_norm_pullback(x: Array, gamma: Array, eps: float = 1e-6) -> tuple[Array, Back]:
    """rms_norm; back gives (d_x, d_gamma).

    >>> output, back = rms_norm_pullback(np.array([[3.0, 4.0]]), np.ones(2), eps=0.0)
    >>> back(np.array([[3.0, 4.0]]))[0].round(12) + 0.0
    array([[0., 0.]])
    """
    n = x.shape[-1]
    precision = 1 / np.sqrt(np.vecdot(x, x)[..., None] / n + eps)
    normalised = x * precision

    def back(d_output: Array) -> tuple[Array, Array]:
        d_x = d_output * normalised
        d_gamma = d_x.reshape(-1, n).sum(axis=0)
        stretch = (d_x @ gamma)[..., None] / n
        return (d_output * gamma - normalised * stretch) * precision, d_gamma

    return normalised * gamma, back


# ---------------------------------------------------------------- attention


def attention_pullback(q: Array, k: Array, v: Array, mask: Array | None = None) -> tuple[Array, Back]:
    """The output of scaled_dot_product_attention; back gives (d_q, d_k, d_v).

    >>> q, k, v, d_output = np.random.default_rng(0).normal(size=(4, 5, 4))
    >>> from reference.gradients import scaled_dot_product_attention_backward
    >>> _, back = attention_pullback(q, k, v)
    >>> bool(np.allclose(back(d_output), scaled_dot_product_attention_backward(d_output, q, k, v)))
    True
    """
    scale = 1 / math.sqrt(q.shape[-1])
    weights = q @ np.swapaxes(k, -1, -2)
    weights *= scale
    _masked_softmax_in_place(weights, mask)

    def back(d_output: Array) -> tuple[Array, Array, Array]:
        d_v = np.swapaxes(weights, -1, -2) @ d_output
        d_scores = d_output @ np.swapaxes(v, -1, -2)
        d_scores -= np.vecdot(weights, d_scores)[..., None]
        d_scores *= weights
        d_scores *= scale
        return d_scores @ k, np.swapaxes(d_scores, -1, -2) @ q, d_v

    return weights @ v, back


def _masked_softmax_in_place(scores: Array, mask: Array | None) -> None:
    """masked_softmax over the last axis, without a second array."""
    if mask is not None:
        np.copyto(scores, -np.inf, where=~mask)
    # of a row without any key the largest is -inf; anything finite does
    largest = np.maximum(scores.max(axis=-1, keepdims=True), np.finfo(scores.dtype).min)
    scores -= largest
    np.exp(scores, out=scores)
    total = scores.sum(axis=-1, keepdims=True)
    total[total == 0] = 1
    scores /= total


def multi_head_attention_pullback(
    x_q: Array, x_kv: Array, weights: AttentionWeights, n_heads: int, mask: Array | None = None
) -> tuple[Array, Back]:
    """multi_head_attention; back gives (d_x_q, d_x_kv, AttentionWeights).

    >>> weights = AttentionWeights(*[np.eye(4)] * 4)
    >>> output, back = multi_head_attention_pullback(np.ones((3, 4)), np.ones((5, 4)), weights, n_heads=2)
    >>> output.shape, back(output)[1].shape
    ((3, 4), (5, 4))
    """
    q, back_q = product_pullback(x_q, weights.w_q)
    k, back_k = product_pullback(x_kv, weights.w_k)
    v, back_v = product_pullback(x_kv, weights.w_v)
    heads, back_heads = attention_pullback(
        split_heads(q, n_heads), split_heads(k, n_heads), split_heads(v, n_heads), mask
    )
    output, back_o = product_pullback(merge_heads(heads), weights.w_o)

    def back(d_output: Array) -> tuple[Array, Array, AttentionWeights]:
        d_concatenated, d_w_o = back_o(d_output)
        d_q, d_k, d_v = (merge_heads(d) for d in back_heads(split_heads(d_concatenated, n_heads)))
        d_x_q, d_w_q = back_q(d_q)
        d_x_kv, d_w_k = back_k(d_k)
        d_x_as_value, d_w_v = back_v(d_v)
        d_x_kv += d_x_as_value
        return d_x_q, d_x_kv, AttentionWeights(d_w_q, d_w_k, d_w_v, d_w_o)

    return output, back


def self_attention_pullback(
    x: Array, weights: AttentionWeights, n_heads: int, mask: Array | None = None
) -> tuple[Array, Back]:
    """multi_head_attention of x with itself; back gives (d_x, AttentionWeights).

    >>> output, back = self_attention_pullback(np.ones((3, 4)), AttentionWeights(*[np.eye(4)] * 4), n_heads=2)
    >>> back(output)[0].shape
    (3, 4)
    """
    output, back_both = multi_head_attention_pullback(x, x, weights, n_heads, mask)

    def back(d_output: Array) -> tuple[Array, AttentionWeights]:
        d_x, d_x_as_memory, d_weights = back_both(d_output)
        d_x += d_x_as_memory
        return d_x, d_weights

    return output, back


def grouped_rotary_attention_pullback(
    x: Array,
    weights: AttentionWeights,
    n_heads: int,
    n_kv_heads: int,
    positions: Array,
    mask: Array | None = None,
) -> tuple[Array, Back]:
    """grouped_rotary_attention; back gives (d_x, AttentionWeights).

    >>> weights = AttentionWeights(np.eye(8), np.ones((8, 4)), np.ones((8, 4)), np.eye(8))
    >>> output, back = grouped_rotary_attention_pullback(np.ones((3, 8)), weights, 4, 2, np.arange(3))
    >>> back(output)[1].w_k.shape
    (8, 4)
    """
    q, back_q = product_pullback(x, weights.w_q)
    k, back_k = product_pullback(x, weights.w_k)
    v, back_v = product_pullback(x, weights.w_v)
    turned_q = rotary(split_heads(q, n_heads), positions)
    turned_k = rotary(split_heads(k, n_kv_heads), positions)
    group = n_heads // n_kv_heads
    shared_k, shared_v = (np.repeat(y, group, axis=-3) for y in (turned_k, split_heads(v, n_kv_heads)))
    heads, back_heads = attention_pullback(turned_q, shared_k, shared_v, mask)
    output, back_o = product_pullback(merge_heads(heads), weights.w_o)

    def back(d_output: Array) -> tuple[Array, AttentionWeights]:
        d_concatenated, d_w_o = back_o(d_output)
        d_q, d_k, d_v = back_heads(split_heads(d_concatenated, n_heads))
        # a shared head gathers from its group; a rotation is undone by turning back
        d_k, d_v = (
            d.reshape(*d.shape[:-3], n_kv_heads, group, *d.shape[-2:]).sum(axis=-3) for d in (d_k, d_v)
        )
        d_x, d_w_q = back_q(merge_heads(rotary_backward(d_q, turned_q, positions)))
        d_x_as_key, d_w_k = back_k(merge_heads(rotary_backward(d_k, turned_k, positions)))
        d_x_as_value, d_w_v = back_v(merge_heads(d_v))
        return d_x + d_x_as_key + d_x_as_value, AttentionWeights(d_w_q, d_w_k, d_w_v, d_w_o)

    return output, back


# ---------------------------------------------------------------- feed-forward


def feed_forward_pullback(x: Array, weights: FeedForwardWeights) -> tuple[Array, Back]:
    """feed_forward; back gives (d_x, FeedForwardWeights).

    >>> weights = FeedForwardWeights(np.eye(2), np.zeros(2), np.eye(2), np.zeros(2))
    >>> output, back = feed_forward_pullback(np.array([1.0, -1.0]), weights)
    >>> output, back(np.ones(2))[0]
    (array([1., 0.]), array([1., 0.]))
    """
    hidden, back_1 = product_pullback(x, Affine(weights.w_1, weights.b_1))
    np.maximum(hidden, 0, out=hidden)
    output, back_2 = product_pullback(hidden, Affine(weights.w_2, weights.b_2))

    def back(d_output: Array) -> tuple[Array, FeedForwardWeights]:
        d_hidden, d_second = back_2(d_output)
        d_hidden *= hidden > 0
        d_x, d_first = back_1(d_hidden)
        return d_x, FeedForwardWeights(*d_first, *d_second)

    return output, back


def gelu_feed_forward_pullback(x: Array, weights: FeedForwardWeights) -> tuple[Array, Back]:
    """gelu_feed_forward; back gives (d_x, FeedForwardWeights).

    >>> weights = FeedForwardWeights(np.eye(2), np.zeros(2), np.eye(2), np.zeros(2))
    >>> output, back = gelu_feed_forward_pullback(np.zeros(2), weights)
    >>> back(np.ones(2))[0]
    array([0.5, 0.5])
    """
    hidden, back_1 = product_pullback(x, Affine(weights.w_1, weights.b_1))
    output, back_2 = product_pullback(gelu(hidden, approximate=True), Affine(weights.w_2, weights.b_2))

    def back(d_output: Array) -> tuple[Array, FeedForwardWeights]:
        d_activated, d_second = back_2(d_output)
        d_x, d_first = back_1(gelu_backward(d_activated, hidden, approximate=True))
        return d_x, FeedForwardWeights(*d_first, *d_second)

    return output, back


def swiglu_pullback(x: Array, weights: SwigluWeights) -> tuple[Array, Back]:
    """swiglu; back gives (d_x, SwigluWeights).

    >>> output, back = swiglu_pullback(np.zeros(2), SwigluWeights(np.eye(2), np.eye(2), np.eye(2)))
    >>> back(np.ones(2))[0]
    array([0., 0.])
    """
    opening, back_gate = product_pullback(x, weights.w_gate)
    content, back_up = product_pullback(x, weights.w_up)
    gate = silu(opening)
    output, back_down = product_pullback(gate * content, weights.w_down)

    def back(d_output: Array) -> tuple[Array, SwigluWeights]:
        d_gated, d_w_down = back_down(d_output)
        d_x, d_w_gate = back_gate(silu_backward(d_gated * content, opening))
        d_x_by_content, d_w_up = back_up(d_gated * gate)
        d_x += d_x_by_content
        return d_x, SwigluWeights(d_w_gate, d_w_up, d_w_down)

    return output, back


# ---------------------------------------------------------------- residual sub-layers


def residual_pullback(
    x: Array, sublayer: Pullback, weights: NormWeights, norm: str = "post", drop: Drop | None = None
) -> tuple[Array, Back]:
    """add_and_norm of a sub-layer whose back gives (d_x, *others); back gives (d_x, *others, NormWeights).

    >>> double, weights = lambda x: (2 * x, lambda d: (2 * d,)), NormWeights(np.ones(2), np.zeros(2))
    >>> output, back = residual_pullback(np.array([[1.0, 3.0]]), double, weights, "pre")
    >>> output.round(3), back(np.ones((1, 2)))[0].round(12)
    (array([[-1.,  5.]]), array([[1., 1.]]))
    """
    if norm not in ("post", "pre"):
        raise ValueError(f'residual_pullback: norm must be "post" or "pre", got {norm!r}')
    if norm == "post":
        said, back_sublayer = dropped_pullback(*sublayer(x), drop)
        output, back_norm = layer_norm_pullback(x + said, weights)
    else:
        normalised, back_norm = layer_norm_pullback(x, weights)
        said, back_sublayer = dropped_pullback(*sublayer(normalised), drop)
        output = x + said

    def back(d_output: Array) -> tuple[Any, ...]:
        if norm == "post":
            d_summed, d_norm = back_norm(d_output)
            d_x, *others = back_sublayer(d_summed)
            d_x += unbroadcast(d_summed, x)
        else:
            d_normalised, *others = back_sublayer(d_output)
            d_x, d_norm = back_norm(d_normalised)
            d_x += unbroadcast(d_output, x)
        return d_x, *others, d_norm

    return output, back


def dropped_pullback(output: Array, back: Back, drop: Drop | None) -> tuple[Array, Back]:
    """The same output with dropout behind it, and the way back through the same draw.

    >>> output, back = dropped_pullback(np.ones(2), lambda d: d, lambda y: y * np.array([2.0, 0.0]))
    >>> output, back(np.ones(2))
    (array([2., 0.]), array([2., 0.]))
    """
    if drop is None:
        return output, back
    factors = drop(np.ones_like(output))
    return output * factors, lambda d_output: back(d_output * factors)
