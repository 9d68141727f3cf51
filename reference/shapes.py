"""Shapes in words: what the annotations of this package say. `door` checks them.

`Float[Array, "*batch queries d_k"]` is an array of floats whose last two axes are called queries and d_k,
after any number of batch axes.

- An axis of the same name has the same size everywhere in one call, and at least one element; only the
  `past` of a cache may be empty.
- `#` before a name allows size 1, which broadcasts; where all names have it, the first ones may be missing.
- Batch axes broadcast against each other and may be empty; `*#batch` has to fit the batch of the others,
  and `d_output` has exactly their common one.
- `*rows` or `*shape`, any other name with a star, are any axes, the same ones in every array.
- `"..."` is any shape at all.
- In a tree of weights d_model is one for the whole model, other names belong to their own named tuple.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Annotated as Bool
from typing import Annotated as Float
from typing import Annotated as Int
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Array", "Bool", "Float", "Int", "Shape", "annotated", "parse_shape", "shapes_of"]

Array = np.ndarray[Any, Any]


class Shape(NamedTuple):
    """One annotated array: its kind ("Float", "Int" or "Bool"), its axes in words, whether None will do."""

    kind: str
    axes: tuple[str, ...]
    optional: bool = False

    @property
    def words(self) -> str:
        return f"({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})"


def parse_shape(annotation: str) -> Shape | None:
    """The first array that an annotation names, or None where it names none.

    >>> parse_shape('Float[Array, "*batch queries d_k"] | None')
    Shape(kind='Float', axes=('*batch', 'queries', 'd_k'), optional=True)
    >>> parse_shape("int") is None
    True
    """
    for node in ast.walk(ast.parse(annotation, mode="eval")):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("Float", "Int", "Bool"):
            words = node.slice.elts[1]  # type: ignore[attr-defined]
            return Shape(ast.unparse(node.value), tuple(words.value.split()), annotation.endswith("| None"))
    return None


def shapes_of(thing: Callable[..., Any] | type) -> dict[str, Shape]:
    """The array arguments of a function, or the array fields of a named tuple, with their shapes."""
    parsed = {
        name: parse_shape(text)
        for name, text in annotated(thing).items()
        if not text.startswith("tuple[")  # several arrays
    }
    return {name: shape for name, shape in parsed.items() if shape is not None}


def annotated(thing: Any) -> dict[str, str]:
    """Names and annotations as text, without the return value's."""
    notes = inspect.unwrap(thing).__annotations__ if callable(thing) else {}
    texts = {name: getattr(note, "__forward_arg__", note) for name, note in notes.items() if name != "return"}
    return {name: text for name, text in texts.items() if isinstance(text, str)}
