"""One JSON object for programs. Its fields are fixed; `version` grows when one changes its meaning."""

from __future__ import annotations

import json
from typing import Any

from exercises.catalog import find
from exercises.language import Language
from exercises.reports import wording
from exercises.untrusted import one_line
from exercises.verdict import Verdict

VERSION = 1


def render(verdicts: list[Verdict], language: Language) -> str:
    """The object as text, with a newline at its end."""
    return json.dumps(data(verdicts, language), ensure_ascii=False, indent=2) + "\n"


def data(verdicts: list[Verdict], language: Language) -> dict[str, Any]:
    """The object itself."""
    return {
        "version": VERSION,
        "exercises": [_exercise(verdict, language) for verdict in verdicts],
        "passed": sum(verdict.status == "passed" for verdict in verdicts),
        "total": len(verdicts),
        "points": round(sum(verdict.points for verdict in verdicts), 4),
        "max_points": float(len(verdicts)),
    }


def _exercise(verdict: Verdict, language: Language) -> dict[str, Any]:
    exercise = find(verdict.exercise)
    culprit = verdict.culprit
    step = culprit.evidence.step if culprit and culprit.evidence else None
    return {
        "id": verdict.exercise,
        "file": one_line(verdict.file, 1000),
        "status": verdict.status,
        "points": round(verdict.points, 4),
        "function": culprit.function if culprit else exercise.functions[0],
        "step": step and one_line(step, 100),
        "mistakes": list(verdict.mistakes),
        "message": wording.message(verdict, exercise, language),
        "review": wording.search(verdict, exercise),
        "seconds": round(verdict.seconds, 4),
        "seed": verdict.seed,
        "functions": {function.function: function.status for function in verdict.functions},
    }
