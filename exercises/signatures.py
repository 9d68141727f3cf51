"""Can a function of the attempt be called as its starter shows? More optional parameters do no harm."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from exercises.sandbox import Parameter
from exercises.verdict import Phrase

__all__ = ["unfit", "wrong_default"]

Function = Callable[..., Any]


def unfit(function: Function, parameters: Sequence[Parameter]) -> Phrase | None:
    """Why the grader could not call it, given the reference function; None if it can."""
    names, defaults, spread = _expected(function)
    kinds = {each.kind for each in parameters}
    plain = {each.name: each for each in parameters if each.kind in ("positional_or_keyword", "keyword_only")}
    own = [each.name for each in parameters if each.name in names]
    fits = (
        "positional_only" not in kinds
        and ("var_keyword" in kinds or len(own) == len(names))
        and (not spread or "var_positional" in kinds)
        and own == [name for name in names if name in own]
        and all(each.default is not None or name in names for name, each in plain.items())
        and all(plain[name].default is not None for name in defaults if name in plain)
    )
    if fits:
        return None
    values = {"expected": _shown(function), "got": f"({', '.join(map(_text, parameters))})"}
    return Phrase("reason.wrong-parameters", {"function": function.__name__, **values})


def wrong_default(function: Function, parameters: Sequence[Parameter]) -> Phrase | None:
    """A default that is not the starter's; said only of a function that fails: None may mean a number."""
    _, defaults, _ = _expected(function)
    for each in parameters:
        if each.name not in defaults or each.default is None:
            continue
        try:
            same = ast.literal_eval(each.default[:100]) == defaults[each.name]
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if not same:
            values = {"parameter": each.name, "expected": repr(defaults[each.name]), "got": each.default}
            return Phrase("reason.wrong-default", {"function": function.__name__, **values})
    return None


def _expected(function: Function) -> tuple[list[str], dict[str, Any], str]:
    """The names of the parameters, the defaults, and the name of the starred one ("" if there is none)."""
    code, defaults = function.__code__, function.__defaults__ or ()
    names = list(code.co_varnames[: code.co_argcount])
    spread = code.co_varnames[code.co_argcount + code.co_kwonlyargcount] if code.co_flags & 0x04 else ""
    return names, dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)), spread


def _shown(function: Function) -> str:
    """The parameters as a starter shows them: "(x, axis=-1)"."""
    names, defaults, spread = _expected(function)
    texts = [f"{name}={defaults[name]!r}" if name in defaults else name for name in names]
    return f"({', '.join(texts + ([f'*{spread}'] if spread else []))})"


def _text(parameter: Parameter) -> str:
    star = {"var_positional": "*", "var_keyword": "**"}.get(parameter.kind, "")
    return star + parameter.name + (f"={parameter.default}" if parameter.default is not None else "")
