"""What has been graded is kept: under which key, and whatever happens to the file it is in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.classroom.jobs import crashed, job_of
from exercises.classroom.ledger import Ledger
from exercises.errors import UseError


def test_another_grader_language_or_seed_grades_again() -> None:
    keys = {
        job_of(exercise, path, source, language, seed).key
        for exercise in ("softmax", "attend")
        for path in ("a.py", "a.ipynb")
        for source in (b"", b"x")
        for language in ("en", "ru")
        for seed in (1, 2)
    }
    assert len(keys) == 32
    assert job_of("softmax", "x/a.py", b"", "en", 1).key == job_of("softmax", "y/b.py", b"", "en", 1).key


@settings(deadline=None)
@given(cut=st.integers(0, 400), junk=st.binary(max_size=30))
def test_a_ledger_survives_being_cut_off_anywhere(cut: int, junk: bytes) -> None:
    jobs = [job_of("softmax", "a.py", bytes([n]), "en", 1) for n in range(4)]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "ledger.jsonl"
        with Ledger(path) as ledger:
            ledger.begin(7)
            for job in jobs:
                ledger.add(crashed(job, "say «so»"))
        whole = path.read_bytes()
        kept = whole[: max(0, len(whole) - cut)]
        path.write_bytes(kept + junk.replace(b"\n", b""))
        complete = kept.count(b"\n")
        with Ledger(path) as ledger:
            known = [job.key in ledger for job in jobs]
            assert known == [n + 1 < complete for n in range(4)]
            ledger.add(crashed(jobs[3], "again"))
        with Ledger(path) as ledger:
            assert ledger[jobs[3].key]["message"] == "again"
            assert [job.key in ledger for job in jobs[:3]] == known[:3]
            assert all(ledger[job.key]["message"] == "say «so»" for job in jobs[:3] if job.key in ledger)


def test_two_at_once_do_not_write_over_each_other(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        with pytest.raises(UseError) as raised:
            Ledger(tmp_path / "ledger.jsonl")
        ledger.begin(1)
    assert raised.value.phrase.key == "class.busy"
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        assert ledger.seed == 1
