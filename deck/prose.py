"""Cards whose words are written by a person: basic, why, cloze, diagram, worked."""

from __future__ import annotations

import re

from deck import text
from deck.records import Card
from deck.sides import Sides, words_to_html, world_of
from deck.world import World

CLOZE = re.compile(r"\{\{c(\d+)::")


def basic(card: Card, language: str) -> Sides:
    """A question and its answer."""
    world = world_of(card, language)
    return Sides(*(words_to_html(card, language, key, world) for key in ("front", "back", "note")))


def cloze(card: Card, language: str) -> Sides:
    """A sentence with a hole: Anki makes the back itself."""
    world = world_of(card, language)
    front = words_to_html(card, language, "text", world)
    if not CLOZE.search(front):
        raise card.error(f"{language}.text hides nothing; write {{{{c1::...}}}} around what is asked")
    return Sides(front, "", words_to_html(card, language, "note", world))


def diagram(card: Card, language: str) -> Sides:
    """A question about a picture, or a picture as the answer."""
    sides = basic(card, language)
    if "<svg" not in sides.front + sides.back and 'class="figure"' not in sides.front + sides.back:
        raise card.error(
            f'{language} shows no picture; put [= heat(...) =] or another one in it, or say kind = "basic"'
        )
    return sides


def worked(card: Card, language: str) -> Sides:
    """A problem, solved step by step on the back."""
    world = world_of(card, language)
    front, note = (words_to_html(card, language, key, world) for key in ("front", "note"))
    return Sides(front, steps_to_html(card, language, world), note)


def steps_to_html(card: Card, language: str, world: World) -> str:
    """The steps as an ordered list."""
    try:
        items = [text.inline(step, world) for step in card.words[language].get("steps", ())]
    except Exception as error:
        raise card.error(
            f"{language}.steps cannot be rendered ({type(error).__name__}: {error}); correct it"
        ) from error
    return f'<ol class="steps">{"".join(f"<li>{item}</li>" for item in items)}</ol>' if items else ""
