"""Small inputs for reference functions, drawn from their annotations: every axis another size."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference.shapes import Array, Shape, shapes_of

# Sizes that read well; an axis without an entry gets the smallest one that is free.
USUAL = {
    "batch": 2, "heads": 3, "queries": 5, "tokens": 5, "keys": 7, "d_k": 4, "d_v": 6, "d_head": 4,
    "d_model": 12, "n_heads": 3, "d_query": 8, "d_key": 6, "d_hidden": 9, "d_memory": 10, "d_ff": 16,
    "vocabulary": 11,
}  # fmt: skip


@functools.cache
def _signature(function: Callable[..., Any]) -> tuple[Mapping[str, inspect.Parameter], Mapping[str, Shape]]:
    return inspect.signature(function).parameters, shapes_of(function)


class Samples:
    """Draws arguments; sizes are handed out once per axis name and never twice."""

    def __init__(
        self, rng: np.random.Generator, sizes: Mapping[str, int] | None = None, largest: int = 3
    ) -> None:
        self.rng = rng
        self.sizes = dict(sizes or {})
        self.given = set(self.sizes)
        self.largest = largest

    def size(self, axis: str) -> int:
        if axis not in self.sizes:
            taken = set(self.sizes.values())
            usual = USUAL.get(axis)
            self.sizes[axis] = (
                usual if usual and usual not in taken else next(n for n in range(2, 99) if n not in taken)
            )
        return self.sizes[axis]

    def array(self, shape: Shape) -> Array:
        """Small integers as floats; a batch axis only where `sizes` has one."""
        axes = [axis.lstrip("#*") for axis in shape.axes]
        dims = [
            int(axis) if axis.isdigit() else self.size(axis)
            for axis, word in zip(axes, shape.axes, strict=True)
            if not word.startswith("*") or axis in self.given
        ]
        if shape.kind == "Bool":
            return self.rng.integers(0, 2, dims).astype(bool)
        drawn = self.rng.integers(0, self.largest + 1, dims)
        return drawn.astype(float) if shape.kind == "Float" else drawn

    def arguments(self, function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments by name: those given, the rest from annotations. Defaults stay defaults."""
        plain = inspect.unwrap(function)
        parameters, shapes = _signature(plain)
        drawn: dict[str, Any] = {}
        for name, parameter in parameters.items():
            if name in given:
                drawn[name] = given[name]
            elif parameter.default is not inspect.Parameter.empty:
                continue
            elif name in shapes:
                drawn[name] = self.array(shapes[name])
            else:
                drawn[name] = self._weights(plain, name, parameter)
        return drawn

    def _weights(self, function: Callable[..., Any], name: str, parameter: inspect.Parameter) -> Any:
        """A named tuple of arrays."""
        kind = function.__globals__.get(str(parameter.annotation))
        if kind is None or not hasattr(kind, "_fields"):
            raise ValueError(f"say what {name} of {function.__name__} is: add it to `arguments`")
        return kind(**{field: self.array(shape) for field, shape in shapes_of(kind).items()})

    def probe(self, function: Callable[..., Any], expressions: Mapping[str, str]) -> dict[str, Any]:
        """Arguments as a probe of the catalog describes them: drawn first, then what its expressions say.

        An expression may use the sizes, the arguments, rng, np, the reference, random_mask and empty_row.
        """
        from deck.world import World

        plain = inspect.unwrap(function)
        world = World("en")
        world.names.update(rng=self.rng, random_mask=self.random_mask, empty_row=empty_row)
        given: dict[str, Any] = {}
        parameters, shapes = _signature(plain)
        for name in parameters:
            if name in expressions and name not in shapes:
                world.names.update(self.sizes)
                given[name] = world.value(expressions[name])
        arguments = self.arguments(function, given)
        for name, expression in expressions.items():
            if name not in given:
                world.names.update({**self.sizes, **arguments})
                arguments[name] = world.value(expression)
        order = list(parameters)
        return dict(sorted(arguments.items(), key=lambda item: order.index(item[0])))

    def random_mask(self, *dims: int) -> Array:
        """Some allowed, some not, at least one a row."""
        mask = self.rng.integers(0, 2, dims).astype(bool)
        mask[..., 0] = True
        return mask


def empty_row(mask: Array) -> Array:
    """The same mask, whose first query may attend to nothing."""
    emptied = mask.copy()
    emptied[..., 0, :] = False
    return emptied
