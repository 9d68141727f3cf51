"""The names that expressions on cards may use, and their values.

An expression sees the functions of the reference, NumPy as np, math, trace, the pictures of
deck.diagrams, rng (seeded), and what `let` has named before it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import Any

import numpy as np

import reference
from deck import diagrams
from reference import anatomy

Known = dict[Any, tuple[Any, Any]]  # by expression: its value, and the generator's state afterwards


class Trace(dict[str, Any]):
    """The values of a function's steps: t["scores"], or t.scores."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(f"the trace has no step {name!r}; it has {', '.join(self)}")
        return self[name]


def traced(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Trace:
    """anatomy.trace, with steps as attributes."""
    return Trace(anatomy.trace(function, *args, **kwargs))


class World:
    """One card's names in one language; `let` adds to them.

    Languages may share what they know: an expression without words of its own is worth the same in each.
    """

    def __init__(self, language: str, seed: int = 0, known: Known | None = None) -> None:
        self.language, self.seed = language, seed
        self.known = known
        self.own = {"language", *diagrams.PICTURES}  # names that need not mean the same in each language
        self.names: dict[str, Any] = {
            "np": np,
            "math": math,
            "trace": traced,
            "_arguments": lambda *more, **named: (more, named),
            "true": True,
            "false": False,
            "none": None,
            "language": language,
        }

    def let(self, expressions: Mapping[str, Any], own: bool = False) -> None:
        """Name values, in the order of writing. Strings are expressions, the rest stands for itself.

        `own` are those of the language.
        """
        for name, expression in expressions.items():
            is_expression = isinstance(expression, str)
            if own or name in self.names or (is_expression and self._is_own(expression)):
                self.own.add(name)
            self.names[name] = self.value(expression) if is_expression else expression

    def value(self, expression: str) -> Any:
        """What an expression says. Raises whatever it raises."""
        code, names = _compiled(expression)
        for name in names:
            if name not in self.names:
                self._fetch(name)
        if self.known is None or self._is_own(expression):
            return self._worth(code)
        drawn = self.names["rng"].bit_generator if "rng" in names else None
        key = (expression, repr(drawn.state)) if drawn else expression
        if key not in self.known:
            value = self._worth(code)
            self.known[key] = value, drawn.state if drawn else None
        value, state = self.known[key]
        if drawn:
            drawn.state = state
        return value

    def _is_own(self, expression: str) -> bool:
        return not self.own.isdisjoint(_compiled(expression)[1])

    def _worth(self, code: CodeType) -> Any:
        with np.errstate(all="ignore"):  # an overflow on a card is there on purpose
            return eval(code, self.names)

    def _fetch(self, name: str) -> None:
        """Bring a name of the reference, a picture or the generator into the world."""
        if name == "rng":
            self.names[name] = np.random.default_rng(self.seed)
        elif name in diagrams.PICTURES:
            self.names[name] = diagrams.picture(name, self.language)
        elif not name.startswith("_") and hasattr(reference, name):
            self.names[name] = getattr(reference, name)


@functools.lru_cache(maxsize=8192)
def _compiled(expression: str) -> tuple[CodeType, tuple[str, ...]]:
    code = compile(expression.strip(), "<card>", "eval")
    return code, tuple(_names(code))


def _names(code: CodeType) -> Iterator[str]:
    """Every name that the code may look up, also inside comprehensions."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
