"""The probes: made from the annotations, different at each seed, and hiding nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from exercises import catalog, wire
from exercises.arguments import SIZES, ProbeError, Recipe
from exercises.behaviour import run
from exercises.catalog import Exercise, reference_functions
from exercises.judge import compare
from exercises.parameters import parameters_of
from exercises.portable import MAX_CALLS, function, live
from exercises.probes import Probe, make, probes_of
from exercises.verdict import FACETS
from reference.attention import combine_masks, mask_scores, scaled_dot_product_attention
from reference.layers import dropout, post_norm
from reference.transformer import encoder_layer

IDS = [entry.id for entry in catalog.contents()]


@pytest.fixture(params=IDS)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return catalog.find(request.param)


def every(exercise: Exercise, seed: int = 1) -> Iterator[Probe]:
    for probes in probes_of(exercise, seed).values():
        yield from probes


def same(one: Any, other: Any) -> bool:
    return wire.encode(one) == wire.encode(other)


# ---------------------------------------------------------------- of every exercise


def test_the_reference_is_defined_on_every_probe(exercise: Exercise) -> None:
    functions = reference_functions(exercise)
    for seed in (1, 2, 3):
        for probe in every(exercise, seed):
            did = run(functions[probe.function], probe)
            assert did.status == ("raised" if probe.expects_raise else "returned"), (probe.recipe, did.error)
            assert not did.changed


def test_a_seed_makes_the_same_probes_and_another_does_not(exercise: Exercise) -> None:
    one, again, other = ([dict(probe.arguments) for probe in every(exercise, seed)] for seed in (5, 5, 6))
    assert all(same(a, b) for a, b in zip(one, again, strict=True))
    random = any(
        each.shapes
        for name in exercise.functions
        for each in parameters_of(reference_functions(exercise)[name])
    )
    assert not random or not all(same(a, b) for a, b in zip(one, other, strict=True))


def test_arguments_travel_and_come_back(exercise: Exercise) -> None:
    for probe in every(exercise):
        for name, value in probe.arguments.items():
            back = wire.decode(wire.encode(value), lambda thing: thing)
            assert not isinstance(back, wire.Opaque), name
            assert same(value, back)


def test_facets_are_known_and_the_last_call_is_the_first_again(exercise: Exercise) -> None:
    for probes in probes_of(exercise, 1).values():
        assert all(probe.facets <= set(FACETS) for probe in probes)
        repeats = [probe for probe in probes if "repeat" in probe.facets]
        assert [probe is probes[-1] for probe in repeats] == [True]
        assert any(same(dict(repeats[0].arguments), dict(probe.arguments)) for probe in probes[:-1])


def test_results_can_be_told_from_zeros_and_from_the_input(exercise: Exercise) -> None:
    """A probe on which everything comes out alike proves nothing; not all may be like that."""
    functions = reference_functions(exercise)
    for name, probes in probes_of(exercise, 1).items():
        results = [run(functions[name], probe).value for probe in probes if not probe.expects_raise]
        first = [compare(results[0], result) is None for result in results[1:]]
        assert not all(first), name


# ---------------------------------------------------------------- how they are made


def arguments(thing: Any, **recipe: Any) -> Any:
    values = recipe.pop("values", {})
    return make(thing, Recipe(thing.__name__, values, **recipe)).arguments


def test_sizes_differ_pairwise_where_they_meet() -> None:
    given = arguments(scaled_dot_product_attention)
    shapes = [given[name].shape for name in "qkv"]
    assert shapes == [
        (SIZES["queries"], SIZES["d_k"]),
        (SIZES["keys"], SIZES["d_k"]),
        (SIZES["keys"], SIZES["d_v"]),
    ]
    assert len({size for shape in shapes for size in shape}) == 4
    assert "mask" not in given


def test_batch_axes_come_before() -> None:
    given = arguments(
        scaled_dot_product_attention, batch=(2, 3), values={"mask": "random_mask(*batch, queries, keys)"}
    )
    assert all(given[name].shape[:2] == (2, 3) for name in ("q", "k", "v", "mask"))


def test_expressions_see_sizes_and_arguments_made_before() -> None:
    values = {
        "keys": "queries + 1",
        "k": "2 * q[:1]",
        "v": "np.ones((len(k), d_v))",
        "mask": "causal_mask(queries, 1)",
    }
    given = arguments(scaled_dot_product_attention, values=values)
    assert np.all(given["k"] == 2 * given["q"][:1])
    assert given["v"].shape == (1, SIZES["d_v"])


def test_precision_reaches_weights_and_functions() -> None:
    given = arguments(encoder_layer, dtype="float32")
    assert given["x"].dtype == given["weights"].attention.w_q.dtype == np.float32
    values = {"sublayer": "function('lambda y: y @ w', w=normal(d_model, d_model))"}
    assert arguments(post_norm, dtype="float32", values=values)["sublayer"].data["w"].dtype == np.float32


def test_whole_numbers_are_whole() -> None:
    values = {"scores": "rng.normal(size=(2, 3))", "mask": "None"}
    given = arguments(mask_scores, whole=True, values=values)
    assert np.all(given["scores"] == np.round(given["scores"]))


def test_a_starred_parameter_keeps_its_star() -> None:
    given = arguments(combine_masks, values={"masks": "[causal_mask(3), None]"})
    assert [each is None for each in given["*masks"]] == [False, True]


def test_a_generator_travels_as_its_seed() -> None:
    given = arguments(dropout, values={"p": "0.5"})
    assert isinstance(given["rng"], wire.Seed)
    assert live(given["rng"]).random() == live(given["rng"]).random()


@pytest.mark.parametrize(
    ("thing", "values", "message"),
    [
        (scaled_dot_product_attention, {"q": "no_such_name"}, "no_such_name"),
        (post_norm, {}, "sublayer"),
        (scaled_dot_product_attention, {"q": "1 +"}, "1 +"),
    ],
)
def test_a_probe_that_cannot_be_made_says_which(thing: Any, values: Any, message: str) -> None:
    with pytest.raises(ProbeError, match=thing.__name__) as error:
        arguments(thing, values=values)
    assert message in str(error.value)


def test_every_row_of_a_random_mask_allows_and_forbids_something() -> None:
    for seed in range(20):
        mask = arguments(mask_scores, seed=(seed,))["mask"]
        assert mask.any(axis=-1).all()
        assert not mask.all(axis=-1).any()


# ---------------------------------------------------------------- live values


def test_live_values_are_copies() -> None:
    array = np.asfortranarray(np.ones((2, 3)))
    copy = live((array, [array]))
    copy[0][:] = 2
    copy[1][0][:] = 3
    assert np.all(array == 1)
    assert copy[0].flags.f_contiguous


def test_a_function_is_limited() -> None:
    forever = live(function("lambda prefix: prefix"))
    with pytest.raises(RecursionError):
        [forever([]) for _ in range(MAX_CALLS + 1)]


def test_a_function_may_be_several_statements() -> None:
    made = live(
        function("table = np.eye(2) * scale\ndef step(prefix):\n    return table[prefix[-1]]", scale=3.0)
    )
    assert made([1]).tolist() == [0.0, 3.0]
