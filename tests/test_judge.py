"""The judge: rounding passes, mistakes do not, and what is wrong is said."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exercises.judge import STRICT, Tolerance, are_close, compare, tolerance_for
from exercises.wire import Callable_, Named, Opaque, Seed
from reference import DecoderCache, KVCache
from reference.attention import scaled_dot_product_attention, softmax
from reference.layers import feed_forward, layer_norm

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
FLOATS = hnp.arrays(np.float64, hnp.array_shapes(min_side=0), elements=NUMBERS)
ANY = hnp.arrays(np.float64, hnp.array_shapes(), elements=st.floats(allow_nan=True, allow_infinity=True))


class Pair(NamedTuple):
    output: Any
    weights: Any


def kind(expected: Any, got: Any, **given_: Any) -> str | None:
    """What is wrong, in a word."""
    difference = compare(expected, got, tolerance_for(given_))
    return difference and difference.kind


# ---------------------------------------------------------------- laws


@given(ANY)
def test_everything_agrees_with_itself(array: Any) -> None:
    assert kind(array, array.copy()) is None
    assert kind(array, np.asfortranarray(array)) is None
    assert kind((array, 1), Named("Result", {"a": array, "b": 1})) is None


@given(FLOATS, st.data())
def test_rounding_agrees_and_a_ten_millionth_does_not(array: Any, data: st.DataObject) -> None:
    rounding = data.draw(hnp.arrays(np.float64, array.shape, elements=st.floats(-1e-12, 1e-12)))
    assert kind(array, array * (1 + rounding)) is None
    if np.any(array):
        assert kind(array, array * (1 + 1e-7)) == "wrong-values"
        assert kind(array, array + 1e-7 * np.abs(array).max()) == "wrong-values"


@given(ANY, st.data())
def test_nan_agrees_with_nan_only(array: Any, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, array.size - 1))
    broken = array.copy()
    broken.flat[at] = np.nan
    if not np.isnan(array.flat[at]):
        assert kind(array, broken) in ("has-nan", "wrong-values")
        assert kind(broken, array) == "wrong-values"


@pytest.mark.parametrize("other", [np.inf, np.nan, 1e308, 0.0])
def test_an_infinity_agrees_with_itself_only(other: float) -> None:
    expected = np.array([1.0, -np.inf])
    assert kind(expected, np.array([1.0, -np.inf])) is None
    assert kind(expected, np.array([1.0, other])) == "wrong-values"


def test_an_infinity_at_another_place_is_a_wrong_value_and_no_nan() -> None:
    assert kind(np.array([1.0, -np.inf]), np.array([-np.inf, 1.0])) == "wrong-values"
    assert kind(np.array([1.0, 2.0]), np.array([-np.inf, 2.0])) == "has-nan"


def test_only_the_places_that_hold_nan_are_counted_as_such() -> None:
    difference = compare(np.array([1.0, 2.0, 3.0]), np.array([np.nan, 7.0, 3.0]))
    assert difference is not None
    assert (difference.kind, difference.wrong.tolist()) == ("has-nan", [True, False, False])


def test_one_wrong_number_among_many_is_found() -> None:
    expected = np.random.default_rng(0).normal(size=(20, 30))
    got = expected.copy()
    got[3, 4] += 1e-6
    difference = compare(expected, got)
    assert difference is not None
    assert np.argwhere(difference.wrong).tolist() == [[3, 4]]


# ---------------------------------------------------------------- other orders of the same sums


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from(["float64", "float32"]), st.floats(0.01, 30))
def test_another_order_of_summation_agrees(seed: int, dtype: str, scale: float) -> None:
    rng = np.random.default_rng(seed)
    q, k, v = (scale * rng.normal(size=shape) for shape in ((5, 4), (7, 4), (7, 6)))
    q, k, v = (array.astype(dtype) for array in (q, k, v))
    output, weights = scaled_dot_product_attention(q, k, v)
    order = rng.permutation(7)
    scores = np.einsum("qd,kd->qk", q[:, ::-1] / np.asarray(2, dtype), k[:, ::-1])[:, order]
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    other = np.stack([sum(row[j] * v[order[j]] for j in range(7)) / row.sum() for row in powers])
    unordered = np.empty_like(powers)
    unordered[:, order] = powers / powers.sum(-1, keepdims=True)
    assert kind((output, weights), (other, unordered), q=q, k=k, v=v) is None


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from(["float64", "float32"]))
def test_other_formulas_for_layer_norm_agree(seed: int, dtype: str) -> None:
    rng = np.random.default_rng(seed)
    x, gamma, beta = (rng.normal(size=shape).astype(dtype) for shape in ((5, 12), 12, 12))
    mean, square = x.mean(-1, keepdims=True), (x * x).mean(-1, keepdims=True)
    other = (x - mean) * ((square - mean**2 + np.asarray(1e-5, dtype)) ** -0.5) * gamma + beta
    assert kind(layer_norm(x, gamma, beta), other, x=x, gamma=gamma, beta=beta) is None


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_a_float32_tolerance_is_no_licence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape).astype("float32") for shape in ((5, 12), (12, 20), 20, (20, 12), 12)]
    right = feed_forward(*arrays)
    given_ = dict(zip("abcde", arrays, strict=True))
    assert kind(right, right.astype("float64"), **given_) is None
    assert kind(right, right * np.float32(1.01), **given_) == "wrong-values"
    assert kind(right, np.abs(right), **given_) == "wrong-values"


@given(st.floats(1, 1e4))
def test_softmax_of_large_scores_agrees_across_formulas(scale: float) -> None:
    x = scale * np.random.default_rng(1).normal(size=(4, 5))
    assert kind(softmax(x), np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True)), x=x) is None


# ---------------------------------------------------------------- types, shapes, kinds


@pytest.mark.parametrize(
    ("expected", "got", "word"),
    [
        (np.ones(3), [1.0, 1.0, 1.0], "wrong-type"),
        (np.ones(3), None, "returned-nothing"),
        (np.ones(3), Opaque("matrix", "a subclass of ndarray"), "wrong-type"),
        (np.ones(3), Ellipsis, "wrong-type"),
        (np.array([None, True]), Opaque("object array", "an array of dtype object"), None),
        (np.array([None, True]), np.array([False, True]), "wrong-dtype"),
        (np.ones(3), np.ones((3, 1)), "wrong-shape"),
        (np.ones(3), np.ones(1), "wrong-shape"),
        (np.ones((1, 3)), np.ones(3), "wrong-shape"),
        (np.ones(3), np.float64(1), "wrong-type"),
        (np.ones(3), np.ones(3, int), "wrong-dtype"),
        (np.ones(3), np.ones(3, bool), "wrong-dtype"),
        (np.ones(3), np.ones(3, np.float32), "lower-precision"),
        (np.ones(3, np.float32), np.ones(3, np.float32), None),
        (np.ones(3, bool), np.ones(3), "wrong-dtype"),
        (np.ones(3, bool), np.ones(3, int), "wrong-dtype"),
        (np.array([True, False]), np.array([True, True]), "wrong-values"),
        (np.array([1, 2]), np.array([1, 2], np.int32), None),
        (np.array([1, 2]), np.array([1.0, 2.0]), "wrong-dtype"),
        (np.array([1, 2]), np.array([1, 3]), "wrong-values"),
        ((1.0, 2.0), [1.0, 2.0], "wrong-type"),
        ((1.0, 2.0), (1.0,), "wrong-length"),
        ((1.0, 2.0), 1.0, "wrong-type"),
        ((1.0, np.ones(2)), (1.0, np.zeros(2)), "wrong-values"),
        (Pair(1.0, 2.0), (1.0, 2.0), None),
        ((1.0, 2.0), Pair(1.0, 2.0), None),
        ([3, 4], (3, 4), None),
        ([3, 4], [np.int64(3), np.int32(4)], None),
        ([3, 4], np.array([3, 4]), None),
        ([3, 4], np.array([3.0, 4.0]), "wrong-dtype"),
        ([3, 4], np.array([[3, 4]]), "wrong-type"),
        ([3, 4], [3], "wrong-length"),
        ([3, 4], [3, 5], "wrong-values"),
        ([3, 4], [3, True], "wrong-type"),
        (3.0, np.float64(3), None),
        (np.float64(3), 3.0, None),
        (np.float64(3), np.array(3.0), None),
        (np.float64(3), np.array([3.0]), "wrong-shape"),
        (np.float64(0), 0, None),
        (np.float32(3), 3.0, None),
        (3.0, "3", "wrong-type"),
        (3, 3.0, "wrong-type"),
        (3, True, "wrong-type"),
        (None, None, None),
        (None, np.array(True), "wrong-type"),
        ("p", "p", None),
        ("p", "1 - p", "wrong-values"),
        ({"factor": 2.0}, {"factor": 2.0, "more": 1}, None),
        ({"factor": 2.0}, {"factor": 3.0}, "wrong-values"),
        ({"factor": 2.0}, {}, "wrong-values"),
        ({"factor": 2.0}, np.ones(2), "wrong-type"),
    ],
)
def test_what_is_wrong_is_said(expected: Any, got: Any, word: str | None) -> None:
    assert kind(expected, got) == word


def test_the_part_is_said() -> None:
    difference = compare((np.ones(2), (1.0, 2.0)), (np.ones(2), (1.0, 3.0)))
    assert difference is not None
    assert difference.part == "result[1][1]"


def test_a_part_of_a_named_tuple_is_said_by_its_name() -> None:
    one, other = (DecoderCache([KVCache(np.ones(2), v)], 3) for v in (np.ones(2), np.zeros(2)))
    difference = compare((1.0, one), (1.0, other))
    assert difference is not None
    assert difference.part == "result[1].layers[0].v"


def test_half_precision_will_not_do_for_single() -> None:
    x = np.ones(3, np.float32)
    assert kind(x, x.astype(np.float16), x=x) == "lower-precision"


# ---------------------------------------------------------------- tolerances


def test_the_tolerance_is_strict_in_float64_whatever_is_given() -> None:
    assert tolerance_for({"x": np.ones(4), "n": 3, "rng": Seed(1)}).relative == 1e-9
    assert tolerance_for({"ids": np.ones(4, int), "mask": np.ones(4, bool)}).relative == 1e-9


def test_the_tolerance_grows_with_the_data_in_float32() -> None:
    small, large = (tolerance_for({"x": np.full(8, m, np.float32)}) for m in (1, 10))
    assert 1e-7 < small.relative < large.relative < 1e-3


def test_arrays_inside_weights_and_functions_count() -> None:
    single = np.ones(4, np.float32)
    for value in ([single], Pair(single, None), Callable_("lambda x: x @ w", {"w": single})):
        assert tolerance_for({"weights": value}).single


def test_where_all_cancels_the_size_of_what_was_given_counts() -> None:
    x = np.full((2, 4), 5.0)
    assert kind(np.zeros((2, 4)), np.full((2, 4), 3e-13), x=x) is None
    assert kind(np.zeros((2, 4)), np.full((2, 4), 1e-9), x=x) == "wrong-values"


@given(
    st.lists(st.lists(st.sampled_from([0.0, 1e-12, 1e-11, 1.0, -2.0, 3e4, 1e300]), min_size=3, max_size=3)),
    st.lists(st.sampled_from([0.0, 1.0, -2.0, 3e4]), min_size=3, max_size=3),
    st.sampled_from([0.0, 1e-13, 1e-11, 0.99e-9, 1.01e-9, 1e-6]),
    st.sampled_from([STRICT, STRICT._replace(largest=100.0), tolerance_for({"x": np.ones(4, np.float32)})]),
)
def test_many_rows_at_once_are_judged_as_each_alone(
    rows: list[list[float]], values: list[float], off: float, tolerance: Tolerance
) -> None:
    got = np.array(values) * (1 + off)
    table = np.array([values, *rows])
    alone = [compare(row, got, tolerance) is None for row in table]
    assert are_close(table, got, tolerance).tolist() == alone
