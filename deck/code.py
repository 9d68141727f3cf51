"""Code cards: a reference function with one step missing."""

from __future__ import annotations

import textwrap

from deck import functions, phrases, text
from deck.records import Card
from deck.sides import Sides, words_to_html, world_of
from reference import anatomy

HOLE = "______"


def render(card: Card, language: str) -> Sides:
    """The function with a hole where one step is computed; the back has it filled and marked."""
    function = functions.find(card, card.values["function"])
    step = functions.step_of(card, function, card.values["step"])
    world = world_of(card, language)
    question = (
        words_to_html(card, language, "front", world) or f"<p>{phrases.say(language, 'code.question')}</p>"
    )
    source = anatomy.source_of(function)
    lines = functions.without_checks(functions.bare(source, step.comment))
    lines = functions.translated(lines, function.__name__, language)
    at = _line_of(card, lines, step.name, step.expression)
    before, after = "\n".join(lines[:at]), "\n".join(lines[at:])
    hidden = f"{before}\n{after.replace(step.expression, HOLE, 1)}"
    shown = text.code(hidden).replace(HOLE, '<span class="hole">?</span>')
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    answer = text.code(textwrap.dedent(indent + step.expression))
    return Sides(question + shown, answer, words_to_html(card, language, "note", world))


def _line_of(card: Card, lines: list[str], name: str, expression: str) -> int:
    first = expression.splitlines()[0]
    found = [n for n, line in enumerate(lines) if first in line and line.strip().startswith(name)]
    if len(found) != 1:
        raise card.error(f"the step {name!r} does not stand on a line of its own; choose another step")
    return found[0]
