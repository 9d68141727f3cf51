"""Shapes in words: what the annotations of this package say, and the check they make at the door.

`Float[Array, "*batch queries d_k"]` is an array of floats whose last two axes are called queries and
d_k, after any number of batch axes. An axis of the same name has the same size everywhere in one call;
`#` before a name allows size 1 (it broadcasts); batch axes broadcast against each other.
An axis with a name has at least one element; batch axes may be empty.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable
from typing import Annotated as Bool
from typing import Annotated as Float
from typing import Annotated as Int
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np

__all__ = ["Array", "Bool", "Float", "Int", "Shape", "checked", "parse_shape", "shapes_of"]

Array = np.ndarray[Any, Any]
P = ParamSpec("P")
R = TypeVar("R")


class Shape(NamedTuple):
    """One annotated array: its kind ("Float", "Int" or "Bool") and the words for its axes."""

    kind: str
    axes: tuple[str, ...]

    @property
    def words(self) -> str:
        return "(" + ", ".join(self.axes) + ")"


def parse_shape(annotation: str) -> Shape | None:
    """The first array that an annotation names, or None where it names none.

    >>> parse_shape('Float[Array, "*batch queries d_k"] | None')
    Shape(kind='Float', axes=('*batch', 'queries', 'd_k'))
    >>> parse_shape("int") is None
    True
    """
    for node in ast.walk(ast.parse(annotation, mode="eval")):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("Float", "Int", "Bool"):
            words = node.slice.elts[1]  # type: ignore[attr-defined]
            return Shape(ast.unparse(node.value), tuple(words.value.split()))
    return None


def shapes_of(thing: Callable[..., Any] | type) -> dict[str, Shape]:
    """The array arguments of a function, or the array fields of a named tuple, with their shapes."""
    notes = inspect.unwrap(thing).__annotations__ if callable(thing) else {}
    texts = {name: getattr(note, "__forward_arg__", note) for name, note in notes.items() if name != "return"}
    parsed = {name: parse_shape(text) for name, text in texts.items() if isinstance(text, str)}
    return {name: shape for name, shape in parsed.items() if shape is not None}


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, with its annotations checked and array-likes turned into arrays at the door.

    Raises TypeError for the wrong kind of numbers and ValueError for the wrong shape, in one sentence
    that names the argument, what was expected and what came.
    """
    signature, shapes = inspect.signature(function), shapes_of(function)

    @functools.wraps(function)
    def at_the_door(*args: P.args, **kwargs: P.kwargs) -> R:
        bound, sizes = signature.bind(*args, **kwargs), _Sizes(function.__name__)
        for name, value in bound.arguments.items():
            if name in shapes and value is not None:
                bound.arguments[name] = sizes.admit(name, value, shapes[name])
            elif isinstance(value, tuple) and hasattr(value, "_fields"):
                bound.arguments[name] = sizes.admit_fields(name, value)
        return function(*bound.args, **bound.kwargs)

    return at_the_door


class _Sizes:
    """The sizes that the axes of one call have taken so far, and who set them."""

    def __init__(self, function: str) -> None:
        self.function = function
        self.known: dict[str, tuple[int, str]] = {}
        self.batch: tuple[int, ...] = ()

    def admit_fields(self, name: str, fields: Any) -> Any:
        """A named tuple of weights, each array of it admitted."""
        shapes = shapes_of(type(fields))
        admitted = {
            field: self.admit(f"{name}.{field}", getattr(fields, field), shape)
            for field, shape in shapes.items()
            if getattr(fields, field) is not None
        }
        return fields._replace(**admitted) if admitted else fields

    def admit(self, name: str, value: Any, shape: Shape) -> Array:
        """The value as an array of the right kind and shape, or a sentence that says what is wrong."""
        array = self._as_kind(name, value, shape.kind)
        core = [axis for axis in shape.axes if not axis.startswith("*")]
        optional = bool(core) and all(axis.startswith("#") for axis in core)
        n_batch = array.ndim - len(core)
        if n_batch < 0 and optional:  # a mask with fewer axes broadcasts
            core, n_batch = core[-array.ndim :] if array.ndim else [], 0
        if n_batch < 0 or (n_batch > 0 and len(core) == len(shape.axes)):
            raise ValueError(f"{self.function}: {name} must have shape {shape.words}, got {array.shape}")
        self._admit_batch(name, array, n_batch, shape)
        for axis, size in zip(core, array.shape[n_batch:], strict=True):
            self._admit_axis(name, array, axis, size, shape)
        return array

    def _as_kind(self, name: str, value: Any, kind: str) -> Array:
        array: Array = np.asarray(value)
        if kind == "Bool" and array.dtype != np.bool_:
            raise TypeError(
                f"{self.function}: {name} must be boolean (True = may attend), got {array.dtype}"
            )
        if kind == "Int" and array.dtype.kind not in "iu":
            raise TypeError(f"{self.function}: {name} must hold integers, got {array.dtype}")
        if kind == "Float" and array.dtype.kind not in "fiub":
            raise TypeError(f"{self.function}: {name} must hold real numbers, got {array.dtype}")
        if kind == "Float" and array.dtype.kind != "f":
            return array.astype(np.float64)
        return array

    def _admit_batch(self, name: str, array: Array, n_batch: int, shape: Shape) -> None:
        try:
            self.batch = np.broadcast_shapes(self.batch, array.shape[:n_batch])
        except ValueError:
            raise ValueError(
                f"{self.function}: {name} must have shape {shape.words} "
                f"with batch axes that fit {self.batch}, got {array.shape}"
            ) from None

    def _admit_axis(self, name: str, array: Array, axis: str, size: int, shape: Shape) -> None:
        word, may_be_one = axis.lstrip("#"), axis.startswith("#")
        if size == 0:
            raise ValueError(
                f"{self.function}: {name} must have at least one element along {word}, got shape {array.shape}"
            )
        if may_be_one and size == 1:
            return
        expected, owner = self.known.setdefault(word, (size, name))
        if size != expected:
            raise ValueError(
                f"{self.function}: {name} must have shape {shape.words} "
                f"with {word} = {expected} as in {owner}, got {array.shape}"
            )
