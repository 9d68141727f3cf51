"""Layers against PyTorch and by hand, and the laws that tell them from their usual mistakes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reference import (
    Affine,
    AttentionWeights,
    NormWeights,
    add_and_norm,
    dropout,
    embed,
    feed_forward,
    gelu,
    layer_norm,
    linear,
    lookup,
    multi_head_attention,
    post_norm,
    pre_norm,
    relu,
    rms_norm,
    silu,
    sinusoidal_positions,
    swiglu,
)

B, T, D, D_FF, V = 2, 5, 12, 20, 11
NUMBERS = hnp.arrays(np.float64, (3, 4), elements=st.floats(-1e6, 1e6))


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.fixture
def x(rng):
    return rng.normal(size=(B, T, D))


# ---------------------------------------------------------------- embeddings


def test_lookup_is_a_product_with_one_hot_rows(rng):
    ids, table = rng.integers(0, V, size=(B, T)), rng.normal(size=(V, D))
    np.testing.assert_allclose(lookup(ids, table), np.eye(V)[ids] @ table)


def test_embedding_is_scaled_and_positions_are_not(rng):
    ids, table, positions = np.array([3, 3, 0]), rng.normal(size=(V, D)), sinusoidal_positions(9, D)
    np.testing.assert_allclose(embed(ids, table), math.sqrt(D) * table[ids])
    np.testing.assert_array_equal(embed(ids, np.zeros((V, D)), positions), positions[:3])
    np.testing.assert_allclose(embed(ids, table, positions), math.sqrt(D) * table[ids] + positions[:3])
    assert embed(ids, table.astype(np.float32), positions).dtype == np.float32


@pytest.mark.parametrize("bad", [-1, V, 10**9])
def test_ids_outside_the_vocabulary_are_named(bad):
    with pytest.raises(ValueError, match=f"lookup: ids must be from 0 to 10, got {bad}"):
        embed([1, bad, 2], np.ones((V, D)))


def test_positions_must_reach():
    with pytest.raises(ValueError, match="embed: positions must have a row for each of 3 tokens, got 2 rows"):
        embed([1, 2, 3], np.ones((V, D)), np.ones((2, D)))


# ---------------------------------------------------------------- linear maps


def test_linear_by_einsum(x, rng):
    w, b = rng.normal(size=(D, 7)), rng.normal(size=7)
    np.testing.assert_allclose(linear(x, w, b), np.einsum("bti,io->bto", x, w) + b)
    np.testing.assert_array_equal(linear(x, w), linear(x, w, np.zeros(7)))


def test_a_matrix_with_its_bias_stands_where_a_matrix_stands(x, rng):
    w, b = rng.normal(size=(D, D)), rng.normal(size=D)
    np.testing.assert_array_equal(x @ Affine(w, b), linear(x, w, b))
    weights = AttentionWeights(
        *(Affine(w, b) for w, b in zip(rng.normal(size=(4, D, D)), rng.normal(size=(4, D)), strict=True))
    )
    w_q, w_k, w_v, w_o = weights
    ones = np.ones((B, T, 1))
    wide = AttentionWeights(*(np.vstack([pair.w, pair.b]) for pair in (w_q, w_k, w_v)), np.eye(D))
    expected = linear(multi_head_attention(np.dstack([x, ones]), np.dstack([x, ones]), wide, 3), *w_o)
    np.testing.assert_allclose(multi_head_attention(x, x, weights, 3), expected)


# ---------------------------------------------------------------- activations


@given(NUMBERS)
def test_relu_is_the_positive_part(x):
    np.testing.assert_array_equal(relu(x), x * (x > 0))


def test_activations_of_one():
    assert gelu([1.0]).item() == pytest.approx(0.8413, abs=5e-5)
    assert silu([1.0]).item() == pytest.approx(0.7311, abs=5e-5)


@given(NUMBERS)
def test_smooth_activations_differ_by_x_from_their_mirror(x):
    for activation in (gelu, silu, lambda x: gelu(x, approximate=True)):
        np.testing.assert_allclose(activation(x) - activation(-x), x, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_equal_pytorch(dtype):
    torch = pytest.importorskip("torch")
    x = np.concatenate([np.linspace(-30, 30, 601), [-1e4, 1e4, 0.0]]).astype(dtype)
    pairs = [
        (gelu(x), torch.nn.functional.gelu(torch.from_numpy(x))),
        (gelu(x, approximate=True), torch.nn.functional.gelu(torch.from_numpy(x), approximate="tanh")),
        (silu(x), torch.nn.functional.silu(torch.from_numpy(x))),
    ]
    for ours, theirs in pairs:
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=16 * np.finfo(dtype).eps)


def test_activations_neither_warn_nor_overflow(recwarn):
    for activation in (relu, silu, gelu):
        np.testing.assert_array_equal(activation([-1e300, 0.0, 1e300]), [0, 0, 1e300])
    assert not recwarn.list


# ---------------------------------------------------------------- feed-forward


def test_feed_forward_acts_on_each_token_alone(x, rng):
    weights = [rng.normal(size=s) for s in ((D, D_FF), (D_FF,), (D_FF, D), (D,))]
    output = feed_forward(x, *weights)
    for b, t in np.ndindex(B, T):
        np.testing.assert_allclose(output[b, t], feed_forward(x[b, t], *weights))
    assert (output < 0).any()
    assert not np.allclose(feed_forward(-x, *weights), -output)


def test_swiglu_gates_with_the_first_matrix(x, rng):
    w_gate, w_up, w_down = (rng.normal(size=s) for s in ((D, D_FF), (D, D_FF), (D_FF, D)))
    gate = x @ w_gate
    expected = (gate / (1 + np.exp(-gate)) * (x @ w_up)) @ w_down
    np.testing.assert_allclose(swiglu(x, w_gate, w_up, w_down), expected)
    assert (swiglu(x, w_gate, np.zeros_like(w_up), w_down) == 0).all()


# ---------------------------------------------------------------- norms


def test_layer_norm_equals_pytorch(x, rng):
    torch = pytest.importorskip("torch")
    gamma, beta = rng.normal(size=(2, D))
    expected = torch.nn.functional.layer_norm(
        torch.from_numpy(x), (D,), *map(torch.from_numpy, (gamma, beta))
    )
    np.testing.assert_allclose(layer_norm(x, gamma, beta), expected, atol=1e-12)
    expected = torch.nn.functional.rms_norm(torch.from_numpy(x), (D,), torch.from_numpy(gamma), eps=1e-6)
    np.testing.assert_allclose(rms_norm(x, gamma), expected, atol=1e-12)


@given(hnp.arrays(np.float64, (3, 5), elements=st.floats(-100, 100)), st.floats(-100, 100), st.floats(1, 100))
def test_layer_norm_forgets_shift_and_rms_norm_does_not_subtract(x, shift, scale):
    ones, zeros = np.ones(5), np.zeros(5)
    np.testing.assert_allclose(layer_norm(x + shift, ones, zeros), layer_norm(x, ones, zeros), atol=1e-6)
    large = np.where(np.abs(x) > 1e-100, x, 0)  # beside its squares 1e-300 is nothing
    np.testing.assert_allclose(
        rms_norm(scale * large, ones, 1e-300), rms_norm(large, ones, 1e-300), atol=1e-12
    )
    centred = x - x.mean(axis=-1, keepdims=True)
    np.testing.assert_allclose(rms_norm(centred, ones, 1e-5), layer_norm(x, ones, zeros), atol=1e-9)


def test_numbers_of_the_curriculum():
    ones, zeros = np.ones(4), np.zeros(4)
    np.testing.assert_allclose(layer_norm([1, 0, 0, 0], ones, zeros)[0], 1.7321, atol=1e-4)
    np.testing.assert_allclose(layer_norm([-1e-3, 1e-3], ones[:2], zeros[:2]), [-0.3015, 0.3015], atol=5e-5)


def test_a_constant_vector_becomes_beta(rng):
    gamma, beta = rng.normal(size=(2, D))
    np.testing.assert_array_equal(
        layer_norm(np.full((T, D), 7.0), gamma, beta), np.broadcast_to(beta, (T, D))
    )


def test_norms_look_at_one_token_only(x, rng):
    gamma, beta = rng.normal(size=(2, D))
    changed = x.copy()
    changed[0, 2] += rng.normal(size=D)
    for norm in (lambda x: layer_norm(x, gamma, beta), lambda x: rms_norm(x, gamma)):
        moved = (norm(changed) != norm(x)).any(axis=-1)
        assert moved[0, 2]
        assert moved.sum() == 1


# ---------------------------------------------------------------- residual sub-layers


def test_post_norm_normalises_the_sum_and_pre_norm_keeps_x(x):
    ones, zeros = np.ones(D), np.zeros(D)
    output = post_norm(100 * x, np.tanh, ones, zeros)
    np.testing.assert_allclose(output.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(output.var(axis=-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(pre_norm(x, lambda y: 0 * y, ones, zeros), x)
    np.testing.assert_allclose(pre_norm(100 * x, np.tanh, ones, zeros), 100 * x, atol=1)


def test_pre_norm_shows_the_sublayer_normalised_vectors(x, rng):
    gamma, beta = rng.normal(size=(2, D))
    seen = []
    pre_norm(x, lambda y: seen.append(y) or y, gamma, beta)
    post_norm(x, lambda y: seen.append(y) or y, gamma, beta)
    np.testing.assert_array_equal(seen[0], layer_norm(x, gamma, beta))
    np.testing.assert_array_equal(seen[1], x)


@pytest.mark.parametrize(("norm", "residual"), [("post", post_norm), ("pre", pre_norm)])
def test_what_is_dropped_is_the_sublayers_output(x, rng, norm, residual):
    weights = NormWeights(*rng.normal(size=(2, D)))
    np.testing.assert_array_equal(add_and_norm(x, np.tanh, weights, norm), residual(x, np.tanh, *weights))
    halved = add_and_norm(x, np.tanh, weights, norm, drop=lambda y: y / 2)
    np.testing.assert_allclose(halved, residual(x, lambda y: np.tanh(y) / 2, *weights))
    with pytest.raises(ValueError, match='add_and_norm: norm must be "post" or "pre", got \'both\''):
        add_and_norm(x, np.tanh, weights, "both")


# ---------------------------------------------------------------- dropout


@given(st.floats(0, 0.95), st.integers(0, 99))
def test_dropout_keeps_or_drops_and_keeps_the_mean(p, seed):
    dropped = dropout(np.ones(4000), p, np.random.default_rng(seed))
    assert set(np.round(dropped, 9)) <= {0.0, round(1 / (1 - p), 9)}
    assert dropped.mean() == pytest.approx(1, abs=6 * math.sqrt(p / (1 - p) / 4000))


def test_dropout_is_the_generators_choice_and_nothing_in_inference(x):
    draw = [dropout(x, 0.3, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draw[0], draw[1])
    assert (draw[0] != draw[2]).any()
    np.testing.assert_array_equal(dropout(x, 0.3, np.random.default_rng(1), training=False), x)
    np.testing.assert_array_equal(dropout(x, 0.0, np.random.default_rng(1)), x)


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, float("nan")])
def test_dropout_refuses_what_is_no_probability(x, p):
    with pytest.raises(ValueError, match="dropout: p must be at least 0 and below 1, got"):
        dropout(x, p, np.random.default_rng(0))


# ---------------------------------------------------------------- at the edges


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_precision_stays_also_with_drawn_and_tabled_numbers(dtype, x):
    x = x.astype(dtype)
    ones = np.ones(D, dtype)
    for output in (
        layer_norm(x, ones, ones),
        rms_norm(x, ones),
        gelu(x),
        silu(x),
        relu(x),
        dropout(x, 0.5, np.random.default_rng(0)),
        post_norm(x, np.tanh, ones, ones),
    ):
        assert output.dtype == dtype


def test_an_empty_batch_stays_empty():
    empty = np.ones((0, T, D))
    ones = np.ones(D)
    for output in (
        layer_norm(empty, ones, ones),
        gelu(empty),
        linear(empty, np.eye(D)),
        pre_norm(empty, relu, ones, ones),
    ):
        assert output.shape == (0, T, D)
