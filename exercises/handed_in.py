"""From what is named on a command line to verdicts: which files are exercises, what the rest is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exercises import head_start, processors
from exercises.catalog import find
from exercises.sandbox import Sandbox
from exercises.verdict import Phrase, Verdict
from exercises.workspace import STATE_FILE, Workspace, exercise_files, exercise_of

if TYPE_CHECKING:
    from exercises.exam import Exam

# verdicts that mean that a file was not gradable at all
UNGRADABLE = ("reason.unreadable", "reason.other-exercise")


class HandedIn(NamedTuple):
    """Files to grade, each with its exercise, and one sentence for each thing that is not gradable."""

    files: list[tuple[Path, str]]
    problems: list[Phrase]


def gather(paths: Iterable[Path], only: Set[str] = frozenset()) -> HandedIn:
    """All exercise files that these files and folders mean; with `only`, those of these exercises."""
    found = HandedIn([], [])
    for path in paths:
        if path.is_dir():
            _gather_folder(path, found)
        else:
            _gather_file(path, found)
    files = [(path, name) for path, name in dict.fromkeys(found.files) if not only or name in only]
    missing = sorted(only - {name for _, name in files}) if not found.problems else []
    nothing = [Phrase("error.only_nothing", {"exercise": name}) for name in missing]
    return HandedIn(files, found.problems + nothing)


def _gather_folder(path: Path, found: HandedIn) -> None:
    inner = path / "exercises"
    folder = inner if inner.is_dir() else path
    files = exercise_files(folder) + [each for each in sorted(folder.glob("*.ipynb")) if exercise_of(each)]
    if not files:
        found.problems.append(Phrase("error.no_exercises", {"path": str(path)}))
    for file in files:
        _gather_file(file, found)


def _gather_file(path: Path, found: HandedIn) -> None:
    exercise = exercise_of(path)
    problem = _problem(path, exercise)
    if problem is not None:
        found.problems.append(problem)
    elif exercise is not None:
        found.files.append((path, exercise))


def _problem(path: Path, exercise: str | None) -> Phrase | None:
    if not path.exists():
        return Phrase("error.missing", {"path": str(path)})
    if exercise is None:
        return Phrase("error.not_an_exercise", {"path": str(path)})
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        return Phrase("error.unreadable", {"path": str(path), "why": error.strerror or type(error).__name__})
    return None


def grade_all(
    files: Iterable[tuple[Path, str]], sandbox: Sandbox, seed: int | None = None
) -> Iterator[Verdict]:
    """Each file's verdict as soon as it is there; a study folder remembers it."""
    from exercises.grader import new_seed

    head_start.loaded()
    chosen = new_seed() if seed is None else seed
    for path, exercise in files:
        verdict = _graded(path, exercise, sandbox, chosen)
        remember(path, verdict)
        yield verdict


class Examiner:
    """Grades one file after another, for somebody who tries again: the next exam is drawn ahead."""

    def __init__(self, sandbox: Sandbox, exercise: str | None = None) -> None:
        """The exercise is the one in a file's name, unless given."""
        from exercises.exam import Exam  # now, and not when the first file is saved
        from exercises.grader import grade_exam

        head_start.loaded()
        self._sandbox, self._exercise = sandbox, exercise
        self._draw, self._grade = Exam, grade_exam
        self._next: Exam | None = None

    def __call__(self, path: Path) -> Verdict:
        exercise = find(self._exercise or exercise_of(path) or "")
        drawn, self._next = self._next, None
        if drawn is None or drawn.exercise is not exercise:
            drawn = self._draw(exercise)
        with processors.apart() as self._sandbox.apart_from:
            verdict = self._grade(path, drawn, self._sandbox)
        self._next = self._draw(exercise)
        remember(path, verdict)
        return verdict

    def ahead(self) -> Iterator[None]:
        """Get the next exam of the same exercise ready, a piece each time one is asked for."""
        return iter(()) if self._next is None else self._next.ahead()


def _graded(path: Path, exercise: str, sandbox: Sandbox, seed: int) -> Verdict:
    if path.suffix.lower() == ".ipynb":
        from exercises.classroom.notebooks import grade_path

        return grade_path(path, find(exercise), sandbox, seed)
    from exercises.grader import grade_file

    return grade_file(path, find(exercise), sandbox, seed)


def remember(path: Path, verdict: Verdict) -> None:
    """Keep the outcome in the study folder that the file belongs to, if it belongs to one."""
    root = path.resolve().parent.parent
    if path.resolve().parent.name == "exercises" and (root / STATE_FILE).is_file():
        from exercises.reports.wording import topics

        tried = verdict.status in ("failed", "error")
        Workspace(root).record(verdict, topics(verdict, find(verdict.exercise)) if tried else ())


def ungradable(verdict: Verdict) -> Phrase | None:
    """The sentence for a file that turned out not to be an attempt at its exercise at all."""
    reasons = [verdict.reason, *(function.reason for function in verdict.functions)]
    return next((reason for reason in reasons if reason is not None and reason.key in UNGRADABLE), None)
