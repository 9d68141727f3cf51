"""`pytest DIR` grades a study folder: every function of an exercise is a test.

This module is loaded by every run of pytest on a machine where By Heart is installed, so it imports nothing
until it meets a file in the exercises/ folder of a study folder. Such a file is never imported here: it is
graded in a process of its own, once, and its functions are reported one by one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from exercises.language import Language
    from exercises.sandbox import Sandbox
    from exercises.verdict import FunctionVerdict, Verdict

STATE_FILE = ".byheart.json"  # as in exercises.workspace, which is not imported here
_sandbox = pytest.StashKey["Sandbox"]()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, Any]:
    """An exercise is collected by us alone: whoever else would collect it would import it."""
    found = yield
    exercise = _exercise_of(file_path)
    return (
        found if exercise is None else [ExerciseFile.from_parent(parent, path=file_path, exercise=exercise)]
    )


def _exercise_of(path: Path) -> str | None:
    if (
        path.suffix != ".py"
        or path.parent.name != "exercises"
        or not (path.parent.parent / STATE_FILE).is_file()
    ):
        return None
    from exercises.workspace import exercise_of

    return exercise_of(path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the worker, if there was one."""
    sandbox = config.stash.get(_sandbox, None)
    if sandbox is not None:
        sandbox.close()


class ExerciseFile(pytest.File):
    """A learner's file: graded when the first of its functions is run, and only then."""

    def __init__(self, *, exercise: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exercise = exercise
        self._verdict: Verdict | None = None

    def collect(self) -> Iterator[ExerciseFunction]:
        from exercises.catalog import find

        if not self.config.option.collectonly:
            self._worker()  # it warms up while the rest is collected
        for name in find(self.exercise).functions:
            yield ExerciseFunction.from_parent(self, name=name)

    def verdict(self) -> Verdict:
        if self._verdict is None:
            from exercises.handed_in import Examiner

            self._verdict = Examiner(self._worker(), self.exercise)(self.path)
        return self._verdict

    def _worker(self) -> Sandbox:
        """One worker for the whole run."""
        from exercises.sandbox import Sandbox

        if _sandbox not in self.config.stash:
            self.config.stash[_sandbox] = Sandbox()
        return self.config.stash[_sandbox]

    @property
    def language(self) -> Language:
        """The language of the study folder."""
        from exercises.language import choose
        from exercises.workspace import Workspace

        return choose(None, Workspace(self.path.parent.parent).language)


class NotPassed(Exception):  # noqa: N818 - nothing went wrong here
    """A function that is not right; its text is the report."""


class ExerciseFunction(pytest.Item):
    """One function of an exercise."""

    parent: ExerciseFile

    def runtest(self) -> None:
        if self._outcome().status != "passed":
            raise NotPassed

    def _outcome(self) -> FunctionVerdict:
        from exercises.verdict import FunctionVerdict

        verdict = self.parent.verdict()
        own = (function for function in verdict.functions if function.function == self.name)
        return next(own, FunctionVerdict(self.name, verdict.status, reason=verdict.reason))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The screen that `byheart grade` shows, about this function; no traceback."""
        if not isinstance(excinfo.value, NotPassed):
            return super().repr_failure(excinfo, style)
        return Screen(self)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the function is written, for the panels of editors."""
        return self.path, self._line(), self.name

    def _line(self) -> int | None:
        try:
            lines = self.path.read_bytes().splitlines()
        except OSError:
            return None
        start = b"def " + self.name.encode()
        return next((number for number, text in enumerate(lines) if text.lstrip().startswith(start)), None)


class Screen:
    """A verdict as pytest prints failures: the report at length, and one line for the summary."""

    class Crash:
        """Where pytest looks for the summary's line."""

        def __init__(self, message: str) -> None:
            self.message = message

    def __init__(self, item: ExerciseFunction) -> None:
        from exercises.catalog import find
        from exercises.paper import coloured, plain
        from exercises.reports.text import report
        from exercises.reports.wording import message

        language = item.parent.language
        verdict = item.parent.verdict()
        own = verdict._replace(functions=(item._outcome(),))
        lines = report(own, language, 88)
        self.reprcrash = Screen.Crash(message(own, find(verdict.exercise), language))
        self._plain, self._coloured = plain(lines).rstrip(), coloured(lines).rstrip()

    def __str__(self) -> str:
        return self._plain

    def toterminal(self, tw: Any) -> None:
        """Called by pytest's terminal reporter."""
        tw.line(self._coloured if tw.hasmarkup else self._plain)
