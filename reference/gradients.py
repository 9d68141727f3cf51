"""Attention backwards: from the gradient at the output to the gradients at the inputs.

`f_backward(d_output, ...inputs of f...)`: `d_output` has the shape of what f returns and says how fast the
loss grows with each of its numbers; what comes back says the same of each float input, in order. Where f
returns (output, weights), `d_output` belongs to the output. Masks have no gradient.

The rules are few. Of a product, each factor gets the gradient times the other factor. Of a sum, each part
gets the gradient as it is. What was used several times gathers the gradients of all its uses. A shape error
is a wrong formula: the gradient of an array has the shape of the array.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from reference import forbidden
from reference.attention import masked_softmax, scaled_dot_product_attention, softmax
from reference.layers import Affine
from reference.shapes import Array, Bool, Float

_Attention = TypeVar("_Attention", bound=Callable[..., Any])

# ---------------------------------------------------------------- products


def unbroadcast(gradient: Float[Array, "..."], like: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""The gradient of an array that NumPy had stretched along some axes: summed over these axes.

    >>> unbroadcast(np.ones((5, 2, 3)), like=np.zeros((2, 1)))
    array([[15.],
           [15.]])
    """
    if gradient.shape == like.shape:
        return gradient
    # axes in front that `like` does not have
    new_axes = tuple(range(gradient.ndim - like.ndim))
    summed = np.sum(gradient, axis=new_axes)
    # axes of size 1 that were stretched
    stretched = tuple(axis for axis in range(like.ndim) if like.shape[axis] == 1 != summed.shape[axis])
    gathered: Array = np.sum(summed, axis=stretched, keepdims=True)
    return gathered


def linear_backward(
    d_output: Float[Array, "*batch d_out"],
    x: Float[Array, "*batch d_in"],
    w: Float[Array, "d_in d_out"],
    b: Float[Array, "d_out"] | None = None,
) -> tuple[Array, ...]:
    r"""Gradients of linear: (d_x, d_w), and d_b where there is a bias.

    d_x = d_output W^T,  d_W = sum over tokens of x^T d_output,  d_b = sum over tokens of d_output

    >>> d_x, d_w = linear_backward(np.array([1.0, 0.0]), np.array([5.0, 6.0]), np.array([[1.0, 2], [3, 4]]))
    >>> d_x, d_w.tolist()
    (array([1., 3.]), [[5.0, 0.0], [6.0, 0.0]])
    """
    # the way back goes through the transpose
    d_x = d_output @ w.T
    # all tokens in one long row: they share the weights
    tokens = x.reshape(-1, x.shape[-1])
    d_tokens = d_output.reshape(-1, d_output.shape[-1])
    # summed over tokens by the product itself
    d_w = tokens.T @ d_tokens
    # the bias was added to every token
    d_b = np.sum(d_tokens, axis=0)
    return (d_x, d_w) if b is None else (d_x, d_w, d_b)


def projection_backward(
    d_output: Float[Array, "..."], x: Float[Array, "*batch d_in"], w: Array | Affine
) -> tuple[Array, Array | Affine]:
    """Gradients of `x @ w`, where w is a matrix or a matrix with its bias; d_w has the form of w.

    >>> d_x, d_w = projection_backward(np.ones((3, 2)), np.ones((3, 4)), Affine(np.ones((4, 2)), np.zeros(2)))
    >>> d_x.shape, d_w.w.shape, d_w.b
    ((3, 4), (4, 2), array([3., 3.]))
    """
    # x may have been shared along a batch axis; every use of it counts
    d_product = unbroadcast(d_output, np.empty((*x.shape[:-1], d_output.shape[-1])))
    if isinstance(w, Affine):
        d_x, d_matrix, d_b = linear_backward(d_product, x, w.w, w.b)
        return d_x, Affine(d_matrix, d_b)
    d_x, d_w = linear_backward(d_product, x, w)
    return d_x, d_w


# ---------------------------------------------------------------- softmax


def softmax_backward(
    d_output: Float[Array, "*shape"], x: Float[Array, "*shape"], axis: int = -1
) -> Float[Array, "*shape"]:
    r"""Gradient of softmax: d_x. Every weight depends on every score of its slice.

    d_x_i = p_i (d_i - sum_j p_j d_j),  p = softmax(x)

    >>> softmax_backward(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    array([ 0.25, -0.25])
    """
    # as on the way forward
    weights = softmax(x, axis)
    # the weights sum to 1, so raising one lowers the others: only what is above average helps
    average = np.sum(weights * d_output, axis=axis, keepdims=True)
    # a weight near 0 cannot be moved
    d_x: Array = weights * (d_output - average)
    return d_x


def log_softmax_backward(
    d_output: Float[Array, "*shape"], x: Float[Array, "*shape"], axis: int = -1
) -> Float[Array, "*shape"]:
    r"""Gradient of log_softmax: d_x.

    d_x_i = d_i - p_i sum_j d_j,  p = softmax(x)

    >>> log_softmax_backward(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    array([ 0.5, -0.5])
    """
    # the normaliser was subtracted from every entry, so it gets all their gradients
    total = np.sum(d_output, axis=axis, keepdims=True)
    # the gradient of the normaliser's logarithm is softmax
    d_x: Array = d_output - softmax(x, axis) * total
    return d_x


def mask_scores_backward(
    d_output: Float[Array, "*batch queries keys"],
    scores: Float[Array, "*batch queries keys"],
    mask: Bool[Array, "*#batch #queries #keys"] | None,
) -> Float[Array, "*batch queries keys"]:
    """Gradient of mask_scores: d_scores. A forbidden score was thrown away, so it has none.

    >>> mask_scores_backward(np.array([[1.0, 2.0]]), np.zeros((1, 2)), np.array([[True, False]]))
    array([[1., 0.]])
    """
    # no mask forbids nothing
    allowed = True if mask is None else mask
    d_scores = np.where(allowed, d_output, 0)
    return unbroadcast(d_scores, scores)


def masked_softmax_backward(
    d_output: Float[Array, "*batch queries keys"],
    scores: Float[Array, "*batch queries keys"],
    mask: Bool[Array, "*#batch #queries #keys"] | None,
) -> Float[Array, "*batch queries keys"]:
    """Gradient of masked_softmax: d_scores. Exactly 0 at forbidden keys, and for queries without any key.

    The formula is that of softmax; the weights say by being 0 what was forbidden.

    >>> masked_softmax_backward(np.eye(2), np.zeros((2, 2)), np.array([[True, True], [False, False]]))
    array([[ 0.25, -0.25],
           [ 0.  ,  0.  ]])
    """
    # as on the way forward: zeros where nothing may be seen
    weights = masked_softmax(scores, mask)
    # as in softmax
    average = np.sum(weights * d_output, axis=-1, keepdims=True)
    d_scores = weights * (d_output - average)
    return unbroadcast(d_scores, scores)


# ---------------------------------------------------------------- one query


def attend_backward(
    d_output: Float[Array, "*batch d_v"],
    query: Float[Array, "*batch d_k"],
    keys: Float[Array, "*batch keys d_k"],
    values: Float[Array, "*batch keys d_v"],
) -> tuple[Array, Array, Array]:
    """Gradients of attend: (d_query, d_keys, d_values).

    >>> d_query, d_keys, d_values = attend_backward(np.ones(3), np.ones(2), np.ones((4, 2)), np.ones((4, 3)))
    >>> d_values[0], d_query
    (array([0.25, 0.25, 0.25]), array([0., 0.]))
    """
    # as on the way forward
    scores = np.matvec(keys, query)
    weights = softmax(scores)
    # each value was taken as often as its weight says
    d_values = weights[..., :, None] * d_output[..., None, :]
    # a weight matters as much as its value points where the output should go
    d_weights = np.matvec(values, d_output)
    d_scores = softmax_backward(d_weights, scores)
    # a dot product: each side gets the other one
    d_query = np.vecmat(d_scores, keys)
    d_keys = d_scores[..., :, None] * query[..., None, :]
    return unbroadcast(d_query, query), unbroadcast(d_keys, keys), unbroadcast(d_values, values)


def additive_scores_backward(
    d_output: Float[Array, "*batch keys"],
    query: Float[Array, "*batch d_query"],
    keys: Float[Array, "*batch keys d_key"],
    w_query: Float[Array, "d_query d_hidden"],
    w_key: Float[Array, "d_key d_hidden"],
    v: Float[Array, "d_hidden"],
) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of additive_scores: (d_query, d_keys, d_w_query, d_w_key, d_v).

    >>> gradients = additive_scores_backward(np.ones(4), np.ones(2), np.ones((4, 3)), np.ones((2, 5)),
    ...                                      np.ones((3, 5)), np.ones(5))
    >>> [gradient.shape for gradient in gradients]
    [(2,), (4, 3), (2, 5), (3, 5), (5,)]
    """
    # as on the way forward
    hidden = np.tanh((query @ w_query)[..., None, :] + keys @ w_key)
    # one number a key came out of each hidden vector
    d_hidden = d_output[..., None] * v
    d_v = np.sum(d_output[..., None] * hidden, axis=tuple(range(hidden.ndim - 1)))
    # the slope of tanh is 1 - tanh^2
    d_summed = d_hidden * (1 - hidden * hidden)
    # the query met every key
    d_projected_query = np.sum(d_summed, axis=-2)
    d_query, d_w_query = projection_backward(d_projected_query, query, w_query)
    d_keys, d_w_key = projection_backward(d_summed, keys, w_key)
    return d_query, d_keys, np.asarray(d_w_query), np.asarray(d_w_key), d_v


def dot_product_scores_backward(
    d_output: Float[Array, "*batch keys"],
    query: Float[Array, "*batch d_query"],
    keys: Float[Array, "*batch keys d_key"],
    w: Float[Array, "d_query d_key"] | None = None,
) -> tuple[Array, ...]:
    """Gradients of dot_product_scores: (d_query, d_keys), and d_w where there is a w.

    >>> [g.tolist() for g in dot_product_scores_backward(np.array([1.0]), np.array([2.0]), np.array([[3.0]]))]
    [[3.0], [[2.0]]]
    """
    # the query in the space of the keys, as on the way forward
    projected_query = query if w is None else query @ w
    # a dot product: each side gets the other one
    d_projected_query = np.vecmat(d_output, keys)
    d_keys = unbroadcast(d_output[..., :, None] * projected_query[..., None, :], keys)
    if w is None:
        return unbroadcast(d_projected_query, query), d_keys
    d_query, d_w = projection_backward(d_projected_query, query, w)
    return d_query, d_keys, np.asarray(d_w)


# ---------------------------------------------------------------- all queries at once


def _for_all_inputs(backward: _Attention) -> _Attention:
    """Gradients of attention also where batch axes were stretched, or what is forbidden is no number."""

    @functools.wraps(backward)
    def careful(d_output: Array, q: Array, k: Array, v: Array, mask: Array | None = None) -> Any:
        inputs = (q, k, v)
        gradients = backward(d_output, *inputs, mask)
        if mask is not None and not all(np.all(np.isfinite(gradient)) for gradient in gradients):
            no_bias = np.zeros((1, 1), dtype=q.dtype)
            gradients = biased_attention_backward(d_output, *inputs, no_bias, mask)
        return tuple(unbroadcast(d_array, array) for d_array, array in zip(gradients, inputs, strict=False))

    return careful  # type: ignore[return-value]


@_for_all_inputs
def scaled_dot_product_attention_backward(
    d_output: Float[Array, "*batch queries d_v"],
    q: Float[Array, "*batch queries d_k"],
    k: Float[Array, "*batch keys d_k"],
    v: Float[Array, "*batch keys d_v"],
    mask: Bool[Array, "*#batch #queries #keys"] | None = None,
) -> tuple[
    Float[Array, "*batch queries d_k"], Float[Array, "*batch keys d_k"], Float[Array, "*batch keys d_v"]
]:
    r"""Gradients of scaled_dot_product_attention: (d_q, d_k, d_v).

    d_V = A^T d_O,  d_A = d_O V^T,  d_S = A * (d_A - rowsum(A * d_A)),  d_Q = d_S K / sqrt(d_k),
    d_K = d_S^T Q / sqrt(d_k)     with A = softmax(Q K^T / sqrt(d_k)), S what softmax was applied to

    Queries without any key have no gradient. q, k and v have the same batch axes.

    >>> d_q, d_k, d_v = scaled_dot_product_attention_backward(np.ones((2, 4)), np.ones((2, 1)),
    ...                                                       np.zeros((5, 1)), np.ones((5, 4)))
    >>> d_v[0].round(3), d_q[0]
    (array([0.4, 0.4, 0.4, 0.4]), array([0.]))
    """
    # the weights, as on the way forward
    _, weights = scaled_dot_product_attention(q, k, v, mask)
    # each value went to every query that gave it weight, and gathers from all of them
    d_v = np.swapaxes(weights, -1, -2) @ d_output
    # a weight matters as much as its value points where the output should go
    d_weights = d_output @ np.swapaxes(v, -1, -2)
    # weights of a query sum to 1: raising one takes from the others,
    # so only the difference to the average counts
    average = np.sum(weights * d_weights, axis=-1, keepdims=True)
    # a weight of 0 cannot be moved, which keeps forbidden keys out
    d_scaled = weights * (d_weights - average)
    # the scores were divided by this, so their gradient is too
    d_scores = d_scaled / math.sqrt(q.shape[-1])
    # a score is query times key: each side gets the other one
    d_q = d_scores @ k
    # keys gather over queries, so queries and keys change places
    d_k = np.swapaxes(d_scores, -1, -2) @ q
    return d_q, d_k, d_v


def tiled_attention_backward(
    d_output: Float[Array, "*batch queries d_v"],
    q: Float[Array, "*batch queries d_k"],
    k: Float[Array, "*batch keys d_k"],
    v: Float[Array, "*batch keys d_v"],
    mask: Bool[Array, "*#batch #queries #keys"] | None = None,
    block: int = 128,
) -> tuple[Array, Array, Array]:
    """Gradients of tiled_attention: (d_q, d_k, d_v), a block of queries at a time.

    Queries do not depend on each other, so memory stays linear in tokens; keys and values gather from block
    to block. The numbers are those of scaled_dot_product_attention_backward.

    >>> q, k, v, d_output = np.random.default_rng(0).normal(size=(4, 5, 4))
    >>> tiled = tiled_attention_backward(d_output, q, k, v, block=2)
    >>> bool(np.allclose(tiled, scaled_dot_product_attention_backward(d_output, q, k, v)))
    True
    """
    if block < 1:
        raise ValueError(f"tiled_attention_backward: block must be at least 1, got {block}")
    # a mask may have one row for all queries
    n_queries = q.shape[-2]
    full_mask = None if mask is None else np.broadcast_to(mask, (*mask.shape[:-2], n_queries, k.shape[-2]))
    # each block of queries has its own part of d_q
    blocks = []
    d_k, d_v = np.zeros_like(k), np.zeros_like(v)
    for start in range(0, n_queries, block):
        rows = slice(start, start + block)
        mask_rows = None if full_mask is None else full_mask[..., rows, :]
        d_q_block, d_k_block, d_v_block = scaled_dot_product_attention_backward(
            d_output[..., rows, :], q[..., rows, :], k, v, mask_rows
        )
        blocks.append(unbroadcast(d_q_block, q[..., rows, :]))
        # and a share in the gradients of all keys and values
        d_k = d_k + unbroadcast(d_k_block, k)
        d_v = d_v + unbroadcast(d_v_block, v)
    d_q = np.concatenate(blocks, axis=-2)
    return d_q, d_k, d_v


def biased_attention_backward(
    d_output: Float[Array, "*batch queries d_v"],
    q: Float[Array, "*batch queries d_k"],
    k: Float[Array, "*batch keys d_k"],
    v: Float[Array, "*batch keys d_v"],
    bias: Float[Array, "*#batch #queries #keys"],
    mask: Bool[Array, "*#batch #queries #keys"] | None = None,
) -> tuple[Array, Array, Array, Array]:
    """Gradients of biased_attention: (d_q, d_k, d_v, d_bias).

    >>> q, k, v = np.ones((2, 4)), np.ones((3, 4)), np.ones((3, 5))
    >>> biased_attention_backward(np.ones((2, 5)), q, k, v, np.zeros((1, 3)))[3].shape
    (1, 3)
    """
    # as on the way forward
    scaled = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    allowed: Array = ~np.isneginf(bias) & (True if mask is None else mask)
    weights = np.where(allowed, masked_softmax(scaled + bias.astype(scaled.dtype), allowed), 0)
    # keys down, queries across
    allowed_back = np.swapaxes(np.broadcast_to(allowed, weights.shape), -1, -2)
    # as in scaled dot-product attention; what is forbidden stays out even where something is nan
    d_v = forbidden.product(np.swapaxes(weights, -1, -2), d_output, allowed_back)
    d_weights = np.where(allowed, d_output @ np.swapaxes(v, -1, -2), 0)
    average = np.sum(weights * d_weights, axis=-1, keepdims=True)
    d_biased = np.where(allowed, weights * (d_weights - average), 0)
    # the bias was added after the scaling, so its gradient is not divided
    d_bias = unbroadcast(d_biased, bias)
    d_scores = d_biased / math.sqrt(q.shape[-1])
    d_q = unbroadcast(forbidden.product(d_scores, k, allowed), q)
    d_k = unbroadcast(forbidden.product(np.swapaxes(d_scores, -1, -2), q, allowed_back), k)
    return d_q, d_k, unbroadcast(d_v, v), d_bias
