"""A class is graded: results, tables, pages; stopped and started again; nobody touches anybody."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import byheart
from exercises.catalog import find
from exercises.classroom import command as commands
from exercises.classroom.command import Asked, run_class
from exercises.classroom.jobs import Job, Result
from exercises.classroom.table import harmless
from exercises.classroom.tree import Node, UnreadableError
from exercises.errors import UseError
from exercises.language import speak
from exercises.paper import Terminal
from exercises.sandbox import Sandbox
from exercises.starters import solution_text, starter_text

ROOT = Path(byheart.__file__).parent
EN = speak("en")
SDPA = "scaled_dot_product_attention"
RIGHT = {name: solution_text(find(name), EN) for name in ("softmax", "attend", "mask_scores", SDPA)}
UNSCALED = RIGHT[SDPA].replace("math.sqrt(q.shape[-1])", "1.0")


class InPlace:
    """Graders that are no processes of their own: quick, and they can be counted."""

    asked: ClassVar = Counter[str]()

    def __init__(self, size: int) -> None:
        self.sandbox = Sandbox()

    def results(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Result | None]]:
        from exercises.classroom.grading import grade

        for job in jobs:
            InPlace.asked[job.key] += 1
            yield job, grade(job, self.sandbox)

    def __enter__(self) -> InPlace:
        return self

    def __exit__(self, *error: object) -> None:
        self.sandbox.close()


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    monkeypatch.setattr(commands, "Pool", InPlace)
    InPlace.asked = Counter()
    return InPlace.asked


def put(top: Path, student: str, exercise: str, text: str | bytes, folder: str = "exercises") -> Path:
    path = top / student / folder / find(exercise).file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def grade(top: Path, language: str = "en", **asked: object) -> int:
    out = top.parent / "out"
    return run_class(Asked(top, out, seed=1, **asked), speak(language), Terminal())  # type: ignore[arg-type]


def table(top: Path) -> dict[str, dict[str, str]]:
    with (top.parent / "out" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def page(top: Path) -> str:
    return (top.parent / "out" / "class.html").read_text(encoding="utf-8")


def report(top: Path, student: str) -> str:
    (path,) = (top.parent / "out" / "reports").glob(f"{student}-????????.html")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Three students: all right; one known mistake; one starter and one that cannot be imported."""
    top = tmp_path / "class"
    put(top, "ada", "softmax", RIGHT["softmax"])
    put(top, "ada", SDPA, RIGHT[SDPA])
    put(top, "emmy", SDPA, UNSCALED)
    put(top, "Софья", SDPA, starter_text(find(SDPA), "guided", EN))
    put(top, "Софья", "attend", "import nothing_of_the_kind\n")
    return top


# ---------------------------------------------------------------- what comes out


@pytest.mark.usefixtures("in_place")
def test_the_table_the_page_and_the_reports(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade(top) == 1
    rows = table(top)
    assert list(rows) == ["ada", "emmy", "Софья"]
    assert (rows["ada"]["passed"], rows["ada"]["points"], rows["ada"][SDPA]) == ("2", "2", "passed")
    assert (rows["emmy"][SDPA], rows["emmy"]["mistakes"]) == ("failed", f"{SDPA}/no-scaling")
    assert (rows["Софья"][SDPA], rows["Софья"]["attend"], rows["Софья"]["softmax"]) == (
        "unsolved",
        "error",
        "",
    )
    told = capsys.readouterr().out
    assert "no-scaling" in told
    assert "tag:byheart::scaling" in told
    assert "1 of 2" in page(top)  # who only had the starter did not try
    assert "tag:byheart::scaling" in page(top)
    assert "not divided" in report(top, "emmy")
    assert "http" not in page(top).replace("http-equiv", "")


@pytest.mark.usefixtures("in_place")
def test_reports_speak_the_students_language_and_the_page_the_teachers(top: Path) -> None:
    (top / "emmy" / ".byheart.json").write_text('{"language": "ru"}', encoding="utf-8")
    grade(top)
    assert 'lang="ru"' in report(top, "emmy")
    assert re.search("[а-я]{4}", report(top, "emmy"))
    assert 'lang="en"' in report(top, "ada")
    assert 'lang="en"' in page(top)
    grade(top, "ru")
    assert "В чём ошибается группа" in page(top)


@pytest.mark.usefixtures("in_place")
def test_status_0_only_if_everything_passes_and_nothing_is_amiss(top: Path) -> None:
    for student in ("emmy", "Софья"):
        for path in (top / student / "exercises").iterdir():
            path.unlink()
        put(top, student, "softmax", RIGHT["softmax"])
    assert grade(top) == 0
    (top / "ada" / "exercises" / "02_attend.py").symlink_to("/dev/null")
    assert grade(top) == 1


@pytest.mark.usefixtures("in_place")
def test_only_some_exercises(top: Path) -> None:
    assert grade(top, only=frozenset({"softmax"})) == 0
    assert table(top)["ada"]["max_points"] == "1"
    assert SDPA not in table(top)["ada"]


@pytest.mark.usefixtures("in_place")
def test_of_several_files_the_best_counts_and_the_report_says_so(tmp_path: Path) -> None:
    top = tmp_path / "class"
    old = put(top, "ada", SDPA, RIGHT[SDPA], "old")
    new = put(top, "ada", SDPA, UNSCALED, "new")
    os.utime(old, (1, 1))
    os.utime(new, (2, 2))
    assert grade(top) == 0
    assert "Several files" in report(top, "ada")
    assert f"old/{old.name}" in report(top, "ada")


@pytest.mark.usefixtures("in_place")
def test_a_starter_beside_an_attempt_does_not_hide_its_mistake(tmp_path: Path) -> None:
    top = tmp_path / "class"
    tried = put(top, "ada", SDPA, UNSCALED, "notebooks")
    put(top, "ada", SDPA, starter_text(find(SDPA), "guided", EN), "exercises")
    os.utime(tried, (1, 1))  # the starter is newer
    grade(top)
    assert table(top)["ada"]["mistakes"] == f"{SDPA}/no-scaling"


NASTY = [
    '=HYPERLINK("x")',
    "+1",
    "＝1+1",
    "-1",
    "@a",
    "<script>alert(1)</script>",
    "a\nb",
    "名前 é",
    "'; drop",
    'a"b',
    "‮evil",
]


@pytest.mark.usefixtures("in_place")
def test_names_in_any_script_and_none_of_them_is_a_formula_or_markup(tmp_path: Path) -> None:
    top = tmp_path / "class"
    names = [name.replace("/", "∕") for name in NASTY]
    for name in names:
        put(top, name, "softmax", RIGHT["softmax"])
    (top / os.fsdecode(b"\xff\xfe")).mkdir()  # no text in any encoding
    grade(top)
    assert len(table(top)) == len(names) + 1
    assert all(
        not cell.startswith(("=", "+", "-", "@")) for row in table(top).values() for cell in row.values()
    )
    assert "<script>alert" not in page(top)
    assert "\u202e" not in page(top)
    assert len(list((tmp_path / "out" / "reports").iterdir())) == len(names) + 1


@settings(deadline=None)
@given(st.text())
def test_no_text_is_a_formula_to_a_spreadsheet(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))


@pytest.mark.usefixtures("in_place")
def test_students_of_the_same_name_can_be_told_apart(tmp_path: Path) -> None:
    top = tmp_path / "class"
    for folder in (
        "Ada_1_assignsubmission_file_",
        "Ada_2_assignsubmission_file_",
        "عمر_3_assignsubmission_file_",
    ):
        put(top, folder, "softmax", RIGHT["softmax"])
    (top / "Ada_2_assignsubmission_file_" / "torn.zip").write_bytes(b"")
    grade(top)
    assert page(top).count('<bdi>Ada</bdi> <i class="quiet">(moodle 2)</i>') == 2  # in the table, and amiss
    assert "(moodle 1)" in page(top)
    assert "(moodle 3)" not in page(top)
    assert len(list((tmp_path / "out" / "reports").glob("Ada-*.html"))) == 2


@pytest.mark.usefixtures("in_place")
def test_what_a_file_prints_or_raises_is_only_text_in_the_report(tmp_path: Path) -> None:
    top = tmp_path / "class"
    put(top, "ada", "softmax", "print('<b>bold</b>\\x1b[31m')\nraise ValueError('<img src=x onerror=1>')\n")
    grade(top)
    assert "<b>bold" not in report(top, "ada")
    assert "<img" not in report(top, "ada")
    assert "\x1b" not in report(top, "ada")


@pytest.mark.usefixtures("in_place")
def test_what_cannot_be_graded_is_a_line_and_never_a_stop(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with put(top, "ada", "attend", b"").open("wb") as file:
        file.truncate(20 << 20)
    (top / "nobody").mkdir()
    (top / "emmy" / "more.zip").write_bytes(b"PK, or not")
    put(top, "emmy", "mask_scores", RIGHT["mask_scores"])
    really = commands.read

    def read(node: Node) -> bytes:
        if node.name == find("mask_scores").file_name:
            raise UnreadableError("unreadable")
        return really(node)

    monkeypatch.setattr(commands, "read", read)
    assert grade(top) == 1
    remarks = {name: row["remarks"] for name, row in table(top).items()}
    assert "too large (20 MB)" in remarks["ada"]
    assert "more.zip is not a zip file" in remarks["emmy"]
    assert "06_mask_scores.py cannot be read" in remarks["emmy"]
    assert remarks["nobody"] == "Nothing was handed in."
    assert "too large" in report(top, "ada")
    assert "cannot be read" in page(top)
    assert table(top)["ada"][SDPA] == "passed"


def test_errors_of_use_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "essay.txt").write_text("softmax", encoding="utf-8")
    (tmp_path / "torn.zip").write_bytes(b"PK, or not")
    (tmp_path / "empty").mkdir()
    put(tmp_path / "class", "ada", "softmax", RIGHT["softmax"])
    for name, out, key in (
        ("nowhere", "out", "class.no_folder"),
        ("empty", "out", "class.no_students"),
        ("essay.txt", "out", "class.cannot_open"),
        ("torn.zip", "out", "class.cannot_open"),
        ("class", "class", "class.out_is_in"),
    ):
        with pytest.raises(UseError) as raised:
            run_class(Asked(tmp_path / name, tmp_path / out), EN, Terminal())
        assert raised.value.phrase.key == key
        assert not (tmp_path / "out").exists()
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["ada"]


# ---------------------------------------------------------------- again


def test_nothing_is_graded_twice_and_what_changed_is(top: Path, in_place: Counter[str]) -> None:
    grade(top)
    n = in_place.total()
    grade(top)
    assert in_place.total() == n == 5
    put(top, "emmy", SDPA, RIGHT[SDPA])  # which is ada's, letter by letter
    put(top, "Софья", "attend", RIGHT["attend"])
    assert grade(top) == 1
    assert in_place.total() == n + 1
    assert table(top)["emmy"][SDPA] == "passed"
    assert set(in_place.values()) == {1}


def test_a_new_version_of_the_grader_grades_again(
    top: Path, in_place: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    grade(top)
    monkeypatch.setattr("exercises.classroom.jobs.version", lambda: "another")
    monkeypatch.setattr("exercises.classroom.grading.version", lambda: "another")
    grade(top)
    assert in_place.total() == 10


def test_killed_in_the_middle_and_started_again(tmp_path: Path) -> None:
    top = tmp_path / "class"
    for n in range(60):
        put(top, f"student {n}", "softmax", f"{RIGHT['softmax']}# {n}\n")
    command = [
        sys.executable,
        "-m",
        "byheart",
        "class",
        str(top),
        "--out",
        str(tmp_path / "out"),
        "--seed",
        "1",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C"}
    ledger = tmp_path / "out" / "ledger.jsonl"
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not ledger.exists() or ledger.read_bytes().count(b"\n") < 8:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = ledger.read_bytes().count(b"\n")
    assert before < 61, "it was over before it could be killed"
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    records = [json.loads(line) for line in ledger.read_bytes().splitlines()]
    keys = [record["key"] for record in records if "key" in record]
    assert len(keys) == len(set(keys)) == 60
    assert f"{61 - before} files graded now" in ended.stdout
    assert {row["points"] for row in table(top).values()} == {"1"}


# ---------------------------------------------------------------- processes


def test_where_no_attempt_can_run_nobody_is_blamed(
    top: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that cannot start an attempt's process would have `crashed` written beside every name."""
    broken = "from exercises.sandbox import Attempt\ndef load(self): raise OSError\nAttempt._load = load\n"
    (tmp_path / "sitecustomize.py").write_text(broken, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    with pytest.raises(UseError) as raised:
        grade(top)
    assert raised.value.phrase.key == "class.no_graders"
    assert len((tmp_path / "out" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()) == 1  # the seed
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_one_students_file_touches_nobody_elses_result_file_or_time(tmp_path: Path) -> None:
    """Mallory hangs, leaves processes behind and looks for the others; ada and emmy get what is theirs."""
    top = tmp_path / "class"
    put(top, "ada", "softmax", RIGHT["softmax"])
    victim = put(top, "emmy", SDPA, UNSCALED)
    hang = "import time\nwhile True:\n    time.sleep(1)\n"
    put(top, "mallory", "softmax", hang)
    spy = f"raise ValueError(open({str(victim)!r}).read()[-40:])"
    put(top, "mallory", "mask_scores", spy)
    vandal = f"import os, signal\nos.system('rm -rf {top} {tmp_path / 'out'}')\n"
    put(top, "mallory", "attend", vandal + "os.kill(os.getppid(), signal.SIGKILL)\n")
    started = time.monotonic()
    assert grade(top, workers=2) == 1
    assert time.monotonic() - started < 40
    rows = table(top)
    assert (rows["ada"]["softmax"], rows["emmy"]["mistakes"]) == ("passed", f"{SDPA}/no-scaling")
    assert rows["mallory"]["softmax"] == "timeout"
    assert rows["mallory"]["attend"] != "passed"
    assert victim.read_text(encoding="utf-8") == UNSCALED
    assert "ValueError at" not in report(top, "mallory")


def test_the_command_line(top: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "byheart", "class", *arguments]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    ended = run("class", "--only", "softmax", "--only", SDPA, "--lang", "ru")
    assert ended.returncode == 1, ended.stderr
    assert "В чём ошибается группа" in ended.stdout
    assert (tmp_path / "graded" / "class.html").is_file()
    for arguments in ((), ("nowhere",), ("class", "--only", "nothing")):
        ended = run(*arguments)
        assert ended.returncode == 2
        assert len(ended.stderr.strip().splitlines()) == 1
