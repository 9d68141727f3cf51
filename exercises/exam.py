"""An exam: the questions of one seed, and what the reference and its known mistakes answer to them.

Nothing in it needs an attempt. Whatever is asked for is worked out then and kept; `ahead` works it out
before: while a learner types, there is time for what would otherwise delay the verdict.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from exercises.behaviour import Behaviour, run
from exercises.catalog import Exercise, reference_functions
from exercises.judge import Tolerance, tolerance_for
from exercises.portable import as_call, live
from exercises.probes import SMALL, Probe, bases, probes_of, smaller
from exercises.sandbox import encoded
from exercises.variants import variants
from exercises.views import VIEWS
from exercises.wire import Named
from reference.anatomy import AnatomyError, lasting

__all__ = ["Exam", "leading", "new_seed"]

Function = Callable[..., Any]
T = TypeVar("T")


def new_seed() -> int:
    """A seed that nobody could foresee, short enough to be typed."""
    return secrets.randbelow(10_000)


class Exam:
    """The questions to one attempt, or to all of a class that sit the same."""

    def __init__(self, exercise: Exercise, seed: int | None = None) -> None:
        self.exercise = exercise
        self.seed = new_seed() if seed is None else seed
        self.reference = reference_functions(exercise)
        self.view = VIEWS[exercise.view] if exercise.view else None
        # by what is asked of which function and probe; the probe is kept, since its id must stay its own
        self._known: dict[tuple[object, ...], tuple[Probe, Any]] = {}

    @functools.cached_property
    def probes(self) -> Mapping[str, Sequence[Probe]]:
        """The calls to each function."""
        return probes_of(self.exercise, self.seed)

    def arguments(self, probe: Probe) -> Mapping[str, bytes]:
        """The arguments as they travel."""
        return self._kept(probe, "arguments", lambda: encoded(probe.arguments))

    def tolerance(self, probe: Probe) -> Tolerance:
        """How far a result may be off there."""
        return self._kept(probe, "tolerance", lambda: tolerance_for(probe.arguments))

    def behaviour(self, function: Function, probe: Probe) -> Behaviour:
        """What the reference, or a variant of it, does on a probe."""
        return self._kept(probe, function, lambda: run(function, probe, self.view))

    def steps(self, function: Function, probe: Probe) -> Mapping[str, Any]:
        """The reference's steps in a call; fewer where a loop runs again: its last pass is not its first."""
        return self._kept(probe, ("steps", function), lambda: _steps(function, probe))

    def rows(self, name: str, probe: Probe, size: int) -> tuple[list[Function], Any]:
        """Variants with so many mistakes, and the first array that each returns, as rows of one table.

        Those alone that return an array of the reference's shape, and finite numbers in it.
        """
        return self._kept(probe, ("rows", size), lambda: self._rows(name, probe, size))

    def _rows(self, name: str, probe: Probe, size: int) -> tuple[list[Function], Any]:
        right = leading(self.behaviour(self.reference[name], probe).value)
        functions = [variant.functions[name] for variant in variants(self.exercise, size)]
        values = [leading(self.behaviour(function, probe).value) for function in functions]
        kept = [
            (function, value.ravel())
            for function, value in zip(functions, values, strict=True)
            if right is not None and value is not None and value.shape == right.shape
        ]
        return [function for function, _ in kept], np.array([row for _, row in kept], np.float64)

    def smaller(self, function: Function, probe: Probe, level: int) -> Sequence[Probe]:
        """The same call with few small whole numbers, with more of them at each level."""
        return self._kept(probe, ("smaller", level), lambda: [*smaller(function, probe, SMALL[level])])

    def ahead(self) -> Iterator[None]:
        """Work out what any attempt needs, then what wrong ones need; a piece each time one is asked for."""
        for name, function in self.reference.items():
            for probe in self.probes[name]:
                self._prepare(function, probe)
                yield
        for name, function in self.reference.items():
            for base in bases(self.probes[name]):
                for probe in self.smaller(function, base, 0):
                    self._prepare(function, probe)
                yield
        most = max(map(len, self.probes.values()))
        for size, n_probes in ((1, 1), (1, most), (2, 1)):  # the first probe rules most mistakes out
            for variant in variants(self.exercise, size):
                for name, function in variant.functions.items():
                    for probe in self.probes[name][:n_probes]:
                        self.behaviour(function, probe)
                        yield
            for name, probes in self.probes.items():
                self.rows(name, probes[0], size)
                yield

    def _prepare(self, function: Function, probe: Probe) -> None:
        self.arguments(probe)
        self.tolerance(probe)
        self.behaviour(function, probe)

    def _kept(self, probe: Probe, what: object, make: Callable[[], T]) -> T:
        key = (what, id(probe))
        if key not in self._known:
            self._known[key] = (probe, make())
        found: T = self._known[key][1]
        return found


def leading(value: Any) -> Any:
    """The first array of a result, if it holds finite floats; else None."""
    while isinstance(value, Named | tuple | list):
        value = next(iter(value.fields.values() if isinstance(value, Named) else value), None)
    is_array = isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size
    return value if is_array and np.isfinite(value).all() else None


def _steps(function: Function, probe: Probe) -> Mapping[str, Any]:
    spread, named = as_call({name: live(value) for name, value in probe.arguments.items()})
    try:
        with np.errstate(all="ignore"):
            return lasting(function, *spread, **named)
    except (AnatomyError, ValueError, TypeError, IndexError):
        return {}
