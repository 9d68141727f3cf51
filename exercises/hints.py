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
    n = total if everything or workspace is None else workspace.reveal_hint(exercise)
    lines: list[Line] = []
    for number, text in enumerate(words.hints[:n], 1):
        style = "strong" if number == n else "dim"
        lines.append(line(Span(language.say("hint.title", n=number, total=total, title=words.title), style)))
        lines += [line(Span(each, "" if number == n else "dim")) for each in wrapped(text, width, "  ")]
    after = language.say("hint.more" if n < total else "hint.last", id=exercise.id)
    return [*lines, [], line(Span(after, "dim"))]


def show_code(text: str, terminal: Terminal) -> None:
    """Python source, coloured where somebody looks at it."""
    if not terminal.colour:
        sys.stdout.write(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(text, "python", background_color="default", word_wrap=True))
