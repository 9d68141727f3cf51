"""Hints, one more at each asking, and the reference solution."""

from __future__ import annotations

import sys

from exercises.catalog import Exercise
from exercises.language import Language
from exercises.paper import Line, Span, Terminal, line, wrapped
from exercises.workspace import Workspace


def hint_lines(
    exercise: Exercise, workspace: Workspace | None, language: Language, width: int, everything: bool = False
) -> list[Line]:
    """The hints asked for so far and one more; all where nothing is remembered or `everything` is wanted."""
    words = exercise.say(language.code)
    total = len(words.hints)
    whole = everything or workspace is None
    shown = list(range(1, total + 1)) if whole or workspace is None else workspace.reveal_hint(exercise)
    lines = hint_block(exercise, shown, None if whole else shown[-1], language, width)
    after = language.say("hint.more" if len(shown) < total else "hint.last", id=exercise.id)
    return [*lines, [], line(Span(after, "dim"))]


def hint_block(
    exercise: Exercise, numbers: list[int], newest: int | None, language: Language, width: int
) -> list[Line]:
    """These hints in order; all but the newest are quiet."""
    words = exercise.say(language.code)
    lines: list[Line] = []
    for number in sorted(numbers):
        quiet = newest not in (None, number)
        head = language.say("hint.title", n=number, total=len(words.hints), title=words.title)
        lines.append(line(Span(head, "dim" if quiet else "strong")))
        lines += [
            line(Span(each, "dim" if quiet else "")) for each in wrapped(words.hints[number - 1], width, "  ")
        ]
    return lines


def show_code(text: str, terminal: Terminal) -> None:
    """Python source, coloured where somebody looks at it."""
    if not terminal.colour:
        sys.stdout.write(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(text, "python", background_color="default", word_wrap=True))
