"""The pages of a class: one for the teacher, one a student. Each is one file and needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from exercises.catalog import find
from exercises.classroom.marks import Blunder, Mark, Row, blunders
from exercises.classroom.students import Student
from exercises.language import Language
from exercises.reports.html import PAGE
from exercises.reports.wording import say
from exercises.untrusted import one_line
from exercises.verdict import Phrase

__all__ = ["class_page", "student_page"]

CLASS_PAGE = Path(__file__).with_name("page.html")
AT_ONCE = 10  # mistakes to be seen without unfolding
MARKS = {"passed": "✓", "unsolved": "·", "": ""}


# ---------------------------------------------------------------- the class


def class_page(rows: Sequence[Row], exercises: Sequence[str], language: Language) -> str:
    """What the class gets wrong, then who has solved what."""
    tried = {
        name: sum(row.statuses.get(name, "unsolved") != "unsolved" for row in rows) for name in exercises
    }
    ranked = blunders(rows)
    names = _names(rows)
    return Template(CLASS_PAGE.read_text(encoding="utf-8")).substitute(
        lang=language.code,
        title=escape(language.say("class.title")),
        summary=escape(summary(rows, exercises, language)),
        wrong=escape(language.say("class.wrong")),
        wrong_how=escape(language.say("class.wrong_how" if ranked else "class.wrong_none")),
        blunders=_folded(
            [_blunder(each, tried[each.exercise], len(rows), language) for each in ranked], language
        ),
        who=escape(language.say("class.who")),
        legend=escape(language.say("class.legend")),
        head=_head(rows, exercises, language),
        rows="\n".join(_row(row, names[row.id], exercises, language) for row in rows),
        remarks=_remarks_of_all(rows, names, language),
    )


def summary(rows: Sequence[Row], exercises: Sequence[str], language: Language) -> str:
    """How the class does, in a sentence."""
    n_passed = sum(row.passed for row in rows)
    share = n_passed / max(1, len(rows) * len(exercises))
    return language.say(
        "class.summary", n=len(rows), exercises=len(exercises), passed=n_passed, percent=100 * share
    )


def _folded(items: Sequence[str], language: Language) -> str:
    """The first few, and the rest to unfold."""
    shown = f"<ol>{''.join(items[:AT_ONCE])}</ol>"
    if len(items) <= AT_ONCE:
        return shown
    more = escape(language.say("class.more", n=len(items) - AT_ONCE))
    return f"{shown}<details><summary>{more}</summary><ol>{''.join(items[AT_ONCE:])}</ol></details>"


def _blunder(blunder: Blunder, n_tried: int, n_students: int, language: Language) -> str:
    """One mistake: how many made it, what it is, what to review."""
    known = {mistake.id: mistake for mistake in find(blunder.exercise).mistakes}
    text = known[blunder.mistake].text[language.code].strip() if blunder.mistake in known else blunder.mistake
    count = language.say("class.of_tried", n=blunder.n_students, total=n_tried)
    review = escape(language.say("class.review"))
    share = 100 * blunder.n_students / n_students
    return (
        f'<li><div class="bar" style="width: {share:.1f}%"></div>'
        f"<p><b>{escape(count)}</b> <code>{escape(blunder.exercise)}</code> {escape(blunder.mistake)}</p>"
        f"<p>{escape(text)}</p>"
        f'<p class="quiet">{review} <code>tag:byheart::{escape(blunder.topic)}</code></p></li>'
    )


def _head(rows: Sequence[Row], exercises: Sequence[str], language: Language) -> str:
    """The names of the exercises, and under each how many have solved it."""
    cells = []
    for name in exercises:
        exercise = find(name)
        n = sum(row.statuses.get(name) == "passed" for row in rows)
        title = escape(exercise.say(language.code).title)
        cells.append(f'<th scope="col" title="{title}"><span>{escape(name)}</span><i>{n}</i></th>')
    student, points = escape(language.say("class.student")), escape(language.say("class.points"))
    return (
        f'<tr><th scope="col" class="name">{student}</th><th scope="col">{points}</th>{"".join(cells)}</tr>'
    )


def _names(rows: Sequence[Row]) -> Mapping[str, str]:
    """What to show for each student's id: the name, and the id too where others have the same name."""
    shared = Counter(row.name for row in rows)
    return {row.id: _name(row, shared[row.name] > 1) for row in rows}


def _name(row: Row, is_shared: bool) -> str:
    """Apart from the text around it: it may run from right to left."""
    which = f' <i class="quiet">({escape(one_line(row.id, 120))})</i>' if is_shared else ""
    return f"<bdi>{escape(one_line(row.name, 120))}</bdi>{which}"


def _row(row: Row, name: str, exercises: Sequence[str], language: Language) -> str:
    cells = "".join(_cell(row, name, language) for name in exercises)
    late = f' <i class="quiet">{escape(language.say("class.late"))}</i>' if row.late else ""
    link = f'<a href="reports/{quote(row.report)}">{name}</a>'
    return f'<tr><th scope="row" class="name">{link}{late}</th><td>{row.points:g}</td>{cells}</tr>'


def _cell(row: Row, exercise: str, language: Language) -> str:
    status = row.statuses.get(exercise, "")
    if not status:
        return "<td></td>"
    mistakes = [name.partition("/")[2] for name in row.mistakes if name.startswith(f"{exercise}/")]
    title = f"{exercise}: {', '.join(mistakes) or language.say(f'status.{status}')}"
    return f'<td class="{status}" title="{escape(title)}">{MARKS.get(status, "✗")}</td>'


def _remarks_of_all(rows: Sequence[Row], names: Mapping[str, str], language: Language) -> str:
    """Whatever could not be read, each a line."""
    lines = [
        f"<li><b>{names[row.id]}</b> {escape(say(remark, language))}</li>"
        for row in rows
        for remark in row.remarks
    ]
    return f"<h2>{escape(language.say('class.remarks'))}</h2><ul>{''.join(lines)}</ul>" if lines else ""


# ---------------------------------------------------------------- one student


def student_page(
    student: Student,
    marks: Mapping[str, Mark],
    remarks: Sequence[Phrase],
    n_exercises: int,
    language: Language,
) -> str:
    """The student's own report, in their language."""
    n = sum(mark.result["status"] == "passed" for mark in marks.values())
    told = [f"<p>{escape(say(remark, language))}</p>" for remark in remarks]
    told += [_section(exercise, mark, language) for exercise, mark in marks.items()]
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        lang=language.code,
        title=escape(one_line(student.name, 200)),
        summary=escape(language.say("report.summary", passed=n, total=n_exercises)),
        sections="\n".join(told),
    )


def _section(exercise: str, mark: Mark, language: Language) -> str:
    section = str(mark.result["section"]) or (
        f'<section class="other" id="{escape(exercise)}"><h2>{escape(exercise)}</h2>'
        f"<pre>{escape(str(mark.result['message']))}</pre></section>"
    )
    if not mark.others:
        return section
    others = ", ".join(one_line(path, 200) for path in mark.others)
    chosen = language.say("class.best_of", file=one_line(mark.file, 200), others=others)
    return f"{section}\n<p>{escape(chosen)}</p>"
