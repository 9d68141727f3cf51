"""Attention against loops, against PyTorch, under laws, and at the edges."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import reference
from reference import (
    AttentionWeights,
    additive_scores,
    attend,
    biased_attention,
    causal_mask,
    combine_masks,
    dot_product_scores,
    grouped_query_attention,
    log_softmax,
    mask_scores,
    masked_softmax,
    merge_heads,
    multi_head_attention,
    padding_mask,
    project_qkv,
    scaled_dot_product_attention,
    self_attention,
    softmax,
    split_heads,
    tiled_attention,
)

B, H, D_K, T_Q, D_V, T_K = 2, 3, 4, 5, 6, 7
EACH_DTYPE = pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def qkv(rng):
    return tuple(rng.normal(size=(B, H, n, d)) for n, d in ((T_Q, D_K), (T_K, D_K), (T_K, D_V)))


def attention_by_loops(q, k, v, mask=None):
    """One query after the other, one key after the other, in Python floats."""
    n_queries, n_keys = len(q), len(k)
    output, weights = np.zeros((n_queries, v.shape[-1])), np.zeros((n_queries, n_keys))
    for i in range(n_queries):
        seen = [j for j in range(n_keys) if mask is None or mask[i, j]]
        scores = {
            j: sum(float(a) * float(b) for a, b in zip(q[i], k[j], strict=True)) / len(q[i]) ** 0.5
            for j in seen
        }
        top = max(scores.values(), default=0.0)
        total = sum(math.exp(score - top) for score in scores.values())
        for j, score in scores.items():
            weights[i, j] = math.exp(score - top) / total
            output[i] += weights[i, j] * v[j]
    return output, weights


# ---------------------------------------------------------------- softmax

SCORES = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=1, max_dims=3, max_side=5),
    elements=st.floats(-1e300, 1e300) | st.just(-np.inf),
)


@given(SCORES, st.integers(-3, 2))
def test_softmax_is_a_distribution_along_its_axis(x, axis):
    if not -x.ndim <= axis < x.ndim:
        axis = -1
    x = np.where(np.isneginf(x).all(axis=axis, keepdims=True), 0, x)
    weights = softmax(x, axis=axis)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=axis), 1)
    assert (weights[np.isneginf(x)] == 0).all()


@given(hnp.arrays(np.float64, (3, 4), elements=st.floats(-50, 50)), st.floats(-1e3, 1e3))
def test_softmax_forgets_a_shift_and_log_softmax_is_its_logarithm(x, shift):
    np.testing.assert_allclose(softmax(x + shift), softmax(x), rtol=1e-9)
    np.testing.assert_allclose(np.exp(log_softmax(x)), softmax(x), rtol=1e-12)


def test_log_softmax_is_finite_where_softmax_underflows():
    assert softmax([0.0, -1e4])[1] == 0
    np.testing.assert_array_equal(log_softmax([0.0, -1e4]), [0, -1e4])


@EACH_DTYPE
def test_softmax_at_the_ends_of_each_precision(dtype):
    ends = np.finfo(dtype)
    with np.errstate(invalid="raise", divide="raise", over="ignore"):
        np.testing.assert_array_equal(softmax(np.array([ends.max, ends.min], dtype)), [1, 0])
        np.testing.assert_array_equal(softmax(np.array([ends.smallest_subnormal, 0], dtype)), [0.5, 0.5])
        np.testing.assert_array_equal(softmax(np.array([5], dtype)), [1])


def test_softmax_keeps_nan_in_sight():
    assert np.isnan(softmax([0.0, np.nan])).all()


# ---------------------------------------------------------------- one query


def test_attend_is_scaled_attention_with_the_scale_taken_back(rng):
    query, keys, values = (
        rng.normal(size=(B, D_K)),
        rng.normal(size=(B, T_K, D_K)),
        rng.normal(size=(B, T_K, D_V)),
    )
    output, weights = attend(query, keys, values)
    expected = scaled_dot_product_attention(query[:, None] * math.sqrt(D_K), keys, values)
    np.testing.assert_allclose(output, expected[0][:, 0])
    np.testing.assert_allclose(weights, expected[1][:, 0])


def test_classic_scores_by_loops(rng):
    query, keys = rng.normal(size=(B, D_K)), rng.normal(size=(B, T_K, D_V))
    w_query, w_key, v, w = (rng.normal(size=s) for s in ((D_K, 8), (D_V, 8), (8,), (D_K, D_V)))
    additive = [[v @ np.tanh(query[b] @ w_query + key @ w_key) for key in keys[b]] for b in range(B)]
    general = [[query[b] @ w @ key for key in keys[b]] for b in range(B)]
    np.testing.assert_allclose(additive_scores(query, keys, w_query, w_key, v), additive)
    np.testing.assert_allclose(dot_product_scores(query, keys, w), general)
    np.testing.assert_allclose(
        dot_product_scores(query, keys[..., :D_K]), np.einsum("bd,bkd->bk", query, keys[..., :D_K])
    )


# ---------------------------------------------------------------- masks


@given(st.integers(1, 6), st.integers(0, 6))
def test_causal_mask_lets_the_last_positions_look_back(n_queries, n_past):
    mask = causal_mask(n_queries, n_past + n_queries)
    assert mask.dtype == bool
    expected = [[j <= i + n_past for j in range(n_past + n_queries)] for i in range(n_queries)]
    np.testing.assert_array_equal(mask, expected)
    np.testing.assert_array_equal(causal_mask(n_past + n_queries)[n_past:], mask)


def test_padding_mask_follows_ids_of_any_batch():
    ids = np.array([[[3, 0, 7], [0, 0, 1]]])
    assert padding_mask(ids, pad=0).shape == (1, 2, 1, 1, 3)
    np.testing.assert_array_equal(padding_mask(ids, pad=7)[0, 0, 0, 0], [True, True, False])


@given(hnp.arrays(bool, (3, 4, 5)))
def test_combine_masks_is_and_in_any_order(masks):
    np.testing.assert_array_equal(combine_masks(*masks), masks.all(axis=0))
    np.testing.assert_array_equal(combine_masks(None, *masks[::-1], None), masks.all(axis=0))


def test_combine_masks_of_nothing_and_of_one():
    assert combine_masks() is None
    assert combine_masks(None, None) is None
    np.testing.assert_array_equal(combine_masks(causal_mask(3), None), causal_mask(3))


def test_negative_sizes_are_refused():
    with pytest.raises(
        ValueError, match="causal_mask: n_queries and n_keys must not be negative, got -1 and -1"
    ):
        causal_mask(-1)


@pytest.mark.parametrize("poison", [np.nan, np.inf, 1e308, -np.inf])
def test_what_a_forbidden_score_was_never_matters(rng, poison):
    scores, mask = rng.normal(size=(B, T_Q, T_K)), rng.random((B, T_Q, T_K)) < 0.5
    poisoned = np.where(mask, scores, poison)
    np.testing.assert_array_equal(masked_softmax(poisoned, mask), masked_softmax(scores, mask))
    np.testing.assert_array_equal(mask_scores(poisoned, mask), mask_scores(scores, mask))


@given(hnp.arrays(bool, (4, 5)), hnp.arrays(np.float64, (4, 5), elements=st.floats(-1e300, 1e300)))
def test_masked_softmax_sums_to_one_or_zero(mask, scores):
    weights = masked_softmax(scores, mask)
    np.testing.assert_allclose(weights.sum(axis=-1), mask.any(axis=-1))
    assert (weights[~mask] == 0).all()


def test_masked_softmax_keeps_nan_at_an_allowed_place_in_sight():
    weights = masked_softmax(
        np.array([[np.nan, 0.0], [np.nan, 0.0]]), np.array([[True, True], [False, True]])
    )
    assert np.isnan(weights[0]).all()
    np.testing.assert_array_equal(weights[1], [0, 1])


@EACH_DTYPE
def test_empty_rows_raise_no_warning(dtype, recwarn):
    masked_softmax(np.zeros((2, 3), dtype), np.zeros((2, 3), bool))
    masked_softmax(np.full((2, 3), -np.inf, dtype), None)
    tiled_attention(*np.zeros((3, 4, 2), dtype), np.zeros((4, 4), bool), block=3)
    assert not recwarn.list


# ---------------------------------------------------------------- all queries at once


@given(
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(1, 4),
    st.booleans(),
    st.integers(0, 99),
)
@settings(max_examples=60)
def test_attention_by_loops(n_queries, n_keys, d_k, d_v, masked, seed):
    rng = np.random.default_rng(seed)
    q, k, v = (rng.normal(size=s) for s in ((n_queries, d_k), (n_keys, d_k), (n_keys, d_v)))
    mask = rng.random((n_queries, n_keys)) < 0.6 if masked else None
    for one, other in zip(
        scaled_dot_product_attention(q, k, v, mask), attention_by_loops(q, k, v, mask), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_batched_attention_is_attention_one_by_one(qkv, rng):
    q, k, v = qkv
    mask = rng.random((B, H, T_Q, T_K)) < 0.7
    output, weights = scaled_dot_product_attention(q, k, v, mask)
    for index in np.ndindex(B, H):
        alone = scaled_dot_product_attention(q[index], k[index], v[index], mask[index])
        np.testing.assert_allclose(output[index], alone[0])
        np.testing.assert_allclose(weights[index], alone[1])


def test_laws_of_attention(qkv, rng):
    q, k, v = qkv
    output, weights = scaled_dot_product_attention(q, k, v)
    # a constant value comes back; outputs stay within the values
    np.testing.assert_allclose(scaled_dot_product_attention(q, k, np.full_like(v, 3.0))[0], 3.0)
    assert (output <= v.max(axis=-2, keepdims=True)).all()
    assert (output >= v.min(axis=-2, keepdims=True)).all()
    # keys and values have no order; queries keep theirs
    order, queries = rng.permutation(T_K), rng.permutation(T_Q)
    np.testing.assert_allclose(scaled_dot_product_attention(q, k[..., order, :], v[..., order, :])[0], output)
    np.testing.assert_allclose(
        scaled_dot_product_attention(q[..., queries, :], k, v)[1], weights[..., queries, :]
    )
    # one vector added to all keys changes nothing
    np.testing.assert_allclose(scaled_dot_product_attention(q, k + rng.normal(size=D_K), v)[0], output)


def test_nothing_before_a_changed_token_moves_under_a_causal_mask(rng):
    x, weights = rng.normal(size=(T_K, 8)), rng.normal(size=(3, 8, 8))
    changed = x.copy()
    changed[4] += 1
    before, _ = self_attention(x, *weights, causal_mask(T_K))
    after, _ = self_attention(changed, *weights, causal_mask(T_K))
    np.testing.assert_array_equal(before[:4], after[:4])
    assert (before[4:] != after[4:]).any(axis=-1).all()


def test_padding_never_matters(qkv, rng):
    q, k, v = qkv
    mask = padding_mask(np.array([[1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 0, 0]]), pad=0)
    other = np.where(np.swapaxes(mask, -1, -2), 0, 1e3 * rng.normal(size=k.shape))
    expected, _ = scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_array_equal(scaled_dot_product_attention(q, k + other, v, mask)[0], expected)


def test_a_bias_is_added_to_scaled_scores_and_can_forbid(qkv, rng):
    q, k, v = qkv
    bias = rng.normal(size=(H, T_Q, T_K))
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(D_K) + bias
    np.testing.assert_allclose(biased_attention(q, k, v, bias)[1], softmax(scores))
    mask = rng.random((T_Q, T_K)) < 0.5
    forbidding = np.where(mask, 0.0, -np.inf)
    expected = scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_allclose(biased_attention(q, k, v, forbidding)[0], expected[0])
    np.testing.assert_allclose(biased_attention(q, k, v, np.zeros((1, 1)), mask)[1], expected[1])
    assert biased_attention(*(a.astype(np.float32) for a in qkv), bias)[0].dtype == np.float32


# ---------------------------------------------------------------- against PyTorch


@pytest.mark.parametrize("per_head", [False, True])
def test_equals_pytorch_also_in_empty_rows(qkv, rng, per_head):
    torch = pytest.importorskip("torch")
    mask = rng.random((B, H, T_Q, T_K) if per_head else (T_Q, T_K)) < 0.5
    mask[..., 2, :] = False
    expected = torch.nn.functional.scaled_dot_product_attention(
        *map(torch.from_numpy, qkv), attn_mask=torch.from_numpy(mask)
    )
    np.testing.assert_allclose(scaled_dot_product_attention(*qkv, mask)[0], expected, atol=1e-12)
    np.testing.assert_allclose(tiled_attention(*qkv, mask, block=2), expected, atol=1e-12)
    assert (tiled_attention(*qkv, mask, block=2)[..., 2, :] == 0).all()


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e18])
def test_float32_is_as_good_as_pytorch_whatever_the_scale(rng, scale):
    torch = pytest.importorskip("torch")
    q, k, v = rng.normal(size=(3, H, 33, 16)).astype(np.float32)
    q = q * np.float32(scale)
    expected = torch.nn.functional.scaled_dot_product_attention(*map(torch.from_numpy, (q, k, v)))
    np.testing.assert_allclose(scaled_dot_product_attention(q, k, v)[0], expected, atol=2e-6)
    np.testing.assert_allclose(tiled_attention(q, k, v, block=8), expected, atol=2e-6)


# ---------------------------------------------------------------- heads


def test_a_head_is_a_slice_of_every_token(rng):
    x = rng.normal(size=(B, T_Q, H * D_K))
    heads = split_heads(x, H)
    for i in range(H):
        np.testing.assert_array_equal(heads[:, i], x[..., i * D_K : (i + 1) * D_K])
    np.testing.assert_array_equal(merge_heads(heads), x)


@pytest.mark.parametrize("n_heads", [0, -1, 5])
def test_heads_must_divide_the_width(n_heads):
    with pytest.raises(ValueError, match=f"split_heads: n_heads must divide d_model = 12, got {n_heads}"):
        split_heads(np.ones((3, 12)), n_heads)
    with pytest.raises(ValueError, match="n_kv_heads must divide n_heads = 4"):
        grouped_query_attention(
            np.ones((3, 12)), np.ones((3, 12)), AttentionWeights(*[np.eye(12)] * 4), 4, n_heads
        )


def test_many_heads_are_many_attentions(rng):
    x_q, x_kv = rng.normal(size=(B, T_Q, 9)), rng.normal(size=(B, T_K, 10))
    weights = AttentionWeights(*(rng.normal(size=s) for s in ((9, 12), (10, 12), (10, 18), (18, 14))))
    mask = rng.random((B, H, T_Q, T_K)) < 0.7
    heads = []
    for i in range(H):
        keys, values = slice(i * 4, (i + 1) * 4), slice(i * 6, (i + 1) * 6)
        q, k, v = x_q @ weights.w_q[:, keys], x_kv @ weights.w_k[:, keys], x_kv @ weights.w_v[:, values]
        heads.append(scaled_dot_product_attention(q, k, v, mask[:, i])[0])
    expected = np.concatenate(heads, axis=-1) @ weights.w_o
    np.testing.assert_allclose(multi_head_attention(x_q, x_kv, weights, H, mask), expected)


def test_project_qkv_is_three_products(rng):
    x, w_q, w_k, w_v = (rng.normal(size=s) for s in ((B, T_Q, 9), (9, D_K), (9, D_K), (9, D_V)))
    for one, w in zip(project_qkv(x, w_q, w_k, w_v), (w_q, w_k, w_v), strict=True):
        np.testing.assert_allclose(one, np.einsum("bti,io->bto", x, w))


# ---------------------------------------------------------------- tiles


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(1, 11),
    st.sampled_from(["none", "rows", "heads", "keys"]),
    st.integers(0, 99),
)
@settings(max_examples=80)
def test_tiles_of_any_size_give_the_same_output(n_queries, n_keys, block, kind, seed):
    rng = np.random.default_rng(seed)
    q, k, v = (10 * rng.normal(size=s) for s in ((B, H, n_queries, 3), (H, n_keys, 3), (B, 1, n_keys, 2)))
    shapes = {"rows": (n_queries, n_keys), "heads": (B, H, n_queries, n_keys), "keys": (B, 1, 1, n_keys)}
    mask = None if kind == "none" else rng.random(shapes[kind]) < 0.4
    expected, _ = scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_allclose(tiled_attention(q, k, v, mask, block), expected, atol=1e-12)


@pytest.mark.parametrize("level", [-1e3, 0, 1e3, 1e300])
def test_tiles_at_any_level_of_scores(level):
    k = np.array([[0.0], [1], [2], [3], [4]]) + level
    v = np.arange(10.0).reshape(5, 2)
    np.testing.assert_allclose(
        tiled_attention(np.ones((1, 1)), k, v, block=2),
        scaled_dot_product_attention(np.ones((1, 1)), k, v)[0],
    )


def test_tiles_keep_nan_in_sight_and_refuse_no_block():
    q, k, v = np.ones((3, 4, 2))
    k[1] = np.nan
    assert np.isnan(tiled_attention(q, k, v, block=1)).all()
    with pytest.raises(ValueError, match="tiled_attention: block must be at least 1, got 0"):
        tiled_attention(q, k, v, block=0)


def test_the_example_of_the_cards():
    """Scores 1, 2 | 3 with values 10, 20 | 30: 25.7521, and 22.6696 if the rescaling is forgotten."""
    output = tiled_attention(
        np.ones((1, 1)), np.array([[1.0], [2], [3]]), np.array([[10.0], [20], [30]]), block=2
    )
    assert output.item() == pytest.approx(25.7521, abs=5e-5)


def peak_bytes(function, *arguments):
    tracemalloc.start()
    function(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_of_tiles_is_linear_in_tokens(rng):
    peaks = [
        peak_bytes(tiled_attention, *rng.normal(size=(3, n, 16)).astype(np.float32))
        for n in (1024, 2048, 4096)
    ]
    assert peaks[2] - peaks[1] < 2.2 * (peaks[1] - peaks[0])
    assert (
        peaks[2]
        < peak_bytes(scaled_dot_product_attention, *rng.normal(size=(3, 4096, 16)).astype(np.float32)) / 8
    )


# ---------------------------------------------------------------- at the edges

ATTENTIONS = [lambda *a: scaled_dot_product_attention(*a)[0], lambda *a: tiled_attention(*a, block=2)]


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (0,)])
def test_an_empty_batch_gives_an_empty_batch(attention, shape):
    assert attention(
        np.ones((*shape, T_Q, D_K)), np.ones((*shape, T_K, D_K)), np.ones((*shape, T_K, D_V))
    ).shape == (
        *shape,
        T_Q,
        D_V,
    )


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_one_token_attends_to_itself(attention, rng):
    q, k, v = rng.normal(size=(3, 1, 4))
    np.testing.assert_array_equal(attention(q, k, v), v)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_huge_scores_pick_the_largest(attention):
    k = np.array([[1e150], [2e150], [-1e150]])
    np.testing.assert_array_equal(attention(np.array([[1e150]]), k, np.eye(3)), [[0, 1, 0]])


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_subnormal_scores_are_equal(attention):
    tiny = np.full((3, 2), 5e-324)
    np.testing.assert_allclose(attention(tiny, tiny, np.eye(3)), 1 / 3)


FORBIDDING = {
    "scaled dot-product": lambda q, k, v, mask: scaled_dot_product_attention(q, k, v, mask)[0],
    "tiled": lambda q, k, v, mask: tiled_attention(q, k, v, mask, block=2),
    "biased": lambda q, k, v, mask: biased_attention(q, k, v, np.zeros((1, 1)), mask)[0],
    "bias of -inf": lambda q, k, v, mask: biased_attention(q, k, v, np.where(mask, 0, -np.inf))[0],
}
POISON = pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf, 3e38])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("place", ["k", "v"])
@POISON
@pytest.mark.parametrize("attention", FORBIDDING.values(), ids=FORBIDDING)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning")
def test_a_forbidden_key_or_value_is_as_if_it_were_not_there(attention, poison, place, dtype, qkv, rng):
    """Only for those that may not see it: 0 * nan is nan, but what is not seen is not multiplied either."""
    q, k, v = (array.astype(dtype) for array in qkv)
    mask = rng.random((B, 1, T_Q, T_K)) < 0.6
    mask[0, 0, :2] = [[False] * T_K, [True] * T_K]
    poisoned = (k if place == "k" else v).copy()
    poisoned[..., 3, :2] = poison
    output = attention(q, *((poisoned, v) if place == "k" else (k, poisoned)), mask)
    expected = attention(q, k, v, mask)
    blind = np.broadcast_to(~mask[..., 3], output.shape[:-1])
    np.testing.assert_allclose(output[blind], expected[blind], rtol=1e-5, atol=1e-6)
    assert output.dtype == dtype
    np.testing.assert_array_equal(output[0, :, 0], 0)
    if np.isnan(poison):
        assert np.isnan(output[~blind][:, 0]).all()


@POISON
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_padding_may_hold_anything_also_below_many_heads(poison, rng):
    x, memory = rng.normal(size=(B, T_Q, 12)), rng.normal(size=(B, T_K, 12))
    broken = memory.copy()
    broken[:, -2:] = poison
    real = padding_mask(np.array([[5] * 5 + [0] * 2] * B), pad=0)
    weights, shared = AttentionWeights(*rng.normal(size=(4, 12, 12))), rng.normal(size=(2, 12, 4))
    grouped = weights._replace(w_k=shared[0], w_v=shared[1])
    np.testing.assert_allclose(
        multi_head_attention(x, broken, weights, 3, real), multi_head_attention(x, memory, weights, 3, real)
    )
    np.testing.assert_allclose(
        grouped_query_attention(x, broken, grouped, 3, 1, real),
        grouped_query_attention(x, memory, grouped, 3, 1, real),
    )


@EACH_DTYPE
@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("masked", [False, True])
def test_precision_stays(dtype, attention, masked, qkv):
    mask = causal_mask(T_Q, T_K) if masked else None
    assert attention(*(array.astype(dtype) for array in qkv), mask).dtype == dtype


@pytest.mark.parametrize("name", ["scaled_dot_product_attention", "tiled_attention"])
def test_integers_are_computed_in_float64(name):
    whole = np.arange(6).reshape(3, 2)
    raw = getattr(reference, name).__wrapped__
    for function in (getattr(reference, name), raw):
        one, other = function(whole, whole, whole), function(*[whole.astype(float)] * 3)
        np.testing.assert_array_equal(one[0], other[0])
