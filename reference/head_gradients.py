"""Self-attention and many heads backwards: from their outputs to their inputs and their matrices.

The conventions are those of `gradients`. Weights come back in the form of the weights.
"""

from __future__ import annotations

import numpy as np

from reference.attention import AttentionWeights, merge_heads, scaled_dot_product_attention, split_heads
from reference.gradients import (
    linear_backward,
    projection_backward,
    scaled_dot_product_attention_backward,
)
from reference.shapes import Array, Bool, Float

# ---------------------------------------------------------------- self-attention


def project_qkv_backward(
    d_output: tuple[
        Float[Array, "*batch tokens d_k"],
        Float[Array, "*batch tokens d_k"],
        Float[Array, "*batch tokens d_v"],
    ],
    x: Float[Array, "*batch tokens d_model"],
    w_q: Float[Array, "d_model d_k"],
    w_k: Float[Array, "d_model d_k"],
    w_v: Float[Array, "d_model d_v"],
) -> tuple[Array, Array, Array, Array]:
    """Gradients of project_qkv: (d_x, d_w_q, d_w_k, d_w_v), from d_output = (d_q, d_k, d_v).

    >>> d_x, *_ = project_qkv_backward((np.eye(2), np.eye(2), np.eye(2)), np.eye(2), *[np.eye(2)] * 3)
    >>> d_x
    array([[3., 0.],
           [0., 3.]])
    """
    d_q, d_k, d_v = d_output
    # three linear maps of one x
    d_x_as_query, d_w_q = linear_backward(d_q, x, w_q)
    d_x_as_key, d_w_k = linear_backward(d_k, x, w_k)
    d_x_as_value, d_w_v = linear_backward(d_v, x, w_v)
    # x was used three times
    d_x = d_x_as_query + d_x_as_key + d_x_as_value
    return d_x, d_w_q, d_w_k, d_w_v


def self_attention_backward(
    d_output: Float[Array, "*batch tokens d_v"],
    x: Float[Array, "*batch tokens d_model"],
    w_q: Float[Array, "d_model d_k"],
    w_k: Float[Array, "d_model d_k"],
    w_v: Float[Array, "d_model d_v"],
    mask: Bool[Array, "*#batch #tokens #tokens"] | None = None,
) -> tuple[Array, Array, Array, Array]:
    """Gradients of self_attention: (d_x, d_w_q, d_w_k, d_w_v).

    >>> w_q, w_k, w_v = np.ones((3, 2)), np.ones((3, 2)), np.ones((3, 5))
    >>> [gradient.shape for gradient in self_attention_backward(np.ones((3, 5)), np.eye(3), w_q, w_k, w_v)]
    [(3, 3), (3, 2), (3, 2), (3, 5)]
    """
    # backwards through attention, then through the projections
    d_q, d_k, d_v = scaled_dot_product_attention_backward(d_output, x @ w_q, x @ w_k, x @ w_v, mask)
    gradients = project_qkv_backward((d_q, d_k, d_v), x, w_q, w_k, w_v)
    return gradients


# ---------------------------------------------------------------- many heads


def split_heads_backward(
    d_output: Float[Array, "*batch heads tokens d_head"],
    x: Float[Array, "*batch tokens d_model"],
    n_heads: int,
) -> Float[Array, "*batch tokens d_model"]:
    """Gradient of split_heads: numbers only changed places, so it is merge_heads.

    >>> split_heads_backward(np.ones((2, 3, 4)), np.zeros((3, 8)), 2).shape
    (3, 8)
    """
    # back to their places
    d_x = merge_heads(d_output)
    if d_x.shape[-1] != x.shape[-1]:
        raise ValueError(
            f"split_heads_backward: d_output must have heads of d_model = {x.shape[-1]}, got {d_output.shape}"
        )
    return d_x


def merge_heads_backward(
    d_output: Float[Array, "*batch tokens d_model"], x: Float[Array, "*batch heads tokens d_head"]
) -> Float[Array, "*batch heads tokens d_head"]:
    """Gradient of merge_heads: split_heads.

    >>> merge_heads_backward(np.ones((3, 8)), np.zeros((2, 3, 4))).shape
    (2, 3, 4)
    """
    # as many heads as there were
    d_x = split_heads(d_output, x.shape[-3])
    if d_x.shape[-1] != x.shape[-1]:
        raise ValueError(
            f"merge_heads_backward: d_output must hold the {x.shape[-3]} heads of x of shape {x.shape}, "
            f"got {d_output.shape}"
        )
    return d_x


def multi_head_attention_backward(
    d_output: Float[Array, "*batch queries d_out"],
    x_q: Float[Array, "*batch queries d_query"],
    x_kv: Float[Array, "*batch keys d_memory"],
    weights: AttentionWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #queries #keys"] | None = None,
) -> tuple[Array, Array, AttentionWeights]:
    """Gradients of multi_head_attention: (d_x_q, d_x_kv, d_weights).

    In self-attention x_q and x_kv are one array: add the two.

    >>> x_q, x_kv, weights = np.ones((3, 4)), np.ones((5, 4)), AttentionWeights(*[np.eye(4)] * 4)
    >>> d_x_q, d_x_kv, d_weights = multi_head_attention_backward(np.ones((3, 4)), x_q, x_kv, weights, 2)
    >>> d_x_q.shape, d_x_kv.shape, d_weights.w_o.shape
    ((3, 4), (5, 4), (4, 4))
    """
    # one group of one query head to each head of keys and values
    return grouped_query_attention_backward(d_output, x_q, x_kv, weights, n_heads, n_heads, mask)


def cross_attention_backward(
    d_output: Float[Array, "*batch queries d_out"],
    x: Float[Array, "*batch queries d_query"],
    memory: Float[Array, "*batch keys d_memory"],
    weights: AttentionWeights,
    n_heads: int,
    memory_mask: Bool[Array, "*#batch #heads #queries #keys"] | None = None,
) -> tuple[Array, Array, AttentionWeights]:
    """Gradients of cross_attention: (d_x, d_memory, d_weights).

    >>> x, memory, weights = np.ones((3, 4)), np.ones((5, 4)), AttentionWeights(*[np.eye(4)] * 4)
    >>> _, d_memory, _ = cross_attention_backward(np.ones((3, 4)), x, memory, weights, 2)
    >>> d_memory.shape
    (5, 4)
    """
    # only the origin of the queries is special
    return multi_head_attention_backward(d_output, x, memory, weights, n_heads, memory_mask)


def grouped_query_attention_backward(
    d_output: Float[Array, "*batch queries d_out"],
    x_q: Float[Array, "*batch queries d_query"],
    x_kv: Float[Array, "*batch keys d_memory"],
    weights: AttentionWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Bool[Array, "*#batch #heads #queries #keys"] | None = None,
) -> tuple[Array, Array, AttentionWeights]:
    """Gradients of grouped_query_attention: (d_x_q, d_x_kv, d_weights). A shared head gathers from its group.

    >>> weights = AttentionWeights(np.eye(8), np.ones((8, 4)), np.ones((8, 4)), np.eye(8))
    >>> x = np.ones((3, 8))
    >>> grouped_query_attention_backward(x, x, x, weights, n_heads=4, n_kv_heads=2)[2].w_k.shape
    (8, 4)
    """
    # as on the way forward
    q = split_heads(x_q @ weights.w_q, n_heads)
    group = n_heads // n_kv_heads
    k = np.repeat(split_heads(x_kv @ weights.w_k, n_kv_heads), group, axis=-3)
    v = np.repeat(split_heads(x_kv @ weights.w_v, n_kv_heads), group, axis=-3)
    heads, _ = scaled_dot_product_attention(q, k, v, mask)
    # the output projection
    d_concatenated, d_w_o = projection_backward(d_output, merge_heads(heads), weights.w_o)
    # every head by itself
    d_q, d_k, d_v = scaled_dot_product_attention_backward(split_heads(d_concatenated, n_heads), q, k, v, mask)
    # a head of keys that served several heads of queries gathers from them
    d_k_shared = np.sum(d_k.reshape(*d_k.shape[:-3], n_kv_heads, group, *d_k.shape[-2:]), axis=-3)
    d_v_shared = np.sum(d_v.reshape(*d_v.shape[:-3], n_kv_heads, group, *d_v.shape[-2:]), axis=-3)
    # the projections; keys and values come from the same sequence
    d_x_q, d_w_q = projection_backward(merge_heads(d_q), x_q, weights.w_q)
    d_x_as_key, d_w_k = projection_backward(merge_heads(d_k_shared), x_kv, weights.w_k)
    d_x_as_value, d_w_v = projection_backward(merge_heads(d_v_shared), x_kv, weights.w_v)
    d_x_kv = d_x_as_key + d_x_as_value
    return d_x_q, d_x_kv, AttentionWeights(d_w_q, d_w_k, d_w_v, d_w_o)  # type: ignore[arg-type]
