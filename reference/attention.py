"""Attention, from softmax to many heads.

Read it from top to bottom: each function uses only what stands above it (and `forbidden`, which is about
nan and can wait).

Rows are tokens. A linear map is `x @ w`. Masks are boolean and True means "may attend". A query that
may attend to nothing gets zeros. What it may not attend to never matters, even if it is nan; nan where it
may stays visible. Nothing is changed in place.

Papers: [B] Bahdanau et al. 2015, [L] Luong et al. 2015, [V] Vaswani et al. 2017,
[A] Ainslie et al. 2023 (grouped queries), [P] Press et al. 2022 (biases).
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np

from reference import forbidden
from reference.shapes import Array, Bool, Float, Int

# ---------------------------------------------------------------- from scores to weights


def softmax(x: Float[Array, "..."], axis: int = -1) -> Float[Array, "..."]:
    r"""Turn scores into weights: positive, with sum 1 along `axis`.

    softmax(x)_i = exp(x_i) / sum_j exp(x_j)

    Any number of axes; an entry of -inf gets weight 0. Source: [V] section 3.2.1.

    >>> softmax(np.array([1.0, 2.0, 3.0])).round(4)
    array([0.09  , 0.2447, 0.6652])
    """
    # only differences matter, so let the largest score be 0 and exp cannot overflow
    shifted = x - np.max(x, axis=axis, keepdims=True)
    # make every score positive
    exponentials = np.exp(shifted)
    # what each slice along the axis sums to; the axis is kept, so that the division lines up
    total = np.sum(exponentials, axis=axis, keepdims=True)
    # share a weight of 1 in proportion
    weights: Array = exponentials / total
    return weights


def log_softmax(x: Float[Array, "..."], axis: int = -1) -> Float[Array, "..."]:
    r"""The logarithm of softmax, without ever taking the logarithm of 0.

    log_softmax(x)_i = x_i - log sum_j exp(x_j)

    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    # as in softmax: the largest score becomes 0
    shifted = x - np.max(x, axis=axis, keepdims=True)
    # log of the normaliser, at least log 1 = 0, so it is always finite
    log_total = np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
    # dividing by the normaliser is subtracting its logarithm
    log_weights: Array = shifted - log_total
    return log_weights


# ---------------------------------------------------------------- one query looks at many keys


def attend(
    query: Float[Array, "*batch d_k"],
    keys: Float[Array, "*batch keys d_k"],
    values: Float[Array, "*batch keys d_v"],
) -> tuple[Float[Array, "*batch d_v"], Float[Array, "*batch keys"]]:
    r"""Attention in its smallest form: a weighted average of the values.

    weights = softmax(keys . query),  output = sum_j weights_j values_j

    One query (d_k,), as many keys (keys, d_k) as values (keys, d_v). Source: [L] section 3, [V] section 3.2.

    >>> output, weights = attend(np.array([1.0, 2]), np.array([[1.0, 0], [0, 1], [1, 1]]), np.eye(3))
    >>> weights.round(4)
    array([0.09  , 0.2447, 0.6652])
    """
    # how well the query matches each key: one dot product a key
    scores = np.matvec(keys, query)
    # how much of each value to take
    weights = softmax(scores)
    # the average of the values under these weights
    output = np.vecmat(weights, values)
    return output, weights


def additive_scores(
    query: Float[Array, "*batch d_query"],
    keys: Float[Array, "*batch keys d_key"],
    w_query: Float[Array, "d_query d_hidden"],
    w_key: Float[Array, "d_key d_hidden"],
    v: Float[Array, "d_hidden"],
) -> Float[Array, "*batch keys"]:
    r"""Bahdanau's scores: a small network with one hidden layer looks at the query and each key.

    score_j = v . tanh(query w_query + key_j w_key)

    Query and keys may differ in width. Source: [B] section 3.1 and appendix A.1.2.

    >>> w = np.eye(1)
    >>> additive_scores(np.array([1.0]), np.array([[0.0], [-1.0]]), w, w, np.array([2.0])).round(4)
    array([1.5232, 0.    ])
    """
    # bring the query to the hidden width; the new axis lets it meet every key
    projected_query = (query @ w_query)[..., None, :]
    # bring the keys to the same width
    projected_keys = keys @ w_key
    # without tanh the query would add the same amount to every score, and softmax would forget it
    hidden = np.tanh(projected_query + projected_keys)
    # one number a key
    scores: Array = hidden @ v
    return scores


def dot_product_scores(
    query: Float[Array, "*batch d_query"],
    keys: Float[Array, "*batch keys d_key"],
    w: Float[Array, "d_query d_key"] | None = None,
) -> Float[Array, "*batch keys"]:
    r"""Luong's scores: "dot" without `w`, "general" with it.

    score_j = query . key_j     or     query w key_j

    `w` lets query and keys differ in width. Source: [L] equation 8.

    >>> dot_product_scores(np.array([1.0, 2]), np.array([[1.0, 0], [0, 1], [1, 1]]))
    array([1., 2., 3.])
    """
    # the query in the space of the keys
    projected_query = query if w is None else query @ w
    # one dot product a key
    scores: Array = np.matvec(keys, projected_query)
    return scores


# ---------------------------------------------------------------- where queries, keys and values come from


def project_qkv(
    x: Float[Array, "*batch tokens d_model"],
    w_q: Float[Array, "d_model d_k"],
    w_k: Float[Array, "d_model d_k"],
    w_v: Float[Array, "d_model d_v"],
) -> tuple[
    Float[Array, "*batch tokens d_k"], Float[Array, "*batch tokens d_k"], Float[Array, "*batch tokens d_v"]
]:
    r"""Three roles of one sequence: what each token asks, what it is found by, what it passes on.

    Q = X W_Q,  K = X W_K,  V = X W_V

    The same three matrices serve every token. Source: [V] section 3.2.2.

    >>> q, k, v = project_qkv(np.eye(2), np.ones((2, 3)), np.ones((2, 3)), np.ones((2, 4)))
    >>> q.shape, k.shape, v.shape
    ((2, 3), (2, 3), (2, 4))
    """
    # what each token is looking for
    q = x @ w_q
    # what each token can be found by
    k = x @ w_k
    # what each token passes on when it is found
    v = x @ w_v
    return q, k, v


# ---------------------------------------------------------------- who may look at whom


def causal_mask(n_queries: int, n_keys: int | None = None) -> Bool[Array, "queries keys"]:
    r"""Each position may look at itself and at what came before it.

    allowed_ij = (j <= i)

    With more keys than queries (a cache of past keys) the queries are the last positions.
    Source: [V] section 3.2.3.

    >>> causal_mask(2, 3).astype(int)
    array([[1, 1, 0],
           [1, 1, 1]])
    """
    # without a cache there are as many keys as queries
    n_keys = n_queries if n_keys is None else n_keys
    if n_queries < 0 or n_keys < 0:
        raise ValueError(
            f"causal_mask: n_queries and n_keys must not be negative, got {n_queries} and {n_keys}"
        )
    # how many keys came before the first query
    n_past = n_keys - n_queries
    # the lower triangle, diagonal included, moved right by the past
    allowed = np.tril(np.ones((n_queries, n_keys), dtype=bool), k=n_past)
    return allowed


def padding_mask(ids: Int[Array, "*batch tokens"], pad: int) -> Bool[Array, "*batch 1 1 tokens"]:
    r"""Nobody may look at padding: True where the token is real.

    The two axes of size 1 stand for heads and queries, so that it broadcasts to
    scores (batch, heads, queries, keys). Source: common practice.

    >>> padding_mask(np.array([[5, 6, 0]]), pad=0).shape
    (1, 1, 1, 3)
    """
    # a token is worth looking at if it is not padding
    real = ids != pad
    # every head and every query sees the same keys
    allowed: Array = real[..., None, None, :]
    return allowed


def combine_masks(*masks: Bool[Array, "*#batch"] | None) -> Bool[Array, "*batch"] | None:
    r"""Allowed is what every mask allows. None allows all and is skipped; of nothing comes None.

    >>> combine_masks(causal_mask(2), None, np.array([True, False])).astype(int)
    array([[1, 0],
           [1, 0]])
    """
    # None forbids nothing
    present = [mask for mask in masks if mask is not None]
    # what all of them allow; masks of different shapes broadcast to the common one
    combined: Array | None = functools.reduce(np.logical_and, present) if present else None
    return combined


def mask_scores(
    scores: Float[Array, "*batch queries keys"], mask: Bool[Array, "*#batch #queries #keys"] | None
) -> Float[Array, "*batch queries keys"]:
    r"""Forbidden scores become -inf, because exp(-inf) is exactly 0.

    (0 would not do: exp(0) = 1.) Source: [V] section 3.2.3.

    >>> mask_scores(np.array([[1.0, 2.0]]), np.array([[True, False]]))
    array([[  1., -inf]])
    """
    # no mask forbids nothing; a new array either way
    allowed = True if mask is None else mask
    # what stood at a forbidden place no longer matters, even if it was nan
    masked: Array = np.where(allowed, scores, -np.inf)
    return masked


def masked_softmax(
    scores: Float[Array, "*batch queries keys"], mask: Bool[Array, "*#batch #queries #keys"] | None
) -> Float[Array, "*batch queries keys"]:
    r"""Softmax over the allowed keys of each query. A query without any gets zeros, not nan.

    Every other row sums to 1. nan at an allowed place stays visible. Source: [V] section 3.2.3;
    the zeros are our convention (frameworks differ: 0, nan, or the mean of the values).

    >>> masked_softmax(np.zeros((2, 2)), np.array([[True, False], [False, False]]))
    array([[1., 0.],
           [0., 0.]])
    """
    # forbidden keys cannot win, whatever their score
    masked = scores if mask is None else mask_scores(scores, mask)
    # the largest allowed score of each query
    largest = np.max(masked, axis=-1, keepdims=True)
    # a query without allowed keys has -inf there: subtract 0, since -inf - (-inf) is nan
    shift = np.where(np.isneginf(largest), 0, largest)
    # positive for allowed keys, exactly 0 for the others
    exponentials = np.exp(masked - shift)
    # what the weights of each query have to be divided by
    total = np.sum(exponentials, axis=-1, keepdims=True)
    # an empty row sums to 0: divided by 1, its zeros stay zeros
    weights: Array = exponentials / np.where(total == 0, 1, total)
    return weights


# ---------------------------------------------------------------- all queries at once


@forbidden.left_out
def scaled_dot_product_attention(
    q: Float[Array, "*batch queries d_k"],
    k: Float[Array, "*batch keys d_k"],
    v: Float[Array, "*batch keys d_v"],
    mask: Bool[Array, "*#batch #queries #keys"] | None = None,
) -> tuple[Float[Array, "*batch queries d_v"], Float[Array, "*batch queries keys"]]:
    r"""Every query attends to every key it may see.

    Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k)) V

    Queries down, keys across; any number of batch axes. Returns (output, weights).
    Source: [V] equation 1.

    >>> output, weights = scaled_dot_product_attention(8 * np.eye(2), np.eye(2), np.eye(2))
    >>> weights.round(4)
    array([[0.9965, 0.0035],
           [0.0035, 0.9965]])
    """
    # how well each query matches each key: all dot products at once
    scores = q @ np.swapaxes(k, -1, -2)
    # a sum of d_k products has variance d_k; divided by the root it has variance 1 again
    scaled = scores / math.sqrt(q.shape[-1])
    # each query shares a weight of 1 among the keys it may see
    weights = masked_softmax(scaled, mask)
    # each output is the average of the values under these weights
    output: Array = weights @ v
    return output, weights


def biased_attention(
    q: Float[Array, "*batch queries d_k"],
    k: Float[Array, "*batch keys d_k"],
    v: Float[Array, "*batch keys d_v"],
    bias: Float[Array, "*#batch #queries #keys"],
    mask: Bool[Array, "*#batch #queries #keys"] | None = None,
) -> tuple[Float[Array, "*batch queries d_v"], Float[Array, "*batch queries keys"]]:
    r"""Attention that also knows something about pairs of positions: ALiBi, relative positions.

    softmax(Q K^T / sqrt(d_k) + bias) V

    A bias of -inf forbids. Source: [P] section 3.

    >>> _, weights = biased_attention(np.ones((1, 4)), np.ones((2, 4)), np.eye(2), np.array([[0.0, -np.inf]]))
    >>> weights
    array([[1., 0.]])
    """
    # as in scaled dot-product attention
    scaled = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    # the bias is in units of scaled scores, and must not change their precision
    biased = scaled + bias.astype(scaled.dtype)
    # a bias of -inf is a mask, whatever the score
    allowed = combine_masks(~np.isneginf(bias), mask)
    # as before
    weights = masked_softmax(biased, allowed)
    output = forbidden.product(weights, v, allowed)
    return output, weights


def self_attention(
    x: Float[Array, "*batch tokens d_model"],
    w_q: Float[Array, "d_model d_k"],
    w_k: Float[Array, "d_model d_k"],
    w_v: Float[Array, "d_model d_v"],
    mask: Bool[Array, "*#batch #tokens #tokens"] | None = None,
) -> tuple[Float[Array, "*batch tokens d_v"], Float[Array, "*batch tokens tokens"]]:
    r"""Attention in which queries, keys and values all come from one sequence.

    The formula is that of attention; only the origin of Q, K and V is special.
    As many outputs as tokens, with new contents. Source: [V] section 3.2.3.

    >>> x = np.array([[1.0, 0], [0, 1], [1, 1]])
    >>> output, weights = self_attention(x, np.eye(2), np.eye(2), np.eye(2))
    >>> weights.sum(axis=-1)
    array([1., 1., 1.])
    """
    # one sequence in three roles
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    # the same attention as ever
    output, weights = scaled_dot_product_attention(q, k, v, mask)
    return output, weights


# ---------------------------------------------------------------- many heads


class AttentionWeights(NamedTuple):
    """The four matrices of multi-head attention; the columns of w_q, w_k, w_v are the heads side by side."""

    w_q: Float[Array, "d_query d_heads"]
    w_k: Float[Array, "d_memory d_heads"]
    w_v: Float[Array, "d_memory d_values"]
    w_o: Float[Array, "d_values d_out"]


def split_heads(
    x: Float[Array, "*batch tokens d_model"], n_heads: int
) -> Float[Array, "*batch heads tokens d_head"]:
    r"""Cut each token's vector into heads, and bring the heads to the front.

    (tokens, d_model) -> (tokens, heads, d_head) -> (heads, tokens, d_head): head i holds the i-th slice of
    every token. Reshaping straight to the last shape would mix tokens. Source: [V] section 3.2.2.

    >>> split_heads(np.arange(12.0).reshape(3, 4), 2)[0]
    array([[0., 1.],
           [4., 5.],
           [8., 9.]])
    """
    if n_heads < 1 or x.shape[-1] % n_heads:
        raise ValueError(f"split_heads: n_heads must divide d_model = {x.shape[-1]}, got {n_heads}")
    # cut the last axis only: each token keeps its own numbers
    sliced = x.reshape(*x.shape[:-1], n_heads, x.shape[-1] // n_heads)
    # exchange tokens and heads, so that each head sees a sequence
    heads = np.swapaxes(sliced, -2, -3)
    return heads


def merge_heads(x: Float[Array, "*batch heads tokens d_head"]) -> Float[Array, "*batch tokens d_model"]:
    r"""Put the heads of each token side by side again: the inverse of split_heads.

    >>> x = np.arange(24.0).reshape(2, 3, 4)
    >>> bool(np.all(merge_heads(split_heads(x, 2)) == x))
    True
    """
    # first exchange the axes back, then glue
    sliced = np.swapaxes(x, -2, -3)
    # the last two axes become one
    merged = sliced.reshape(*sliced.shape[:-2], sliced.shape[-2] * sliced.shape[-1])
    return merged


def multi_head_attention(
    x_q: Float[Array, "*batch queries d_query"],
    x_kv: Float[Array, "*batch keys d_memory"],
    weights: AttentionWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #queries #keys"] | None = None,
) -> Float[Array, "*batch queries d_out"]:
    r"""Several attentions side by side, each in its own small space, then mixed.

    MultiHead = Concat(head_1 .. head_h) W_O,  head_i = Attention(X_q W_Q^i, X_kv W_K^i, X_kv W_V^i)

    Each head projects the whole vector; slicing happens only after projection. The mask broadcasts to
    (*batch, heads, queries, keys). Source: [V] section 3.2.2.

    >>> weights = AttentionWeights(*[np.eye(4)] * 4)
    >>> multi_head_attention(np.ones((3, 4)), np.ones((5, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # queries of all heads side by side, then head by head
    q = split_heads(x_q @ weights.w_q, n_heads)
    # keys and values come from the other sequence; in self-attention it is the same one
    k = split_heads(x_kv @ weights.w_k, n_heads)
    v = split_heads(x_kv @ weights.w_v, n_heads)
    # the heads are just one more batch axis; each is scaled by its own width
    heads, _ = scaled_dot_product_attention(q, k, v, mask)
    # side by side again
    concatenated = merge_heads(heads)
    # without this, each head would own a fixed slice of the output
    output: Array = concatenated @ weights.w_o
    return output


def cross_attention(
    x: Float[Array, "*batch queries d_query"],
    memory: Float[Array, "*batch keys d_memory"],
    weights: AttentionWeights,
    n_heads: int,
    memory_mask: Bool[Array, "*#batch #heads #queries #keys"] | None = None,
) -> Float[Array, "*batch queries d_out"]:
    r"""The decoder asks, the encoder's output answers.

    Queries from x, keys and values from memory; no causal mask, since the whole source is known.
    As many outputs as x has tokens. Source: [V] section 3.2.3.

    >>> weights = AttentionWeights(*[np.eye(4)] * 4)
    >>> cross_attention(np.ones((3, 4)), np.ones((5, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # only the origin of the queries differs from self-attention
    output = multi_head_attention(x, memory, weights, n_heads, memory_mask)
    return output


def grouped_query_attention(
    x_q: Float[Array, "*batch queries d_query"],
    x_kv: Float[Array, "*batch keys d_memory"],
    weights: AttentionWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Bool[Array, "*#batch #heads #queries #keys"] | None = None,
) -> Float[Array, "*batch queries d_out"]:
    r"""Multi-head attention in which groups of query heads share one head of keys and values.

    Query head j uses key-value head j // (n_heads / n_kv_heads). With n_kv_heads = n_heads it is multi-head
    attention, with 1 multi-query attention. w_k and w_v are n_kv_heads * d_head wide. Source: [A] section 2.

    >>> weights = AttentionWeights(np.eye(8), np.ones((8, 4)), np.ones((8, 4)), np.eye(8))
    >>> grouped_query_attention(np.ones((3, 8)), np.ones((5, 8)), weights, n_heads=4, n_kv_heads=2).shape
    (3, 8)
    """
    if n_kv_heads < 1 or n_heads % n_kv_heads:
        raise ValueError(
            f"grouped_query_attention: n_kv_heads must divide n_heads = {n_heads}, got {n_kv_heads}"
        )
    # one head a query head
    q = split_heads(x_q @ weights.w_q, n_heads)
    # fewer heads of keys and values: this is what a cache would store
    k = split_heads(x_kv @ weights.w_k, n_kv_heads)
    v = split_heads(x_kv @ weights.w_v, n_kv_heads)
    # how many query heads share one of them
    group = n_heads // n_kv_heads
    # neighbours share: 0 0 1 1, not 0 1 0 1
    shared_k = np.repeat(k, group, axis=-3)
    shared_v = np.repeat(v, group, axis=-3)
    # from here on it is multi-head attention
    heads, _ = scaled_dot_product_attention(q, shared_k, shared_v, mask)
    output: Array = merge_heads(heads) @ weights.w_o
    return output
