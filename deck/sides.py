"""What a kind makes of a card in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from deck import text
from deck.records import Card
from deck.world import Known, World


class Sides(NamedTuple):
    """HTML: the question, the answer, and an aside that comes after the answer."""

    front: str
    back: str
    note: str = ""


def world_of(card: Card, language: str, seed: int = 0, variant: Mapping[str, Any] | None = None) -> World:
    """The card's names: the variant's, then those of the record, then those of the language."""
    world = World(language, seed, _known(card, seed, variant))
    try:
        world.let(variant or {})
        world.let(card.values.get("let", {}))
        world.let(card.words[language].get("let", {}), own=True)
    except Exception as error:
        raise card.error(
            f"its `let` cannot be computed ({type(error).__name__}: {error}); correct it"
        ) from error
    return world


class _Latest:
    """The card that was rendered last, and what is known of it: its other language comes next."""

    card: Card | None = None
    known: ClassVar[dict[str, Known]] = {}


def _known(card: Card, seed: int, variant: Mapping[str, Any] | None) -> Known:
    """What all languages of a card know."""
    if _Latest.card is not card:
        _Latest.card, _Latest.known = card, {}
    return _Latest.known.setdefault(f"{seed} {variant}", {})


def words_to_html(card: Card, language: str, key: str, world: World, inline: bool = False) -> str:
    """One of the card's texts as HTML; empty where there is none."""
    words = card.words[language].get(key, "")
    try:
        return (text.inline if inline else text.render)(words, world)
    except Exception as error:
        raise card.error(
            f"{language}.{key} cannot be rendered ({type(error).__name__}: {error}); correct it"
        ) from error
