"""The graders of a class: none waits for another, and whoever ends one is given up, not the rest."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest

from exercises.classroom.jobs import job_of
from exercises.classroom.pool import Pool
from exercises.errors import UseError

POISONED = """
import os
from pathlib import Path
from exercises.classroom.jobs import crashed

def work(job):
    if b"poison" in job.source:
        os._exit(1)
    if b"die once" in job.source:
        flag = Path(job.source.decode().split("#")[1])
        if not flag.exists():
            flag.touch()
            os._exit(1)
    return crashed(job, "fine")
"""


def test_who_kills_a_grader_each_time_is_given_up_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "poisoned.py").write_text(POISONED, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    work = importlib.import_module("poisoned").work
    sources = [b"poison" if n in (0, 5) else b"%d" % n for n in range(12)]
    sources[3] = b"die once#" + os.fsencode(tmp_path / "flag")
    jobs = [job_of("softmax", "a.py", source, "en", n) for n, source in enumerate(sources)]
    with Pool(2, work) as pool:
        results = {job.key: result for job, result in pool.results(jobs)}
    assert [n for n, job in enumerate(jobs) if results[job.key] is None] == [0, 5]
    assert len(results) == 12


def test_graders_that_cannot_start_are_an_error_and_nobodys_fault() -> None:
    with Pool(1, _NeverThere()) as pool, pytest.raises(UseError):
        list(pool.results([job_of("softmax", "a.py", b"x", "en", 1)]))


PATIENT = """
import time
from pathlib import Path
from exercises.classroom.jobs import crashed

def work(job):
    flag = Path(job.source.decode())
    if job.seed == 7:
        flag.touch()
    deadline = time.monotonic() + 20
    while job.seed == 0 and not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return crashed(job, "fine")
"""


def test_the_first_file_of_a_grader_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file takes until the last is done: the other grader has to do all the rest meanwhile."""
    (tmp_path / "patient.py").write_text(PATIENT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    work = importlib.import_module("patient").work
    jobs = [job_of("softmax", "a.py", os.fsencode(tmp_path / "flag"), "en", n) for n in range(8)]
    with Pool(2, work) as pool:
        order = [job.seed for job, _ in pool.results(jobs)]
    assert order[-1] == 0


class _NeverThere:
    """Cannot be brought to life in another process."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)
