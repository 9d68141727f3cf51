"""What `from reference import ...` gives inside the attempt: what is solved before, never the answer.

Offered are the functions of earlier exercises, the helpers that the solution uses, and the named tuples of
weights and states. They are cut from the reference's own sources, only those that the file mentions, each
with what it needs.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

from exercises.catalog import Exercise, contents
from exercises.holes import mentions

__all__ = ["Offer", "offered", "public"]

HEAD = """from __future__ import annotations
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
import math
import warnings
import numpy as np
# the learner's own lines may warn, those that are not theirs would only puzzle
warnings.filterwarnings("ignore", category=RuntimeWarning, module="reference")
del warnings
"""


# maps so plain that they give no answer away; log_softmax would, as long as softmax is the question
PLAIN = frozenset({"gelu", "linear", "lookup", "relu", "silu"})


class Offer(NamedTuple):
    """The modules an attempt may import, by name and source, and the names that it must not ask them for."""

    modules: Mapping[str, str]
    withheld: tuple[str, ...]


def offered(exercise: Exercise, source: bytes) -> Offer:
    """What this file may import from `reference`."""
    allowed = _allowed(exercise.number)
    withheld = tuple(name for name in public() if name not in allowed)
    if b"reference" not in source:
        return Offer({"reference": ""}, withheld)
    every = allowed | _classes().keys()
    asked = every if b"import *" in source else every & mentions(source)
    imported = re.findall(rb"(?:from|import)\s+reference\.(\w+)", source)
    submodules = sorted({word.decode() for word in imported} & _submodules())
    text = module_text(frozenset(asked))
    return Offer(
        {"reference": text, **{f"reference.{name}": "from reference import *\n" for name in submodules}},
        withheld,
    )


# ---------------------------------------------------------------- which


@functools.cache
def public() -> Mapping[str, FunctionType]:
    """The public functions of the reference as they are written."""
    import reference

    found = {name: getattr(thing, "__wrapped__", thing) for name, thing in vars(reference).items()}
    return {
        name: thing
        for name, thing in found.items()
        if isinstance(thing, FunctionType) and not name.startswith("_") and _ours(thing) is thing
    }


@functools.cache
def _classes() -> Mapping[str, type]:
    """The named tuples of the reference."""
    import reference

    return {
        name: thing for name, thing in vars(reference).items() if isinstance(thing, type) and _ours(thing)
    }


@functools.cache
def _submodules() -> frozenset[str]:
    return frozenset(name.partition(".")[2] for name in sys.modules if name.startswith("reference."))


@functools.cache
def _allowed(number: int) -> frozenset[str]:
    """The functions of the exercises before, and what was used so far and does not lead to the answer.

    A later exercise's function that this one uses itself may be asked for here: it is not the question now.
    """
    entries, functions = contents(), public()
    own = {name for entry in entries if entry.number == number for name in entry.functions}
    solved = {name for entry in entries if entry.number < number for name in entry.functions}
    asked = {name for entry in entries if entry.number >= number for name in entry.functions}
    open_ = {
        name for name in solved | _needed_by(own | solved) - asked if not asked & _closure((name,)).keys()
    }
    lent = {name for name in _needed_by(own) - own if not own & _closure((name,)).keys()}
    plain = PLAIN | ({"log_softmax"} if "softmax" in solved else set())
    return frozenset(open_ | lent | (plain - own)) & functions.keys()


def _needed_by(names: Iterable[str]) -> set[str]:
    """The public functions that these read."""
    functions = public()
    return {
        used for name in names if name in functions for used in _used(functions[name]) if used in functions
    }


def _closure(names: Iterable[str]) -> dict[str, Any]:
    """The functions and classes that these need, themselves included, each behind those that it uses."""
    found: dict[str, Any] = {}

    def visit(name: str, thing: Any, path: tuple[str, ...]) -> None:
        if thing is None or name in found or name in path:
            return
        home = vars(sys.modules[thing.__module__])
        for each in _used(thing) if isinstance(thing, FunctionType) else _used_by_class(thing):
            visit(each, _ours(home.get(each)), (*path, name))
        found[name] = thing

    for name in sorted(names):
        visit(name, public().get(name) or _classes().get(name), ())
    return found


def _ours(thing: Any) -> Any:
    """The thing as it is written, if it is a function or a class of the reference and not its machinery."""
    plain = inspect.unwrap(thing) if isinstance(thing, FunctionType) else thing
    home = getattr(plain, "__module__", None) or ""
    ours = home.startswith("reference.") and home != "reference.shapes"
    return plain if ours and isinstance(plain, FunctionType | type) else None


@functools.cache
def _used(function: FunctionType) -> frozenset[str]:
    """The global names that a function reads; attributes of the same name do not count."""
    known = {name for name in _names(function.__code__) if name in function.__globals__}
    text = _source(function)
    return frozenset(name for name in known if re.search(rf"(?<![.\w]){name}\b", text))


@functools.cache
def _used_by_class(kind: type) -> frozenset[str]:
    """The names in a named tuple's annotations and methods."""
    noted = re.findall(r"\w+", " ".join(map(str, kind.__annotations__.values())))
    own = [
        each
        for each in vars(kind).values()
        if isinstance(each, FunctionType) and each.__module__ == kind.__module__
    ]
    return frozenset(noted).union(*map(_used, own))


def _names(code: CodeType) -> set[str]:
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


# ---------------------------------------------------------------- cutting


@functools.lru_cache(maxsize=128)
def module_text(names: frozenset[str]) -> str:
    """A module of these functions and classes of the reference and what they need, and nothing else."""
    things = _closure(names)
    parts = [_class_source(thing) if isinstance(thing, type) else _source(thing) for thing in things.values()]
    return HEAD + "\n\n".join(["".join(_surroundings(things.values())), *parts])


def _surroundings(things: Iterable[Any]) -> list[str]:
    """The imports and the constants that the functions read."""
    found: dict[str, str] = {}
    for thing in things:
        for name in _used(thing) if isinstance(thing, FunctionType) else ():
            if name not in found and _ours(thing.__globals__[name]) is None:
                found[name] = _where_from(name, thing.__globals__[name], _lines(thing.__code__.co_filename))
    return sorted(found.values(), key=lambda text: (not text.startswith(("import", "from")), text))


def _where_from(name: str, value: Any, lines: list[str]) -> str:
    """A line that makes a name of a module of the reference again."""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}\n"
    if isinstance(value, bool | int | float | str):
        return f"{name} = {value!r}\n"
    start = next((i for i, line in enumerate(lines) if re.match(rf"{name}\b.* = ", line)), None)
    if start is not None:
        return _block(lines, start)
    return f"from {value.__module__} import {value.__name__} as {name}\n"


@functools.cache
def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines(keepends=True)


def _source(function: Callable[..., Any]) -> str:
    """The function from `def` to the next thing at the margin; `inspect` takes much longer."""
    lines, start = _lines(function.__code__.co_filename), function.__code__.co_firstlineno - 1
    decorators = itertools.takewhile(lambda line: line.startswith("@"), lines[start:])
    return _block(lines, start + len(list(decorators)))


@functools.cache
def _class_source(kind: type) -> str:
    """The class, and the attributes that are set on it below."""
    lines = _lines(str(sys.modules[kind.__module__].__file__))
    start = next(i for i, line in enumerate(lines) if re.match(rf"class {kind.__name__}\b", line))
    later = [line for line in lines if line.startswith(f"{kind.__name__}.")]
    return _block(lines, start) + "".join(later)


def _block(lines: list[str], start: int) -> str:
    stop = start + 1
    while stop < len(lines) and (lines[stop][:1].isspace() or lines[stop][:1] in ")]}"):
        stop += 1
    return "".join(lines[start:stop]).rstrip() + "\n"
