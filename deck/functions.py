"""Reference functions as cards show them: no annotations, comments in the reader's language."""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from deck.records import Card
from exercises import catalog
from reference import anatomy
from reference.source import bare_parameters, definition_in

Function = Callable[..., Any]
COMMENT = 48  # letters in a line of comment, so that a phone shows it whole


def find(card: Card, name: str) -> Function:
    """The raw reference function of this name."""
    import reference

    if not hasattr(reference, name):
        raise card.error(f"the reference has no function {name!r}; correct the name")
    function: Function = inspect.unwrap(getattr(reference, name))
    return function


@functools.cache
def exercise_of(function: str) -> catalog.Exercise | None:
    """The exercise that asks for this function."""
    return next((exercise for exercise in catalog.exercises() if function in exercise.functions), None)


def bare(source: str, comments: bool | str = True, original: str = "") -> list[str]:
    """The lines of a function without docstring, annotations and blank lines.

    `comments` may be True (all stay), False (none) or the one that stays. Of an edited function, `original`
    is the source of what it was: it begins in the same way.
    """
    signature, n_head = _head(original or source)
    lines = [signature]
    for line in source.splitlines()[n_head:]:
        words = line.strip()
        if words.startswith("#"):
            if comments is True or (comments and words.lstrip("# ") in str(comments)):
                lines.append(line)
        elif words:
            lines.append(re.sub(r"^(\s*\w+): [\w\[\], |.]+ = ", r"\1 = ", line))
    return lines


def without_checks(lines: list[str]) -> list[str]:
    """The lines of a function without those that only refuse bad input, and without what is said of them.

    A card is about the others.
    """
    checks = _checks(tuple(lines))
    return [line for number, line in enumerate(lines, 1) if number not in checks]


@functools.lru_cache(maxsize=1024)
def _checks(lines: tuple[str, ...]) -> frozenset[int]:
    """The numbers of the lines that refuse bad input."""
    if not any("raise" in line for line in lines):
        return frozenset()
    return frozenset(
        number
        for node in _statements(ast.parse("\n".join(lines)).body)
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[0], ast.Raise)
        for number in range(_first_comment(lines, node.lineno), (node.end_lineno or node.lineno) + 1)
    )


def _statements(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block, and of the blocks in it."""
    for statement in block:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, name, []))


def _first_comment(lines: Sequence[str], number: int) -> int:
    """The number of the first line of the comment that stands above this one; without any, its own."""
    while lines[number - 2].strip().startswith("#"):
        number -= 1
    return number


@functools.lru_cache(maxsize=1024)
def _head(source: str) -> tuple[str, int]:
    """The signature without annotations, and how many lines it and the docstring take."""
    definition = definition_in(source)
    first = definition.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    n_lines = (first.end_lineno or 0) if documented else _header_end(source.splitlines(), definition)
    return f"def {definition.name}({bare_parameters(definition)}):", n_lines


def _header_end(lines: list[str], definition: ast.FunctionDef) -> int:
    line = definition.body[0].lineno - 1
    while lines[line - 1].strip().startswith("#"):
        line -= 1
    return line


def translated(lines: list[str], function: str, language: str) -> list[str]:
    """The lines with their comments in the language, no wider than a phone.

    A comment of several lines is one sentence; the exercise knows its translation.
    """
    exercise = exercise_of(function)
    comments: Mapping[str, str] = exercise.say(language).comments if exercise else {}
    shown: list[str] = []
    for is_comment, group in itertools.groupby(lines, lambda line: line.strip().startswith("#")):
        block = list(group)
        shown += _comment(block, comments) if is_comment else block
    return shown


def _comment(block: list[str], comments: Mapping[str, str]) -> list[str]:
    words = " ".join(line.strip().lstrip("# ") for line in block)
    indent = block[0][: len(block[0]) - len(block[0].lstrip())]
    parts = textwrap.wrap(comments.get(words, words), COMMENT - len(indent) - 2)
    return [f"{indent}# {part}" for part in parts]


def step_of(card: Card, function: Function, name: str) -> anatomy.Step:
    """The step of this name, as steps are listed by anatomy; of several, "hidden2" is the second."""
    steps = anatomy.steps(function)
    found = [step for n, step in enumerate(steps) if name in (step.name, _counted(steps[: n + 1]))]
    if len(found) != 1:
        names = ", ".join(step.name for step in steps)
        raise card.error(f"{function.__name__} has {len(found)} steps called {name!r}; its steps are {names}")
    return found[0]


def _counted(steps: Sequence[anatomy.Step]) -> str:
    """The name of the last of these steps with its count among its like."""
    names = [step.name for step in steps]
    return f"{names[-1]}{names.count(names[-1])}"
