"""What the annotations of a reference function say of each parameter: arrays, weights, or something else."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from reference.shapes import Shape, parse_shape

__all__ = ["Field", "Parameter", "fields_of", "parameters_of"]

Function = Callable[..., Any]


class Parameter(NamedTuple):
    """One parameter of a reference function: what it is, and its arrays' shapes."""

    name: str
    kind: str  # "array", "weights", "generator", "other" or "spread"
    shapes: tuple[Shape, ...]
    weights: type | None
    optional: bool


@functools.cache
def parameters_of(function: Function) -> tuple[Parameter, ...]:
    """The parameters in order; a starred one is last and keeps its star."""
    code, notes = function.__code__, function.__annotations__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    first_default = code.co_argcount - len(function.__defaults__ or ())
    keyword_defaults = function.__kwdefaults__ or {}
    found = []
    for i, name in enumerate(names):
        optional = i >= first_default if i < code.co_argcount else name in keyword_defaults
        found.append(_parameter(name, notes.get(name, ""), optional, function))
    if code.co_flags & 0x04:  # *args
        found.append(Parameter("*" + code.co_varnames[len(names)], "spread", (), None, True))
    return tuple(found)


def _parameter(name: str, note: str, optional: bool, function: Function) -> Parameter:
    shape = parse_shape(note) if note else None
    if shape is not None:
        return Parameter(name, "array", (shape,), None, optional)
    kind = _weights_class(note, function.__globals__) if note else None
    if kind is not None:
        return Parameter(name, "weights", _shapes_within(kind), kind, optional)
    return Parameter(name, "generator" if "Generator" in note else "other", (), None, optional)


def _weights_class(note: str, names: Mapping[str, Any]) -> type | None:
    """The named tuple that an annotation names."""
    words = [node.id for node in ast.walk(ast.parse(note, mode="eval")) if isinstance(node, ast.Name)]
    return next((names[word] for word in words if hasattr(names.get(word), "_fields")), None)


class Field(NamedTuple):
    """One field of a named tuple of weights: an array, weights again, or several of those."""

    name: str
    shape: Shape | None
    weights: type | None
    several: bool


@functools.cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """The fields of a named tuple, by their annotations."""
    names, found = vars(sys.modules[kind.__module__]), []
    for name, annotation in kind.__annotations__.items():
        note = getattr(annotation, "__forward_arg__", str(annotation))
        shape = parse_shape(note)
        weights = None if shape else _weights_class(note, names)
        found.append(Field(name, shape, weights, note.startswith("tuple[")))
    return tuple(found)


def _shapes_within(kind: type) -> tuple[Shape, ...]:
    """The shapes of all arrays in a named tuple, however deep."""
    found: list[Shape] = []
    for field in fields_of(kind):
        found += (
            [field.shape] if field.shape else list(_shapes_within(field.weights)) if field.weights else []
        )
    return tuple(found)
