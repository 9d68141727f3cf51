"""Running a function so that the values of its named steps are kept. A part of `reference.anatomy`."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Mapping
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from reference.source import code_of, function_like, plain_function, source_of_plain

__all__ = ["lasting", "trace"]

Function = Callable[..., Any]


def trace(function: Function, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Run the function and keep the value of every step; "return" holds the result.

    A name that is assigned several times (in a loop, say) keeps its last value under its own name; the
    values in order are under `name[0]`, `name[1]` and so on. Arrays are copied, so that a later change in
    place does not reach back.
    """
    recorded, result = _recorded(function, args, kwargs)
    values: dict[str, Any] = {}
    for name, history in recorded.items():
        values[name] = history[-1].then
        if len(history) > 1:
            values |= {f"{name}[{i}]": value.then for i, value in enumerate(history)}
    return {**values, "return": result}


def lasting(function: Function, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """The steps that are computed once, and are the same when the function ends.

    In a loop that runs again, or changed in place later, the last value is not the first that counts.
    """
    recorded, _ = _recorded(function, args, kwargs)
    return {
        name: history[-1].then
        for name, history in recorded.items()
        if len({value.line for value in history}) == len(history) and _unchanged(*history[-1][:2])
    }


class _Value(NamedTuple):
    """A step as it was when it was computed, the thing itself, and the line that computed it."""

    then: Any
    now: Any
    line: int


def _recorded(
    function: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[dict[str, list[_Value]], Any]:
    """Each step with its values in order; and the result."""
    plain = plain_function(function)
    recorded: dict[str, list[_Value]] = {}

    def keep(name: str, value: Any, line: int) -> None:
        recorded.setdefault(name, []).append(_Value(_snapshot(value), value, line))

    namespace = {**plain.__globals__, "__keep__": keep}
    result = function_like(_recording_code(source_of_plain(plain)), plain, namespace)(*args, **kwargs)
    return recorded, result


def _unchanged(then: Any, now: Any) -> bool:
    if type(then) is list:
        return len(then) == len(now) and all(map(_unchanged, then, now))
    if isinstance(then, np.ndarray):
        return bool(then.tobytes() == now.tobytes())
    return then is now or hasattr(then, "copy")  # other things with copies are numbers


def _snapshot(value: Any) -> Any:
    """The value as it is now: arrays are copied, also in lists."""
    if type(value) is list:
        return [_snapshot(item) for item in value]
    return value.copy() if hasattr(value, "copy") else value


@functools.lru_cache(maxsize=256)
def _recording_code(source: str) -> CodeType:
    tree = ast.parse(source)
    _Recorder().generic_visit(tree.body[0])
    return code_of(ast.fix_missing_locations(tree), "<trace>")


class _Recorder(ast.NodeTransformer):
    """Adds a call of __keep__ behind every assignment to plain names; functions and classes inside stay."""

    def visit(self, node: ast.AST) -> Any:
        is_inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        return node if is_inside else super().visit(node)

    def _recorded(self, node: ast.stmt, targets: Iterable[ast.expr]) -> list[ast.stmt]:
        calls: list[ast.stmt] = []
        for target in targets:
            parts = [part for part in ast.walk(target) if isinstance(part, ast.Name)]
            names = [part.id for part in parts if isinstance(part.ctx, ast.Store)]
            calls += [ast.parse(f"__keep__({name!r}, {name}, {node.lineno})").body[0] for name in names]
        return [node, *calls]

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self._recorded(node, node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        return self._recorded(node, [node.target] if node.value else [])

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return self._recorded(node, [node.target])
