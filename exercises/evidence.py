"""Evidence: the smallest call that shows a fault, and the first step that parts from the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from exercises.behaviour import Behaviour, parting
from exercises.diagnose import Observation
from exercises.exam import Exam
from exercises.judge import compare, places_of
from exercises.outcome import Outcome
from exercises.patterns import facet_pattern, patterns_of
from exercises.probes import SMALL, Probe, bases, size_of
from exercises.sandbox import Attempt
from exercises.verdict import Evidence, Phrase
from reference.anatomy import AnatomyError, steps

__all__ = ["evidence_of"]

Function = Callable[..., Any]

# patterns that speak of the numbers of one call, or of its mask
OF_NUMBERS = ("factor", "offset", "one-number", "nan", "rows-sum", "columns-sum")
OF_THE_MASK = ("only-masked", "only-allowed", "only-empty-rows")
OF_ONE_CALL = frozenset(f"pattern.{name}" for name in OF_NUMBERS + OF_THE_MASK)


def evidence_of(exam: Exam, name: str, seen: Sequence[Observation], attempt: Attempt) -> Evidence | None:
    """What to show of a function that gave a wrong result; None where it gave none.

    Where the exercise has free steps none is blamed: correct work may differ there.
    """
    failed = [each for each in seen if each.parts and _results_differ(each)]
    if not failed:
        return None
    clearest, calls = _clearest(exam, name, failed), _Calls(exam, name, attempt)
    shown = _smallest(exam, name, failed, calls, clearest.probe)
    step = _first_step(exam, name, clearest, calls)
    pattern = _pattern(seen, clearest, step)
    if step is not None:
        there = _first_step(exam, name, shown, calls)
        if there is None or there[0] != step[0]:  # numbers too small to show it
            shown, there = clearest, step
        step = there
    if shown is not clearest:
        pattern = _of_one_call(pattern, shown, step)
    part, expected, got = step or (None, shown.expected.value, shown.got.value)
    arguments = {key.lstrip("*"): value for key, value in shown.probe.arguments.items()}
    return Evidence(arguments, expected, got, part, pattern, shown.probe.recipe.whole)


class _Calls:
    """What the attempt answers, with the variables in its frame as it ends; many calls go in one request."""

    def __init__(self, exam: Exam, name: str, attempt: Attempt) -> None:
        self.exam, self.name, self.attempt = exam, name, attempt
        self.known: dict[int, Outcome] = {}

    def ask(self, *probes: Probe) -> list[Outcome]:
        new = [probe for probe in probes if id(probe) not in self.known]
        arguments = [self.exam.arguments(probe) for probe in new]
        answers = self.attempt.answers(self.name, arguments, trace=not self.exam.exercise.free_steps)
        self.known |= zip(map(id, new), answers, strict=True)
        return [self.known[id(probe)] for probe in probes]


def _results_differ(seen: Observation) -> bool:
    """Whether there are two results to show; a call that only changed its input has the right one."""
    if not seen.got.status == seen.expected.status == "returned":
        return False
    return not seen.got.changed or compare(seen.expected.value, seen.got.value, seen.tolerance) is not None


def _pattern(
    seen: Sequence[Observation], failed: Observation, step: tuple[str, Any, Any] | None
) -> Phrase | None:
    """What a teacher would point at: in the step, else in the result."""
    part, found = next(_patterns(failed, step), ("", None))
    facets = facet_pattern([(each.probe.facets, not each.parts) for each in seen])
    if facets is not None and (
        found is None or found.key in ("pattern.nan", "pattern.rows-sum", "pattern.only-allowed")
    ):
        return facets
    return _of_part(part, found)


def _of_one_call(
    pattern: Phrase | None, shown: Observation, step: tuple[str, Any, Any] | None
) -> Phrase | None:
    """The pattern with the numbers that are shown; without it, if they do not bear it out."""
    inner = pattern.values.get("pattern", pattern) if pattern else None
    if not isinstance(inner, Phrase) or inner.key not in OF_ONE_CALL:
        return pattern
    same = (_of_part(part, each) for part, each in _patterns(shown, step) if each.key == inner.key)
    return next(same, None)


def _patterns(failed: Observation, step: tuple[str, Any, Any] | None) -> Iterator[tuple[str, Phrase]]:
    """Every pattern with the part of the result that it is of, "" for what is shown."""
    mask = next((value for value in failed.probe.arguments.values() if _is_mask(value)), None)
    candidates = [("", step[1], step[2])] if step else list(_arrays(failed.expected.value, failed.got.value))
    for n, (part, one, other) in enumerate(candidates):
        for each in patterns_of(one, other, mask):
            yield part if n else "", each


def _of_part(part: str, pattern: Phrase | None) -> Phrase | None:
    return Phrase("pattern.of-part", {"part": part, "pattern": pattern}) if part and pattern else pattern


def _is_mask(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.bool_


def _arrays(expected: Any, got: Any, part: str = "result") -> Iterator[tuple[str, Any, Any]]:
    """The pairs of arrays in two results, those that differ, each with its name: result[0], result[1] ..."""
    if isinstance(expected, tuple) and isinstance(got, tuple) and len(expected) == len(got):
        for place, one, other in zip(places_of(expected), expected, got, strict=True):
            yield from _arrays(one, other, f"{part}{place}")
    elif compare(expected, got) is not None:
        yield part, expected, got


# ---------------------------------------------------------------- the smallest input


def _smallest(
    exam: Exam, name: str, failed: Sequence[Observation], calls: _Calls, also: Probe
) -> Observation:
    """The failed call with the fewest numbers, or one with even fewer and whole ones if that fails too.

    `also` is asked on the way, since it is going to be.
    """
    function, chosen = exam.reference[name], bases([each.probe for each in failed])
    least = next(each for each in failed if each.probe is chosen[-1])
    for level in range(len(SMALL)):  # the smallest that fails is enough: the others are never asked
        smaller = [probe for base in chosen for probe in exam.smaller(function, base, level)]
        probes = sorted((each for each in smaller if size_of(each) <= size_of(least.probe)), key=size_of)
        for n, probe in enumerate(probes):
            outcome = calls.ask(probe, *(probes if n else [also]))[0]  # the first most often does it
            expected, tolerance = exam.behaviour(function, probe), exam.tolerance(probe)
            got = Behaviour(outcome.status, outcome.value, frozenset(outcome.changed))
            if got.status == expected.status == "returned" and parting(expected, got, tolerance):
                return Observation(probe, tolerance, expected, got, True)
    return least


# ---------------------------------------------------------------- the first step that parts


def _clearest(exam: Exam, name: str, failed: Sequence[Observation]) -> Observation:
    """The first call in which most of the reference's steps can be seen."""
    function = exam.reference[name]
    best, most, every = failed[0], 0, len(_names(function))
    for each in failed:
        if (seen := len(exam.steps(function, each.probe))) > most:
            best, most = each, seen
        if most == every:
            break
    return best


def _names(function: Function) -> list[str]:
    """What the reference's steps are called, in the order in which they were computed last.

    Not what is thrown away: `_` is no name to show.
    """
    try:
        names = [part for step in steps(function) for part in step.name.split(", ") if part != "_"]
    except AnatomyError:
        return []
    return [*reversed(dict.fromkeys(reversed(names)))]


def _first_step(exam: Exam, function: str, seen: Observation, calls: _Calls) -> tuple[str, Any, Any] | None:
    """Name, expected and got value of the first step that parts; the attempt has a variable of that name.

    A variable may have the same name and another meaning; a step after which the values agree again is
    not to blame. The attempt's variables are seen as they are at the end.
    """
    reference = exam.steps(exam.reference[function], seen.probe)
    if not reference or exam.exercise.free_steps:
        return None
    own = calls.ask(seen.probe)[0].locals
    parts = None
    for name in _names(exam.reference[function]):
        if name not in reference or name not in own or name in seen.probe.arguments:
            continue
        difference = compare(reference[name], own[name], seen.tolerance)
        if difference is None:
            parts = None
        elif parts is None:
            parts = (name, reference[name], own[name])
    return parts
