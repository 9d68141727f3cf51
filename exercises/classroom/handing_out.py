"""`byheart start --for-class`: a repository to hand out. Exercises, words for students, checks; no solutions.

Files that are there already stay as they are.
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


def hand_out(folder: Path, level: str, language: Language, with_notebooks: bool) -> list[Line]:
    """Write it all; what to say about it."""
    workspace = Workspace(folder)
    laid_out = workspace.lay_out(level, language.code)
    if with_notebooks:
        notebooks.lay_out(folder / "notebooks", level, language)
    place = origin()
    files = {
        "README.md": language.say("class.readme", n=len(exercises())) + "\n",
        "requirements.txt": f"{place}\n" if place else f"# {language.say('class.where_from')}\n",
        "pytest.ini": "[pytest]\ntestpaths = exercises\n",
        ".gitignore": IGNORED,
        WORKFLOW: workflow(),
    }
    kept = [name for name in files if (folder / name).exists()]
    for name, text in files.items():
        if name not in kept:
            write(folder / name, text)
    lines = [line(language.say("class.handed_out", folder=folder, n=len(laid_out.added)))]
    if laid_out.kept:
        own = ", ".join(path.name for path in laid_out.kept)
        lines.append(line(language.say("class.kept_exercises", n=len(laid_out.kept), files=own)))
    if kept:
        lines.append(line(language.say("class.kept", files=", ".join(kept))))
    if place is None:
        lines.append(line(language.say("class.say_where", path=folder / "requirements.txt")))
    return [*lines, line(language.say("class.then", folder=folder))]


def workflow() -> str:
    """The checks of GitHub Classroom: a step an exercise, and one that reports them."""
    names = [each.id for each in exercises()]
    results = "".join(f'          {n.upper()}_RESULTS: "${{{{steps.{n}.outputs.result}}}}"\n' for n in names)
    report = (
        "      - uses: classroom-resources/autograding-grading-reporter@v1\n"
        f"        env:\n{results}        with:\n          runners: {','.join(names)}\n"
    )
    return HEAD + "".join(map(_step, names)) + report


def _step(name: str) -> str:
    return (
        f"      - id: {name}\n"
        "        uses: classroom-resources/autograding-command-grader@v1\n"
        "        with:\n"
        f"          test-name: {name}\n"
        f"          command: byheart grade --only {name} exercises\n"
        f"          timeout: {MINUTES}\n"
        "          max-score: 1\n"
    )
