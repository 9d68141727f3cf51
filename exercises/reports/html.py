"""A web page in one file: every verdict, and small pictures of where matrices differ."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import numpy as np

from exercises.catalog import find
from exercises.language import Language
from exercises.paper import plain
from exercises.reports import text
from exercises.reports.excerpt import differences
from exercises.untrusted import one_line
from exercises.verdict import Evidence, Verdict

Matrix = np.ndarray[Any, Any]


class Size(NamedTuple):
    """Pixels a matrix entry."""

    width: int
    height: int


WIDE, NARROW = Size(54, 26), Size(18, 18)
MOST_WRITTEN = 9  # columns with numbers in them
MOST = 24  # rows and columns shown

PAGE = Path(__file__).with_name("page.html")


def render(verdicts: list[Verdict], language: Language) -> str:
    """The page as text."""
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        lang=language.code,
        title=escape(language.say("report.html_title")),
        summary=escape(plain([text.summary(verdicts, language)]).strip()),
        sections="\n".join(section(verdict, language) for verdict in verdicts),
    )


def section(verdict: Verdict, language: Language) -> str:
    """One verdict on the page: its screen, and pictures where there are matrices."""
    kind = "passed" if verdict.status == "passed" else "other"
    title = find(verdict.exercise).say(language.code).title
    words = plain(text.report(verdict, language, 96)[2:])
    evidence = verdict.culprit.evidence if verdict.culprit else None
    return (
        f'<section class="{kind}" id="{escape(verdict.exercise)}">\n'
        f"<h2>{escape(verdict.exercise)}</h2>\n"
        f"<p>{escape(title)} · {escape(one_line(verdict.file))}</p>\n"
        f"<pre>{escape(words)}</pre>\n{_pictures(evidence, language) if evidence else ''}</section>"
    )


# ---------------------------------------------------------------- pictures


def _pictures(evidence: Evidence, language: Language) -> str:
    """Expected and yours side by side, and where they differ; nothing where there is no matrix to draw."""
    pair = _matrices(evidence.expected, evidence.got)
    if pair is None:
        return ""
    wanted, came = pair
    scale = float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0)) or 1.0
    if wanted.shape != came.shape:
        return _figure(language.say("report.expected"), _heat(wanted, scale)) + _figure(
            language.say("report.yours"), _heat(came, scale)
        )
    wrong = differences(wanted, came)
    return _figure(language.say("report.expected"), _heat(wanted, scale)) + _figure(
        f"{language.say('report.yours')} ({language.say('report.html_difference')})",
        _heat(came, scale, wrong),
    )


def _figure(caption: str, picture: str) -> str:
    return f"<figure>{picture}<figcaption>{escape(caption)}</figcaption></figure>\n"


def _matrices(expected: Any, got: Any) -> tuple[Matrix, Matrix] | None:
    """The first pair of matrices that differ, as floats, cut to what can be drawn."""
    if isinstance(expected, tuple) and isinstance(got, tuple | list):
        pairs = [
            pair
            for one, other in zip(expected, got, strict=False)
            if (pair := _matrices(one, other)) is not None
        ]
        unequal = (pair for pair in pairs if pair[0].shape != pair[1].shape or bool(differences(*pair).any()))
        return next(unequal, pairs[0] if pairs else None)
    if not all(
        type(value) is np.ndarray and value.dtype.kind in "biuf" and value.size for value in (expected, got)
    ):
        return None
    return _slice(expected, got)


def _slice(expected: Matrix, got: Matrix) -> tuple[Matrix, Matrix]:
    """The last two axes, at the first place on the others where the arrays differ."""
    index: tuple[int, ...] = (0,) * max(expected.ndim - 2, 0)
    if expected.shape == got.shape and expected.ndim > 2:
        index = tuple(map(int, np.unravel_index(int(np.argmax(differences(expected, got))), expected.shape)))[
            :-2
        ]
    one = np.atleast_2d(expected[index])
    other = np.atleast_2d(got[index] if expected.shape == got.shape else got[(0,) * max(got.ndim - 2, 0)])
    return one[:MOST, :MOST].astype(np.float64), other[:MOST, :MOST].astype(np.float64)


def _heat(matrix: Matrix, scale: float, wrong: Matrix | None = None) -> str:
    """Orange above zero, blue below, stronger for larger; nan is hatched; what differs has a frame.

    Matrices of few columns have their numbers written in.
    """
    n_rows, n_columns = matrix.shape
    size = WIDE if n_columns <= MOST_WRITTEN else NARROW
    cells = [_cell(i, j, float(matrix[i, j]), scale, size) for i in range(n_rows) for j in range(n_columns)]
    marks = [_frame(i, j, size) for i, j in np.argwhere(wrong).tolist()] if wrong is not None else []
    width, height = n_columns * size.width + 2, n_rows * size.height + 2
    body = "".join(cells + marks)
    return f'<svg viewBox="-1 -1 {width} {height}" width="{width}" height="{height}" role="img">{body}</svg>'


def _cell(row: int, column: int, value: float, scale: float, size: Size) -> str:
    x, y = column * size.width, row * size.height
    strength = min(abs(value) / scale, 1.0) if not math.isnan(value) else 0.0
    colour = "warm" if value > 0 else "cold"
    fill = "" if math.isnan(value) else f' style="fill: rgba(var(--{colour}), {strength:.2f})"'
    place = f'x="{x}" y="{y}" width="{size.width}" height="{size.height}"'
    title = f"<title>[{row}, {column}] {value:.6g}</title>"
    box = f'<rect class="{"nan" if math.isnan(value) else "cell"}" {place}{fill}>{title}</rect>'
    if size is NARROW:
        return box
    ink = "over" if strength > 0.75 else "ink"
    middle = f'x="{x + size.width / 2:g}" y="{y + size.height / 2 + 4:g}"'
    return f'{box}<text class="{ink}" {middle}>{value:.3g}</text>'


def _frame(row: int, column: int, size: Size) -> str:
    x, y = column * size.width + 1, row * size.height + 1
    return f'<rect class="wrong" x="{x}" y="{y}" width="{size.width - 2}" height="{size.height - 2}"/>'
