"""The Gradescope archive is unpacked and run as Gradescope does; what is handed out holds no solutions."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import byheart
from exercises.catalog import exercises, find
from exercises.classroom import project
from exercises.classroom.gradescope import make_gradescope
from exercises.classroom.handing_out import hand_out, workflow
from exercises.classroom.notebooks import notebook_text
from exercises.language import speak
from exercises.paper import plain
from exercises.starters import solution_text, starter_text

ROOT = Path(byheart.__file__).parent
EN = speak("en")
SDPA = "scaled_dot_product_attention"
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the scripts are bash")


def unpacked(folder: Path, *only: str, language: str = "en") -> Path:
    """What stands for /autograder, with the archive in its place."""
    archive = folder / "autograder.zip"
    make_gradescope(archive, only, speak(language))
    root = folder / "autograder"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(root / "source")
        for info in opened.infolist():
            (root / "source" / info.filename).chmod(info.external_attr >> 16)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    for name in ("submission", "results"):
        (root / name).mkdir()
    return root


def run(root: Path, **environment: str) -> dict[str, object]:
    """run_autograder, with the bundled By Heart and this Python."""
    own = {
        **os.environ,
        "AUTOGRADER_ROOT": str(root),
        "BYHEART_PYTHON": sys.executable,
        "PYTHONPATH": str(root / "source" / "project"),
        **environment,
    }
    ended = subprocess.run(
        [str(root / "run_autograder")], cwd=root, env=own, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    results: dict[str, object] = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    return results


# ---------------------------------------------------------------- the archive


@needs_bash
def test_a_submission_gets_its_tests_points_and_words(tmp_path: Path) -> None:
    root = unpacked(tmp_path, "softmax", "classic_attention", SDPA, "attend")
    for name in ("softmax", "classic_attention", SDPA):
        text = solution_text(find(name), EN).replace("math.sqrt(q.shape[-1])", "1.0")
        if name == "classic_attention":
            text = text[: text.index("def dot_product_scores")]
        (root / "submission" / find(name).file_name).write_text(text, encoding="utf-8")
    (root / "submission" / "05_masks.py").write_text("raise SystemExit", encoding="utf-8")  # not asked for
    results = run(root)
    tests = {test["name"]: test for test in results["tests"]}  # type: ignore[attr-defined]
    scores = {name: test["score"] for name, test in tests.items()}
    assert scores == {
        "softmax": 1.0,
        "classic_attention: additive_scores": 0.5,
        "classic_attention: dot_product_scores": 0.0,
        SDPA: 0.0,
        "attend": 0.0,
    }
    assert results["score"] == 1.5
    assert sum(test["max_score"] for test in tests.values()) == 4
    assert "no-scaling" in tests[SDPA]["output"]
    assert "02_attend.py" in tests["attend"]["output"]
    assert {test["visibility"] for test in tests.values()} == {"visible"}
    assert {test["status"] for test in tests.values()} == {"passed", "failed"}
    assert list(tests) == ["softmax", "attend", *list(tests)[2:4], SDPA]  # in the order of the course
    assert str(results["output"]).splitlines()[0] == "1 of 4 passed"


@needs_bash
def test_a_notebook_a_folder_and_a_zip_file_are_submissions_and_amiss_is_told(tmp_path: Path) -> None:
    root = unpacked(tmp_path, "softmax", "attend", "masks", language="ru")
    notebook = json.loads(notebook_text(find("softmax"), "blank", EN))
    notebook["cells"][-1]["source"] = solution_text(find("softmax"), EN)
    (root / "submission" / "01_softmax.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with zipfile.ZipFile(root / "submission" / "rest.zip", "w") as archive:
        archive.writestr("study/exercises/02_attend.py", solution_text(find("attend"), EN))
        archive.writestr("../05_masks.py", "x")
    results = run(root)
    assert results["score"] == 2.0
    assert "ведёт за пределы архива" in str(results["output"])


@needs_bash
def test_of_a_starter_and_attempts_the_best_counts_and_that_is_told(tmp_path: Path) -> None:
    root = unpacked(tmp_path, SDPA)
    starter, solved = starter_text(find(SDPA), "guided", EN), solution_text(find(SDPA), EN)
    notebook = json.loads(notebook_text(find(SDPA), "blank", EN))
    notebook["cells"][-1]["source"] = solved.replace("math.sqrt(q.shape[-1])", "1.0")
    tried = root / "submission" / f"notebooks/{SDPA}.ipynb"
    for path, text in ((tried, json.dumps(notebook)), (root / "submission" / f"{SDPA}.py", starter)):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    os.utime(tried, (1, 1))  # the starter is newer, and says nothing
    results = run(root)
    assert "no-scaling" in results["tests"][0]["output"]  # type: ignore[index]
    assert results["output"] == "0 of 1 passed"
    (root / "submission" / f"better_{SDPA}.py").write_text(solved, encoding="utf-8")
    results = run(root)
    assert results["score"] == 1.0
    assert f"the best counts, better_{SDPA}.py. The others: notebooks/{SDPA}.ipynb." in str(results["output"])


@needs_bash
def test_an_empty_submission_is_a_result(tmp_path: Path) -> None:
    results = run(unpacked(tmp_path, "softmax"))
    assert (results["score"], len(results["tests"])) == (0.0, 1)  # type: ignore[arg-type]
    assert "Nothing was handed in" in str(results["output"])


@needs_bash
def test_a_submission_can_neither_read_the_answer_nor_write_the_result(tmp_path: Path) -> None:
    root = unpacked(tmp_path, "softmax", "attend")
    target = str(root / "results" / "results.json")
    forged = f"import os\nopen({target!r}, 'w').write('score: 100')\nos._exit(0)\n"
    (root / "submission" / "01_softmax.py").write_text(forged, encoding="utf-8")
    source = root / "source" / "project" / "reference" / "attention.py"
    stolen = f"exec(open({str(source)!r}).read())\n"
    (root / "submission" / "02_attend.py").write_text(stolen, encoding="utf-8")
    assert run(root)["score"] == 0.0


@pytest.mark.slow
@needs_bash
def test_setup_installs_what_is_in_the_archive(tmp_path: Path) -> None:
    """setup.sh for real; what By Heart depends on is borrowed from here, all the rest is as on Gradescope."""
    pytest.importorskip("hatchling", reason="builds the project without a network: pip install -e '.[check]'")
    root = unpacked(tmp_path, "softmax")
    borrowed = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    environment = {
        **os.environ,
        "AUTOGRADER_ROOT": str(root),
        "BYHEART_PYTHON": sys.executable,
        "PYTHONPATH": borrowed,
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which pip reads as: do not isolate
        "PIP_NO_INDEX": "1",
    }
    setup = ["bash", str(root / "source" / "setup.sh")]
    ended = subprocess.run(setup, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    (root / "submission" / "01_softmax.py").write_text(solution_text(find("softmax"), EN), encoding="utf-8")
    installed = root / "byheart" / "bin" / "python"
    assert run(root, PYTHONPATH=borrowed, BYHEART_PYTHON=str(installed))["score"] == 1.0
    where = "import exercises; print(exercises.__file__)"
    told = subprocess.run(
        [installed, "-P", "-c", where], env=environment, capture_output=True, text=True, check=True
    )
    assert str(root / "byheart") in told.stdout


def test_the_same_source_gives_the_same_archive_and_it_holds_the_project(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        make_gradescope(tmp_path / name, ["softmax"], EN)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        assert modes["setup.sh"] == modes["run_autograder"] == 0o755
        for name in (
            "pyproject.toml",
            "README.md",
            "byheart.py",
            "reference/attention.py",
            "exercises/grader.py",
        ):
            assert f"project/{name}" in modes
        assert not [name for name in modes if "__pycache__" in name or "/." in name]
        scripts = b"".join(archive.read(name) for name in ("setup.sh", "run_autograder"))
    assert b"://" not in scripts  # nothing is fetched but by pip, from wherever pip fetches


def test_an_installed_byheart_can_make_the_archive_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no pyproject.toml beside an installed package: it is written anew."""
    import tomllib

    monkeypatch.setattr(project, "BESIDE", ("byheart.py",))
    monkeypatch.setattr(project.importlib.metadata, "version", lambda name: "1.0.0")
    wanted = ["numpy>=2.2", 'distributed>=2024.5; extra == "cluster"']
    monkeypatch.setattr(project.importlib.metadata, "requires", lambda name: wanted)
    files = dict(project.source_files())
    told = tomllib.loads(files["pyproject.toml"].decode())
    assert told["project"]["dependencies"] == ["numpy>=2.2"]
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for key in ("name", "requires-python", "scripts", "entry-points"):
        assert told["project"][key] == own["project"][key]
    assert told["build-system"]["build-backend"] == own["build-system"]["build-backend"]


# ---------------------------------------------------------------- handing out


@pytest.mark.parametrize("code", ["en", "ru"])
def test_what_is_handed_out_has_no_solutions_and_says_what_to_do(code: str, tmp_path: Path) -> None:
    lines = hand_out(tmp_path / "repo", "guided", speak(code), with_notebooks=True)
    assert str(tmp_path / "repo") in plain(lines)
    assert len(list((tmp_path / "repo" / "exercises").glob("*.py"))) == len(exercises())
    assert len(list((tmp_path / "repo" / "notebooks").glob("*.ipynb"))) == len(exercises())
    for exercise in exercises():
        text = (tmp_path / "repo" / "exercises" / exercise.file_name).read_text(encoding="utf-8")
        assert re.search(r"= \.\.\.$|^ +\.\.\.$|return \.\.\.$", text, re.MULTILINE)
        assert text != solution_text(exercise, speak(code))
    readme = (tmp_path / "repo" / "README.md").read_text(encoding="utf-8")
    assert "byheart watch" in readme
    assert bool(re.search("[а-я]{5}", readme)) == (code == "ru")


def test_handing_out_again_leaves_what_the_teacher_changed(tmp_path: Path) -> None:
    hand_out(tmp_path, "guided", EN, with_notebooks=False)
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    assert "README.md" in plain(hand_out(tmp_path, "guided", EN, with_notebooks=False))
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"


def test_handing_out_again_keeps_the_level_and_renews_only_what_nobody_touched(tmp_path: Path) -> None:
    hand_out(tmp_path, "outline", EN, with_notebooks=True)
    softmax, attend = (tmp_path / "exercises" / find(name).file_name for name in ("softmax", "attend"))
    attend.write_text("# the teacher's own\n", encoding="utf-8")
    hand_out(tmp_path, None, EN, with_notebooks=True)
    assert softmax.read_text(encoding="utf-8") == starter_text(find("softmax"), "outline", EN)
    n = len(exercises()) - 1
    assert f"{n} untouched starters" in plain(hand_out(tmp_path, "blank", EN, with_notebooks=False))
    assert softmax.read_text(encoding="utf-8") == starter_text(find("softmax"), "blank", EN)
    assert attend.read_text(encoding="utf-8") == "# the teacher's own\n"


@needs_bash
def test_the_workflow_counts_the_file_or_the_notebook(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    hand_out(tmp_path, "guided", EN, with_notebooks=True)
    assert "byheart grade notebooks" in (tmp_path / "README.md").read_text(encoding="utf-8")
    told = yaml.safe_load((tmp_path / ".github/workflows/classroom.yml").read_text(encoding="utf-8"))
    steps = {step.get("id"): step for step in told["jobs"]["run-autograding-tests"]["steps"]}
    notebook = json.loads(notebook_text(find("softmax"), "blank", EN))
    notebook["cells"][-1]["source"] = solution_text(find("softmax"), EN)
    (tmp_path / "notebooks" / "01_softmax.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "exercises" / "02_attend.py").write_text(solution_text(find("attend"), EN), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name, expected in (("softmax", 0), ("attend", 0), ("masks", 1)):
        command = steps[name]["with"]["command"].replace("byheart", f"{sys.executable} -m byheart")
        ended = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert ended.returncode == expected


def test_a_solution_that_lies_there_is_pointed_out(tmp_path: Path) -> None:
    hand_out(tmp_path, "guided", EN, with_notebooks=False)
    (tmp_path / "exercises" / "02_attend.py").write_text(solution_text(find("attend"), EN), encoding="utf-8")
    assert "02_attend.py" in plain(hand_out(tmp_path, "guided", EN, with_notebooks=False))


def test_pytest_in_the_repository_grades_and_its_exit_status_is_right(tmp_path: Path) -> None:
    hand_out(tmp_path, "guided", EN, with_notebooks=False)
    for path in (tmp_path / "exercises").iterdir():
        if path.name != "01_softmax.py":
            path.unlink()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "LANG": "C"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "exercises.pytest_plugin"]

    def status() -> int:
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=False
        ).returncode

    assert status() == 1
    (tmp_path / "exercises" / "01_softmax.py").write_text(
        solution_text(find("softmax"), EN), encoding="utf-8"
    )
    assert status() == 0


def test_the_workflow_is_valid_and_its_commands_end_as_they_should(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    job = yaml.safe_load(workflow())["jobs"]["run-autograding-tests"]
    *steps, last = job["steps"]
    graded = [step for step in steps if "autograding-command-grader" in step.get("uses", "")]
    assert [step["id"] for step in graded] == [each.id for each in exercises()]
    assert last["with"]["runners"].split(",") == [each.id for each in exercises()]
    for step in graded:
        assert last["env"][f"{step['id'].upper()}_RESULTS"] == f"${{{{steps.{step['id']}.outputs.result}}}}"
    hand_out(tmp_path, "guided", EN, with_notebooks=False)
    (tmp_path / "exercises" / "01_softmax.py").write_text(
        solution_text(find("softmax"), EN), encoding="utf-8"
    )
    for step, expected in ((graded[0], 0), (graded[1], 1)):
        words = step["with"]["command"].split()
        assert words[0] == "byheart"
        command = [sys.executable, "-m", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
        assert ended.returncode == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a/b.git", "byheart @ git+https://example.org/a/b.git@c0ffee"),
        ("https://me:secret@example.org/a/b", "byheart @ git+https://example.org/a/b@c0ffee"),
        ("git@example.org:a/b.git", "byheart @ git+https://example.org/a/b.git@c0ffee"),
        ("ssh://git@example.org/a/b.git", "byheart @ git+https://example.org/a/b.git@c0ffee"),
        ("/somewhere/here", None),
        ("file:///somewhere", None),
        ("", None),
    ],
)
def test_where_to_install_from_is_never_a_password_or_a_place_on_this_machine(
    url: str, expected: str | None
) -> None:
    assert project._requirement(url, "c0ffee") == expected
