"""`byheart grade`: gather, grade, report. The worker starts first: it imports NumPy while we do."""

from __future__ import annotations

import sys
from collections.abc import Set
from importlib import import_module
from pathlib import Path

from exercises import head_start
from exercises.catalog import find
from exercises.errors import UseError
from exercises.handed_in import gather, grade_all, ungradable
from exercises.language import Language
from exercises.paper import Line, Terminal, plain
from exercises.verdict import Phrase, Verdict
from exercises.workspace import Workspace, write

PASSED, NOT_PASSED, NOT_DONE = 0, 1, 2


def run_grading(
    paths: list[Path], only: Set[str], seed: int | None, form: str, out: Path | None, language: Language
) -> int:
    """Grade and report; the exit status."""
    found = gather(paths or [Workspace.find().root], only)
    _complain(found.problems, language)
    verdicts: list[Verdict] = []
    problems = list(found.problems)
    if found.files:
        with head_start.sandbox() as sandbox:
            page = _Page(form, out, language, several=len(found.files) > 1)
            for number, verdict in enumerate(grade_all(found.files, sandbox, seed), 1):
                if number == len(found.files):
                    sandbox.hang_up()  # the worker ends while we report
                problem = ungradable(verdict)
                if problem is not None:
                    problems.append(problem)
                    _complain([problem], language)
                else:
                    verdicts.append(verdict)
                    page.add(verdict)
            page.finish(verdicts)
    if problems:
        return NOT_DONE
    return PASSED if all(verdict.status == "passed" for verdict in verdicts) else NOT_PASSED


class _Page:
    """Where the report goes: text as it comes, everything else at the end."""

    def __init__(self, form: str, out: Path | None, language: Language, several: bool) -> None:
        self.form, self.out, self.language, self.several = form, out, language, several
        self.terminal = Terminal()

    def add(self, verdict: Verdict) -> None:
        if self.form == "text" and self.out is None:
            self.terminal.show(*self._text(verdict, self.terminal.width))

    def finish(self, verdicts: list[Verdict]) -> None:
        if self.form != "text":
            self._deliver(import_module(f"exercises.reports.{self.form}").render(verdicts, self.language))
        elif self.out is not None:
            self._deliver("".join(plain(self._text(verdict, 100)) for verdict in verdicts))
        elif self.several:
            from exercises.reports.text import summary

            self.terminal.show([], summary(verdicts, self.language))

    def _text(self, verdict: Verdict, width: int) -> list[Line]:
        from exercises.reports.text import report, short

        if self.several and verdict.status in ("passed", "unsolved"):
            return [short(verdict, self.language, width)]
        return [*report(verdict, self.language, width, _following(verdict, self.language)), []]

    def _deliver(self, text: str) -> None:
        if self.out is None:
            sys.stdout.write(text)
            return
        write(self.out, text)


def _following(verdict: Verdict, language: Language) -> Line | None:
    """What comes next after a pass, where the file lies in a study folder."""
    if verdict.status != "passed":
        return None
    from exercises.desk import what_follows

    try:
        workspace = Workspace.find(Path(verdict.file).resolve().parent)
    except UseError:
        return None
    return what_follows(workspace, find(verdict.exercise), language)


def _complain(problems: list[Phrase], language: Language) -> None:
    for problem in problems:
        Terminal(sys.stderr).show(language.say("error.title", message=language.phrase(problem)))
