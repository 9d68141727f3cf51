"""Diagnosis: which known mistake does an attempt behave like?

A mistake of the catalog is a list of edits of the reference; edited, the reference runs. An attempt that
does the same as such a variant on every probe, and raises where it raises, is told the mistake's name. One
mistake explains before two do, and only a unique explanation is given. All functions of an exercise are
explained together; where that fails, each by itself. What only careful work gets right comes last: it has
to be explained where nothing else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from exercises.behaviour import Behaviour, alike
from exercises.exam import Exam, leading
from exercises.judge import Tolerance, are_close
from exercises.probes import Probe
from exercises.variants import Variant, variants

__all__ = ["Diagnosis", "Observation"]


class Observation(NamedTuple):
    """One probe: what the reference does and what the attempt did."""

    probe: Probe
    tolerance: Tolerance
    expected: Behaviour
    got: Behaviour
    parts: bool  # do they differ?


class Diagnosis:
    """Of one attempt; what is seen while it still works on other probes can be looked at meanwhile."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        # by function and probe of an observation, which is kept, since its id must stay its own
        self._known: dict[tuple[Callable[..., Any], int], tuple[Observation, bool]] = {}

    def look_at(self, name: str, seen: Observation, size: int = 1) -> None:
        """See which sets of so many mistakes it rules out: all at once where the first array is another."""
        got = leading(seen.got.value)
        if got is None or seen.got.status != "returned" or seen.expected.status == "raised":
            return
        functions, rows = self.exam.rows(name, seen.probe, size)
        if rows.ndim != 2 or rows.shape[1] != got.size:
            return
        for function, is_close in zip(functions, are_close(rows, got.ravel(), seen.tolerance), strict=True):
            if not is_close:
                self._known[function, id(seen)] = seen, False

    def names(self, observed: Mapping[str, Sequence[Observation]]) -> tuple[str, ...]:
        """The ids of the mistakes that explain what was observed, in the catalog's order; or none."""
        wrong = [name for name, seen in observed.items() if any(each.parts for each in seen)]
        if not wrong:
            return ()
        told = {name: _first_things_first(seen) for name, seen in observed.items()}
        found = self._smallest(told)
        parts = [found] if found else [self._smallest({name: told[name]}) for name in wrong]
        ids = frozenset[str]().union(*[next(iter(part)) for part in parts if len(part) == 1])
        return tuple(mistake.id for mistake in self.exam.exercise.mistakes if mistake.id in ids)

    def _smallest(self, observed: Mapping[str, Sequence[Observation]]) -> set[frozenset[str]]:
        """The smallest sets of mistakes that explain everything; more than one, if they are equally good."""
        return self.explanations(observed, 1) or self.explanations(observed, 2)

    def explanations(self, observed: Mapping[str, Sequence[Observation]], size: int) -> set[frozenset[str]]:
        """All sets of so many mistakes that explain everything; rather those that touch nothing else.

        (Of a file in which one function is still a hole, a mistake in both functions could be said as well.)
        """
        order = _most_telling_first(observed)
        self.look_at(*order[0], size)
        found: dict[frozenset[str], bool] = {}
        for variant in variants(self.exam.exercise, size):
            within = variant.changed <= observed.keys()
            if not found.get(variant.mistakes, False) and self._explains(variant, order):
                found[variant.mistakes] = within
        return {mistakes for mistakes, within in found.items() if within} or set(found)

    def _explains(self, variant: Variant, order: Sequence[tuple[str, Observation]]) -> bool:
        """Does the variant do what the attempt did, on every probe?

        An exception alone says little: where the variant never returns a wrong value, its exceptions have to
        be the attempt's, word for word. What they change in place is compared over all probes together: on
        some data one way of changing an input leaves it as it was, and another does not.
        """
        shows_value, same_words = False, True
        changed, own = set[tuple[str, str]](), set[tuple[str, str]]()
        for name, each in order:
            if not self._is_same(variant.functions[name], each):
                return False
            did = self.exam.behaviour(variant.functions[name], each.probe)
            changed |= {(name, argument) for argument in did.changed}
            own |= {(name, argument) for argument in each.got.changed}
            if each.parts and did.status == "returned":
                shows_value = True
            elif each.parts:
                same_words = same_words and did.error == each.got.error
        return changed == own and (shows_value or same_words)

    def _is_same(self, function: Callable[..., Any], seen: Observation) -> bool:
        """Does it answer as the attempt did? Instead of an exception that was due, anything is the same."""
        key = (function, id(seen))
        if key not in self._known:
            did = self.exam.behaviour(function, seen.probe)
            if seen.expected.status == "raised":
                is_same = did.status == seen.got.status
            else:
                is_same = alike(did, seen.got, seen.tolerance)
            self._known[key] = seen, is_same
        return self._known[key][1]


def _first_things_first(seen: Sequence[Observation]) -> Sequence[Observation]:
    """Without the niceties, if anything else is wrong."""
    plain = [each for each in seen if not each.probe.is_nicety]
    return plain if any(each.parts for each in plain) else seen


def _most_telling_first(observed: Mapping[str, Sequence[Observation]]) -> list[tuple[str, Observation]]:
    """Where the attempt parts from the reference with a value, most variants can be ruled out at once."""
    every = [(name, each) for name, seen in observed.items() for each in seen]
    return sorted(every, key=lambda pair: (not pair[1].parts, pair[1].got.status != "returned"))
