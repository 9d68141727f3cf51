"""What an argument has to be, as its annotation says: an array, weights, several of them, a plain value."""

from __future__ import annotations

import ast
import collections.abc
import functools
import inspect
import numbers
import operator
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.shapes import Shape, annotated, parse_shape


class Plain(NamedTuple):
    """A plain value: what to call it, and what makes it of what came (or raises TypeError)."""

    words: str
    made: Callable[[Any], Any]


class Several(NamedTuple):
    """A sequence, and what each of its parts has to be. Any number of parts have one rule for all."""

    parts: tuple[Rule, ...]
    any_number: bool


class Rule(NamedTuple):
    """What a value has to be: an array, a named tuple, several of them, or a plain value; or None as well."""

    what: Shape | type | Several | Plain
    optional: bool


@functools.cache
def rules_of(thing: Callable[..., Any]) -> Mapping[str, Rule]:
    """The rules of a function's arguments, or of a named tuple's fields; what has none may be anything.

    Plain values come first: shapes depend on the number of heads.
    """
    plain = inspect.unwrap(thing)
    names = getattr(plain, "__globals__", None) or vars(sys.modules[plain.__module__])
    found = {name: _rule(text, names) for name, text in annotated(thing).items()}
    rules = [(name, rule) for name, rule in found.items() if rule is not None]
    return dict(sorted(rules, key=lambda item: not isinstance(item[1].what, Plain)))


def _rule(text: str, names: Mapping[str, Any]) -> Rule | None:
    bare = text.removesuffix(" | None")
    what = _several(bare, names) or parse_shape(bare) or PLAIN.get(bare) or _named(bare, names)
    return None if what is None else Rule(what, optional=bare != text)


def _named(name: str, names: Mapping[str, Any]) -> type | Several | Plain | None:
    """A named tuple, or what has another name, as `Drop` and `Pair` have."""
    thing = names.get(name)
    if isinstance(thing, type) and hasattr(thing, "_fields"):
        return thing
    origin = typing.get_origin(thing)
    if origin is tuple:
        return _several(str(thing).replace("collections.abc.", ""), names)
    is_function = name.startswith("Callable[") or origin is collections.abc.Callable
    return FUNCTION if is_function else None


def _several(text: str, names: Mapping[str, Any]) -> Several | None:
    """`tuple[Layer, ...]`, `list[Layer]`, `Sequence[Layer]`, or a tuple with a rule for each part."""
    node = ast.parse(text, mode="eval").body
    if not isinstance(node, ast.Subscript) or ast.unparse(node.value) not in ("tuple", "list", "Sequence"):
        return None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [ast.unparse(part) for part in parts]
    any_number = len(texts) == 1 or texts[-1] == "..."
    rules = [_rule(each, names) for each in (texts[:1] if any_number else texts)]
    known = tuple(rule for rule in rules if rule is not None)
    return Several(known, any_number) if len(known) == len(rules) else None


# ---------------------------------------------------------------- plain values


def _integer(value: Any) -> int:
    if isinstance(value, bool | np.bool_):
        raise TypeError
    return operator.index(value)


def _real(value: Any) -> float:
    number = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if isinstance(number, bool) or not isinstance(number, numbers.Real):
        raise TypeError
    return float(number)


def _instance(kinds: Any, value: Any) -> Any:
    if not isinstance(value, kinds):
        raise TypeError
    return value


def _function(value: Any) -> Any:
    if not callable(value):
        raise TypeError
    return value


FUNCTION = Plain("a function", _function)
PLAIN = {
    "int": Plain("an integer", _integer),
    "float": Plain("a real number", _real),
    "bool": Plain("True or False", functools.partial(_instance, bool | np.bool_)),
    "str": Plain("a string", functools.partial(_instance, str)),
    "np.random.Generator": Plain(
        "a numpy.random.Generator", functools.partial(_instance, np.random.Generator)
    ),
}
"""Plain values by their annotation, made Python's own: a np.float64 turns float32 arrays into float64."""
