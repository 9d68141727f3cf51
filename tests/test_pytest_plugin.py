"""`pytest DIR` on a study folder: functions are tests, failures can be read, other runs are left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import byheart
from exercises.catalog import find
from exercises.language import speak
from exercises.starters import solution_text
from exercises.workspace import Workspace

ROOT = Path(byheart.__file__).parent
WRONG = "def dot_product_scores(query, keys, w=None):\n    return keys @ query\n"
CLASSIC = "study/exercises/03_classic_attention.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study folder in a folder: softmax solved, classic_attention half solved, the rest not."""
    study = Workspace(tmp_path / "study")
    study.lay_out("guided", "en")
    for path in study.folder.glob("*.py"):
        if not path.name.startswith(("01_", "03_", "08_")):
            path.unlink()
    study.path_of(find("softmax")).write_text(solution_text(find("softmax"), speak("en")), encoding="utf-8")
    classic = solution_text(find("classic_attention"), speak("en"))
    head = classic[: classic.index("def dot_product_scores")]
    study.path_of(find("classic_attention")).write_text(head + WRONG, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own, with no plugin but ours (and those that are named)."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "LANG": "C",
    }
    command = [sys.executable, "-m", "pytest", "-p", "exercises.pytest_plugin", "--color=no", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_each_function_is_a_test_with_a_readable_failure_and_no_traceback(folder: Path) -> None:
    ended = run(folder, "study", "-v", "--junitxml=result.xml")
    assert ended.returncode == 1
    assert f"{CLASSIC}::additive_scores PASSED" in ended.stdout
    assert f"{CLASSIC}::dot_product_scores FAILED" in ended.stdout
    assert "study/exercises/01_softmax.py::softmax PASSED" in ended.stdout
    assert "There is still a hole in scaled_dot_product_attention" in ended.stdout
    assert "byheart hint classic_attention" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "2 failed, 2 passed" in ended.stdout
    root = ET.parse(folder / "result.xml").getroot()
    cases = {case.attrib["name"]: case for case in root.iter("testcase")}
    assert set(cases) == {"softmax", "additive_scores", "dot_product_scores", "scaled_dot_product_attention"}
    assert cases["dot_product_scores"].find("failure") is not None
    assert Workspace(folder / "study").progress()["softmax"].solved


def test_k_x_and_last_failed(folder: Path) -> None:
    assert "1 passed, 3 deselected" in run(folder, "study", "-k", "additive").stdout
    assert "1 failed" in run(folder, "study", "-x").stdout
    run(folder, "study")
    again = run(folder, "study", "--lf", "-v").stdout
    assert "additive_scores" not in again
    assert "dot_product_scores FAILED" in again


def test_one_function_by_its_id_and_in_company_of_doctests(folder: Path) -> None:
    ended = run(folder, f"{CLASSIC}::additive_scores", "--doctest-modules", "-v")
    assert ended.returncode == 0
    assert "1 passed" in ended.stdout


def test_several_workers(folder: Path) -> None:
    pytest.importorskip("xdist")
    ended = run(folder, "study", "-p", "xdist", "-n", "2")
    assert "2 failed, 2 passed" in ended.stdout


def test_a_learners_file_is_never_imported_by_pytest(folder: Path) -> None:
    mark = folder / "imported"
    (folder / CLASSIC).write_text(f"open({str(mark)!r}, 'w').close()\n", encoding="utf-8")
    for arguments in ([CLASSIC], ["study", "--doctest-modules"], [CLASSIC, "--import-mode=importlib"]):
        run(folder, *arguments)
    assert not mark.exists()


def test_other_files_are_left_to_pytest(folder: Path) -> None:
    elsewhere = folder / "project" / "exercises"
    elsewhere.mkdir(parents=True)
    (elsewhere / "01_softmax.py").write_text("1 / 0\n", encoding="utf-8")
    (folder / "study" / "exercises" / "notes.py").write_text("1 / 0\n", encoding="utf-8")
    (folder / "study" / "test_mine.py").write_text("def test_mine():\n    assert True\n", encoding="utf-8")
    ended = run(folder, ".", "--collect-only", "-q")
    assert ended.returncode == 0
    assert "project" not in ended.stdout
    assert "notes" not in ended.stdout
    assert "study/test_mine.py::test_mine" in ended.stdout


def test_failures_speak_the_language_of_the_folder(folder: Path) -> None:
    Workspace(folder / "study").lay_out("guided", "ru")
    assert "byheart hint classic_attention" in (
        said := run(folder, "study", "-k", "dot_product_scores").stdout
    )
    assert "подсказка" in said


def test_the_plugin_costs_other_peoples_runs_nothing() -> None:
    program = (
        "import sys, pytest\n"
        "before = set(sys.modules)\n"
        "import exercises.pytest_plugin\n"
        "print(sorted(set(sys.modules) - before))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() == "['exercises', 'exercises.pytest_plugin']"


def test_the_name_of_the_state_file_is_the_workspaces_own() -> None:
    from exercises import pytest_plugin, workspace

    assert pytest_plugin.STATE_FILE == workspace.STATE_FILE
