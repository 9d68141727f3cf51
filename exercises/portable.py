"""Arguments that are the same on both sides: in the attempt's process and here.

A generator travels as its seed, a function as its source with data; `live` makes them, and copies arrays,
so that no call can spoil the next one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from exercises.wire import Callable_, Seed

__all__ = ["arrays_in", "as_call", "each_float", "function", "live", "redrawn"]

Function = Callable[..., Any]
MAX_CALLS = 10_000


def function(source: str, **data: Any) -> Callable_:
    """A function for both sides: `function("lambda x: x @ w", w=w)`."""
    return Callable_(source, data)


def each_float(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every array of floats in it changed."""
    if isinstance(value, np.ndarray):
        return change(value) if value.dtype.kind == "f" else value
    if isinstance(value, Callable_):
        return Callable_(value.source, {name: each_float(part, change) for name, part in value.data.items()})
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[each_float(part, change) for part in value])
    if type(value) in (list, tuple):
        return type(value)(each_float(part, change) for part in value)
    return value


def redrawn(value: Any, by: int) -> Any:
    """Another generator for a generator, anything else as it is."""
    return Seed(value.seed + by) if isinstance(value, Seed) else value


def arrays_in(values: Any) -> Iterator[Any]:
    """Every array in nested lists and tuples, and in the data of functions."""
    if isinstance(values, np.ndarray):
        yield values
    elif isinstance(values, Callable_):
        yield from arrays_in(list(values.data.values()))
    elif isinstance(values, list | tuple) and not isinstance(values, Seed):
        for value in values:
            yield from arrays_in(value)


# ---------------------------------------------------------------- for a call in this process


def live(value: Any) -> Any:
    """A fresh copy of an argument that can be used here: arrays copied, generators and functions made."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, Seed):
        return np.random.default_rng(value.seed)
    if isinstance(value, Callable_):
        return _Limited(_function_of(value.source, {name: live(part) for name, part in value.data.items()}))
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[live(part) for part in value])
    if type(value) in (list, tuple):
        return type(value)(live(part) for part in value)
    return value


def as_call(arguments: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Arguments by position and by name: what is named with a star is spread."""
    spread = [part for name in arguments if name.startswith("*") for part in arguments[name]]
    return spread, {name: value for name, value in arguments.items() if not name.startswith("*")}


class _Limited:
    """A function that may be called so often: a mistake of the catalog must not run for ever."""

    def __init__(self, function: Function) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise RecursionError(f"called more than {MAX_CALLS} times")
        return self.function(*args)


def _function_of(source: str, data: dict[str, Any]) -> Function:
    """As in the attempt's process: the last statement of the source is the function."""
    tree, names = ast.parse(source), {"np": np, **data}
    last = tree.body[-1]
    before = tree.body[:-1] if isinstance(last, ast.Expr) else tree.body
    exec(compile(ast.Module(before, []), "<given>", "exec"), names)
    if isinstance(last, ast.Expr):
        made: Function = eval(compile(ast.Expression(last.value), "<given>", "eval"), names)
        return made
    named: Function = names[last.name]  # type: ignore[attr-defined]
    return named
