"""Probes: the calls on which an attempt and the reference are compared.

The catalog says which; some facets are added to every function where they apply: fresh data, batch axes,
float32, large and tiny numbers, equal sizes, another generator, the same call again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from exercises.arguments import SIZES, SQUARE, Kitchen, ProbeError, Recipe
from exercises.catalog import Exercise, reference_functions
from exercises.parameters import parameters_of
from exercises.portable import arrays_in, redrawn

__all__ = ["SMALL", "Probe", "bases", "facets_of", "make", "probes_of", "size_of", "smaller"]

Function = Callable[..., Any]

BATCHES = ((2,), (2, 1))
LARGE, TINY = 1e3, 1e-3
# sizes to show a fault with, from small to less small
SMALL: Sequence[Mapping[str, int]] = (
    dict.fromkeys(SIZES, 2) | {"heads": 1, "layers": 1, "vocabulary": 3, "classes": 3},
    dict.fromkeys(SIZES, 2) | {"keys": 3, "tokens": 3, "d_k": 4, "d_model": 4, "d_head": 4, "vocabulary": 4},
    dict.fromkeys(SIZES, 3) | {"keys": 4, "d_k": 4, "heads": 2, "d_model": 4, "d_head": 4, "vocabulary": 5},
)


class Probe(NamedTuple):
    """One call: arguments by name (a name with a star is spread), and what it covers."""

    function: str
    arguments: Mapping[str, Any]
    facets: frozenset[str]
    recipe: Recipe

    @property
    def expects_raise(self) -> bool:
        return self.recipe.expect == "raises"

    @property
    def is_nicety(self) -> bool:
        """Something that only careful work gets right: it need not be explained where more is wrong."""
        return self.recipe.expect == "nicety"


# ---------------------------------------------------------------- which probes


def probes_of(exercise: Exercise, seed: int) -> dict[str, list[Probe]]:
    """All probes of an exercise by function; the same seed gives the same ones."""
    return {
        name: [make(function, recipe) for recipe in _recipes(exercise, name, function, seed)]
        for name, function in reference_functions(exercise).items()
    }


def _recipes(exercise: Exercise, name: str, function: Function, seed: int) -> list[Recipe]:
    written = exercise.probes.get(name, ()) or ({},)
    listed = [_recipe(name, values, (seed, exercise.number, i)) for i, values in enumerate(written)]
    usual = next((recipe for recipe in listed if recipe.expect == "value"), None)
    if usual is None:
        return listed
    masked = next((recipe for recipe in listed if any("mask" in key for key in recipe.values)), usual)
    added = [recipe for recipe in _added(function, usual, masked) if recipe.facet not in exercise.without]
    return listed + added


def _recipe(name: str, values: Mapping[str, str], seed: tuple[int, ...]) -> Recipe:
    expect = values.get("expect", "value")
    if expect not in ("value", "raises", "nicety"):
        raise ProbeError(f'{name}: expect must be "value", "raises" or "nicety", not {expect!r}')
    return Recipe(name, {key: text for key, text in values.items() if key != "expect"}, seed, expect=expect)


def _added(function: Function, usual: Recipe, masked: Recipe) -> Iterator[Recipe]:
    """The facets that every function is asked, where they apply."""
    parameters = parameters_of(function)
    free = [
        each for each in parameters if each.shapes and each.name not in usual.values and not each.optional
    ]
    has_floats = any(shape.kind == "Float" for each in parameters for shape in each.shapes)
    other = (*usual.seed, 1)
    if any(each.shapes or each.kind == "generator" for each in parameters):
        yield usual._replace(seed=other, fortran=has_floats, facet="fresh")
    if has_floats:
        yield usual._replace(seed=other, dtype="float32", facet="float32")
        yield usual._replace(seed=other, scale=LARGE, facet="large")
        yield usual._replace(seed=other, scale=TINY, facet="tiny")
    if any(axis in ("*batch", "...") for each in free for shape in each.shapes for axis in shape.axes):
        for i, batch in enumerate(BATCHES):
            yield usual._replace(seed=(*other, i), batch=batch, facet="batches")
        if masked is not usual:
            yield masked._replace(seed=other, batch=BATCHES[0], facet="batches")
    if free:
        yield usual._replace(seed=other, sizes=SQUARE, facet="square")
        if masked is not usual:
            yield masked._replace(seed=other, sizes=SQUARE, facet="square")
    if any(each.kind == "generator" for each in parameters):
        yield usual._replace(facet="redraw")
    yield usual._replace(facet="repeat")


def make(function: Function, recipe: Recipe) -> Probe:
    """The probe that a recipe describes; the same recipe always makes the same one. Raises ProbeError."""
    kitchen = Kitchen(function, recipe)
    arguments = kitchen.arguments()
    if recipe.facet == "redraw":
        arguments = {name: redrawn(value, 1) for name, value in arguments.items()}
    return Probe(recipe.function, arguments, facets_of(arguments, recipe), recipe)


# ---------------------------------------------------------------- smaller ones


def bases(probes: Sequence[Probe]) -> list[Probe]:
    """The probes to make smaller ones of: the first, and the one with the fewest numbers."""
    told_apart = [probe for probe in probes if "square" not in probe.facets] or probes
    least = min(told_apart, key=size_of)
    return [probes[0]] if least is probes[0] else [probes[0], least]


def smaller(function: Function, probe: Probe, sizes: Mapping[str, int]) -> Iterator[Probe]:
    """The same call with such sizes and small whole numbers, and where it has a batch also without it."""
    recipe = probe.recipe
    for seed in (0, 1):
        for batch in ((), recipe.batch) if recipe.batch else ((),):
            small = recipe._replace(sizes=sizes, whole=True, batch=batch, seed=(*recipe.seed, 7, seed))
            try:
                yield make(function, small)
            except (ProbeError, ValueError):
                continue


def size_of(probe: Probe) -> int:
    """How many numbers its arrays have."""
    return sum(_numbers(value) for value in probe.arguments.values())


def _numbers(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    return sum(map(_numbers, value)) if isinstance(value, tuple | list) else 0


# ---------------------------------------------------------------- what a probe covers


def facets_of(arguments: Mapping[str, Any], recipe: Recipe) -> frozenset[str]:
    """What the arguments show, in the words of verdict.FACETS."""
    arrays = list(arrays_in(list(arguments.values())))
    floats = [array for array in arrays if array.dtype.kind == "f" and array.size]
    masks = [array for array in arrays if array.dtype == np.bool_ and array.ndim]
    largest = max(
        (float(np.max(np.abs(array), where=np.isfinite(array), initial=0)) for array in floats), default=0
    )
    shown = {
        "masks": bool(masks),
        "empty-rows": any(not array.any(axis=-1).all() for array in masks),
        "float32": any(array.dtype == np.float32 for array in floats),
        "batches": bool(recipe.batch),
        "large": largest >= 50,
        "tiny": recipe.scale == TINY,
        "bad-input": recipe.expect == "raises",
        "integers": recipe.facet == "" and not floats and any(array.dtype.kind in "iu" for array in arrays),
    }
    return frozenset(
        [name for name, is_so in shown.items() if is_so] + ([recipe.facet] if recipe.facet else [])
    )
