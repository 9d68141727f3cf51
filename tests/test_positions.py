"""Positions against the paper's formula by loops, and the laws that make them work."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import alibi_bias, rotary, sinusoidal_positions

EVEN = st.integers(1, 8).map(lambda half: 2 * half)


# ---------------------------------------------------------------- sinusoids


@given(st.integers(0, 12), EVEN, st.floats(2, 1e5))
def test_sinusoids_by_loops(n, d_model, base):
    expected = np.zeros((n, d_model))
    for position in range(n):
        for i in range(d_model // 2):
            angle = position / base ** (2 * i / d_model)
            expected[position, 2 * i : 2 * i + 2] = math.sin(angle), math.cos(angle)
    np.testing.assert_allclose(sinusoidal_positions(n, d_model, base), expected, atol=1e-12)


@given(EVEN, st.integers(0, 30), st.integers(0, 30))
def test_every_position_has_the_same_length_and_products_know_the_offset_only(d_model, start, offset):
    encoding = sinusoidal_positions(64, d_model)
    np.testing.assert_allclose((encoding**2).sum(axis=-1), d_model / 2)
    np.testing.assert_allclose(
        encoding[start] @ encoding[start + offset], encoding[0] @ encoding[offset], atol=1e-9
    )


def test_numbers_of_the_curriculum():
    encoding = sinusoidal_positions(21, 512)
    np.testing.assert_allclose(
        [encoding[0] @ encoding[k] for k in (1, 5, 10)], [249.10, 189.60, 173.79], atol=5e-3
    )
    np.testing.assert_array_equal(sinusoidal_positions(1, 4), [[0, 1, 0, 1]])


@pytest.mark.parametrize("d_model", [0, 5, -2])
def test_sinusoids_come_in_pairs(d_model):
    with pytest.raises(ValueError, match=f"sinusoidal_positions: d_model must be even .*, got {d_model}"):
        sinusoidal_positions(3, d_model)
    with pytest.raises(ValueError, match="sinusoidal_positions: n must not be negative, got -1"):
        sinusoidal_positions(-1, 4)


# ---------------------------------------------------------------- rotary


@pytest.mark.parametrize("layout", ["pairs", "half"])
def test_rotary_is_a_rotation_of_complex_numbers(layout):
    """An independent way: a pair is a complex number, turning it is a product with exp(i angle)."""
    rng = np.random.default_rng(0)
    x, positions = rng.normal(size=(2, 3, 5, 8)), np.array([0, 1, 7, 1000, 3])
    first, second = (x[..., 0::2], x[..., 1::2]) if layout == "pairs" else (x[..., :4], x[..., 4:])
    angles = np.array([[position * 10000 ** (-2 * i / 8) for i in range(4)] for position in positions])
    turned = (first + 1j * second) * np.exp(1j * angles)
    axis = -1 if layout == "pairs" else -2
    expected = np.stack([turned.real, turned.imag], axis=axis).reshape(x.shape)
    np.testing.assert_allclose(rotary(x, positions, layout=layout), expected, atol=1e-12)


@given(
    EVEN, st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.sampled_from(["pairs", "half"])
)
def test_lengths_stay_and_products_know_the_distance_only(d_head, here, there, shift, layout):
    q, k = np.random.default_rng(d_head).normal(size=(2, 1, d_head))

    def product(m, n):
        return rotary(q, [m], layout=layout)[0] @ rotary(k, [n], layout=layout)[0]

    np.testing.assert_allclose(product(here, there), product(here + shift, there + shift), atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(rotary(q, [here], layout=layout)), np.linalg.norm(q))


def test_the_layouts_are_one_permutation_apart():
    x = np.random.default_rng(0).normal(size=(5, 8))
    to_half = [0, 2, 4, 6, 1, 3, 5, 7]
    np.testing.assert_allclose(
        rotary(x[:, to_half], np.arange(5), layout="half"), rotary(x, np.arange(5))[:, to_half]
    )


def test_positions_may_differ_within_the_batch():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 6))
    positions = np.array([[0, 1, 2, 3], [5, 6, 7, 8]])
    turned = rotary(x, positions[:, None])
    for b in range(2):
        np.testing.assert_array_equal(turned[b], rotary(x[b], positions[b]))


def test_far_positions_keep_their_precision_in_float32():
    x = np.array([[1.0, 0.0]], dtype=np.float32)
    turned = rotary(x, [100_003])
    assert turned.dtype == np.float32
    np.testing.assert_allclose(turned, [[math.cos(100_003), math.sin(100_003)]], rtol=1e-6)


def test_position_zero_turns_nothing_and_an_empty_batch_stays_empty():
    x = np.random.default_rng(0).normal(size=(1, 4))
    np.testing.assert_array_equal(rotary(x, [0]), x)
    assert rotary(np.ones((0, 3, 4)), np.arange(3)).shape == (0, 3, 4)


def test_what_rotary_refuses():
    with pytest.raises(ValueError, match=r"rotary: d_head must be even .*, got 5"):
        rotary(np.ones((3, 5)), np.arange(3))
    with pytest.raises(ValueError, match='rotary: layout must be "pairs" or "half", got \'halves\''):
        rotary(np.ones((3, 4)), np.arange(3), layout="halves")
    with pytest.raises(
        ValueError, match=r"rotary: positions must have shape .* with tokens = 3 as in x, got \(4,\)"
    ):
        rotary(np.ones((3, 4)), np.arange(4))


# ---------------------------------------------------------------- ALiBi


def test_slopes_of_eight_heads():
    np.testing.assert_allclose(-alibi_bias(8, 1, 2)[:, 0, 0], [2.0**-i for i in range(1, 9)])


@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 5))
def test_alibi_by_loops(n_heads, n_queries, n_past):
    bias = alibi_bias(n_heads, n_queries, n_queries + n_past)
    assert bias.shape == (n_heads, n_queries, n_queries + n_past)
    for h, i, j in np.ndindex(bias.shape):
        assert bias[h, i, j] == pytest.approx(-(2 ** (-8 * (h + 1) / n_heads)) * abs(i + n_past - j))


def test_alibi_needs_a_head():
    with pytest.raises(ValueError, match="alibi_bias: n_heads must be at least 1, got 0"):
        alibi_bias(0, 2, 2)
