"""Patterns: what a teacher would point at when two arrays differ; transposed, twice as large, one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from exercises.verdict import Phrase

__all__ = ["facet_pattern", "patterns_of"]

# facets that can be to blame when an attempt fails with them only
TELLING = ("empty-rows", "float32", "batches", "large", "tiny", "integers", "masks", "square")
NOT_WITHOUT = ("masks", "batches")


def patterns_of(expected: Any, got: Any, mask: Any = None) -> tuple[Phrase, ...]:
    """The patterns that fit, most telling first. `mask` is the call's, True where attending is allowed."""
    if not (isinstance(expected, np.ndarray) and isinstance(got, np.ndarray)):
        return ()
    if expected.dtype.kind not in "fiub" or got.dtype.kind not in "fiub" or not expected.size or not got.size:
        return ()
    with np.errstate(all="ignore"):
        return tuple(_patterns(expected.astype(np.float64), got.astype(np.float64), mask))


def _patterns(expected: Any, got: Any, mask: Any) -> Iterator[Phrase]:
    if expected.ndim >= 2 and _same(got, np.swapaxes(expected, -1, -2)):
        yield Phrase("pattern.transposed")
    if got.shape != expected.shape:
        return
    wrong = ~_close(expected, got)
    if not wrong.any():
        return
    yield from _rows_and_masks(expected, got, wrong, mask, ("pattern.only-empty-rows",))
    strange = wrong & np.isnan(got)
    if strange.any():
        yield Phrase("pattern.nan", {"count": int(strange.sum())})
        return
    yield from _arithmetic(expected, got)
    yield from _columns(expected, got)
    yield from _orders(expected, got)
    yield from _rows_and_masks(expected, got, wrong, mask, ("pattern.only-masked", "pattern.only-allowed"))
    yield from _places(wrong)
    yield from _sums(expected, got)


def _arithmetic(expected: Any, got: Any) -> Iterator[Phrase]:
    """One number explains all: a factor, a sign, an offset."""
    if expected.size < 2 or not np.any(expected != expected.flat[0]):
        return
    square = float(np.sum(expected * expected, where=np.isfinite(expected)))
    factor = float(np.sum(expected * got, where=np.isfinite(expected) & np.isfinite(got))) / (square or 1.0)
    if factor and _same(got, factor * expected):
        negative = abs(factor + 1) < 1e-6
        yield Phrase("pattern.sign") if negative else Phrase("pattern.factor", {"factor": factor})
    finite = np.isfinite(expected)
    offset = float(np.mean(got[finite] - expected[finite])) if finite.any() else 0.0
    if offset and np.isfinite(offset) and _same(got, expected + offset):
        yield Phrase("pattern.offset", {"offset": offset})


def _columns(expected: Any, got: Any) -> Iterator[Phrase]:
    """Weights that sum to 1 in the wrong direction."""
    if expected.ndim < 2 or expected.shape[-2] < 2:
        return
    rows = expected.sum(axis=-1)
    if _same(rows, np.ones_like(rows)) and _same(got.sum(axis=-2), np.ones_like(got.sum(axis=-2))):
        yield Phrase("pattern.columns-sum", {"expected": 1.0})


def _orders(expected: Any, got: Any) -> Iterator[Phrase]:
    """The right values in other places along one axis."""
    for axis in range(-1, -min(expected.ndim, 3) - 1, -1):
        n = expected.shape[axis]
        one, other = np.moveaxis(expected, axis, 0), np.moveaxis(got, axis, 0)
        if n < 2:
            continue
        if n > 2 and _same(other, one[::-1]):
            yield Phrase("pattern.reversed", {"axis": axis})
        for by in (1, -1):
            there, here = (other[by:], one[:-by]) if by > 0 else (other[:by], one[-by:])
            if n > 2 and _same(there, here) and not _constant(here):
                yield Phrase("pattern.shifted", {"axis": axis, "by": by})
        if _same(_sorted(one), _sorted(other)):
            yield Phrase("pattern.permuted", {"axis": axis})


def _sorted(slices: Any) -> Any:
    flat = slices.reshape(len(slices), -1)
    rounded = flat.round(9)
    flat = np.where(np.isfinite(rounded), rounded, flat)  # rounding makes the largest numbers infinite
    return flat[np.lexsort(flat.T[::-1])]


def _constant(array: Any) -> bool:
    return bool(np.all(array == array.flat[0]))


def _rows_and_masks(expected: Any, got: Any, wrong: Any, mask: Any, keys: Sequence[str]) -> Iterator[Phrase]:
    """Where the mask draws the line; its last axes are queries and keys, or it says nothing here."""
    if mask is None or mask.ndim < 2 or expected.ndim < 2:
        return
    empty = ~mask.any(axis=-1, keepdims=True)
    tests: list[tuple[str, Callable[[], Any]]] = [
        ("pattern.only-empty-rows", lambda: np.broadcast_to(empty, expected.shape)),
        ("pattern.only-masked", lambda: np.broadcast_to(~mask, expected.shape)),
        ("pattern.only-allowed", lambda: np.broadcast_to(mask, expected.shape)),
    ]
    for key, region in tests:
        try:
            inside = region() if key in keys else None
        except ValueError:  # other axes than those of the mask
            continue
        if inside is not None and inside.any() and not inside.all() and not np.any(wrong & ~inside):
            yield Phrase(key)


def _places(wrong: Any) -> Iterator[Phrase]:
    if wrong.size > 2 and wrong.sum() == 1:
        yield Phrase("pattern.one-number", {"index": tuple(int(i) for i in np.argwhere(wrong)[0])})
    if wrong.ndim >= 2 and wrong.shape[-2] > 2:
        rows = np.moveaxis(wrong, -2, 0).reshape(wrong.shape[-2], -1).any(axis=1)
        if rows[0] and not rows[1:].any():
            yield Phrase("pattern.first-row")
        if rows[-1] and not rows[:-1].any():
            yield Phrase("pattern.last-row")


def _sums(expected: Any, got: Any) -> Iterator[Phrase]:
    rows, other = expected.sum(axis=-1), got.sum(axis=-1)
    if (
        expected.ndim
        and expected.shape[-1] > 1
        and _same(rows, np.ones_like(rows))
        and not _same(rows, other)
    ):
        worst = np.asarray(other).flat[int(np.argmax(np.abs(np.asarray(other - rows))))]
        yield Phrase("pattern.rows-sum", {"expected": 1.0, "got": float(worst)})


def _close(one: Any, other: Any) -> Any:
    around = float(np.max(np.abs(one), where=np.isfinite(one), initial=0.0))
    near = np.abs(one - other) <= 1e-6 * np.abs(one) + 1e-9 * around
    return (near & np.isfinite(one)) | (one == other) | (np.isnan(one) & np.isnan(other))


def _same(one: Any, other: Any) -> bool:
    return one.shape == other.shape and bool(np.all(_close(np.asarray(one), np.asarray(other))))


def facet_pattern(checks: Sequence[tuple[frozenset[str], bool]]) -> Phrase | None:
    """Whether just the checks with (or without) some facet failed. `checks`: facets and success of each."""
    failed = [facets for facets, passed in checks if not passed]
    passed = [facets for facets, ok in checks if ok]
    if not failed or len(passed) < 2:
        return None
    for facet in TELLING:
        if all(facet in facets for facets in failed) and not any(facet in facets for facets in passed):
            return Phrase("pattern.only-with", {"facet": facet})
    for facet in NOT_WITHOUT:
        if not any(facet in facets for facets in failed) and all(facet in facets for facets in passed):
            return Phrase("pattern.only-without", {"facet": facet})
    return None
