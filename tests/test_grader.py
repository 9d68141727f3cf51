"""The grader as a whole: work in any style gets the verdict that a good teacher would give.

`attempts/<exercise>/*.py` hold attempts in foreign styles, each below a line `# expect: status mistakes...`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercises import catalog
from exercises.grader import grade_file, grade_many
from exercises.language import speak
from exercises.sandbox import Limits, Sandbox
from exercises.starters import solution_text, starter_text
from exercises.verdict import ADVICE, FACETS, PATTERNS, REASONS, STATUSES, Verdict

ATTEMPTS = Path(__file__).parent / "attempts"


def handed_in() -> Iterator[object]:
    """Every attempt with its exercise and the verdict that it deserves."""
    for path in sorted(ATTEMPTS.glob("*/*.py")):
        _, *parts = re.split(r"(?m)^# expect: (.*)\n", path.read_text(encoding="utf-8"))
        for i, (expected, text) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
            name = f"{path.parent.name}-{path.stem}-{i}-{expected.split(' ', 1)[-1]}"
            yield pytest.param(path.parent.name, text.encode(), expected.strip(), id=name)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=2.0, load_seconds=2.0)) as made:
        yield made


def in_short(verdict: Verdict) -> str:
    return " ".join([verdict.status, *verdict.mistakes])


def check_form(verdict: Verdict) -> None:
    """All phrases are known, with the gaps they declare."""
    reasons = [verdict.reason, *(function.reason for function in verdict.functions)]
    patterns = [function.evidence.pattern for function in verdict.functions if function.evidence]
    for phrases, known in ((reasons, REASONS), (patterns, PATTERNS), (verdict.advice, ADVICE)):
        for phrase in phrases:
            if phrase is not None:
                assert set(phrase.values) == set(known[phrase.key]), phrase
    assert verdict.status in STATUSES and 0 <= verdict.points <= 1
    assert all(facet in FACETS for function in verdict.functions for facet in function.facets)
    assert (verdict.status == "passed") == (verdict.points == 1)
    if verdict.status in ("failed", "error"):
        assert verdict.reason or (verdict.culprit and verdict.culprit.reason)


# ---------------------------------------------------------------- foreign styles


@pytest.mark.parametrize(("exercise", "source", "expected"), handed_in())
def test_an_attempt_in_a_foreign_style(exercise: str, source: bytes, expected: str, sandbox: Sandbox) -> None:
    for seed in (3, 58):
        verdict = grade_file(source, exercise, sandbox, seed)
        check_form(verdict)
        assert in_short(verdict) == expected, (seed, verdict)
