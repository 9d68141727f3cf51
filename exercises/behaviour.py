"""Behaviour: what a function did on a probe, whoever ran it. Returned or raised, with what; what it changed.

The reference and the mistakes of the catalog run here, in the grader's own process; attempts never do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from exercises.judge import Difference, Tolerance, compare
from exercises.portable import as_call, live, redrawn
from exercises.probes import Probe
from exercises.views import Laws, View
from exercises.wire import Callable_, Seed, state_of

__all__ = ["Behaviour", "alike", "changed_names", "parting", "run", "viewed"]


class Behaviour(NamedTuple):
    """What came of one call."""

    status: str  # returned, raised, or whatever else an attempt can end in
    value: Any = None
    changed: frozenset[str] = frozenset()
    error: tuple[str, str] = ("", "")  # type and message
    drawn: bool = False  # was anything drawn from a generator that was given?


def run(function: Callable[..., Any], probe: Probe, view: View | None = None) -> Behaviour:
    """Run a trusted function on fresh copies of the probe's arguments."""
    did = _run(function, probe.arguments)
    if view is None or did.status != "returned":
        return did
    other = None
    if "repeat" in probe.facets:
        other = _run(function, probe.arguments).value
    elif "redraw" in probe.facets:
        other = _run(function, {name: redrawn(value, -1) for name, value in probe.arguments.items()}).value
    return did._replace(value=viewed(view, probe, did, other))


def viewed(view: View, probe: Probe, did: Behaviour, other: Any) -> Any:
    """A result under a view.

    For the same call again, and for one with another generator, `other` is what came the first time, and
    whether it came again is one more law. So is, where a draw is due and something came of it, that the
    generator has moved on.
    """
    seen = view(probe.arguments, did.value)
    if not isinstance(seen, Laws):
        return seen
    if probe.facets & {"repeat", "redraw"}:
        seen["same"] = compare(did.value, other) is None
    if "identity" not in seen and seen["share"] != "none":
        seen["moves"] = did.drawn
    return seen


def _run(function: Callable[..., Any], given: Mapping[str, Any]) -> Behaviour:
    arguments = {name: live(value) for name, value in given.items()}
    spread, named = as_call(arguments)
    value, error = None, ("", "")
    with np.errstate(all="ignore"):
        try:
            value, status = function(*spread, **named), "returned"
        except Exception as raised:
            status, error = "raised", (type(raised).__name__, str(raised))
    drawn = any(
        state_of(arguments[name]) != state_of(live(each))
        for name, each in given.items()
        if isinstance(each, Seed)
    )
    return Behaviour(status, value, changed_names(given, arguments), error, drawn)


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """The arguments that are no longer what they were."""
    return frozenset(name.lstrip("*") for name, value in before.items() if not _untouched(value, after[name]))


def _untouched(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return bool(before.shape == after.shape and before.tobytes() == after.tobytes())
    if isinstance(before, Seed | Callable_):
        return True
    if isinstance(before, tuple | list):
        return len(before) == len(after) and all(map(_untouched, before, after))
    return True


def alike(one: Behaviour, other: Behaviour, tolerance: Tolerance) -> bool:
    """Is this the same answer? Raising is raising, whatever is raised."""
    if one.status != other.status:
        return False
    return one.status != "returned" or compare(one.value, other.value, tolerance) is None


def parting(expected: Behaviour, got: Behaviour, tolerance: Tolerance) -> Difference | None:
    """How an attempt's behaviour parts from the reference's, None where it does not."""
    if expected.status == "raised":
        return None if got.status == "raised" else Difference("should-raise", "", "", "")
    if got.status != "returned":
        return Difference(got.status, "", "", "")
    difference = compare(expected.value, got.value, tolerance)
    if difference is None and got.changed:
        return Difference("changes-inputs", "", "", ", ".join(sorted(got.changed)))
    return difference
