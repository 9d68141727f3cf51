"""The command line as a person meets it: what it prints, where it writes, how it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import byheart
from exercises import head_start
from exercises.catalog import exercises, find, languages
from exercises.language import speak
from exercises.starters import solution_text
from exercises.workspace import Workspace

ROOT = Path(byheart.__file__).parent
WRONG = """
import numpy as np

def softmax(x, axis=-1):
    e = np.exp(x)
    return e / e.sum()
"""


class Ended(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty folder of its own, on an English machine, without leaving this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["byheart", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            byheart.main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return command


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    """A study folder where `byheart start` makes one, without its decks."""
    made = Workspace(tmp_path / "study")
    made.lay_out("guided", "en")
    return made


@pytest.fixture
def no_decks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decks of no content: building the real ones takes seconds and is tested elsewhere."""

    def build(out: Path, which: object = None, on_progress: object = None) -> list[Path]:
        out.mkdir(parents=True, exist_ok=True)
        paths = [out / f"attention-{code}.apkg" for code in languages()]
        for path in paths:
            path.write_bytes(b"deck")
        return paths

    monkeypatch.setattr("deck.build.build", build)


def solve(study: Workspace, exercise: str, text: str | None = None) -> Path:
    path = study.path_of(find(exercise))
    path.write_text(solution_text(find(exercise), speak("en")) if text is None else text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- start


@pytest.mark.usefixtures("no_decks")
def test_start_says_what_it_made_and_what_to_do_next(run: Run, tmp_path: Path) -> None:
    ended = run("start")
    assert ended.status == 0
    assert ended.err == ""
    assert (tmp_path / "study" / "attention-en.apkg").exists()
    assert "study/attention-en.apkg" in ended.out.replace(os.sep, "/")
    assert "study/exercises/01_softmax.py" in ended.out.replace(os.sep, "/")
    assert "byheart watch" in ended.out
    assert "File > Import" in ended.out
    assert len(ended.out.splitlines()) <= 12


@pytest.mark.usefixtures("no_decks")
def test_start_again_touches_no_solution_and_says_so(run: Run) -> None:
    run("start")
    path = Path("study/exercises/01_softmax.py")
    path.write_text("mine\n", encoding="utf-8")
    Path("study/exercises/02_attend.py").unlink()
    ended = run("start", "--level", "blank")
    assert path.read_text(encoding="utf-8") == "mine\n"
    assert "1 file of yours was left exactly as it was" in ended.out
    assert "(1 new)" in ended.out
    assert "up to date" in ended.out


@pytest.mark.usefixtures("no_decks")
def test_start_remembers_language_and_level(run: Run) -> None:
    run("start", "--lang", "ru", "--level", "outline")
    assert Workspace(Path("study")).level == "outline"
    assert "Что дальше" in run("start").out
    assert "Решено" in run("list").out
    assert "All" in run("--lang", "en").out


@pytest.mark.usefixtures("no_decks")
def test_a_folder_elsewhere_keeps_its_language_and_is_one_word_to_type(run: Run) -> None:
    run("start", "моя учёба", "--lang", "ru")
    again = run("start", "моя учёба").out
    assert "Что дальше" in again
    assert 'byheart watch "моя учёба"' in again
    assert "упражнение 1 из" in run("grade", "моя учёба", "--only", "softmax").out


def test_start_on_a_file_is_a_sentence(run: Run) -> None:
    Path("study").write_text("", encoding="utf-8")
    ended = run("start")
    assert ended.status == 2
    assert ended.err.count("\n") == 1


@pytest.mark.slow
def test_start_builds_both_decks_for_real(run: Run) -> None:
    assert run("start").status == 0
    assert {path.name for path in Path("study").glob("*.apkg")} == {
        f"attention-{code}.apkg" for code in languages()
    }


# ---------------------------------------------------------------- where you are


def test_alone_it_says_how_to_begin(run: Run) -> None:
    ended = run()
    assert ended.status == 0
    assert "byheart start" in ended.out


def test_alone_it_says_where_you_are(run: Run, study: Workspace) -> None:
    solve(study, "softmax")
    solve(study, "attend", WRONG.replace("softmax", "attend"))
    run("grade", "--only", "softmax")
    run("grade", "--only", "attend")
    ended = run()
    assert f"1 of {len(exercises())} solved" in ended.out
    assert "02_attend.py" in ended.out


def test_list_shows_order_state_and_what_is_next(run: Run, study: Workspace) -> None:
    solve(study, "softmax")
    run("grade", "--only", "softmax")
    lines = run("list").out.splitlines()
    assert re.match(r"\s+✓\s+1\s+softmax", lines[0])
    assert re.match(r"→ ·\s+2\s+attend", lines[1])
    found = json.loads(run("list", "--format", "json").out)
    assert [each["state"] for each in found["exercises"]][:2] == ["passed", "pending"]
    assert [each["number"] for each in found["exercises"]] == [each.number for each in exercises()]


# ---------------------------------------------------------------- grade


def test_status_0_when_all_pass_1_when_some_do_not(run: Run, study: Workspace) -> None:
    right = solve(study, "softmax")
    assert run("grade", right).status == 0
    wrong = solve(study, "attend", WRONG)
    assert run("grade", right, study.path_of(find("mask_scores"))).status == 1
    assert wrong.exists()


def test_a_folder_a_study_folder_and_its_files_mean_the_same(run: Run, study: Workspace) -> None:
    for path in study.folder.glob("*.py"):
        if "softmax" not in path.name:
            path.unlink()
    by_folder = json.loads(run("grade", study.root, "--format", "json").out)
    by_inner = json.loads(run("grade", study.folder, "--format", "json").out)
    assert [each["id"] for each in by_folder["exercises"]] == ["softmax", "masked_softmax"]
    assert [each["id"] for each in by_inner["exercises"]] == ["softmax", "masked_softmax"]
    assert json.loads(run("grade", "--format", "json").out)["total"] == 2


def test_json_is_one_object_and_nothing_else(run: Run, study: Workspace) -> None:
    ended = run("grade", solve(study, "softmax", WRONG), "--format", "json")
    found = json.loads(ended.out)
    assert found["exercises"][0]["id"] == "softmax"
    assert found["exercises"][0]["status"] == "failed"
    assert found["exercises"][0]["points"] == 0.0


def test_the_same_seed_asks_the_same(run: Run, study: Workspace) -> None:
    path = solve(study, "attend", "def attend(query, keys, values):\n    return values[0], keys @ query\n")
    one, two = (run("grade", path, "--seed", "7").out for _ in range(2))
    assert one == two
    assert "seed 7" in one


@pytest.mark.parametrize("form", ["json", "junit", "gradescope", "html", "text"])
def test_reports_can_go_to_a_file(run: Run, study: Workspace, form: str) -> None:
    path = solve(study, "softmax")
    ended = run("grade", path, "--format", form, "--out", "reports/result")
    assert ended == (0, "", "")
    content = Path("reports/result").read_text(encoding="utf-8")
    if form == "junit":
        ET.fromstring(content.encode())
    elif form in ("json", "gradescope"):
        json.loads(content)
    assert "softmax" in content


def test_narrow_and_plain(run: Run, study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    ended = run("grade", solve(study, "softmax", WRONG))
    assert "\x1b" not in ended.out
    assert max(map(len, ended.out.splitlines())) <= 60


def test_russian_verdicts(run: Run, study: Workspace) -> None:
    ended = run("grade", solve(study, "softmax", WRONG), "--lang", "ru")
    assert "упражнение 1 из" in ended.out
    assert "Повторить" in ended.out


def test_only_takes_id_number_or_function(run: Run, study: Workspace) -> None:
    solve(study, "heads")
    for word in ("heads", find("heads").number, "split_heads"):
        found = json.loads(run("grade", "--only", word, "--format", "json").out)
        assert [each["id"] for each in found["exercises"]] == ["heads"]


def test_only_may_be_given_several_times(run: Run, study: Workspace) -> None:
    ended = run("grade", "--only", "softmax", "--only", "heads", "--format", "json")
    assert [each["id"] for each in json.loads(ended.out)["exercises"]] == ["softmax", "heads"]
    study.path_of(find("softmax")).unlink()
    ended = run("grade", "--only", "softmax", "--only", "heads")
    assert (ended.status, sentences(ended)) == (2, [ended.err.strip()])
    assert "softmax" in ended.err
    assert "split_heads" in ended.out, "the other one is graded"


# ---------------------------------------------------------------- errors of use: one sentence, status 2


def sentences(ended: Ended) -> list[str]:
    assert "Traceback" not in ended.err + ended.out
    return ended.err.splitlines()


def test_what_cannot_be_graded_is_a_sentence_and_the_rest_is_graded(
    run: Run, study: Workspace, tmp_path: Path
) -> None:
    good = solve(study, "softmax")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.py").write_text("", encoding="utf-8")
    ended = run("grade", "nowhere.py", good, "empty", "notes.py", "--format", "json")
    assert ended.status == 2
    assert len(sentences(ended)) == 3
    assert all("`byheart" in sentence for sentence in sentences(ended))
    assert json.loads(ended.out)["passed"] == 1


def test_a_file_of_another_exercise_is_a_sentence(run: Run, study: Workspace) -> None:
    path = solve(study, "attend", WRONG)
    ended = run("grade", path)
    assert ended.status == 2
    assert len(sentences(ended)) == 1
    assert "softmax" in ended.err
    assert "attend" in ended.err


def test_an_unreadable_file_is_a_sentence(
    run: Run, study: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, plain_open = solve(study, "softmax"), Path.open

    # root may read everything, so mere modes will not do
    def refusing(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == path.name:
            raise PermissionError(13, "Permission denied", str(self))
        return plain_open(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refusing)
    ended = run("grade", path)
    assert (ended.status, len(sentences(ended))) == (2, 1)


def test_a_folder_with_the_name_of_an_exercise_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "01_softmax.py").mkdir()
    ended = run("grade", "01_softmax.py")
    assert (ended.status, len(sentences(ended))) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("grade",), "byheart start"),
        (("watch",), "byheart start"),
        (("reset", "softmax"), "byheart start"),
        (("kata", "softmax"), "byheart start"),
        (("hint", "softmx"), "did you mean softmax"),
        (("solution", "zzz"), "byheart list"),
        (("grade", "--only", "softmx"), "did you mean softmax"),
        (("grdae",), "byheart grade"),
        (("frobnicate",), "byheart --help"),
        (("grade", "--frob"), "--frob"),
        (("hint",), "ID"),
        (("grade", "--format", "yaml"), "text, json, junit, gradescope, html"),
        (("grade", "--seed", "-1"), "--seed"),
        (("start", "--level", "easy"), "guided, outline, blank"),
        (("--lang", "xx"), "en, ru"),
    ],
)
def test_errors_of_use_are_one_sentence_with_the_remedy(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    ended = run(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert len(sentences(ended)) == 1
    assert says in ended.err


def test_errors_speak_the_language_too(run: Run) -> None:
    assert run("--lang", "ru", "hint").err.startswith("Ошибка: ")
    assert run("hint", "softmx", "--lang", "ru").err.startswith("Ошибка: Упражнения")


# ---------------------------------------------------------------- hint, reset, solution


def test_hints_come_one_by_one_and_end_with_the_solution(run: Run, study: Workspace) -> None:
    assert study.root.exists()
    hints = find("softmax").say("en").hints
    first = run("hint", "softmax").out
    assert "Hint 1 of" in first
    assert "Hint 2 of" not in first
    for _ in hints[1:]:
        last = run("hint", "softmax").out
    assert f"Hint {len(hints)} of {len(hints)}" in last
    assert "byheart solution softmax" in last
    assert run("hint", "attend", "--all").out.count("Hint ") == len(find("attend").say("en").hints)


def test_reset_says_where_the_old_file_is(run: Run, study: Workspace) -> None:
    solve(study, "softmax", "mine\n")
    ended = run("reset", "softmax")
    kept = next((study.root / "backup").iterdir())
    assert kept.name in ended.out
    assert kept.read_text(encoding="utf-8") == "mine\n"


def test_the_solution_is_python_that_passes(run: Run, study: Workspace) -> None:
    ended = run("solution", "softmax", "--out", study.path_of(find("softmax")))
    assert ended.status == 0
    assert run("grade", "--only", "softmax").status == 0
    assert "def softmax(x, axis=-1):" in run("solution", "softmax").out


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("page", ["preview", "book"])
def test_a_page_opens_in_the_language_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(f"deck.{page}.write", lambda out, languages, on_progress: asked.append(languages))
    run(page, "--lang", "ru")
    run(page)
    assert [first for first, *_ in asked] == ["ru", "en"]
    assert {frozenset(each) for each in asked} == {frozenset(languages())}


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("command", ["", *byheart.cli.commands])
@pytest.mark.parametrize("code", languages())
def test_help_is_complete_in_every_language(run: Run, command: str, code: str) -> None:
    ended = run(*([command] if command else []), "--help", *([] if command == "deck" else ["--lang", code]))
    assert ended.status == 0
    assert "help." not in ended.out
    assert "{" not in ended.out
    if code == "ru" and command != "deck":
        words = re.sub(r"`[^`]*`|\[[^\]]*\]|--?[\w-]+|[A-Z_]{2,}|\S*[._/]\S*", " ", ended.out)
        assert len(re.findall(r"[а-яё]{3,}", words)) > 2 * len(re.findall(r"[a-z]{3,}", words)) - 20
        assert "Usage" not in ended.out
        assert "Show this" not in ended.out


def test_help_says_what_is_and_what_is_not_protected(run: Run) -> None:
    said = " ".join(run("grade", "--help").out.split())
    assert "process of its own" in said
    assert "macOS and Windows" in said


def test_the_rule_of_the_kata_is_in_its_help(run: Run) -> None:
    said = run("kata", "--help").out
    assert "Par is" in said
    rule = [row.split()[0] for row in said.splitlines() if row.startswith("  ") and row.strip()]
    assert {"Again", "Hard", "Good", "Easy"} <= set(rule), "each button has a line of its own"
    assert "\\b" not in said


def test_version(run: Run) -> None:
    assert run("--version").out.strip() == f"byheart {byheart.VERSION}"


# ---------------------------------------------------------------- as a process


def test_utf8_whatever_the_machine_says(study: Workspace) -> None:
    solve(study, "softmax", WRONG)
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "byheart", "grade", "--only", "softmax", "--lang", "ru"],
        cwd=study.root.parent,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "упражнение" in ended.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("arguments", "early"),
    [
        ("grade", True),
        ("--lang ru watch", True),
        ("kata softmax", True),
        ("list", False),
        ("grade --help", False),
    ],
)
def test_only_commands_that_grade_start_a_worker_early(arguments: str, early: bool) -> None:
    head_start.begin(["byheart", *arguments.split()])
    assert bool(head_start._early) == early
    with head_start.sandbox() as sandbox, sandbox.attempt(b"def f(): return 1", "f.py") as attempt:
        assert attempt.call("f", {}).value == 1
    assert not head_start._early


def test_grading_loads_nothing_that_it_does_not_need(study: Workspace) -> None:
    program = (
        "import sys, byheart\n"
        "sys.argv = ['byheart', 'grade', '--only', 'softmax']\n"
        "try: byheart.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pytest', 'hypothesis', 'torch', 'rich', 'genanki', 'jinja2', 'watchfiles'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=study.root.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap")
@pytest.mark.parametrize("program", [None, "#!/bin/sh\nexit 1\n"], ids=["missing", "does not work"])
def test_where_attempts_cannot_run_it_is_a_sentence(
    study: Workspace, tmp_path: Path, program: str | None
) -> None:
    if program is not None:
        (tmp_path / "bwrap").write_text(program, encoding="utf-8")
        (tmp_path / "bwrap").chmod(0o755)
    ended = subprocess.run(
        [sys.executable, "-m", "byheart", "grade", str(study.path_of(find("softmax")))],
        env={
            **os.environ, "PYTHONPATH": str(ROOT), "PATH": str(tmp_path),
            "LANG": "en_US.UTF-8", "BYHEART_SANDBOX": "bubblewrap",
        },
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: Attempts cannot be run here")
    assert "BYHEART_SANDBOX=portable" in ended.stderr
    assert "Traceback" not in ended.stderr
