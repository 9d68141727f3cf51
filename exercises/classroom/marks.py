"""What a class has done, student by student, as far as tables and pages need it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from exercises.catalog import find
from exercises.classroom.jobs import Result
from exercises.classroom.ledger import Ledger
from exercises.classroom.students import Student
from exercises.untrusted import one_line
from exercises.verdict import Phrase

__all__ = ["Blunder", "Mark", "Row", "blunders", "marks_of", "rank", "report_name", "row_of"]


class Mark(NamedTuple):
    """What one exercise earned, and with which of the files handed in for it."""

    result: Result
    file: str
    others: tuple[str, ...] = ()  # attempts at the same exercise that did not count


class Row(NamedTuple):
    """One student in the tables."""

    id: str
    name: str
    late: bool
    statuses: Mapping[str, str]  # exercise -> status
    points: float
    mistakes: tuple[str, ...]  # "softmax/wrong-axis"
    remarks: tuple[Phrase, ...]
    report: str  # file name

    @property
    def passed(self) -> int:
        return sum(status == "passed" for status in self.statuses.values())


class Blunder(NamedTuple):
    """A known mistake and how many students made it."""

    exercise: str
    mistake: str
    n_students: int
    topic: str


def marks_of(files: Iterable[tuple[str, str, str]], ledger: Ledger) -> dict[str, Mark]:
    """Of each exercise the best of its files; (exercise, path, key), newest first, so the newest of equals.

    The best and not the newest: when a file was handed in is lost in most exports, and a starter that lies
    beside the solution costs nobody anything.
    """
    found: dict[str, list[tuple[str, Result]]] = {}
    for exercise, path, key in files:
        if key in ledger:
            found.setdefault(exercise, []).append((path, ledger[key]))
    marks = {}
    for exercise in sorted(found, key=lambda name: find(name).number):
        tries = found[exercise]
        path, result = max(tries, key=lambda each: rank(each[1]["points"], each[1]["status"]))
        marks[exercise] = Mark(
            result,
            path,
            tuple(other for other, told in tries if other != path and told["status"] != "unsolved"),
        )
    return marks


def rank(points: float, status: str) -> tuple[float, bool, bool]:
    """Of two files for one exercise the larger counts: an attempt says more than a starter beside it."""
    return points, status == "passed", status != "unsolved"


def row_of(student: Student, marks: Mapping[str, Mark], remarks: Sequence[Phrase]) -> Row:
    """The student's line in the tables."""
    statuses = {exercise: str(mark.result["status"]) for exercise, mark in marks.items()}
    mistakes = tuple(
        f"{exercise}/{name}" for exercise, mark in marks.items() for name in mark.result["mistakes"]
    )
    points = round(sum(float(mark.result["points"]) for mark in marks.values()), 4)
    return Row(
        student.id,
        student.name,
        student.late,
        statuses,
        points,
        mistakes,
        tuple(remarks),
        report_name(student),
    )


def report_name(student: Student) -> str:
    """A file name that every system takes, that can be read, and that nobody else has."""
    words = re.sub(r"[^\w]+", "-", one_line(student.name, 40)).strip("-_")
    return (
        f"{words or 'student'}-{hashlib.sha256(student.id.encode('utf-8', 'replace')).hexdigest()[:8]}.html"
    )


def blunders(rows: Iterable[Row]) -> list[Blunder]:
    """The known mistakes, most frequent first; of equals, that of the earlier exercise."""
    counts = Counter(mistake for row in rows for mistake in set(row.mistakes))
    found = [_blunder(name, n) for name, n in counts.items()]
    return sorted(found, key=lambda each: (-each.n_students, find(each.exercise).number, each.mistake))


def _blunder(name: str, n: int) -> Blunder:
    exercise, _, mistake = name.partition("/")
    topics = {known.id: known.topic for known in find(exercise).mistakes}
    return Blunder(exercise, mistake, n, topics.get(mistake, find(exercise).topics[0]))
