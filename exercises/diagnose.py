"""Diagnosis: which known mistake does an attempt behave like?

A mistake of the catalog is a list of edits of the reference; edited, the reference runs. An attempt that
does the same as such a variant on every probe, and raises where it raises, is told the mistake's name. One
mistake explains before two do, and only a unique explanation is given. All functions of an exercise are
explained together; where that fails, each by itself. What only careful work gets right comes last: it has
to be explained where nothing else is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from exercises.behaviour import Behaviour, alike
from exercises.exam import Exam
from exercises.judge import Tolerance
from exercises.probes import Probe
from exercises.variants import Variant, variants

__all__ = ["Observation", "diagnose", "explanations"]


class Observation(NamedTuple):
    """One probe: what the reference does and what the attempt did."""

    probe: Probe
    tolerance: Tolerance
    expected: Behaviour
    got: Behaviour
    parts: bool  # do they differ?


def diagnose(exam: Exam, observed: Mapping[str, Sequence[Observation]]) -> tuple[str, ...]:
    """The ids of the mistakes that explain what was observed, in the catalog's order; or none."""
    wrong = [name for name, seen in observed.items() if any(each.parts for each in seen)]
    if not wrong:
        return ()
    told = {name: _first_things_first(seen) for name, seen in observed.items()}
    found = _smallest(exam, told)
    parts = [found] if found else [_smallest(exam, {name: told[name]}) for name in wrong]
    ids = frozenset[str]().union(*[next(iter(part)) for part in parts if len(part) == 1])
    return tuple(mistake.id for mistake in exam.exercise.mistakes if mistake.id in ids)


def _first_things_first(seen: Sequence[Observation]) -> Sequence[Observation]:
    """Without the niceties, if anything else is wrong."""
    plain = [each for each in seen if not each.probe.is_nicety]
    return plain if any(each.parts for each in plain) else seen


def _smallest(exam: Exam, observed: Mapping[str, Sequence[Observation]]) -> set[frozenset[str]]:
    """The smallest sets of mistakes that explain everything; more than one, if they are equally good."""
    return explanations(exam, observed, 1) or explanations(exam, observed, 2)


def explanations(exam: Exam, observed: Mapping[str, Sequence[Observation]], size: int) -> set[frozenset[str]]:
    """All sets of so many mistakes that explain everything; rather those that touch nothing else.

    (Of a file in which one function is still a hole, a mistake in both functions could be said as well.)
    """
    order = _most_telling_first(observed)
    found: dict[frozenset[str], bool] = {}
    for variant in variants(exam.exercise, size):
        within = variant.changed <= observed.keys()
        if not found.get(variant.mistakes, False) and _explains(exam, variant, order):
            found[variant.mistakes] = within
    return {mistakes for mistakes, within in found.items() if within} or set(found)


def _most_telling_first(observed: Mapping[str, Sequence[Observation]]) -> list[tuple[str, Observation]]:
    """Where the attempt parts from the reference with a value, most variants can be ruled out at once."""
    every = [(name, each) for name, seen in observed.items() for each in seen]
    return sorted(every, key=lambda pair: (not pair[1].parts, pair[1].got.status != "returned"))


def _explains(exam: Exam, variant: Variant, order: Sequence[tuple[str, Observation]]) -> bool:
    """Does the variant do what the attempt did, on every probe?

    An exception alone says little: where the variant never returns a wrong value, its exceptions have to be
    the attempt's, word for word. What they change in place is compared over all probes together: on some
    data one way of changing an input leaves it as it was, and another does not.
    """
    shows_value, same_words = False, True
    changed, own = set[tuple[str, str]](), set[tuple[str, str]]()
    for name, each in order:
        did = exam.behaviour(variant.functions[name], each.probe)
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
