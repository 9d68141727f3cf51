"""The source of a function: its text, its assignments, and where in the text a piece of it stands.

What `reference.anatomy` is built from. Functions are plain ones, written with `def`; a wrapper made with
functools.wraps stands for what it wraps.
"""

from __future__ import annotations
import __future__

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any, NamedTuple

__all__ = [
    "AnatomyError",
    "Assignment",
    "assignments",
    "bare_parameters",
    "body_text",
    "code_of",
    "comment_above",
    "definition_in",
    "function_like",
    "own_nodes",
    "plain_function",
    "source_of",
    "source_of_plain",
    "span",
]

Function = Callable[..., Any]


class AnatomyError(ValueError):
    """A function that cannot be taken apart, or an edit that does not fit it. Says why in one sentence."""


def source_of(function: Function) -> str:
    """The function's own source, from `def` to its last line, without indentation and decorators."""
    return source_of_plain(plain_function(function))


def plain_function(function: Function) -> FunctionType:
    """The function written with `def` behind any wrappers."""
    plain = inspect.unwrap(function) if callable(function) else function
    if not isinstance(plain, FunctionType) or plain.__name__ == "<lambda>":
        raise AnatomyError(f"only a function written with def has steps, not {plain!r}")
    if plain.__code__.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise AnatomyError(f"{plain.__name__} is a generator or async: its steps do not run in one go")
    return plain


@functools.cache
def source_of_plain(plain: FunctionType) -> str:
    if "__source__" in plain.__dict__:  # made by `edited`
        return str(plain.__dict__["__source__"])
    try:
        text = textwrap.dedent(inspect.getsource(plain))
    except (OSError, TypeError):
        raise AnatomyError(f"the source of {plain.__name__} is not there to be read") from None
    first = definition_in(text).lineno  # decorators stand above
    return "".join(text.splitlines(keepends=True)[first - 1 :])


@functools.lru_cache(maxsize=1024)
def definition_in(source: str) -> ast.FunctionDef:
    body = ast.parse(source).body
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise AnatomyError("expected the source of one plain function")
    return body[0]


def bare_parameters(definition: ast.FunctionDef) -> str:
    """The parameters with their defaults and without annotations."""
    every = definition.args
    bare = ast.arguments(
        posonlyargs=[ast.arg(each.arg) for each in every.posonlyargs],
        args=[ast.arg(each.arg) for each in every.args],
        vararg=every.vararg and ast.arg(every.vararg.arg),
        kwonlyargs=[ast.arg(each.arg) for each in every.kwonlyargs],
        kw_defaults=every.kw_defaults,
        kwarg=every.kwarg and ast.arg(every.kwarg.arg),
        defaults=every.defaults,
    )
    return ast.unparse(bare)


def body_text(source: str) -> str:
    """What may be edited: everything after signature and docstring."""
    definition = definition_in(source)
    has_docstring = ast.get_docstring(definition, clean=False) is not None
    n_lines = _lines_of_head(definition, has_docstring)
    statements = definition.body[has_docstring:]
    if statements and statements[0].lineno <= n_lines:  # on one line with the signature
        return source[span(source, statements[0])[0] :]
    return "".join(source.splitlines(keepends=True)[n_lines:])


def _lines_of_head(definition: ast.FunctionDef, has_docstring: bool) -> int:
    """How many lines signature and docstring take."""
    if has_docstring:
        return definition.body[0].end_lineno or 0
    last_of_head = [definition.returns, *ast.walk(definition.args)]
    return max([definition.lineno, *(getattr(node, "end_lineno", 0) or 0 for node in last_of_head)])


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below, without those of functions and classes inside."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from own_nodes(child)


class Assignment(NamedTuple):
    """One assignment: what the left side is called, and its nodes."""

    name: str
    statement: ast.stmt
    value: ast.expr


@functools.lru_cache(maxsize=1024)
def assignments(source: str) -> tuple[Assignment, ...]:
    """Every assignment in source order, also inside loops and branches."""
    found = []
    for node in own_nodes(definition_in(source)):
        if isinstance(node, ast.Assign):
            found.append(Assignment(ast.unparse(node.targets[0]).strip("()"), node, node.value))
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            found.append(Assignment(ast.unparse(node.target), node, node.value))
    return tuple(sorted(found, key=lambda item: (item.statement.lineno, item.statement.col_offset)))


def comment_above(lines: list[str], line: int) -> str:
    """The comment that ends on the line above `line` (counted from 1)."""
    words: list[str] = []
    for text in reversed(lines[: line - 1]):
        if not text.strip().startswith("#"):
            break
        words.insert(0, text.strip().lstrip("# "))
    return " ".join(words)


def span(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    """From which character of the source to which a node reaches."""
    return _offset(source, node.lineno, node.col_offset), _offset(
        source, node.end_lineno or 0, node.end_col_offset or 0
    )


def _offset(source: str, line: int, column: int) -> int:
    """The place of a line (from 1) and a column (in bytes) as a number of characters."""
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


# ---------------------------------------------------------------- and back


def code_of(source: str | ast.Module, name: str) -> CodeType:
    """The code of the one function that a source defines; `name` is what tracebacks say."""
    module = compile(source, name, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    # since Python 3.14 its annotations are code of their own
    codes = [item for item in module.co_consts if isinstance(item, CodeType)]
    return next(code for code in codes if code.co_name != "__annotate__")


def function_like(code: CodeType, like: FunctionType, namespace: dict[str, Any]) -> FunctionType:
    """A function with other code and globals, and the name, defaults and documentation of `like`."""
    if like.__closure__:
        raise AnatomyError(f"{like.__name__} uses variables of the function around it")
    function = FunctionType(code, namespace, like.__name__, like.__defaults__)
    function.__kwdefaults__ = like.__kwdefaults__
    function.__annotations__ = like.__annotations__
    function.__doc__ = like.__doc__
    function.__module__ = like.__module__
    return function
