"""Diagnosis: which known mistake does an attempt behave like?

A mistake of the catalog is a list of edits of the reference; edited, the reference runs. An attempt that
does the same as such a variant on every probe, and raises where it raises, is told the mistake's name. One
mistake explains before two do, and only a unique explanation is given. All functions of an exercise are
explained together; where that fails, each by itself. What only careful work gets right comes last: it has
to be explained where nothing else is wrong.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

from exercises.behaviour import Behaviour, alike, run
from exercises.catalog import Exercise, find, index, reference_functions
from exercises.judge import Tolerance
from exercises.probes import Probe
from exercises.views import VIEWS
from reference.anatomy import AnatomyError, edited, source_of

__all__ = ["Observation", "diagnose", "explanations", "variants"]

Functions = Mapping[str, Callable[..., Any]]


class Observation(NamedTuple):
    """One probe: what the reference does and what the attempt did."""

    probe: Probe
    tolerance: Tolerance
    expected: Behaviour
    got: Behaviour
    parts: bool  # do they differ?


class Variant(NamedTuple):
    """The reference with mistakes in it; `changed` are the functions that the edits touch."""

    mistakes: frozenset[str]
    edits: tuple[Mapping[str, str], ...]
    functions: Functions
    changed: frozenset[str]


def diagnose(exercise: Exercise, observed: Mapping[str, Sequence[Observation]]) -> tuple[str, ...]:
    """The ids of the mistakes that explain what was observed, in the catalog's order; or none."""
    wrong = [name for name, seen in observed.items() if any(each.parts for each in seen)]
    if not wrong:
        return ()
    told = {name: _first_things_first(seen) for name, seen in observed.items()}
    found = _smallest(exercise, told)
    parts = [found] if found else [_smallest(exercise, {name: told[name]}) for name in wrong]
    ids = frozenset[str]().union(*[next(iter(part)) for part in parts if len(part) == 1])
    return tuple(mistake.id for mistake in exercise.mistakes if mistake.id in ids)


def _first_things_first(seen: Sequence[Observation]) -> Sequence[Observation]:
    """Without the niceties, if anything else is wrong."""
    plain = [each for each in seen if not each.probe.is_nicety]
    return plain if any(each.parts for each in plain) else seen


def _smallest(exercise: Exercise, observed: Mapping[str, Sequence[Observation]]) -> set[frozenset[str]]:
    """The smallest sets of mistakes that explain everything; more than one, if they are equally good."""
    return explanations(exercise, observed, 1) or explanations(exercise, observed, 2)


def explanations(
    exercise: Exercise, observed: Mapping[str, Sequence[Observation]], size: int
) -> set[frozenset[str]]:
    """All sets of so many mistakes that explain everything; rather those that touch nothing else.

    (Of a file in which one function is still a hole, a mistake in both functions could be said as well.)
    """
    order = _most_telling_first(observed)
    view = VIEWS[exercise.view] if exercise.view else None
    found: dict[frozenset[str], bool] = {}
    for variant in variants(exercise, size):
        within = variant.changed <= observed.keys()
        if not found.get(variant.mistakes, False) and _explains(variant, order, view):
            found[variant.mistakes] = within
    return {mistakes for mistakes, within in found.items() if within} or set(found)


def _most_telling_first(observed: Mapping[str, Sequence[Observation]]) -> list[tuple[str, Observation]]:
    """Where the attempt parts from the reference with a value, most variants can be ruled out at once."""
    every = [(name, each) for name, seen in observed.items() for each in seen]
    return sorted(every, key=lambda pair: (not pair[1].parts, pair[1].got.status != "returned"))


def _explains(variant: Variant, order: Sequence[tuple[str, Observation]], view: Any) -> bool:
    """Does the variant do what the attempt did, on every probe?

    An exception alone says little: where the variant never returns a wrong value, its exceptions have to be
    the attempt's, word for word. What they change in place is compared over all probes together: on some
    data one way of changing an input leaves it as it was, and another does not.
    """
    shows_value, same_words = False, True
    changed, own = set[tuple[str, str]](), set[tuple[str, str]]()
    for name, each in order:
        did = run(variant.functions[name], each.probe, view)
        if not _same_answer(did, each):
            return False
        changed |= {(name, argument) for argument in did.changed}
        own |= {(name, argument) for argument in each.got.changed}
        if each.parts and did.status == "returned":
            shows_value = True
        elif each.parts:
            same_words = same_words and did.error == each.got.error
    return changed == own and (shows_value or same_words)


def _same_answer(did: Behaviour, seen: Observation) -> bool:
    """The same result; where an exception was due, anything returned instead of it is the same mistake."""
    if seen.expected.status == "raised":
        return did.status == seen.got.status
    return alike(did, seen.got, seen.tolerance)


# ---------------------------------------------------------------- the reference with mistakes in it


def variants(exercise: Exercise, size: int) -> Iterator[Variant]:
    """The reference with so many mistakes at once, in all alternatives whose edits go together."""
    if exercise.id in index() and find(exercise.id) is exercise:
        return iter(_all_variants(exercise.id, size))
    return _made_variants(exercise, size)


@functools.lru_cache(maxsize=64)
def _all_variants(exercise_id: str, size: int) -> _Remembered:
    return _Remembered(_made_variants(find(exercise_id), size))


class _Remembered:
    """An iterable that makes each item once, when it is first asked for."""

    def __init__(self, source: Iterator[Variant]) -> None:
        self.source, self.made = source, list[Variant]()

    def __iter__(self) -> Iterator[Variant]:
        yield from self.made
        while True:
            made = next(self.source, None)
            if made is None:
                return
            self.made.append(made)
            yield made


def _made_variants(exercise: Exercise, size: int) -> Iterator[Variant]:
    functions = [*reference_functions(exercise).values()]
    before = {function.__name__: source_of(function) for function in functions}
    for mistakes in combinations(exercise.mistakes, size):
        for edits in product(*[mistake.edits for mistake in mistakes]):
            try:
                made = edited(functions, *edits)
            except AnatomyError:
                if size == 1:
                    raise
                continue
            changed = frozenset(name for name, each in made.items() if source_of(each) != before[name])
            yield Variant(frozenset(mistake.id for mistake in mistakes), edits, made, changed)
