"""The exam: what is worked out ahead is what would be worked out later, and then it is not done again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from exercises import exam, processors
from exercises.catalog import find
from exercises.exam import Exam
from exercises.grader import grade_exam, grade_file
from exercises.handed_in import Examiner
from exercises.language import speak
from exercises.sandbox import Sandbox
from exercises.starters import solution_text
from exercises.variants import _made_variants, _Remembered
from exercises.verdict import Verdict

ID = "scaled_dot_product_attention"
RIGHT = solution_text(find(ID), speak("en"))
UNSCALED = RIGHT.replace("math.sqrt(q.shape[-1])", "1.0")
UNKNOWN = RIGHT.replace("math.sqrt(q.shape[-1])", "math.sqrt(1.3 * q.shape[-1])")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def told(verdict: Verdict) -> str:
    """All that a verdict says, without the time it took."""
    return repr(verdict._replace(seconds=0.0))


@pytest.mark.parametrize("source", [RIGHT, UNSCALED, UNKNOWN])
@pytest.mark.parametrize("pieces", [0, 1, 25, 60, None])
def test_the_verdict_does_not_depend_on_what_was_done_ahead(
    sandbox: Sandbox, source: str, pieces: int | None
) -> None:
    plain, ready = Exam(find(ID), 7), Exam(find(ID), 7)
    for _ in islice(ready.ahead(), pieces):
        pass
    assert told(grade_exam(source.encode(), ready, sandbox)) == told(
        grade_exam(source.encode(), plain, sandbox)
    )


def test_what_is_done_ahead_is_not_done_again(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = Exam(find(ID), 7)
    for _ in ready.ahead():
        pass
    done: list[object] = []
    monkeypatch.setattr(exam, "run", lambda *asked: done.append(asked))
    assert grade_exam(RIGHT.encode(), ready, sandbox).status == "passed"
    verdict = grade_exam(UNSCALED.encode(), ready, sandbox)
    assert verdict.mistakes == ("no-scaling",)
    assert verdict.functions[0].evidence is not None
    assert not done


def test_one_seed_has_the_same_verdicts_for_all_who_sit_it(sandbox: Sandbox) -> None:
    first = [told(grade_file(source.encode(), ID, sandbox, 11)) for source in (UNSCALED, RIGHT, UNKNOWN)]
    again = [told(grade_file(source.encode(), ID, sandbox, 11)) for source in (UNSCALED, RIGHT, UNKNOWN)]
    assert first == again


def test_the_examiner_draws_a_new_seed_each_time(sandbox: Sandbox, tmp_path: Path) -> None:
    path, other = tmp_path / "08_scaled_dot_product_attention.py", tmp_path / "01_softmax.py"
    path.write_text(RIGHT, encoding="utf-8")
    other.write_text(solution_text(find("softmax"), speak("en")), encoding="utf-8")
    examiner = Examiner(sandbox)
    assert list(examiner.ahead()) == []  # nobody knows yet of which exercise
    verdicts = []
    for file in (path, path, other, path, path, path):
        verdicts.append(examiner(file))
        for _ in examiner.ahead():
            pass
    assert {verdict.status for verdict in verdicts} == {"passed"}
    assert [verdict.exercise for verdict in verdicts] == [ID, ID, "softmax", ID, ID, ID]
    assert len({verdict.seed for verdict in verdicts}) > 3


def test_an_attempt_leaves_the_graders_processor_alone(sandbox: Sandbox) -> None:
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    source = b"import os\ndef where(): return sorted(os.sched_getaffinity(0))\n"
    with processors.apart() as sandbox.apart_from:
        here = sandbox.apart_from
        if len(allowed) < 2:
            assert here is None
            return
        assert os.sched_getaffinity(0) == {here}
        with sandbox.attempt(source, "where.py") as attempt:
            assert attempt.call("where", {}).value == sorted(allowed - {here})
    assert os.sched_getaffinity(0) == allowed
    sandbox.apart_from = None
    with sandbox.attempt(source, "where.py") as attempt:
        assert attempt.call("where", {}).value == sorted(allowed)


def test_variants_may_be_gone_through_by_two_at_once() -> None:
    exercise = find("attend")
    every = _Remembered(_made_variants(exercise, 1))
    seen = []
    for variant in every:
        seen.append(variant)
        assert len(list(every)) == sum(len(mistake.edits) for mistake in exercise.mistakes)
    assert seen == list(every)
