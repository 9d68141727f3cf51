"""The place where two results differ, small enough to read: a few numbers of one row, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from exercises.judge import places_of
from exercises.untrusted import one_line
from exercises.wire import Callable_, Named, Opaque, Seed

N_NUMBERS = 6
RTOL, ATOL = 1e-6, 1e-9
SMALL = 24  # arrays up to this size are shown whole where the arguments were shrunk


class Excerpt(NamedTuple):
    """What to put side by side. `wrong`: which columns differ; `place` is "" where all is shown."""

    expected: tuple[str, ...]
    got: tuple[str, ...]
    wrong: tuple[bool, ...]
    place: str = ""
    part: str = ""  # "[0]" or ".k" where the result has several parts
    shapes_only: bool = False


def excerpt(expected: Any, got: Any) -> Excerpt:
    """The first place where they differ. Anything may have come from an attempt; nothing raises for it."""
    part = ""
    while (pairs := _pairs(expected, got)) and not _is_row(expected):
        differ = (i for test in (_differ, _other_kind) for i, pair in enumerate(pairs) if test(*pair))
        n = next(differ, None)
        if n is None:  # all that differs is what the parts are put in
            return Excerpt((_kind(expected)[0],), (_kind(got)[0],), (True,), part=part)
        expected, got, part = *pairs[n], f"{part}{places_of(expected)[n]}"
    if not _is_numbers(expected) or not _is_numbers(got):
        return Excerpt((describe(expected),), (describe(got),), (True,), part=part)
    wanted, came = np.asarray(expected), np.asarray(got)
    if wanted.shape != came.shape:
        return Excerpt((shape_text(wanted),), (shape_text(came),), (True,), part=part, shapes_only=True)
    return _row(wanted, came)._replace(part=part)


def _row(wanted: np.ndarray[Any, Any], came: np.ndarray[Any, Any]) -> Excerpt:
    """Up to six numbers of the row in which the first difference lies."""
    wrong = differences(wanted, came)
    if wanted.ndim == 0:
        texts = _pair(wanted.ravel(), came.ravel())
        return Excerpt((texts[0],), (texts[1],), (bool(wrong),))
    if wanted.size == 0:
        return Excerpt(("[]",), ("[]",), (False,))
    *row, column = map(int, np.unravel_index(int(np.argmax(wrong)), wanted.shape))
    first = min(max(0, column - 1), max(0, wanted.shape[-1] - N_NUMBERS)) if column >= N_NUMBERS else 0
    last = min(first + N_NUMBERS, wanted.shape[-1])
    cut: Any = (*row, slice(first, last))
    texts = _pair(wanted[cut], came[cut])
    n = last - first
    span = "" if n == wanted.shape[-1] else f"{first}:{last}"
    whole = not row and not span
    place = "" if whole else f"[{', '.join([*map(str, row), span or ':'])}]"
    return Excerpt(tuple(texts[:n]), tuple(texts[n:]), tuple(map(bool, wrong[cut])), place)


def differences(wanted: np.ndarray[Any, Any], came: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """True where arrays of one shape differ: visibly if anything does, else wherever they are not equal."""
    if wanted.dtype.kind in "biuf" and came.dtype.kind in "biuf":
        with np.errstate(all="ignore"):
            wrong: np.ndarray[Any, Any] = ~np.isclose(came, wanted, rtol=RTOL, atol=ATOL, equal_nan=True)
        if wrong.any():
            return wrong
    with np.errstate(all="ignore"):
        return np.asarray(wanted != came)


def _pairs(expected: Any, got: Any) -> list[tuple[Any, Any]]:
    """The parts of two results side by side; none where they do not have as many."""
    wanted, came = _parts(expected), _parts(got)
    return list(zip(wanted, came, strict=True)) if len(wanted) == len(came) else []


def _parts(value: Any) -> list[Any]:
    """What a tuple, a list or a named tuple is made of, the attempt's as well."""
    if isinstance(value, Named):
        return list(value.fields.values())
    return list(value) if isinstance(value, tuple | list) and not isinstance(value, Opaque) else []


def _is_row(value: Any) -> bool:
    """A list of numbers, tokens say, is read as a whole."""
    return type(value) is list and all(isinstance(each, int | float | np.generic) for each in value)


def _differ(wanted: Any, came: Any) -> bool:
    if _parts(wanted) or _parts(came):
        pairs = _pairs(wanted, came)
        return not pairs or any(_differ(*pair) for pair in pairs)
    if not _is_numbers(wanted) or not _is_numbers(came):
        return type(wanted) is not type(came) or wanted is not came
    one, other = np.asarray(wanted), np.asarray(came)
    return one.shape != other.shape or bool(differences(one, other).any())


def _other_kind(wanted: Any, came: Any) -> bool:
    """The same values, but 1.0 for 1, or a list for a tuple."""
    return _kind(wanted) != _kind(came)


def _kind(value: Any) -> tuple[str, ...]:
    """What a value is, and what its parts are."""
    if _is_numbers(value):
        return (str(np.asarray(value).dtype),)
    parts = [kind for part in _parts(value) for kind in _kind(part)]
    return ("tuple" if isinstance(value, Named | tuple) else type(value).__name__, *parts)


def _is_numbers(value: Any) -> bool:
    return isinstance(value, bool | int | float | np.generic) or (
        type(value) is np.ndarray and value.dtype.kind in "biuf"
    )


def _pair(wanted: np.ndarray[Any, Any], came: np.ndarray[Any, Any]) -> list[str]:
    """The numbers of both in one format; whole ones of two kinds as Python writes them, 7 and 7.0."""
    both = np.concatenate([wanted, came])
    if wanted.dtype.kind != came.dtype.kind and bool(np.all(both == np.round(both))):
        texts = [str(value) for value in [*wanted.tolist(), *came.tolist()]]
        width = max(map(len, texts))
        return [text.rjust(width) for text in texts]
    return _numbers(both)


def _numbers(values: np.ndarray[Any, Any]) -> list[str]:
    """All the numbers in one format, as short as it can be; the first half stands over the second."""
    if values.dtype.kind in "biu":
        texts = [str(value) for value in values.tolist()]
    else:
        texts = _floats(values.astype(np.float64))
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def _floats(values: np.ndarray[Any, Any]) -> list[str]:
    """So many digits that no two of a column look equal that are not."""
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max(initial=0.0))
    plain = largest == 0 or 1e-3 <= largest < 1e5
    with np.errstate(over="ignore"):
        over, under = np.split(values.round(12), 2)
    different = (over != under) & ~(np.isnan(over) & np.isnan(under))
    texts: list[str] = []
    for digits in (3, 4, 6, 9, 12):
        texts = [f"{value:.{digits}f}" if plain else f"{value:.{digits}e}" for value in values.tolist()]
        above, below = texts[: len(over)], texts[len(over) :]
        columns = zip(different, above, below, strict=True)
        if not any(differ and one == other for differ, one, other in columns):
            break
    return texts


# ---------------------------------------------------------------- in a word or two


def shape_text(array: np.ndarray[Any, Any]) -> str:
    return "(" + ", ".join(map(str, array.shape)) + ("," if array.ndim == 1 else "") + ")"


def describe(value: Any, whole: bool = False) -> str:
    """A value in a few words: arrays by shape (small ones `whole`, if asked), the rest as Python says."""
    if isinstance(value, Seed):
        return f"default_rng({value.seed})"
    if isinstance(value, Callable_):
        data = [f"{name} {describe(each, whole)}" for name, each in value.data.items()]
        return one_line("; ".join([value.source, *data]), 300)
    if isinstance(value, np.ndarray):
        if whole and value.size <= SMALL:
            return _all_of(value)
        kind = "" if value.dtype in (np.float64, np.bool_) else f" {value.dtype}"
        return shape_text(value) + kind
    if isinstance(value, Opaque):
        return one_line(value.type_name, 120)
    if isinstance(value, Named):
        return _named(value.type_name, value.fields, whole)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return _named(type(value).__name__, dict(zip(value._fields, value, strict=False)), whole)
    if isinstance(value, tuple | list):
        left, right = ("(", ")") if isinstance(value, tuple) else ("[", "]")
        return one_line(left + ", ".join(describe(each, whole) for each in value[:20]) + right, 300)
    if isinstance(value, np.generic):
        return str(value)
    if callable(value):
        return one_line(getattr(value, "__name__", type(value).__name__), 60)
    return one_line(repr(value), 120)


def _named(name: str, fields: Mapping[str, Any], whole: bool) -> str:
    inside = ", ".join(f"{field} {describe(value, whole)}" for field, value in fields.items())
    return one_line(f"{name}({inside})", 300)


def _all_of(array: np.ndarray[Any, Any]) -> str:
    """Every number of a small array, fit for np.array; whole numbers without a point, truth as 0 and 1."""
    plain = array.astype(int) if array.dtype.kind == "b" or _whole(array) else array
    with np.printoptions(precision=4, suppress=True, threshold=SMALL + 1, linewidth=10_000):
        text = " ".join(np.array2string(plain, separator=", ").split())
    kind = " bool" if array.dtype.kind == "b" else " float32" if array.dtype == np.float32 else ""
    for padded in ("[ ", " ]", " ,"):  # columns are lined up for a column, and here is a row
        text = text.replace(padded, padded.strip())
    return one_line(text + kind, 300)


def _whole(array: np.ndarray[Any, Any]) -> bool:
    return (
        array.dtype.kind == "f"
        and bool(np.all(np.isfinite(array)))
        and bool(np.all(array == np.round(array)))
    )


def arguments_text(arguments: Mapping[str, Any], whole: bool) -> list[str]:
    """One piece an argument: "q (5, 4)", "mask None"."""
    return [f"{one_line(name, 40)} {describe(value, whole)}" for name, value in arguments.items()]
