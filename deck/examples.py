"""One call of a reference function to follow by hand: what goes in, and the value of every step.

The inputs are those of book.toml, or else those of the call in the function's own docstring.
"""

from __future__ import annotations

import ast
import doctest
import functools
import inspect
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from deck import text, typeset
from deck.world import World
from reference import anatomy
from reference.shapes import shapes_of

Function = Callable[..., Any]

FILE = Path(__file__).parent / "book.toml"
WIDEST, LONGEST, MOST = 8, 8, 48  # columns, rows and numbers of an array whose numbers are shown
LEAVES = 6  # a tree of more arrays goes by its name
TIMES = 4  # of a step in a loop, so many values are shown, else the last


class Figure(NamedTuple):
    """A named value as the page shows it."""

    name: str
    shape: str  # in words where they are known: "queries × keys"
    body: str  # HTML


class Example(NamedTuple):
    """What goes in, the call, and what comes of each step."""

    given: tuple[Figure, ...]
    call: str
    values: tuple[Figure, ...]


@functools.cache
def records() -> Mapping[str, Mapping[str, Any]]:
    """book.toml: function -> tex, given; and "summaries": language -> function -> what it does."""
    table: Mapping[str, Mapping[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return table


def example_of(function: Function) -> Example | None:
    """The function on small inputs, or None where neither book.toml nor its docstring calls it."""
    written = records().get(function.__name__, {}).get("given")
    arguments = _written(function, written) if written else _documented(function)
    if arguments is None or inspect.isgeneratorfunction(function):
        return None
    sizes = _sizes(function, arguments)
    sources = {name: words for name, words in (written or {}).items() if words.startswith("lambda")}
    given = [
        part._replace(shape=_axes(function, name, value) or part.shape)
        for name, value in arguments.items()
        for part in _figures(name, value, sizes, sources)
    ]
    return Example(tuple(given), _call(function, arguments), tuple(_values(function, arguments, sizes)))


# ---------------------------------------------------------------- the inputs


def _written(function: Function, expressions: Mapping[str, str]) -> dict[str, Any]:
    """What the expressions are worth; those that are no argument only help the others."""
    world = World("en")
    world.let(expressions)
    names = inspect.signature(function).parameters
    return {name: world.names[name] for name in expressions if name in names}


def _documented(function: Function) -> dict[str, Any] | None:
    """The arguments of the first call of the function in its own docstring."""
    found: list[dict[str, Any]] = []

    @functools.wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        found.append(_bound(function, args, kwargs))
        return function(*args, **kwargs)

    names = {**vars(sys.modules[function.__module__]), function.__name__: watched}
    with np.errstate(all="ignore"):
        for example in doctest.DocTestParser().get_examples(inspect.getdoc(function) or ""):
            _run(example.source, names)
            if found:
                return found[0]
    return None


def _run(source: str, names: dict[str, Any]) -> None:
    """One statement of a docstring; what an expression is worth is not printed."""
    tree = ast.parse(source)
    exec(compile(tree, "<docstring>", "exec", dont_inherit=True), names)


def _bound(function: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return dict(inspect.signature(function).bind(*args, **kwargs).arguments)


def _spread(function: Function, arguments: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """How a function is called with these arguments."""
    bound = inspect.BoundArguments(inspect.signature(function), dict(arguments))
    return bound.args, dict(bound.kwargs)


def _call(function: Function, arguments: Mapping[str, Any]) -> str:
    """The call as code: what is shown above goes by its name, plain values stand for themselves."""
    kinds = {name: each.kind for name, each in inspect.signature(function).parameters.items()}
    words = []
    for name, value in arguments.items():
        if kinds[name] is inspect.Parameter.VAR_POSITIONAL:
            words.append(f"*{name}")
        elif isinstance(value, int | float | str | None):
            words.append(f"{name}={value!r}")
        else:
            words.append(name)
    return f"{function.__name__}({', '.join(words)})"


# ---------------------------------------------------------------- the values


def _values(function: Function, arguments: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[Figure]:
    args, kwargs = _spread(function, arguments)
    with np.errstate(all="ignore"):
        traced = anatomy.trace(function, *args, **kwargs)
    result = traced.pop("return")
    shown = {name: value for name, value in traced.items() if "[" not in name}
    for name, value in shown.items():
        history = [key for key in traced if key.startswith(f"{name}[")]
        steps = [(key, traced[key]) for key in history] if 0 < len(history) <= TIMES else [(name, value)]
        for key, each in steps:
            yield from _figures(key, each, sizes)
    parts = result if type(result) is tuple else (result,)
    if not all(any(_same(part, value) for value in shown.values()) for part in parts):
        yield from _figures("result", result, sizes)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return type(one) is type(other) and repr(one) == repr(other)


def _figures(
    name: str, value: Any, sizes: Mapping[str, int], sources: Mapping[str, str] | None = None
) -> Iterator[Figure]:
    """A value, and of a named tuple each field."""
    parts = _parts(name, value)
    if parts and sum(1 for _ in _leaves(value)) <= LEAVES:
        for each, part in parts.items():
            yield from _figures(each, part, sizes)
    elif value is not None:
        yield Figure(name, _shape(value, sizes), _body(value, (sources or {}).get(name, "")))


def _parts(name: str, value: Any) -> dict[str, Any]:
    """The fields of a named tuple, or the arrays of a tuple, by the names that code would use."""
    if hasattr(value, "_fields"):
        return {f"{name}.{field}": part for field, part in value._asdict().items()}
    if isinstance(value, tuple | list) and any(
        isinstance(each, np.ndarray | tuple) for each in _leaves(value)
    ):
        return {f"{name}[{n}]": part for n, part in enumerate(value)}
    return {}


def _leaves(value: Any) -> Iterator[Any]:
    """What is in a tree of tuples."""
    if isinstance(value, tuple | list):
        for part in value:
            yield from _leaves(part)
    elif value is not None:
        yield value


def _body(value: Any, source: str) -> str:
    """The value as a matrix, several of them, or a line of code; of what is large only its size."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if callable(value):
        return (
            f"<code>{text.highlight(source or getattr(value, '__name__', 'function'), 'python', '')}</code>"
        )
    if isinstance(value, float | np.floating):
        return f"<code>{typeset.num(value)}</code>"
    words = _plain(value)
    return f"<code>{text.highlight(words, 'python', '')}</code>" if len(words) <= 120 else "…"


def _plain(value: Any) -> str:
    """Lists and tuples as Python writes them, without the types of NumPy and without functions' addresses."""
    if hasattr(value, "_fields"):
        return type(value).__name__ + "(…)"
    if isinstance(value, np.ndarray | np.generic):
        return typeset.num(value, 3)
    if isinstance(value, list | tuple):
        inner = ", ".join(map(_plain, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(key)}: {_plain(each)}" for key, each in value.items()) + "}"
    return repr(value) if isinstance(value, int | str | float | slice) else type(value).__name__


def _array(value: Any) -> str:
    if value.size == 0 or value.size > MOST or value.dtype.kind not in "fiub":
        return "…"
    if value.ndim == 0:
        return f"<code>{typeset.num(value)}</code>"
    if value.shape[-1] > WIDEST + (value.ndim == 1) * 4 or (value.ndim > 1 and value.shape[-2] > LONGEST):
        return "…"
    if value.ndim > 2:
        slices = value.reshape(-1, *value.shape[-2:])
        return "".join(_matrix(each) for each in slices)
    return _matrix(value)


def _matrix(value: Any) -> str:
    """One matrix; weights that share out 1 are coloured."""
    shares = value.dtype.kind == "f" and value.ndim == 2 and np.all((value >= 0) & (value <= 1))
    heat = bool(shares and np.any(value % 1) and np.allclose(value.sum(axis=-1).round(9) % 1, 0))
    return str(typeset.matrix(value, 3, heat=heat))


# ---------------------------------------------------------------- shapes in words


def _sizes(function: Function, arguments: Mapping[str, Any]) -> dict[str, int]:
    """The axes that the annotations of the arguments name, with their sizes in this call."""
    found: dict[str, int] = {}
    for name, shape in shapes_of(function).items():
        value = arguments.get(name)
        axes = [axis.lstrip("#") for axis in shape.axes if not axis.startswith("*")]
        if isinstance(value, np.ndarray) and len(axes) == value.ndim and "..." not in axes:
            found |= {axis: size for axis, size in zip(axes, value.shape, strict=True) if not axis.isdigit()}
    return found


def _axes(function: Function, name: str, value: Any) -> str:
    """The shape of an argument in the words of its annotation."""
    shape = shapes_of(function).get(name)
    if shape is None or not isinstance(value, np.ndarray):
        return ""
    axes = [axis.lstrip("#") for axis in shape.axes if not axis.startswith("*")]
    if not axes or "..." in axes or len(axes) > value.ndim:
        return ""
    batch, core = value.shape[: -len(axes)], value.shape[-len(axes) :]
    words = [n if axis.isdigit() else f"{n} {axis}" for n, axis in zip(core, axes, strict=True)]
    return " × ".join(map(str, [*batch, *words]))


def _shape(value: Any, sizes: Mapping[str, int]) -> str:
    """The shape, in words where each size belongs to one axis only."""
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return ""
    names = [[name for name, size in sizes.items() if size == n] for n in value.shape]
    if all(len(found) == 1 for found in names):
        return " × ".join(f"{n} {found[0]}" for n, found in zip(value.shape, names, strict=True))
    return " × ".join(map(str, value.shape))
