"""Gradescope's results.json: a test a function, so that half an exercise earns half its point."""

from __future__ import annotations

import json
from typing import Any

from exercises.catalog import find
from exercises.language import Language
from exercises.paper import plain
from exercises.reports import text
from exercises.verdict import FunctionVerdict, Verdict


def render(verdicts: list[Verdict], language: Language) -> str:
    """The object as text."""
    tests = [test for verdict in verdicts for test in _tests(verdict, language)]
    results = {
        "score": round(sum(verdict.points for verdict in verdicts), 4),
        "execution_time": round(sum(verdict.seconds for verdict in verdicts), 3),
        "output": plain([text.summary(verdicts, language)]).strip(),
        "output_format": "text",
        "tests": tests,
    }
    return json.dumps(results, ensure_ascii=False, indent=2) + "\n"


def _tests(verdict: Verdict, language: Language) -> list[dict[str, Any]]:
    exercise = find(verdict.exercise)
    functions = verdict.functions or tuple(
        FunctionVerdict(name, verdict.status) for name in exercise.functions
    )
    share = 1 / len(functions)
    return [
        {
            "name": verdict.exercise if len(functions) == 1 else f"{verdict.exercise}: {function.function}",
            "number": f"{exercise.number}.{n}" if len(functions) > 1 else str(exercise.number),
            "score": round(share, 4) if function.status == "passed" and verdict.points > 0 else 0.0,
            "max_score": round(share, 4),
            "status": "passed" if function.status == "passed" else "failed",
            "output": plain(text.report(verdict, language, 90))
            if function.status != "passed" or n == 1
            else "",
            "output_format": "text",
            "tags": list(exercise.topics),
            "visibility": "visible",
        }
        for n, function in enumerate(functions, 1)
    ]
