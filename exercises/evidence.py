"""Evidence: the smallest call that shows a fault, and the first step that parts from the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from exercises.arguments import SIZES, ProbeError
from exercises.behaviour import Behaviour, parting, run
from exercises.diagnose import Observation
from exercises.judge import compare, tolerance_for
from exercises.patterns import facet_pattern, patterns_of
from exercises.portable import live
from exercises.probes import Probe, make
from exercises.sandbox import Attempt
from exercises.verdict import Evidence, Phrase
from reference.anatomy import AnatomyError, lasting, steps

__all__ = ["evidence_of"]

Function = Callable[..., Any]

# patterns that speak of the numbers of one call, or of its mask
OF_NUMBERS = ("factor", "offset", "one-number", "nan", "rows-sum", "columns-sum")
OF_THE_MASK = ("only-masked", "only-allowed", "only-empty-rows")
OF_ONE_CALL = frozenset(f"pattern.{name}" for name in OF_NUMBERS + OF_THE_MASK)

# sizes to try, from small to less small
SMALL: Sequence[Mapping[str, int]] = (
    dict.fromkeys(SIZES, 2) | {"heads": 1, "layers": 1, "vocabulary": 3, "classes": 3},
    dict.fromkeys(SIZES, 2) | {"keys": 3, "tokens": 3, "d_k": 4, "d_model": 4, "d_head": 4, "vocabulary": 4},
    dict.fromkeys(SIZES, 3) | {"keys": 4, "d_k": 4, "heads": 2, "d_model": 4, "d_head": 4, "vocabulary": 5},
)


def evidence_of(
    function: Function, seen: Sequence[Observation], attempt: Attempt, free_steps: bool = False
) -> Evidence | None:
    """What to show of a function that gave a wrong result; None where it gave none.

    With `free_steps` no step is blamed: correct work may differ there.
    """
    failed = [each for each in seen if each.parts and _results_differ(each)]
    if not failed:
        return None
    shown = _smallest(function, failed, attempt)
    clearest = _clearest(function, failed)
    step = None if free_steps else _first_step(function, clearest, attempt)
    pattern = _pattern(seen, clearest, step)
    if step is not None:
        there = _first_step(function, shown, attempt)
        if there is None or there[0] != step[0]:  # numbers too small to show it
            shown, there = clearest, step
        step = there
    if shown is not clearest:
        pattern = _of_one_call(pattern, shown, step)
    name, expected, got = step or (None, shown.expected.value, shown.got.value)
    arguments = {key.lstrip("*"): value for key, value in shown.probe.arguments.items()}
    return Evidence(arguments, expected, got, name, pattern, shown.probe.recipe.whole)


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
        for n, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from _arrays(one, other, f"{part}[{n}]")
    elif compare(expected, got) is not None:
        yield part, expected, got


# ---------------------------------------------------------------- the smallest input


def _smallest(function: Function, failed: Sequence[Observation], attempt: Attempt) -> Observation:
    """The failed call with the fewest numbers, or one with even fewer and whole ones if that fails too."""
    told_apart = [each for each in failed if "square" not in each.probe.facets] or failed
    least = min(told_apart, key=lambda each: _size(each.probe))
    bases = [failed[0]] if least is failed[0] else [failed[0], least]
    for sizes in SMALL:  # the smallest that fails is enough: the others are never asked
        smaller = [probe for base in bases for probe in _shrunk(function, base.probe, sizes)]
        probes = sorted((each for each in smaller if _size(each) <= _size(least.probe)), key=_size)
        outcomes = attempt.calls(function.__name__, [probe.arguments for probe in probes]) if probes else []
        for probe, outcome in zip(probes, outcomes, strict=True):
            expected, tolerance = run(function, probe), tolerance_for(probe.arguments)
            got = Behaviour(outcome.status, outcome.value, frozenset(outcome.changed))
            if got.status == expected.status == "returned" and parting(expected, got, tolerance):
                return Observation(probe, tolerance, expected, got, True)
    return least


def _shrunk(function: Function, probe: Probe, sizes: Mapping[str, int]) -> Iterator[Probe]:
    """The same call with so few tokens and small whole numbers, and where it has a batch also without it."""
    recipe = probe.recipe
    for seed in (0, 1):
        for batch in ((), recipe.batch) if recipe.batch else ((),):
            smaller = recipe._replace(sizes=sizes, whole=True, batch=batch, seed=(*recipe.seed, 7, seed))
            try:
                yield make(function, smaller)
            except (ProbeError, ValueError):
                continue


def _size(probe: Probe) -> int:
    return sum(_numbers(value) for value in probe.arguments.values())


def _numbers(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    return sum(map(_numbers, value)) if isinstance(value, tuple | list) else 0


# ---------------------------------------------------------------- the first step that parts


def _steps_of(function: Function, seen: Observation) -> Mapping[str, Any]:
    """The reference's steps in this call: fewer where a loop runs again, whose last pass is not the first."""
    arguments = {name: live(value) for name, value in seen.probe.arguments.items()}
    spread = [part for name in arguments if name.startswith("*") for part in arguments[name]]
    named = {name: value for name, value in arguments.items() if not name.startswith("*")}
    try:
        with np.errstate(all="ignore"):
            return lasting(function, *spread, **named)
    except (AnatomyError, ValueError, TypeError, IndexError):
        return {}


def _clearest(function: Function, failed: Sequence[Observation]) -> Observation:
    """The first call in which most of the reference's steps can be seen."""
    best, most, every = failed[0], 0, len(_names(function))
    for each in failed:
        if (seen := len(_steps_of(function, each))) > most:
            best, most = each, seen
        if most == every:
            break
    return best


def _names(function: Function) -> list[str]:
    """What the reference's steps are called, in the order in which they were computed last."""
    try:
        names = [part for step in steps(function) for part in step.name.split(", ")]
    except AnatomyError:
        return []
    return [*reversed(dict.fromkeys(reversed(names)))]


def _first_step(function: Function, seen: Observation, attempt: Attempt) -> tuple[str, Any, Any] | None:
    """Name, expected and got value of the first step that parts; the attempt has a variable of that name.

    A variable may have the same name and another meaning; a step after which the values agree again is
    not to blame. The attempt's variables are seen as they are at the end.
    """
    reference = _steps_of(function, seen)
    if not reference:
        return None
    own = attempt.trace(function.__name__, seen.probe.arguments).locals
    parts = None
    for name in _names(function):
        if name not in reference or name not in own or name in seen.probe.arguments:
            continue
        difference = compare(reference[name], own[name], seen.tolerance)
        if difference is None:
            parts = None
        elif parts is None:
            parts = (name, reference[name], own[name])
    return parts
