"""The lines of a starter that say the shapes of arguments and results, from the reference's annotations."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable
from typing import Any

from exercises.language import Language
from reference.shapes import Shape, parse_shape, shapes_of

Line = tuple[str, str]


def shape_lines(function: Callable[..., Any], language: Language) -> list[str]:
    """One line an array: "q   (*batch, queries, d_k)"; named tuples with their fields, the result last."""
    plain = inspect.unwrap(function)
    notes = {name: str(note) for name, note in plain.__annotations__.items()}
    rows = [
        row
        for name, note in notes.items()
        if name != "return"
        for row in _argument(name, note, plain, language)
    ]
    rows.append((language.say("starter.returns"), _result(notes.get("return", ""), language)))
    width = max(len(name) for name, _ in rows)
    return [f"{name:<{width}}  {words}" for name, words in rows]


def _argument(name: str, note: str, function: Callable[..., Any], language: Language) -> list[Line]:
    """The lines of one argument; none for plain numbers and functions, whose names say enough."""
    shape = parse_shape(note)
    if shape is not None:
        return [(name, _array(shape, _optional(note), language))]
    fields = _named_tuple(note, function)
    if fields is None:
        return []
    return [(name, note), *((f"  .{field}", words) for field, words in _fields(fields, language))]


def _fields(named: type, language: Language) -> list[Line]:
    """The arrays of a named tuple, and the names of what its other fields hold."""
    shapes = shapes_of(named)
    notes = {
        name: str(getattr(note, "__forward_arg__", note)) for name, note in named.__annotations__.items()
    }
    return [
        (
            name,
            _array(shapes[name], _optional(note), language)
            if name in shapes
            else _or_none(note.removesuffix(" | None"), _optional(note), language),
        )
        for name, note in notes.items()
    ]


def _named_tuple(note: str, function: Callable[..., Any]) -> type | None:
    """The class that an annotation names, where that is a named tuple."""
    found = getattr(function, "__globals__", {}).get(note.partition(" |")[0])
    return found if isinstance(found, type) and hasattr(found, "_fields") else None


def _array(shape: Shape, optional: bool, language: Language) -> str:
    """One array in words: its axes, and what there is to know about its numbers."""
    axes = [axis.replace("#", "") for axis in shape.axes]
    words = language.say("starter.any_shape") if axes == ["..."] else _tuple(axes)
    if any("#" in axis for axis in shape.axes):
        words = language.say("starter.broadcasts", shape=words)
    kind = {"Bool": "starter.boolean", "Int": "starter.integers"}.get(shape.kind)
    return _or_none(", ".join([words, *([language.say(kind)] if kind else [])]), optional, language)


def _or_none(words: str, optional: bool, language: Language) -> str:
    return f"{words}, {language.say('starter.optional')}" if optional else words


def _tuple(axes: list[str]) -> str:
    return f"({axes[0]},)" if len(axes) == 1 and not axes[0].startswith("*") else f"({', '.join(axes)})"


def _optional(note: str) -> bool:
    return note.endswith("| None")


def _result(note: str, language: Language) -> str:
    """What comes back: one array, several, or something that has a name of its own."""
    parts = _parts(note)
    words = [_array(shape, False, language) if shape else text for text, shape in parts]
    return language.say("starter.and").join(words)


@functools.cache
def _parts(note: str) -> list[tuple[str, Shape | None]]:
    tree = ast.parse(note.replace("\n", " "), mode="eval").body
    several = isinstance(tree, ast.Subscript) and ast.unparse(tree.value) == "tuple"
    inner = tree.slice if several else tree  # type: ignore[attr-defined]
    texts = [
        ast.unparse(part) for part in (inner.elts if isinstance(inner, ast.Tuple) and several else [inner])
    ]
    return [(text, parse_shape(text)) for text in texts]
