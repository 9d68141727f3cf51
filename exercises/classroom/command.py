"""`byheart class`: read what was handed in, grade what is new, write the table and the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from exercises.catalog import exercises
from exercises.classroom.jobs import Job, Result, crashed, job_of
from exercises.classroom.ledger import Ledger
from exercises.classroom.marks import Row, blunders, marks_of, row_of
from exercises.classroom.pages import class_page, student_page, summary
from exercises.classroom.pool import Pool, cores
from exercises.classroom.students import Student, students
from exercises.classroom.table import csv_text
from exercises.classroom.tree import UnreadableError, grow, read
from exercises.errors import UseError
from exercises.language import Language, speak
from exercises.paper import Line, Span, Terminal, line
from exercises.progress import OnProgress, progress_bar
from exercises.verdict import Phrase
from exercises.workspace import write

__all__ = ["Asked", "run_class"]

PASSED, NOT_PASSED = 0, 1
LEDGER = "ledger.jsonl"
SHOWN = 3  # mistakes told on the terminal


class Asked(NamedTuple):
    """What is asked for on the command line."""

    folder: Path
    out: Path
    only: frozenset[str] = frozenset()
    seed: int | None = None
    scheduler: str | None = None
    workers: int | None = None


class Graders(Protocol):
    """Whoever turns jobs into results."""

    def results(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Result | None]]: ...

    def __enter__(self) -> Any: ...

    def __exit__(self, *error: object) -> None: ...


class _Plan:
    """Every file of the class, read one at a time; those that are new become jobs."""

    def __init__(self, found: Sequence[Student], ledger: Ledger, language: Language) -> None:
        self.students, self.ledger, self.language = found, ledger, language
        self.total = sum(len(student.files) for student in found)
        self.known = 0  # files whose result is there already, or asked for
        self.files: dict[str, list[tuple[str, str, str]]] = {student.id: [] for student in found}
        self.remarks: dict[str, list[Phrase]] = {student.id: list(student.remarks) for student in found}

    def jobs(self) -> Iterator[Job]:
        asked: set[str] = set()
        for student in self.students:
            for job in self._of(student):
                if job is None or job.key in self.ledger or job.key in asked:
                    self.known += 1
                else:
                    asked.add(job.key)
                    yield job

    def _of(self, student: Student) -> Iterator[Job | None]:
        language = student.language or self.language.code
        for exercise, node in student.files:
            try:
                job = job_of(exercise, node.path, read(node), language, self.ledger.seed or 0)
            except UnreadableError as error:
                about = {"file": node.path, "mb": node.size / 2**20}
                self.remarks[student.id].append(Phrase(f"class.{error.reason}", about))
                yield None
                continue
            self.files[student.id].append((exercise, node.path, job.key))
            yield job


def run_class(asked: Asked, language: Language, terminal: Terminal) -> int:
    """Do it all; the exit status."""
    found = _students(asked)
    columns = [each.id for each in exercises() if not asked.only or each.id in asked.only]
    try:
        with Ledger(asked.out / LEDGER) as ledger:
            _begin(ledger, asked.seed)
            plan = _Plan(found, ledger, language)
            graded = _grade(plan, asked, terminal)
            rows = [_report(student, plan, asked.out, len(columns), language) for student in found]
        write(asked.out / "class.csv", csv_text(rows, columns, language))
        write(asked.out / "class.html", class_page(rows, columns, language))
    except OSError as error:
        raise UseError("error.cannot_write", path=asked.out, why=error.strerror or str(error)) from None
    terminal.show(*_told(rows, columns, graded, plan.known, asked.out, language))
    statuses = [status for row in rows for status in row.statuses.values()]
    clean = bool(statuses) and not any(row.remarks for row in rows)
    return PASSED if clean and set(statuses) == {"passed"} else NOT_PASSED


def _students(asked: Asked) -> list[Student]:
    if not asked.folder.exists():
        raise UseError("class.no_folder", path=asked.folder)
    if asked.out.exists() and asked.out.samefile(asked.folder):
        raise UseError("class.out_is_in", path=asked.out)
    tree = grow(asked.folder, but=asked.out)
    if tree.trouble:
        raise UseError("class.cannot_open", path=asked.folder)
    found = students(tree, asked.only)
    if not found:
        raise UseError("class.no_students", path=asked.folder)
    return found


def _begin(ledger: Ledger, seed: int | None) -> None:
    """The whole class is asked the same questions, also when it is graded in several goes."""
    from exercises.grader import new_seed

    if ledger.seed is None or (seed is not None and seed != ledger.seed):
        ledger.begin(new_seed() if seed is None else seed)


def _grade(plan: _Plan, asked: Asked, terminal: Terminal) -> int:
    """Grade what is new, each result into the ledger at once; how many that were."""
    jobs = plan.jobs()
    first = next(jobs, None)
    if first is None:  # nothing is new: no grader need start
        return 0
    graded = 0
    with (
        progress_bar(plan.language.say("class.grading"), terminal) as on_progress,
        _graders(asked, plan.total) as graders,
    ):
        for job, result in graders.results(_with(first, jobs)):
            plan.ledger.add(result or crashed(job, speak(job.language).say("class.crashed")))
            graded += 1
            _show(on_progress, graded + plan.known, plan.total)
    return graded


def _show(on_progress: OnProgress | None, done: int, total: int) -> None:
    if on_progress is not None:
        on_progress(done, total)


def _with(first: Job, rest: Iterator[Job]) -> Iterator[Job]:
    yield first
    yield from rest


def _graders(asked: Asked, n_files: int) -> Graders:
    if asked.scheduler is not None:
        from exercises.classroom.cluster import Cluster

        return Cluster(asked.scheduler)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one grader a core, no threads
    return Pool(min(asked.workers or cores(), n_files))


def _report(student: Student, plan: _Plan, out: Path, n_exercises: int, language: Language) -> Row:
    """Write the student's page; their line in the tables."""
    remarks = plan.remarks[student.id]
    marks = marks_of(plan.files[student.id], plan.ledger)
    row = row_of(student, marks, remarks)
    own = speak(student.language) if student.language else language
    write(out / "reports" / row.report, student_page(student, marks, remarks, n_exercises, own))
    return row


def _told(
    rows: Sequence[Row], columns: Sequence[str], graded: int, known: int, out: Path, language: Language
) -> list[Line]:
    """What to read on the terminal afterwards."""
    remarks = sum(len(row.remarks) for row in rows)
    ranked = blunders(rows)
    page, table = out / "class.html", out / "class.csv"
    lines: list[Line] = [
        line(Span(summary(rows, columns, language), "strong")),
        line(language.say("class.graded", n=graded, known=known)),
    ]
    if ranked:
        lines += [[], line(language.say("class.wrong"))]
    for each in ranked[:SHOWN]:
        tag = f"tag:byheart::{each.topic}"
        lines.append(
            line(f"  {each.n_students:>4}  {each.exercise}: ", Span(each.mistake, "bad"), f"   {tag}")
        )
    if remarks:
        lines += [[], line(Span(language.say("class.n_remarks", n=remarks), "warn"))]
    lines += [[], line(language.say("class.page"), Span(str(page), "accent", page))]
    return [*lines, line(language.say("class.table"), Span(str(table), "accent", table))]
