"""Anatomy: a function seen as data.

A reference function is a short sequence of commented, named steps. This module reads them from its own
source, and nothing in the function has to know about it:

- `steps` says what they are,
- `trace` runs the function and keeps the value of every step,
- `edited` makes the function with some fragments of its source replaced,
- `starter` cuts holes into it.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any, NamedTuple

__all__ = [
    "AnatomyError",
    "Step",
    "body_of",
    "edited",
    "edited_source",
    "source_of",
    "starter",
    "steps",
    "trace",
]

Function = Callable[..., Any]


class AnatomyError(ValueError):
    """A function that cannot be taken apart, or an edit that does not fit it. Says why in one sentence."""


class Step(NamedTuple):
    """One assignment of a function: why, what it is called, how it is computed, and on which line."""

    comment: str
    name: str
    expression: str
    line: int


# ---------------------------------------------------------------- reading


@functools.cache
def source_of(function: Function) -> str:
    """The function's own source, from `def` to its last line, without indentation."""
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType) or plain.__name__ == "<lambda>":
        raise AnatomyError(f"only a function written with def has steps, not {plain!r}")
    try:
        return textwrap.dedent(inspect.getsource(plain))
    except (OSError, TypeError):
        raise AnatomyError(f"the source of {plain.__name__} is not there to be read") from None


@functools.cache
def _definition(source: str) -> ast.FunctionDef:
    body = ast.parse(source).body
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise AnatomyError("expected the source of one plain function")
    return body[0]


def _statements(definition: ast.FunctionDef) -> list[ast.stmt]:
    """The top-level statements, without the docstring."""
    first = definition.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return definition.body[1:] if documented else definition.body


def body_of(function: Function) -> str:
    """The statements of the function with their comments, without signature and docstring."""
    source = source_of(function)
    return textwrap.dedent("\n".join(source.splitlines()[_body_start(_definition(source)) :])) + "\n"


def _body_start(definition: ast.FunctionDef) -> int:
    """How many lines signature and docstring take."""
    statements = _statements(definition)
    before = [statement for statement in definition.body if statement not in statements]
    if before:
        return before[-1].end_lineno or 0
    return definition.body[0].lineno - 1 if definition.body[0].lineno > definition.lineno else 0


def _assignments(definition: ast.FunctionDef) -> list[tuple[str, ast.stmt, ast.expr]]:
    """Every assignment in source order, also inside loops and branches: name, statement, right-hand side."""
    found: list[tuple[str, ast.stmt, ast.expr]] = []
    for node in ast.walk(definition):
        if isinstance(node, ast.Assign):
            found.append((ast.unparse(node.targets[0]).strip("()"), node, node.value))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found.append((ast.unparse(node.target), node, node.value))
        elif isinstance(node, ast.AugAssign):
            found.append((ast.unparse(node.target), node, node.value))
    return sorted(found, key=lambda item: (item[1].lineno, item[1].col_offset))


def _comment_above(lines: list[str], line: int) -> str:
    """The comment that ends on the line above `line` (counted from 1)."""
    words: list[str] = []
    for text in reversed(lines[: line - 1]):
        if not text.strip().startswith("#"):
            break
        words.insert(0, text.strip().lstrip("# "))
    return " ".join(words)


def _segment(source: str, node: ast.AST) -> str:
    return ast.get_source_segment(source, node) or ""


def steps(function: Function) -> list[Step]:
    """The named steps of a function, in the order in which they are written."""
    source = source_of(function)
    lines = source.splitlines()
    found = [
        Step(_comment_above(lines, statement.lineno), name, _segment(source, value), statement.lineno)
        for name, statement, value in _assignments(_definition(source))
    ]
    if not found:
        raise AnatomyError(f"{function.__name__} has no named steps")
    return found


# ---------------------------------------------------------------- running


def trace(function: Function, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Run the function and keep the value of every step; "return" holds the result.

    A name that is assigned several times (in a loop, say) keeps its last value under its own name; the
    values in order are under `name[0]`, `name[1]` and so on. Arrays are copied, so that a later change in
    place does not reach back.
    """
    recorded: dict[str, Any] = {}
    counts: dict[str, int] = {}

    def keep(name: str, value: Any) -> None:
        snapshot = value.copy() if hasattr(value, "copy") else value
        recorded[name] = snapshot
        recorded[f"{name}[{counts.get(name, 0)}]"] = snapshot
        counts[name] = counts.get(name, 0) + 1

    definition = _Recorder().visit(ast.parse(source_of(function))).body[0]
    runnable = _compile({function.__name__: ast.unparse(definition)}, function, {"__keep__": keep})
    recorded["return"] = runnable[function.__name__](*args, **kwargs)
    repeated = {name for name, count in counts.items() if count > 1}
    return {
        name: value
        for name, value in recorded.items()
        if not name.endswith("]") or name.rpartition("[")[0] in repeated
    }


class _Recorder(ast.NodeTransformer):
    """Adds a call of __keep__ behind every assignment to plain names."""

    def _recorded(self, node: ast.stmt, targets: Iterable[ast.expr]) -> list[ast.stmt]:
        names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        plain = all(isinstance(target, ast.Name | ast.Tuple) for target in targets)
        calls = [f"__keep__({name!r}, {name})" for name in names if plain]
        return [node, *(ast.parse(call).body[0] for call in calls)]

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self._recorded(node, node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        return self._recorded(node, [node.target] if node.value else [])

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return self._recorded(node, [node.target])


def _compile(sources: Mapping[str, str], like: Function, extra: Mapping[str, Any]) -> dict[str, Function]:
    """Functions from their sources, seeing the globals of `like` and each other."""
    plain = inspect.unwrap(like)
    namespace = {**plain.__globals__, **extra}
    for name, source in sources.items():
        exec(compile(f"from __future__ import annotations\n{source}", f"<anatomy of {name}>", "exec"), namespace)
    return {name: namespace[name] for name in sources}


# ---------------------------------------------------------------- changing


def edited(functions: Function | Iterable[Function], *edits: Mapping[str, str]) -> dict[str, Function]:
    """The functions by name, with fragments of their sources replaced; they see one another's new versions.

    An edit maps what stands there to what shall stand there. The key is the name of a step that is assigned
    once (its right-hand side is replaced), or any fragment that occurs exactly once in all the functions.
    Several edits are applied one after the other. Raises AnatomyError where one does not fit.

    >>> def double(x):
    ...     twice = x + x
    ...     return twice
    """
    originals = [functions] if callable(functions) else list(functions)
    plain = [inspect.unwrap(function) for function in originals]
    sources = {function.__name__: source_of(function) for function in plain}
    for edit in edits:
        for old, new in edit.items():
            name, source = _replace(sources, old, new)
            sources[name] = source
    try:
        return _compile(sources, plain[0], {})
    except SyntaxError as error:
        raise AnatomyError(f"after the edit {dict(edits[-1])!r} it is no longer Python: {error}") from None


def edited_source(functions: Iterable[Function], *edits: Mapping[str, str]) -> dict[str, str]:
    """The sources that `edited` would run, by name."""
    sources = {function.__name__: source_of(function) for function in functions}
    for edit in edits:
        for old, new in edit.items():
            name, source = _replace(sources, old, new)
            sources[name] = source
    return sources


def _replace(sources: Mapping[str, str], old: str, new: str) -> tuple[str, str]:
    """The one function that holds `old`, and its source with `new` there."""
    named = [
        (name, source, value)
        for name, source in sources.items()
        for target, _, value in _assignments(_definition(source))
        if target == old
    ]
    if len(named) == 1:
        name, source, value = named[0]
        return name, _splice(source, value, new)
    homes = [name for name, source in sources.items() if _body_text(source).count(old) > 0]
    occurrences = sum(_body_text(source).count(old) for source in sources.values())
    if occurrences != 1:
        raise AnatomyError(f"the fragment {old!r} must occur exactly once, it occurs {occurrences} times")
    source = sources[homes[0]]
    head = source[: len(source) - len(_body_text(source))]
    return homes[0], head + _body_text(source).replace(old, new)


def _body_text(source: str) -> str:
    """What may be edited: everything after signature and docstring."""
    lines = source.splitlines(keepends=True)
    return "".join(lines[_body_start(_definition(source)) :])


def _splice(source: str, node: ast.expr, new: str) -> str:
    """The source with one expression replaced."""
    lines = source.splitlines(keepends=True)
    start = sum(len(line.encode()) for line in lines[: node.lineno - 1]) + node.col_offset
    stop = sum(len(line.encode()) for line in lines[: (node.end_lineno or 0) - 1]) + (node.end_col_offset or 0)
    raw = source.encode()
    return (raw[:start] + new.encode() + raw[stop:]).decode()


# ---------------------------------------------------------------- cutting holes

LEVELS = ("guided", "outline", "blank")


def starter(
    function: Function, level: str = "guided", docstring: str = "", comments: Mapping[str, str] | None = None
) -> str:
    """The function with holes: what a learner gets to fill in.

    guided keeps comments and names and makes the right-hand sides `...`; outline keeps the comments only;
    blank keeps the signature and the docstring. `comments` translates comments.
    """
    if level not in LEVELS:
        raise AnatomyError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    definition = _definition(source_of(function))
    head = f"def {definition.name}({_bare_parameters(definition)}):"
    text = docstring.strip().replace("\\", "\\\\") if "\\" in docstring else docstring.strip()
    quoted = f'"""{text}"""' if text else ""
    body = _guided(function) if level == "guided" else _outline(function) if level == "outline" else "...\n"
    for old, new in (comments or {}).items():
        body = body.replace(f"# {old}\n", f"# {new}\n")
    return head + "\n" + textwrap.indent("\n".join(part for part in (quoted, body) if part), "    ")


def _bare_parameters(definition: ast.FunctionDef) -> str:
    """The parameters without annotations: a starter says shapes in its docstring."""
    bare = ast.parse(ast.unparse(definition.args).join(("def f(", "): ..."))).body[0]
    for argument in ast.walk(bare):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    assert isinstance(bare, ast.FunctionDef)
    return ast.unparse(bare.args)


def _guided(function: Function) -> str:
    """The body with every right-hand side and every computed result a hole; checks of the input stay whole."""
    source = source_of(function)
    definition = _definition(source)
    holes = [value for _, _, value in _assignments(definition)] + [
        node.value
        for node in ast.walk(definition)
        if isinstance(node, ast.Return) and node.value is not None and not _is_names(node.value)
    ]
    inner = [hole for hole in holes if not any(hole is not other and _within(hole, other) for other in holes)]
    for node in sorted(inner, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        source = _splice(source, node, "...")
    lines = source.splitlines(keepends=True)[_body_start(definition) :]
    return textwrap.dedent("".join(_without_annotation(line) for line in lines)).rstrip() + "\n"


def _within(node: ast.AST, other: ast.AST) -> bool:
    return any(child is node for child in ast.walk(other))


def _without_annotation(line: str) -> str:
    """`weights: Array = ...` is noise to a learner: `weights = ...`."""
    head, colon, rest = line.partition(": ")
    _, equals, value = rest.partition(" = ")
    return f"{head} = {value}" if colon and equals and head.strip().isidentifier() else line


def _is_names(node: ast.expr) -> bool:
    """A result that is just a name, or a tuple of names, gives nothing away."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return all(isinstance(part, ast.Name) for part in parts)


def _outline(function: Function) -> str:
    """Only the comments, one thought a line, and a hole at the end."""
    lines = [line.strip() for line in body_of(function).splitlines()]
    return "\n".join([*(line for line in lines if line.startswith("#")), "..."]) + "\n"
