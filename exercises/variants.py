"""Variants: the reference with known mistakes in it, as the edits of the catalog make it."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from exercises.catalog import Exercise, find, is_listed, reference_functions
from reference.anatomy import AnatomyError, edited, source_of

__all__ = ["Functions", "Variant", "variants"]

Functions = Mapping[str, Callable[..., Any]]


class Variant(NamedTuple):
    """The reference with mistakes in it; `changed` are the functions that the edits touch."""

    mistakes: frozenset[str]
    edits: tuple[Mapping[str, str], ...]
    functions: Functions
    changed: frozenset[str]


def variants(exercise: Exercise, size: int) -> Iterator[Variant]:
    """The reference with so many mistakes at once, in all alternatives whose edits go together."""
    if is_listed(exercise):
        return iter(_all_variants(exercise.id, size))
    return _made_variants(exercise, size)


@functools.lru_cache(maxsize=64)
def _all_variants(exercise_id: str, size: int) -> _Remembered:
    return _Remembered(_made_variants(find(exercise_id), size))


class _Remembered:
    """An iterable that makes each item once, when it is first asked for, whoever else is asking."""

    def __init__(self, source: Iterator[Variant]) -> None:
        self.source, self.made = source, list[Variant]()
        self.lock = threading.Lock()

    def __iter__(self) -> Iterator[Variant]:
        for n in itertools.count():
            with self.lock:
                if n == len(self.made):
                    new = next(self.source, None)
                    if new is None:
                        return
                    self.made.append(new)
            yield self.made[n]


def _made_variants(exercise: Exercise, size: int) -> Iterator[Variant]:
    functions = [*reference_functions(exercise).values()]
    before = {function.__name__: source_of(function) for function in functions}
    for mistakes in itertools.combinations(exercise.mistakes, size):
        for edits in itertools.product(*[mistake.edits for mistake in mistakes]):
            try:
                made = edited(functions, *edits)
            except AnatomyError:
                if size == 1:
                    raise
                continue
            changed = frozenset(name for name, each in made.items() if source_of(each) != before[name])
            yield Variant(frozenset(mistake.id for mistake in mistakes), edits, made, changed)
