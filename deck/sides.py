"""What a kind makes of a card in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from deck import text
from deck.records import Card
from deck.world import World


class Sides(NamedTuple):
    """HTML: the question, the answer, and an aside that comes after the answer."""

    front: str
    back: str
    note: str = ""


def world_of(card: Card, language: str, seed: int = 0, variant: Mapping[str, Any] | None = None) -> World:
    """The card's names: the variant's, then those of the record, then those of the language."""
    world = World(language, seed)
    try:
        for expressions in (variant or {}, card.values.get("let", {}), card.words[language].get("let", {})):
            world.let(expressions)
    except Exception as error:
        raise card.error(
            f"its `let` cannot be computed ({type(error).__name__}: {error}); correct it"
        ) from error
    return world


def words_to_html(card: Card, language: str, key: str, world: World, inline: bool = False) -> str:
    """One of the card's texts as HTML; empty where there is none."""
    words = card.words[language].get(key, "")
    try:
        return (text.inline if inline else text.render)(words, world)
    except Exception as error:
        raise card.error(
            f"{language}.{key} cannot be rendered ({type(error).__name__}: {error}); correct it"
        ) from error
