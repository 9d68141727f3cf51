"""Reasons: why a file or a function did not pass, as phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from exercises.behaviour import parting
from exercises.diagnose import Observation
from exercises.judge import Difference
from exercises.sandbox import Error, Outcome
from exercises.verdict import LearnerError, Phrase
from exercises.views import Laws

__all__ = ["because", "ending", "import_trouble", "is_syntax_error", "learner_error", "raised"]


def is_syntax_error(error: Error) -> bool:
    return error.type in ("SyntaxError", "IndentationError", "TabError")


def import_trouble(error: Error) -> Phrase:
    """Why a file could not be imported."""
    if is_syntax_error(error):
        return Phrase("reason.syntax-error", {"line": error.line, "message": error.message})
    missing = re.match(r"cannot import name '(\w+)' from 'reference", error.message)
    if missing:
        return Phrase("reason.missing-import", {"name": missing[1]})
    return Phrase("reason.import-failed", {"type": error.type, "message": error.message, "line": error.line})


def ending(outcome: Outcome) -> Phrase:
    """Why there is no result: timeout, crashed or forged."""
    asked = re.match(r"asks reference\S* for (\w+)", outcome.detail)
    if outcome.status == "forged" and asked:
        return Phrase("reason.withheld", {"name": asked[1]})
    if outcome.status == "timeout":
        return Phrase("reason.timeout", {"seconds": round(outcome.seconds, 1)})
    return Phrase(f"reason.{outcome.status}", {"detail": outcome.detail})


def raised(error: Error) -> Phrase:
    return Phrase("reason.raised", {"type": error.type, "message": error.message})


def learner_error(error: Error) -> LearnerError:
    return LearnerError(error.type, error.message, error.line, error.source, error.shapes)


def because(function: str, failed: Sequence[Observation]) -> Phrase:
    """What is wrong with the first failed result."""
    if all("redraw" in each.probe.facets for each in failed):
        return Phrase("reason.ignores-generator", {"function": function})
    difference = parting(failed[0].expected, failed[0].got, failed[0].tolerance)
    assert difference is not None
    laws = failed[0].expected.value
    if isinstance(laws, Laws) and difference.part in laws:
        return _law(function, difference, failed[0].probe.arguments)
    kind, part = difference.kind, difference.part
    if kind in ("returned-nothing", "should-raise"):
        return Phrase(f"reason.{kind}", {"function": function})
    if kind == "changes-inputs":
        return Phrase("reason.changes-inputs", {"parameters": difference.got})
    if kind in ("wrong-values", "has-nan"):
        return _wrong_numbers(difference)
    if kind == "wrong-shape":
        shapes = {"expected": str(difference.expected), "got": str(difference.got)}
        if difference.expected == ():
            return Phrase("reason.not-one-number", {"part": part, "got": shapes["got"]})
        return Phrase("reason.wrong-shape", {"part": part, **shapes})
    why = {"why": difference.why} if kind == "wrong-type" else {}
    return Phrase(
        f"reason.{kind}", {"part": part, "expected": difference.expected, "got": difference.got, **why}
    )


def _wrong_numbers(difference: Difference) -> Phrase:
    """How many of them; of a single number there is nothing to count."""
    kind, part, wrong = difference.kind, difference.part, difference.wrong
    if wrong is None or not wrong.ndim:
        return Phrase("reason.is-nan" if kind == "has-nan" else "reason.wrong-value", {"part": part})
    return Phrase(f"reason.{kind}", {"part": part, "wrong": int(wrong.sum()), "total": int(wrong.size)})


def _law(function: str, difference: Difference, arguments: Mapping[str, Any]) -> Phrase:
    """Which law a draw breaks, and how."""
    law, p = difference.part, arguments.get("p")
    expected, got = (
        getattr(each, "item", lambda e=each: e)() for each in (difference.expected, difference.got)
    )
    if law == "factor":
        if got == -1:
            return Phrase("reason.law-factors", {"p": p, "expected": expected})
        return Phrase("reason.law-factor", {"p": p, "expected": expected, "got": got})
    if law == "share":
        return Phrase("reason.law-share", {"p": p, "share": got})
    return Phrase(f"reason.law-{law}", {"function": function})
