"""Numbers, vectors and matrices as text, as TeX and as tables: rounded to what a head can hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup, escape

THIN = "\u202f"  # a narrow space that does not break
KEPT = "\u00a0"  # a space that does not break
SHORT = 24  # letters of a vector that stays on one line
LEVELS = 9  # steps of the accent ramp in style.css: h0 .. h8
HUGE = 1e15  # from here on a float is no count of units: it is written as a power of ten


def decimals(values: Any, places: int) -> int:
    """The fewest decimals, at most `places`, that lose nothing which `places` would show.

    >>> decimals([0.5, 0.25], 4), decimals([1.0, -2.0], 4), decimals([1 / 3], 4)
    (2, 0, 4)
    """
    finite = np.asarray(values, dtype=float)
    finite = finite[np.abs(finite) < HUGE]
    with np.errstate(over="ignore"):
        return next(
            (n for n in range(places) if np.array_equal(np.round(finite, n), np.round(finite, places))),
            places,
        )


def number(value: Any, places: int = 4, group: bool = True) -> str:
    """One number with exactly so many decimals; no negative zero; long whole numbers in groups of three.

    >>> number(-0.00001, 2), number(float("-inf"), 2), number(65536).replace(THIN, "_"), number(-1e300)
    ('0.00', '-∞', '65_536', '-1e+300')
    """
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        whole = int(value)
        return f"{whole:,}".replace(",", THIN) if group and abs(whole) >= 10_000 else str(whole)
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "∞" if value > 0 else "-∞"
    if abs(value) >= HUGE:
        return f"{float(value):.3g}"
    if group and places == 0 and abs(value) >= 10_000:
        return number(round(value))
    text = f"{float(value):.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def num(value: Any, places: int = 4, group: bool = True) -> str:
    """A number, or an array as a list: the same number of decimals everywhere, as few as lose nothing.

    >>> num(0.5), num([0.09, 0.2447]), num(np.eye(2))
    ('0.5', '[0.0900, 0.2447]', '[[1, 0], [0, 1]]')
    """
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    shown = decimals(array, places) if array.dtype.kind == "f" else 0
    return _nested(array, lambda item: number(item, shown, group))


def prose(value: Any, places: int = 4) -> str:
    """What stands for a value in a sentence: num with a minus as long as a plus, a table as a small matrix.

    A short vector stays on one line.

    >>> prose(-0.5), prose(np.array([1, -2])).replace(KEPT, "_"), str(prose(np.eye(2)))[:33]
    ('−0.5', '[1,_−2]', '<span class="grid" style="--n:2">')
    """
    if isinstance(value, str):
        return value
    if np.ndim(value) != 2 or 0 in np.shape(value):
        words = num(value, places).replace("-", "−")
        return words.replace(" ", KEPT) if len(words) <= SHORT else words
    table = np.asarray(value)
    shown = decimals(table, places) if table.dtype.kind == "f" else 0
    cells = "".join(f"<span>{_text(item, shown)}</span>" for item in table.flat)
    return Markup(f'<span class="grid" style="--n:{table.shape[1]}">{cells}</span>')


def _nested(array: Any, show: Callable[[Any], str]) -> str:
    if array.ndim == 0:
        return show(array[()])
    return "[" + ", ".join(_nested(row, show) for row in array) + "]"


def tex(value: Any, places: int = 4) -> str:
    """For use inside $...$: a number, a vector as (1, 2), a table as a matrix."""
    array = np.atleast_1d(np.asarray(value))
    shown = decimals(array, places) if array.dtype.kind == "f" else 0
    cells = [
        [number(item, shown).replace("∞", r"\infty").replace(THIN, r"\,") for item in row]
        for row in np.atleast_2d(array)
    ]
    if np.ndim(value) == 0:
        return cells[0][0]
    if np.ndim(value) == 1:
        return r"(" + r",\; ".join(cells[0]) + ")"
    return r"\begin{pmatrix}" + r" \\ ".join(" & ".join(row) for row in cells) + r"\end{pmatrix}"


def shape(value: Any) -> str:
    """The shape of an array, or a tuple of sizes, as Python writes it without the odd comma of one axis.

    >>> shape(np.ones((5, 4))), shape((3,))
    ('(5, 4)', '(3,)')
    """
    return str(tuple(value) if isinstance(value, tuple | list) else tuple(np.shape(value)))


def matrix(
    value: Any,
    places: int = 2,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    down: str = "",
    across: str = "",
    mark: Any = (),
    heat: bool = False,
    hide: Any = (),
) -> Markup:
    """A matrix in brackets, with what its rows and columns mean.

    `rows` and `columns` label them one by one, `down` and `across` as a whole. `mark` highlights cells and
    `hide` replaces them by a question mark: pairs (row, column), with None for "all", or a boolean array.
    `heat` colours by size: the cells are weights between 0 and 1.
    """
    table = np.atleast_2d(np.asarray(value))
    shown = decimals(table, places) if table.dtype.kind == "f" else 0
    marked, hidden = _cells(mark, table.shape), _cells(hide, table.shape)
    head = []
    if across:
        corner = (
            f'<th class="axis">{escape(down)} ↓</th>'
            if down and len(rows)
            else "<th></th>"
            if len(rows)
            else ""
        )
        head.append(f'<tr>{corner}<th class="axis" colspan="{table.shape[1]}">{escape(across)} →</th></tr>')
    if len(columns):
        names = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
        head.append(f"<tr>{'<th></th>' if len(rows) else ''}{names}</tr>")
    body = []
    for i, row in enumerate(table):
        cells = [
            _cell(item, shown, heat, bool(marked[i, j]), bool(hidden[i, j])) for j, item in enumerate(row)
        ]
        label = f'<th scope="row">{escape(rows[i])}</th>' if len(rows) else ""
        body.append(f"<tr>{label}{''.join(cells)}</tr>")
    name = "matrix heat" if heat else "matrix"
    top = f"<thead>{''.join(head)}</thead>" if head else ""
    return Markup(
        f'<div class="figure"><table class="{name}">{top}<tbody>{"".join(body)}</tbody></table></div>'
    )


def _cells(places: Any, size: tuple[int, ...]) -> Any:
    """Pairs (row, column) or a boolean array as a boolean array."""
    chosen = np.zeros(size, dtype=bool)
    if isinstance(places, np.ndarray):
        return np.broadcast_to(places.astype(bool), size)
    pairs = [places] if len(places) == 2 and not isinstance(places[0], tuple | list) else places
    for row, column in pairs:
        chosen[slice(None) if row is None else row, slice(None) if column is None else column] = True
    return chosen


def _cell(item: Any, shown: int, heat: bool, marked: bool, hidden: bool) -> str:
    names = []
    if heat and not hidden:
        names.append(f"h{level(0.75 if item is np.True_ or item is True else float(item))}")
    if marked:
        names.append("mark")
    if hidden:
        names.append("hole")
    text = "?" if hidden else _text(item, shown)
    attribute = f' class="{" ".join(names)}"' if names else ""
    return f"<td{attribute}>{text}</td>"


def _text(item: Any, shown: int) -> str:
    if isinstance(item, bool | np.bool_):
        return "✓" if item else ""
    return number(item, shown).replace("-", "−")


def level(weight: float) -> int:
    """The step of the accent ramp for a weight between 0 and 1."""
    return 0 if not np.isfinite(weight) else round(min(max(weight, 0.0), 1.0) * (LEVELS - 1))
