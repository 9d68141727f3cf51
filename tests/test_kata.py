"""Katas: the rule that picks the Anki button, the history, and the learner's own file, never touched."""

from __future__ import annotations

import io
import json
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import kata
from exercises.catalog import exercises, find
from exercises.handed_in import Examiner
from exercises.kata import Run, clock, finished_before, history, judge, par_seconds, remember
from exercises.language import speak
from exercises.paper import Terminal
from exercises.sandbox import Sandbox
from exercises.starters import solution_text, starter_text
from exercises.verdict import Verdict
from exercises.workspace import Workspace

PATIENCE = 20.0
WRONG = """
import numpy as np

def softmax(x, axis=-1):
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)
"""
ORDER = ["again", "hard", "good", "easy"]


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "study")
    made.lay_out("guided", "en")
    return made


# ---------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    ("finished", "attempts", "mistakes", "seconds", "button"),
    [
        (False, 5, 0, 10, "again"),
        (True, 1, 0, 100, "easy"),
        (True, 1, 0, 101, "good"),
        (True, 1, 0, 200, "good"),
        (True, 1, 0, 201, "hard"),
        (True, 2, 0, 10, "good"),
        (True, 3, 0, 10, "hard"),
        (True, 2, 1, 10, "hard"),
    ],
)
def test_the_rule(finished: bool, attempts: int, mistakes: int, seconds: float, button: str) -> None:
    assert judge(finished, attempts, mistakes, seconds, par=100).button == button


runs = st.tuples(st.integers(1, 6), st.integers(0, 3), st.floats(1, 1000))


@given(
    better=runs,
    more=st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 500)),
    par=st.floats(1, 500),
)
def test_doing_worse_never_earns_a_better_button(
    better: tuple[int, int, float], more: tuple[int, int, float], par: float
) -> None:
    attempts, mistakes, seconds = (one + two for one, two in zip(better, more, strict=True))
    worse = judge(True, int(attempts), int(mistakes), seconds, par).button
    assert ORDER.index(worse) <= ORDER.index(judge(True, *better, par).button)


@given(run=runs, par=st.floats(1, 500))
def test_every_reason_has_words(run: tuple[int, int, float], par: float) -> None:
    for finished in (True, False):
        found = judge(finished, *run, par)
        assert found.button in ORDER
        for code in ("en", "ru"):
            assert "{" not in speak(code).phrase(found.why)
            assert f"kata.{found.button}" in speak(code)


# ---------------------------------------------------------------- par and history


def done(exercise: str, seconds: float, level: str = "blank", finished: bool = True) -> Run:
    return Run(exercise, level, "2026-01-01T00:00:00", seconds, 1, ("no-exp",), finished, "good")


def test_par_grows_with_the_solution_at_first() -> None:
    short, long = (par_seconds(find(name), []) for name in ("softmax", "masked_softmax"))
    assert 0 < short < long
    assert all(par_seconds(each, []) >= kata.SECONDS_A_LINE for each in exercises())


def test_par_is_the_median_of_the_last_five() -> None:
    before = [done("softmax", seconds) for seconds in (1000, 1000, 1000, 10, 20, 30, 40, 50)]
    assert par_seconds(find("softmax"), before) == 30


def test_history_keeps_every_run_and_sorts_out_what_counts(study: Workspace) -> None:
    runs = [
        done("softmax", 5),
        done("softmax", 6, "guided"),
        done("attend", 7),
        done("softmax", 8, finished=False),
    ]
    for run in runs:
        remember(study, run)
    assert history(study) == runs
    assert finished_before(study, find("softmax"), "blank") == runs[:1]
    assert json.loads((study.root / "kata" / "history.json").read_text(encoding="utf-8"))["version"] == 1


@pytest.mark.parametrize("damage", ["", "[]", '{"runs": [{"exercise": 1}]}', '{"runs": 3}'])
def test_a_damaged_history_is_an_empty_one(study: Workspace, damage: str) -> None:
    (study.root / "kata").mkdir()
    (study.root / "kata" / "history.json").write_text(damage, encoding="utf-8")
    assert history(study) == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (59.6, "1:00"), (187, "3:07"), (3720, "1:02:00")]
)
def test_clock(seconds: float, words: str) -> None:
    assert clock(seconds) == words


# ---------------------------------------------------------------- a whole kata


def practise(study: Workspace, texts: list[str], code: str = "en") -> tuple[Run, str]:
    """A kata of softmax in which these texts are saved one after another; the run and what was printed."""
    path = study.root / "kata" / "softmax.py"
    printed = io.StringIO()
    graded = threading.Semaphore(0)
    laid_out: list[str] = []

    with Sandbox() as sandbox:

        class Counted(Examiner):
            def __call__(self, file: Path) -> Verdict:
                verdict = super().__call__(file)
                graded.release()
                return verdict

        def type_them() -> None:
            deadline = time.monotonic() + PATIENCE
            while "kata" not in printed.getvalue() and time.monotonic() < deadline:
                time.sleep(0.01)
            laid_out.append(path.read_text(encoding="utf-8"))
            for text in texts:
                path.write_text(text, encoding="utf-8")
                assert graded.acquire(timeout=PATIENCE)

        typist = threading.Thread(target=type_them, daemon=True)
        typist.start()
        run = kata.kata(
            study, find("softmax"), "blank", Counted(sandbox, "softmax"), speak(code), Terminal(printed)
        )
        typist.join(PATIENCE)
    assert laid_out == [starter_text(find("softmax"), "blank", speak(code))]
    return run, printed.getvalue()


def test_a_kata_from_the_first_save_to_the_button(study: Workspace) -> None:
    own = study.path_of(find("softmax"))
    own.write_text("my solution\n", encoding="utf-8")
    before = study.progress()
    solution = solution_text(find("softmax"), speak("en"))
    starter = starter_text(find("softmax"), "guided", speak("en"))

    run, printed = practise(study, [starter, WRONG, solution])
    assert run.finished
    assert run.attempts == 2  # a save with holes left is no attempt
    assert run.mistakes
    assert run.button == "hard"
    assert "In Anki, press:   Hard" in printed
    assert history(study) == [run]
    assert own.read_text(encoding="utf-8") == "my solution\n"
    assert study.progress() == before

    again, printed = practise(study, [solution])
    assert again.attempts == 1
    assert again.mistakes == ()
    assert again.button in ("easy", "good", "hard")
    assert f"Trend       {clock(run.seconds)} → {clock(again.seconds)}" in printed
    kept = list((study.root / "backup").iterdir())
    assert [path.read_text(encoding="utf-8") for path in kept] == [solution]


def test_a_kata_in_russian(study: Workspace) -> None:
    _, printed = practise(study, [solution_text(find("softmax"), speak("ru"))], "ru")
    assert "В Anki нажмите:" in printed
    assert "Готово за" in printed


def test_every_exercise_has_a_kata_starter_without_hints() -> None:
    for exercise in exercises():
        assert "    #" not in starter_text(exercise, "blank", speak("en"))
