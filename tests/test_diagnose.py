"""The diagnosis: a true explanation or none, the smallest, and only if there is just one."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pytest

from exercises import catalog
from exercises.behaviour import parting, run
from exercises.catalog import Exercise, Mistake, reference_functions
from exercises.diagnose import Diagnosis, Observation, _first_things_first
from exercises.exam import Exam
from exercises.judge import tolerance_for
from exercises.patterns import facet_pattern, patterns_of
from exercises.probes import probes_of
from exercises.variants import Variant, variants
from exercises.verdict import Phrase
from exercises.views import VIEWS
from reference.attention import mask_scores, masked_softmax, softmax

IDS = [entry.id for entry in catalog.contents()]
Functions = Mapping[str, Callable[..., Any]]


@pytest.fixture(params=IDS)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return catalog.find(request.param)


def observed(exercise: Exercise, functions: Functions, seed: int = 1) -> dict[str, list[Observation]]:
    """What the grader sees of these functions."""
    view = VIEWS[exercise.view] if exercise.view else None
    expected = reference_functions(exercise)
    found: dict[str, list[Observation]] = {}
    for name, probes in probes_of(exercise, seed).items():
        for probe in probes if name in functions else ():
            one, other = run(expected[name], probe, view), run(functions[name], probe, view)
            tolerance = tolerance_for(probe.arguments)
            parts = parting(one, other, tolerance) is not None
            found.setdefault(name, []).append(Observation(probe, tolerance, one, other, parts))
    return found


def named(exercise: Exercise, seed: int = 1, **functions: Callable[..., Any]) -> tuple[str, ...]:
    return Diagnosis(Exam(exercise)).names(observed(exercise, functions, seed))


# ---------------------------------------------------------------- laws


def test_the_reference_has_no_mistake(exercise: Exercise) -> None:
    assert named(exercise, **reference_functions(exercise)) == ()


@pytest.mark.slow
def test_no_two_mistakes_are_one_at_any_seed(exercise: Exercise) -> None:
    for seed, variant in enumerate(variants(exercise, 1)):
        seen = observed(exercise, variant.functions, seed % 7)
        assert Diagnosis(Exam(exercise)).explanations(seen, 1) == {variant.mistakes}, (
            seed % 7,
            variant.edits,
        )
        assert Diagnosis(Exam(exercise)).names(seen) == tuple(variant.mistakes)


@pytest.mark.slow
def test_two_mistakes_at_once_get_a_true_explanation(exercise: Exercise) -> None:
    """Both names; or one alone, if it does the very same; or none. Never a wrong one."""
    chosen = sample(exercise)
    for variant in chosen:
        seen = observed(exercise, variant.functions)
        found = Diagnosis(Exam(exercise)).names(seen)
        if found and set(found) != variant.mistakes:
            told = {name: _first_things_first(each) for name, each in seen.items()}
            explained = [
                each for size in (1, 2) for each in Diagnosis(Exam(exercise)).explanations(told, size)
            ]
            assert frozenset(found) in explained
            assert len(found) < 2 or variant.mistakes not in explained


def sample(exercise: Exercise) -> list[Variant]:
    """A dozen pairs of mistakes out of the first few hundred."""
    pairs = list(islice(variants(exercise, 2), 300))
    return random.Random(exercise.id).sample(pairs, min(12, len(pairs)))


@pytest.mark.slow
def test_most_pairs_are_named_as_two() -> None:
    """Those where neither swallows the other: who ignores the mask cannot get its empty rows wrong."""
    counts = {True: 0, False: 0}
    for exercise in map(catalog.find, IDS[:11]):
        for variant in sample(exercise):
            seen = observed(exercise, variant.functions)
            if not Diagnosis(Exam(exercise)).explanations(seen, 1):
                counts[set(Diagnosis(Exam(exercise)).names(seen)) == variant.mistakes] += 1
    assert counts[True] >= 60
    assert counts[True] >= 8 * counts[False], counts


# ---------------------------------------------------------------- no wrong names

SOFTMAX, MASKED = catalog.find("softmax"), catalog.find("masked_softmax")


def test_an_unknown_mistake_has_no_name() -> None:
    assert named(SOFTMAX, softmax=lambda x, axis=-1: softmax(1.1 * x, axis)) == ()
    assert named(SOFTMAX, softmax=lambda x, axis=-1: np.zeros(x.shape)) == ()
    assert named(SOFTMAX, softmax=lambda x, axis=-1: None) == ()
    assert named(MASKED, masked_softmax=lambda scores, mask: masked_softmax(scores, mask) + 1e-7) == ()


@pytest.mark.slow
def test_an_exception_of_its_own_is_no_known_mistake() -> None:
    """Many mistakes raise on most probes; so does whoever mistypes a name."""

    def mistyped(*args: Any, **kwargs: Any) -> Any:
        raise NameError("name 'axs' is not defined")

    for exercise in map(catalog.find, IDS):
        assert named(exercise, **dict.fromkeys(exercise.functions, mistyped)) == ()


def test_a_known_mistake_with_an_exception_beside_it_is_not_named() -> None:
    def sometimes(x: Any, axis: int = -1) -> Any:
        if x.ndim == 1:
            raise ValueError("only two axes")
        return np.exp(x) / np.exp(x).sum(axis, keepdims=True)

    assert named(SOFTMAX, softmax=sometimes) == ()


def test_changed_inputs_are_part_of_the_behaviour() -> None:
    def in_place(x: Any, axis: int = -1) -> Any:
        x -= x.max(axis, keepdims=True)
        return softmax(x, axis)

    assert named(SOFTMAX, softmax=in_place) == ("in-place-max-subtraction",)

    def wrong_and_in_place(x: Any, axis: int = -1) -> Any:
        x -= x.max()
        return np.exp(x) / np.exp(x).sum(axis, keepdims=True)

    both = ("global-max-underflow", "in-place-max-subtraction")
    assert named(SOFTMAX, softmax=wrong_and_in_place) == both

    def everything_in_place(x: Any, axis: int = -1) -> Any:
        x -= x.max(axis, keepdims=True)
        np.exp(x, out=x)  # raises with whole numbers, but has changed them already
        x /= x.sum(axis, keepdims=True)
        return x

    assert named(SOFTMAX, softmax=everything_in_place) == ("in-place-max-subtraction",)


# ---------------------------------------------------------------- the smallest, and only one


def with_mistakes(*edits: dict[str, str]) -> Exercise:
    """Masked softmax with these mistakes, called a, b, c ..."""
    mistakes = tuple(Mistake("abcdef"[i], "t", (edit,), {}) for i, edit in enumerate(edits))
    return MASKED._replace(mistakes=mistakes)


UNMASKED, TIMES = {"masked": "scores"}, {"weights": "2 * exponentials / np.where(total == 0, 1, total)"}


def unmasked(scores: Any, mask: Any) -> Any:
    return softmax(scores)


def doubled_and_unmasked(scores: Any, mask: Any) -> Any:
    return 2 * softmax(scores)


def test_one_mistake_explains_before_two() -> None:
    both = {**UNMASKED, **TIMES}
    assert named(with_mistakes(UNMASKED, TIMES), masked_softmax=doubled_and_unmasked) == ("a", "b")
    assert named(with_mistakes(UNMASKED, TIMES, both), masked_softmax=doubled_and_unmasked) == ("c",)


def test_of_two_equal_explanations_none_is_given() -> None:
    again = {"masked = scores if mask is None else mask_scores(scores, mask)": "masked = scores"}
    assert named(with_mistakes(UNMASKED), masked_softmax=unmasked) == ("a",)
    assert named(with_mistakes(UNMASKED, again), masked_softmax=unmasked) == ()
    assert Diagnosis(Exam(with_mistakes(UNMASKED, again))).explanations(
        observed(MASKED, {"masked_softmax": unmasked}), 1
    ) == {frozenset("a"), frozenset("b")}


def test_alternatives_of_one_mistake_are_one_explanation() -> None:
    exercise = with_mistakes(UNMASKED)
    mistake = exercise.mistakes[0]._replace(edits=(UNMASKED, UNMASKED, TIMES))
    assert named(exercise._replace(mistakes=(mistake,)), masked_softmax=unmasked) == ("a",)


HEADS = catalog.find("heads")


def split_wrong(x: Any, n_heads: int) -> Any:
    return x.reshape(*x.shape[:-2], n_heads, x.shape[-2], x.shape[-1] // n_heads)


def merge_wrong(x: Any) -> Any:
    return x.reshape(*x.shape[:-3], x.shape[-2], x.shape[-3] * x.shape[-1])


def test_functions_are_explained_together() -> None:
    right = reference_functions(HEADS)
    assert named(HEADS, split_heads=split_wrong, merge_heads=merge_wrong) == ("both-reshapes-wrong",)
    assert named(HEADS, split_heads=split_wrong, merge_heads=right["merge_heads"]) == (
        "split-without-transpose",
    )
    assert named(HEADS, split_heads=right["split_heads"], merge_heads=merge_wrong) == (
        "merge-without-transpose",
    )


def test_of_a_function_alone_its_own_mistake_is_named() -> None:
    assert named(HEADS, split_heads=split_wrong) == ("split-without-transpose",)


def test_beside_an_unknown_mistake_the_known_one_is_named() -> None:
    assert named(HEADS, split_heads=split_wrong, merge_heads=lambda x: 2 * x) == ("split-without-transpose",)


# ---------------------------------------------------------------- first things first

SAMPLING = catalog.find("sampling")


def cut(logits: Any, temperature: float, top_k: int | None, top_p: float | None, keeps: Any) -> Any:
    """Sampling with a sort that is not stable; `keeps` says which tokens top-p keeps."""
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    p, order = softmax(logits / temperature), np.argsort(-logits)
    if top_k is not None:
        p[order[top_k:]] = 0
    if top_p is not None and top_p < 1:
        p[order[~keeps(p[order], top_p)]] = 0
    return p / p.sum()


def test_a_nicety_has_to_be_explained_where_nothing_else_is_wrong() -> None:
    def right(p: Any, top_p: float) -> Any:
        return np.cumsum(p) - p < top_p

    def unstable(logits: Any, temperature: float = 1.0, top_k: Any = None, top_p: Any = None) -> Any:
        return cut(logits, temperature, top_k, top_p, right)

    assert named(SAMPLING, next_token_probabilities=unstable) == ("unstable-sort",)


def test_a_nicety_is_left_out_where_more_is_wrong() -> None:
    def late(p: Any, top_p: float) -> Any:
        return np.cumsum(p) <= top_p

    def both(logits: Any, temperature: float = 1.0, top_k: Any = None, top_p: Any = None) -> Any:
        return cut(logits, temperature, top_k, top_p, late)

    assert named(SAMPLING, next_token_probabilities=both) == ("crossing-token-lost",)


# ---------------------------------------------------------------- patterns

RNG = np.random.default_rng(3)
SCORES = RNG.normal(size=(5, 7))
WEIGHTS = softmax(SCORES)
MASK = np.tri(5, 7, dtype=bool)
SECOND = np.arange(35).reshape(5, 7) == 8
AT_1_1 = Phrase("pattern.one-number", {"index": (1, 1)})
EMPTY = np.array([True, True, False, True, True])[:, None] & np.ones((5, 7), bool)
WITHOUT = masked_softmax(SCORES, EMPTY)
POSITIVE = SCORES > 0
LEAST = pytest.approx((WEIGHTS**2).sum(axis=-1).min())


@pytest.mark.parametrize(
    ("expected", "got", "mask", "phrase"),
    [
        (SCORES, 2 * SCORES, None, Phrase("pattern.factor", {"factor": pytest.approx(2)})),
        (SCORES, -SCORES, None, Phrase("pattern.sign")),
        (SCORES, SCORES - 3, None, Phrase("pattern.offset", {"offset": pytest.approx(-3)})),
        (SCORES, SCORES.T, None, Phrase("pattern.transposed")),
        (SCORES[:, :5], SCORES[:, :5].T, None, Phrase("pattern.transposed")),
        (SCORES, SCORES[:, ::-1], None, Phrase("pattern.reversed", {"axis": -1})),
        (SCORES, SCORES[::-1], None, Phrase("pattern.reversed", {"axis": -2})),
        (SCORES, np.roll(SCORES, 1, axis=0), None, Phrase("pattern.shifted", {"axis": -2, "by": 1})),
        (SCORES, np.roll(SCORES, -1, axis=1), None, Phrase("pattern.shifted", {"axis": -1, "by": -1})),
        (SCORES, SCORES[:, [1, 0, 2, 4, 3, 6, 5]], None, Phrase("pattern.permuted", {"axis": -1})),
        (SCORES, SCORES[[1, 0, 2, 4, 3]], None, Phrase("pattern.permuted", {"axis": -2})),
        (WEIGHTS, softmax(SCORES, axis=-2), None, Phrase("pattern.columns-sum", {"expected": 1.0})),
        (WEIGHTS, WEIGHTS**2, None, Phrase("pattern.rows-sum", {"expected": 1.0, "got": LEAST})),
        (mask_scores(SCORES, MASK), SCORES, MASK, Phrase("pattern.only-masked")),
        (SCORES, np.where(MASK, SCORES**2, SCORES), MASK, Phrase("pattern.only-allowed")),
        (WITHOUT, np.where(EMPTY, WITHOUT, 1 / 7), EMPTY, Phrase("pattern.only-empty-rows")),
        (WITHOUT, np.where(EMPTY, WITHOUT, np.nan), EMPTY, Phrase("pattern.only-empty-rows")),
        (SCORES, np.where(SECOND, 9, SCORES), None, AT_1_1),
        (SCORES, np.concatenate([SCORES[:1] ** 2, SCORES[1:]]), None, Phrase("pattern.first-row")),
        (SCORES, np.concatenate([SCORES[:-1], SCORES[-1:] ** 2]), None, Phrase("pattern.last-row")),
        (SCORES, np.where(POSITIVE, np.nan, SCORES), None, Phrase("pattern.nan", {"count": POSITIVE.sum()})),
        (SCORES, np.where(POSITIVE, -np.inf, SCORES), None, None),  # no nan in it
        (np.where(SECOND, -np.inf, SCORES), np.where(SECOND, -1e308, SCORES), None, AT_1_1),  # no other order
        (SCORES, SCORES**3 + 1, None, None),
        (SCORES, SCORES[:, :3], None, None),
        (SCORES, None, None, None),
        (3, 4, None, None),
    ],
)  # fmt: skip
def test_a_pattern_is_pointed_at(expected: Any, got: Any, mask: Any, phrase: Phrase | None) -> None:
    assert next(iter(patterns_of(expected, got, mask)), None) == phrase


def test_facets_that_all_failures_share_are_pointed_at() -> None:
    plain, masks, batches = frozenset(), frozenset({"masks"}), frozenset({"masks", "batches"})
    only = Phrase("pattern.only-with", {"facet": "masks"})
    assert facet_pattern([(plain, True), (plain, True), (masks, False), (batches, False)]) == only
    assert facet_pattern([(plain, False), (plain, False), (masks, True), (batches, True)]) == Phrase(
        "pattern.only-without", {"facet": "masks"}
    )
    assert facet_pattern([(plain, True), (plain, True), (masks, False), (masks, True)]) is None
    assert facet_pattern([(plain, False), (masks, False), (masks, False)]) is None
    assert facet_pattern([(plain, True), (masks, True)]) is None
