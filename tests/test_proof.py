"""The table of tests/proof.py: it is measured, and it can say no."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import proof
from proof import Attempt, Tally, foreign, graded, mistaken, named, not_misnamed, passed, rejected, tally

from exercises import catalog
from exercises.sandbox import Sandbox

HERE = Path(__file__).parent
IDS = {entry.id for entry in catalog.contents()}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


# ---------------------------------------------------------------- what is handed in


def test_each_exercise_has_right_and_wrong_work_in_foreign_styles() -> None:
    every = list(foreign())
    right = Counter(each.exercise for each in every if each.status == "passed")
    wrong = Counter(each.exercise for each in every if each.status != "passed")
    assert right.keys() == wrong.keys() == IDS
    assert min([*right.values(), *wrong.values()]) >= 4


def test_names_are_those_of_the_catalog() -> None:
    for each in foreign():
        known = {mistake.id for mistake in catalog.find(each.exercise).mistakes}
        assert each.names <= known, each.label


def test_every_mistake_in_every_alternative_is_handed_in() -> None:
    alternatives = sum(len(mistake.edits) for each in catalog.exercises() for mistake in each.mistakes)
    assert len(list(mistaken())) == alternatives


# ---------------------------------------------------------------- measuring

HALF = b"def softmax(x, axis=-1):\n    return 0.5 * x\n"
RIGHT = b"""import numpy as np
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
"""
REVERSED = RIGHT.replace(b"x - x.max", b"x.max").replace(b"keepdims=True))\n", b"keepdims=True) - x)\n", 1)


def test_each_line_can_fail(sandbox: Sandbox) -> None:
    attempts = [
        Attempt("softmax", "right", RIGHT, "passed"),
        Attempt("softmax", "unknown", HALF, "failed"),
        Attempt("softmax", "known", REVERSED, "failed", frozenset({"subtraction-reversed"})),
        Attempt("softmax", "misnamed", REVERSED, "failed", frozenset({"exp-forgotten"})),
    ]
    work = graded(attempts, [1], sandbox)

    def bad(good: Callable[..., bool]) -> list[str]:
        return [line.partition(":")[0] for line in tally("", work, good).wrong]

    assert bad(passed) == ["unknown", "known", "misnamed"]
    assert bad(rejected) == ["right"]
    assert bad(named) == ["misnamed"]
    assert bad(not_misnamed) == ["misnamed"]


def test_one_that_fails_is_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [Tally("a", 3), Tally("b", 3, ["one"], required=False, command="x")]
    monkeypatch.setattr(proof, "measure", lambda *_: iter(lines))
    assert proof.main([]) == 0
    assert "| b | 2 of 3 | 66.7 % | `x` |" in capsys.readouterr().out
    lines.append(Tally("c", 3, ["this one"]))
    assert proof.main([]) == 1
    assert "WRONG c: this one" in capsys.readouterr().err


@pytest.mark.slow
def test_a_sample_of_everything() -> None:
    """Deterministic, complete, and nothing in it fails."""
    lines = list(proof.measure(seed=1, n_seeds=1, every=10, hostile=False))
    assert [line.what for line in lines if line.fails] == []
    assert all(line.total for line in lines)


def test_it_is_a_command() -> None:
    done = subprocess.run(
        [sys.executable, HERE / "proof.py", "--help"], capture_output=True, text=True, check=True, cwd="/"
    )
    assert "--seed" in done.stdout
