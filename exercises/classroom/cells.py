"""Which parts of a notebook are the exercise.

The statements that define the functions asked for are kept, and the imports, assignments, functions and
classes that these need, wherever they stand. Demos, plots, magics and shell lines are left out.

Runs inside an attempt's process, for a notebook is a stranger's file: it is sent there as text and uses the
standard library alone.
"""

from __future__ import annotations

import ast
import itertools
import json
import re
from typing import Any

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
Body = list[ast.stmt | None]
MAGIC = re.compile(r"\s*(?:[%!?]|\w[\w.]*\?\??\s*$|\w+\s*=\s*[%!])")
TRANSPARENT = re.compile(r"%%(?:time|timeit|capture|prun)\b")


def extract(text: str, functions: list[str]) -> Any:
    """[source, places]: Python, and of each of its lines "cell:line". A string instead says what is wrong."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        texts = [_text(cell) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return "not-a-notebook"
    parsed = [_parsed(cell, functions) for cell in texts]
    wanted = _needed([node for cell, body in parsed for node in body], set(functions))
    lines, places = [], []
    for number, (cell, body) in enumerate(parsed, 1):
        for n, line in enumerate(_kept(cell, body, wanted), 1):
            lines.append(line)
            places.append(f"{number}:{n}")
    return ["".join(line + "\n" for line in lines), places]


def _text(cell: Any) -> str:
    source = cell["source"] if "source" in cell else cell["input"]
    joined = source if isinstance(source, str) else "".join(source)
    return joined.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").replace("\x0b", " ")


def _parsed(cell: str, functions: list[str]) -> tuple[str, Body]:
    """The cell without its magics, and its statements; [None] where it is kept though it cannot be read."""
    if cell.lstrip().startswith("%%"):
        if not TRANSPARENT.match(cell.lstrip()):
            return "", []
        cell = re.sub(r"%%.*", "", cell, count=1)
    for attempt in (cell, _without_magics(cell)):
        try:
            return attempt, [one for node in ast.parse(attempt).body for one in _apart(node)]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    asked = re.search(rf"(?m)^\s*(?:async\s+)?def\s+(?:{'|'.join(functions)})\b", cell)
    return (_without_magics(cell), [None]) if asked else ("", [])


def _apart(node: ast.stmt) -> Body:
    """A statement; of `import a, b` one for each name, for a demo may need the other, which is not here."""
    if isinstance(node, ast.Import):
        return [ast.copy_location(ast.Import([alias]), node) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [
            ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node) for alias in node.names
        ]
    return [node]


def _without_magics(cell: str) -> str:
    """The same lines; those that are not Python are empty, or do nothing where a block needs them."""
    return "\n".join(
        re.sub(r"^(\s*).*", r"\1pass", line) if MAGIC.match(line) else line for line in cell.split("\n")
    )


def _needed(statements: Body, names: set[str]) -> set[ast.stmt]:
    """The statements to keep: those that bind a name that is asked for, or needed by one that is kept."""
    nodes = [node for node in statements if node is not None]
    last = {node.name: node for node in nodes if isinstance(node, DEFINITIONS)}
    kept: set[ast.stmt] = set()
    wanted = set(names)
    while True:
        found = [
            node
            for node in nodes
            if node not in kept
            and wanted & _bound(node)
            and not (isinstance(node, DEFINITIONS) and last[node.name] is not node)
        ]
        if not found:
            return kept
        kept.update(found)
        for node in found:
            wanted |= _read(node)


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement at the margin binds or changes ("*" for those of `import *`)."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, ast.Expr):
        return set()
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, DEFINITIONS):
            found.add(inner.name)
        elif isinstance(inner, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in inner.names}
        elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            found.add(inner.id)
        elif isinstance(inner, (ast.Attribute, ast.Subscript)) and not isinstance(inner.ctx, ast.Load):
            found |= _free(inner.value)
    return found


def _read(node: ast.AST) -> set[str]:
    """The names that it takes from outside; whatever comes of `import *` may be among them."""
    return _free(node) | {"*"}


def _free(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    found = set[str]().union(*map(_free, ast.iter_child_nodes(node)))
    return found - _locals(node) if isinstance(node, SCOPES) else found


def _locals(scope: ast.AST) -> set[str]:
    """The names that a function or comprehension has for itself."""
    found: set[str] = set()
    outer: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, DEFINITIONS) and node is not scope:
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
    return found - outer


def _kept(cell: str, body: Body, wanted: set[ast.stmt]) -> list[str]:
    """The lines of a cell, empty where nothing on them is kept."""
    lines = cell.split("\n")
    if body == [None]:
        return lines
    crowded = _crowded(body)
    shown = [""] * len(lines)
    for node in body:
        if node is None or node not in wanted:
            continue
        first = min([node.lineno] + [each.lineno for each in getattr(node, "decorator_list", [])])
        last = node.end_lineno or first
        text = lines[first - 1 : last]
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            text = [ast.unparse(node)]
        elif crowded & {first, last}:
            text = (ast.get_source_segment(cell, node) or "").split("\n")
        for n, line in enumerate(text, first - 1):
            shown[n] += f"; {line}" if shown[n] else line
    return shown


def _crowded(body: Body) -> set[int]:
    """The lines on which one statement ends and another begins: what is kept of them is cut out."""
    nodes = [node for node in body if node is not None]
    return {
        before.end_lineno or before.lineno
        for before, after in itertools.pairwise(nodes)
        if after.lineno == before.end_lineno
    }
