"""`byheart start --for-class`: a repository to hand out. Exercises, words for students, checks; no solutions.

What somebody has changed stays as it is; starters that nobody has touched are brought up to date.
"""

from __future__ import annotations

from pathlib import Path

from exercises.catalog import exercises
from exercises.classroom import notebooks
from exercises.classroom.project import origin
from exercises.language import Language
from exercises.paper import Line, line
from exercises.workspace import Workspace, write

__all__ = ["hand_out", "workflow"]

WORKFLOW = ".github/workflows/classroom.yml"
MINUTES = 5  # for one exercise
IGNORED = "__pycache__/\n.pytest_cache/\n.venv/\nbackup/\nkata/\n*.apkg\n"
HEAD = """\
# By Heart: every exercise is a test of GitHub Classroom, worth one point.
# Students can write to their own repository: make this file protected, or grade with `byheart class`.
name: Autograding Tests
on: [push, workflow_dispatch, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install -r requirements.txt
"""


def hand_out(folder: Path, level: str | None, language: Language, with_notebooks: bool) -> list[Line]:
    """Write it all, at the level of last time unless another is named; what to say about it."""
    workspace = Workspace(folder)
    level = level or workspace.level
    laid_out = workspace.lay_out(level, language.code)
    written = notebooks.lay_out(folder / "notebooks", level, language) if with_notebooks else []
    place = origin()
    files = {
        "README.md": _readme(language, with_notebooks),
        "requirements.txt": f"{place}\n" if place else f"# {language.say('class.where_from')}\n",
        "pytest.ini": "[pytest]\ntestpaths = exercises\n",
        ".gitignore": IGNORED,
        WORKFLOW: workflow(with_notebooks),
    }
    kept = [name for name in files if (folder / name).exists()]
    for name, text in files.items():
        if name not in kept:
            write(folder / name, text)
    lines = [line(language.say("class.handed_out", folder=folder, n=len(laid_out.added)))]
    if with_notebooks:
        lines.append(
            line(language.say("class.handed_notebooks", folder=folder / "notebooks", n=len(written)))
        )
    if laid_out.refreshed:
        lines.append(line(language.say("class.refreshed", n=len(laid_out.refreshed))))
    if laid_out.kept:
        own = ", ".join(path.name for path in laid_out.kept)
        lines.append(line(language.say("class.kept_exercises", n=len(laid_out.kept), files=own)))
    if kept:
        lines.append(line(language.say("class.kept", files=", ".join(kept))))
    if place is None:
        lines.append(line(language.say("class.say_where", path=folder / "requirements.txt")))
    return [*lines, line(language.say("class.then", folder=folder))]


def _readme(language: Language, with_notebooks: bool) -> str:
    """What students are told."""
    also = f"{language.say('class.readme_notebooks')}\n\n" if with_notebooks else ""
    return language.say("class.readme", n=len(exercises()), notebooks=also) + "\n"


def workflow(with_notebooks: bool = False) -> str:
    """The checks of GitHub Classroom: a step an exercise, and one that reports them."""
    names = [each.id for each in exercises()]
    results = "".join(f'          {n.upper()}_RESULTS: "${{{{steps.{n}.outputs.result}}}}"\n' for n in names)
    report = (
        "      - uses: classroom-resources/autograding-grading-reporter@v1\n"
        f"        env:\n{results}        with:\n          runners: {','.join(names)}\n"
    )
    return HEAD + "".join(_step(name, with_notebooks) for name in names) + report


def _step(name: str, with_notebooks: bool) -> str:
    command = f"byheart grade --only {name} exercises"
    if with_notebooks:  # students choose the one or the other
        command += f" || byheart grade --only {name} notebooks"
    return (
        f"      - id: {name}\n"
        "        uses: classroom-resources/autograding-command-grader@v1\n"
        "        with:\n"
        f"          test-name: {name}\n"
        f"          command: {command}\n"
        f"          timeout: {MINUTES}\n"
        "          max-score: 1\n"
    )
