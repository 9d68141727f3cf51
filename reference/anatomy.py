"""Anatomy: a function seen as data.

A reference function is a short sequence of commented, named steps. This module reads them from its own
source, and nothing in the function has to know about it:

- `steps` says what they are,
- `trace` runs the function and keeps the value of every step, `lasting` those that are final at once,
- `edited` makes the function with some fragments of its source replaced,
- `starter` cuts holes into it.

Functions here are plain ones, written with `def`; a wrapper made with functools.wraps stands for what it
wraps.
"""

from __future__ import annotations

import ast
import functools
import inspect
import math
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import numpy as np

from reference.source import (
    AnatomyError,
    assignments,
    bare_parameters,
    body_text,
    code_of,
    comment_above,
    definition_in,
    function_like,
    own_nodes,
    plain_function,
    source_of,
    source_of_plain,
    span,
)
from reference.tracing import lasting, trace

__all__ = [
    "LEVELS",
    "AnatomyError",
    "Step",
    "body_of",
    "edited",
    "edited_source",
    "lasting",
    "source_of",
    "starter",
    "steps",
    "trace",
]

Function = Callable[..., Any]


class Step(NamedTuple):
    """One assignment of a function: why, its name, how it is computed, and on which line (from 1)."""

    comment: str
    name: str
    expression: str
    line: int


# ---------------------------------------------------------------- reading


def body_of(function: Function) -> str:
    """The statements of the function with their comments, without signature and docstring."""
    return textwrap.dedent(body_text(source_of(function))).rstrip() + "\n"


def steps(function: Function) -> list[Step]:
    """The named steps of a function, in the order in which they are written."""
    found = _steps(source_of(function))
    if not found:
        raise AnatomyError(f"{function.__name__} has no named steps")
    return list(found)


@functools.lru_cache(maxsize=1024)
def _steps(source: str) -> tuple[Step, ...]:
    lines = source.splitlines()
    return tuple(
        Step(
            comment_above(lines, item.statement.lineno),
            item.name,
            source[slice(*span(source, item.value))],
            item.statement.lineno,
        )
        for item in assignments(source)
    )


# ---------------------------------------------------------------- changing

Edit = Mapping[str, str]


def edited(functions: Function | Iterable[Function], *edits: Edit) -> dict[str, Function]:
    """The functions by name, with fragments of their sources replaced; they see one another's new versions.

    An edit maps what stands there to what shall stand there. The key is the name of a step that is assigned
    once (its right-hand side is replaced), or any fragment of the bodies that occurs exactly once in all the
    functions. Where several functions have it, `"name: fragment"` says in which one. All edits are found in
    the original, so their order does not matter. What is put in may also use `math`, `np` and whatever the
    package of the functions offers. Raises AnatomyError where an edit does not fit or two overlap.

    >>> from reference.attention import softmax
    >>> doubled = edited(softmax, {"weights": "2 * exponentials / total"})["softmax"]
    >>> import numpy as np
    >>> float(doubled(np.zeros(2))[0])
    1.0
    """
    originals = _by_name(functions)
    sources = _edited_sources(originals, edits)
    made: dict[str, Function] = {}
    namespaces = []
    for name, plain in originals.items():
        source, namespace = sources[name], {**_package_names(plain.__module__), **plain.__globals__}
        unchanged = source == source_of_plain(plain)
        made[name] = function_like(plain.__code__ if unchanged else _code_of(source), plain, namespace)
        made[name].__dict__["__source__"] = source
        namespaces.append(namespace)
    for namespace in namespaces:
        namespace.update(made)
    return made


@functools.cache
def _package_names(module: str) -> Mapping[str, Any]:
    """What the package of a module offers, as plain functions."""
    package = vars(sys.modules[module.partition(".")[0]])
    public = {name: thing for name, thing in package.items() if not name.startswith("_")}
    return {"math": math, "np": np} | {
        name: getattr(thing, "__wrapped__", thing) for name, thing in public.items()
    }


def edited_source(functions: Function | Iterable[Function], *edits: Edit) -> dict[str, str]:
    """The sources that `edited` would run, by name."""
    return _edited_sources(_by_name(functions), edits)


def _by_name(functions: Function | Iterable[Function]) -> dict[str, FunctionType]:
    several = isinstance(functions, Iterable) and not callable(functions)
    every: Any = functions if several else [functions]
    return {plain.__name__: plain for plain in map(plain_function, every)}


def _edited_sources(originals: Mapping[str, FunctionType], edits: Iterable[Edit]) -> dict[str, str]:
    sources = {name: source_of_plain(plain) for name, plain in originals.items()}
    texts = tuple(sources.items())
    spots = [(*_spot(texts, old), new) for edit in edits for old, new in edit.items()]
    spots.sort(key=lambda spot: spot[1], reverse=True)
    limit: dict[str, int] = {}  # from the last place to the first: where the edit before began
    for name, start, stop, new in spots:
        if stop > limit.get(name, stop):
            raise AnatomyError(f"two edits want the same place in {name}: {new!r} is one of them")
        limit[name] = start
        sources[name] = sources[name][:start] + new + sources[name][stop:]
    return sources


@functools.lru_cache(maxsize=4096)
def _spot(sources: tuple[tuple[str, str], ...], key: str) -> tuple[str, int, int]:
    """Where an edit applies: which function, from which character to which."""
    prefix, separator, rest = key.partition(": ")
    if separator and any(name == prefix for name, _ in sources):
        sources, key = tuple(item for item in sources if item[0] == prefix), rest
    if not key.strip():
        raise AnatomyError("an edit of nothing: its key must be a step or a fragment")
    named = [
        (name, *span(source, item.value))
        for name, source in sources
        for item in assignments(source)
        if item.name == key
    ]
    if len(named) == 1:
        return named[0]
    found = [(name, start) for name, source in sources for start in _places(source, key)]
    if len(found) != 1:
        raise AnatomyError(
            f"the fragment {key!r} must occur exactly once in {', '.join(name for name, _ in sources)}, "
            f"it occurs {len(found)} times"
        )
    return found[0][0], found[0][1], found[0][1] + len(key)


def _places(source: str, fragment: str) -> Iterator[int]:
    """The places in the body where a fragment begins."""
    at = source.find(fragment, len(source) - len(body_text(source)))
    while at >= 0:
        yield at
        at = source.find(fragment, at + 1)


@functools.lru_cache(maxsize=8192)
def _code_of(source: str) -> CodeType:
    try:
        return code_of(source, "<edited>")
    except SyntaxError as error:
        raise AnatomyError(f"after the edit it is no longer Python: {error}") from None


# ---------------------------------------------------------------- cutting holes

LEVELS = ("guided", "outline", "blank")


def starter(
    function: Function, level: str = "guided", docstring: str = "", comments: Mapping[str, str] | None = None
) -> str:
    """The function with holes: what a learner gets to fill in.

    guided keeps comments and names and makes the right-hand sides `...`; outline keeps the comments only;
    blank keeps the signature and the docstring. `docstring` stands for the function's own, `comments` maps
    its comments (those of several lines joined by spaces) to others.
    """
    if level not in LEVELS:
        raise AnatomyError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    plain = plain_function(function)
    definition = definition_in(source_of_plain(plain))
    cut: dict[str, Callable[[str], str]] = {
        "guided": _guided,
        "outline": _outline,
        "blank": lambda _: "...\n",
    }
    body = _with_comments(cut[level](source_of_plain(plain)), comments or {})
    text = (docstring or inspect.cleandoc(plain.__doc__ or "")).strip()
    quoted = _quoted(text) if text else ""
    head = f"def {definition.name}({bare_parameters(definition)}):"
    return head + "\n" + textwrap.indent(quoted + body, "    ", lambda line: bool(line.strip()))


def _quoted(text: str) -> str:
    """A docstring as it is written: raw where it has backslashes."""
    prefix = "r" if "\\" in text else ""
    end = "\n" if "\n" in text or text.endswith('"') else ""
    return f'{prefix}"""{text}{end}"""\n'


def _guided(source: str) -> str:
    """The body with a hole for every right-hand side and computed result; checks of the input stay."""
    cuts: list[tuple[int, int, str]] = []
    for node in own_nodes(definition_in(source)):
        if isinstance(node, ast.Assign | ast.AugAssign):
            cuts.append((*span(source, node.value), "..."))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:  # a learner writes no annotations
            cuts.append((span(source, node.target)[1], span(source, node)[1], " = ..."))
        elif isinstance(node, ast.Return) and node.value is not None and not _is_names(node.value):
            cuts.append((*span(source, node.value), "..."))
    for start, stop, hole in sorted(cuts, reverse=True):
        source = source[:start] + hole + source[stop:]
    return textwrap.dedent(body_text(source)).strip("\n") + "\n"


def _is_names(node: ast.expr) -> bool:
    """A result that is just a name, or a tuple of names, gives nothing away."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return all(isinstance(part, ast.Name) for part in parts)


def _outline(source: str) -> str:
    """Only the comments, one thought a line, and a hole at the end."""
    lines = [line.strip() for line in body_text(source).splitlines()]
    return "\n".join([*(line for line in lines if line.startswith("#")), "..."]) + "\n"


def _with_comments(body: str, comments: Mapping[str, str]) -> str:
    """The body with its comments replaced; one of several lines is looked up as one sentence."""
    lines: list[str] = []
    block: list[str] = []
    for line in [*body.splitlines(), ""]:
        if line.strip().startswith("#"):
            block.append(line)
            continue
        lines += _translated(block, comments)
        lines.append(line)
        block = []
    return "\n".join(lines[:-1]) + "\n"


def _translated(block: list[str], comments: Mapping[str, str]) -> list[str]:
    """The lines of one comment in other words, if there are any; in an outline, each line is a thought."""
    if not block:
        return []
    whole = comments.get(_joined(block))
    if whole is not None:
        indent = block[0][: len(block[0]) - len(block[0].lstrip())]
        return [f"{indent}# {part}" for part in textwrap.wrap(whole, 100)]
    if len(block) > 1:
        head = next((n for n in range(len(block) - 1, 0, -1) if _joined(block[:n]) in comments), 1)
        return _translated(block[:head], comments) + _translated(block[head:], comments)
    return block


def _joined(block: list[str]) -> str:
    """A comment of several lines as one sentence."""
    return " ".join(line.strip().lstrip("# ") for line in block)
