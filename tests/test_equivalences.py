"""The ladder of equivalences: the same thing said in several ways is the same thing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import (
    Affine,
    AttentionWeights,
    alibi_bias,
    attend,
    biased_attention,
    causal_mask,
    cross_attention,
    embed,
    grouped_query_attention,
    grouped_rotary_attention,
    linear,
    lookup,
    masked_softmax,
    merge_heads,
    multi_head_attention,
    project_qkv,
    rotary,
    scaled_dot_product_attention,
    self_attention,
    softmax,
    split_heads,
    tiled_attention,
)

B, H, T_Q, T_K, D_K, D_V = 2, 4, 5, 7, 4, 6
SEEDS = st.integers(0, 2**32 - 1)


def draw(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def weights_of(seed, d_kv=16):
    return AttentionWeights(*draw(seed, (16, 16), (16, d_kv), (16, d_kv), (16, 16)))


@given(SEEDS, st.integers(1, 9))
@settings(max_examples=30)
def test_loops_einsum_matmul_tiles(seed, block):
    q, k, v = draw(seed, (B, H, T_Q, D_K), (B, H, T_K, D_K), (B, H, T_K, D_V))
    mask = np.random.default_rng(seed).random((B, 1, T_Q, T_K)) < 0.7
    loops = np.zeros((B, H, T_Q, D_V))
    for b, h, i in np.ndindex(B, H, T_Q):
        seen = mask[b, 0, i]
        if seen.any():
            loops[b, h, i], _ = attend(q[b, h, i] / math.sqrt(D_K), k[b, h, seen], v[b, h, seen])
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(D_K)
    einsum = np.einsum("bhqk,bhkv->bhqv", masked_softmax(scores, mask), v)
    matmul, _ = scaled_dot_product_attention(q, k, v, mask)
    tiles = tiled_attention(q, k, v, mask, block)
    for other in (einsum, matmul, tiles):
        np.testing.assert_allclose(other, loops, atol=1e-12)


@given(SEEDS)
@settings(max_examples=20)
def test_grouped_queries_between_many_heads_and_one(seed):
    x, memory = draw(seed, (B, T_Q, 16), (B, T_K, 16))
    weights = weights_of(seed)
    many = multi_head_attention(x, memory, weights, H)
    np.testing.assert_allclose(grouped_query_attention(x, memory, weights, H, H), many)
    np.testing.assert_array_equal(cross_attention(x, memory, weights, H), many)
    for groups in (1, 2):
        narrow = weights_of(seed, d_kv=4 * groups)
        # the same as many heads whose matrices repeat
        repeated = [
            np.repeat(w.reshape(16, groups, 4), H // groups, axis=1).reshape(16, 16)
            for w in (narrow.w_k, narrow.w_v)
        ]
        expected = multi_head_attention(x, memory, AttentionWeights(narrow.w_q, *repeated, narrow.w_o), H)
        np.testing.assert_allclose(grouped_query_attention(x, memory, narrow, H, groups), expected)


@given(SEEDS)
@settings(max_examples=20)
def test_packed_and_separate_projections(seed):
    (x,) = draw(seed, (B, T_Q, 16))
    weights = weights_of(seed)
    packed = x @ np.concatenate(weights[:3], axis=-1)
    for one, other in zip(np.split(packed, 3, axis=-1), project_qkv(x, *weights[:3]), strict=True):
        np.testing.assert_allclose(one, other)


@given(SEEDS)
@settings(max_examples=20)
def test_one_head_is_self_attention_and_a_projection(seed):
    (x,) = draw(seed, (B, T_Q, 16))
    weights = weights_of(seed)
    output, _ = self_attention(x, *weights[:3], causal_mask(T_Q))
    np.testing.assert_allclose(multi_head_attention(x, x, weights, 1, causal_mask(T_Q)), output @ weights.w_o)


@given(SEEDS)
@settings(max_examples=20)
def test_heads_side_by_side_are_a_sum_over_heads(seed):
    x, memory = draw(seed, (B, T_Q, 16), (B, T_K, 16))
    w_q, w_k, w_v, w_o = weights = weights_of(seed)
    total = np.zeros((B, T_Q, 16))
    for h in range(H):
        part = slice(4 * h, 4 * h + 4)
        total += multi_head_attention(
            x, memory, AttentionWeights(w_q[:, part], w_k[:, part], w_v[:, part], w_o[part]), 1
        )
    np.testing.assert_allclose(multi_head_attention(x, memory, weights, H), total)


@given(SEEDS)
@settings(max_examples=20)
def test_a_bias_of_zero_and_one_of_minus_infinity(seed):
    q, k, v = draw(seed, (B, H, T_Q, D_K), (B, H, T_K, D_K), (B, H, T_K, D_V))
    mask = causal_mask(T_Q, T_K)
    expected, _ = scaled_dot_product_attention(q, k, v, mask)
    bias = alibi_bias(H, T_Q, T_K)
    np.testing.assert_array_equal(biased_attention(q, k, v, 0 * bias, mask)[0], expected)
    np.testing.assert_array_equal(biased_attention(q, k, v, np.where(mask, 0.0, -np.inf))[0], expected)
    shifted = softmax(q @ np.swapaxes(k, -1, -2) / math.sqrt(D_K) + bias)
    np.testing.assert_allclose(biased_attention(q, k, v, bias)[1], shifted)


@given(SEEDS)
@settings(max_examples=20)
def test_alibi_in_one_row_forgets_where_the_row_is(seed):
    """-slope (i - j) and +slope j differ by a constant a row, which softmax forgets."""
    q, k, v = draw(seed, (H, T_Q, D_K), (H, T_Q, D_K), (H, T_Q, D_V))
    mask = causal_mask(T_Q)
    slopes = -alibi_bias(H, 1, 2)[:, :, :1]
    by_key = slopes * np.arange(T_Q)
    expected = biased_attention(q, k, v, alibi_bias(H, T_Q, T_Q), mask)[0]
    np.testing.assert_allclose(biased_attention(q, k, v, by_key, mask)[0], expected)


@given(SEEDS)
@settings(max_examples=20)
def test_a_bias_of_keys_only_cancels(seed):
    x, memory, bias = draw(seed, (B, T_Q, 16), (B, T_K, 16), (16,))
    weights = weights_of(seed)
    shifted = weights._replace(w_k=Affine(weights.w_k, bias))
    expected = multi_head_attention(x, memory, weights, H)
    np.testing.assert_allclose(multi_head_attention(x, memory, shifted, H), expected, atol=1e-9)
    # and one of values goes straight through
    shifted = weights._replace(w_v=Affine(weights.w_v, bias))
    np.testing.assert_allclose(
        multi_head_attention(x, memory, shifted, H), expected + bias @ weights.w_o, atol=1e-9
    )


@given(SEEDS)
@settings(max_examples=20)
def test_rotary_attention_is_attention_over_turned_heads(seed):
    (x,) = draw(seed, (B, T_Q, 16))
    weights = weights_of(seed)
    q, k, v = (split_heads(part, H) for part in project_qkv(x, *weights[:3]))
    turned = [rotary(part, np.arange(T_Q)) for part in (q, k)]
    heads, _ = scaled_dot_product_attention(*turned, v)
    expected = merge_heads(heads) @ weights.w_o
    np.testing.assert_allclose(grouped_rotary_attention(x, weights, H, H, np.arange(T_Q)), expected)


@given(SEEDS)
@settings(max_examples=20)
def test_embedding_is_a_linear_map_of_one_hot_rows(seed):
    rng = np.random.default_rng(seed)
    ids, table = rng.integers(0, 9, size=(B, T_Q)), rng.normal(size=(9, 16))
    np.testing.assert_allclose(linear(np.eye(9)[ids], table), lookup(ids, table))
    np.testing.assert_allclose(embed(ids, table), 4 * lookup(ids, table))


@pytest.mark.parametrize("mask", [None, "causal"])
def test_float32_and_float64_agree(mask):
    q, k, v = draw(0, (B, H, 64, 32), (B, H, 64, 32), (B, H, 64, 32))
    allowed = None if mask is None else causal_mask(64)
    small = [array.astype(np.float32) for array in (q, k, v)]
    exact = scaled_dot_product_attention(q, k, v, allowed)[0]
    for output in (
        scaled_dot_product_attention(*small, allowed)[0],
        tiled_attention(*small, allowed, block=16),
    ):
        np.testing.assert_allclose(output, exact, atol=5e-6)
