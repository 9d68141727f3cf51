"""Living numbers: one card, several variants, all computed; a few lines of script show the day's one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deck import prose
from deck.records import Card
from deck.sides import Sides, words_to_html, world_of
from deck.world import World

SEEDS = 1000  # how many seeds are tried for variants that `where` accepts


def render(card: Card, language: str) -> Sides:
    """Front and back hold the same variants in the same order."""
    fronts, backs, notes = [], [], []
    for world, front in worlds(card, language):
        fronts.append(front)
        steps = prose.steps_to_html(card, language, world)
        backs.append(words_to_html(card, language, "back", world) + steps)
        notes.append(words_to_html(card, language, "note", world))
    return Sides(_variants(fronts), _variants(backs), notes[0] if len(set(notes)) == 1 else _variants(notes))


def _variants(texts: list[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return (
        '<div class="variants">' + "".join(f'<div class="variant">{text}</div>' for text in texts) + "</div>"
    )


def worlds(card: Card, language: str) -> Iterator[tuple[World, str]]:
    """Names and front of each variant: as listed, or drawn with seeds 0, 1, ... until there are enough."""
    variants = card.values.get("variants", [{}])
    if isinstance(variants, int):
        yield from _drawn(card, language, variants)
    else:
        for variant in variants:
            world = _checked(card, world_of(card, language, variant=variant))
            yield world, words_to_html(card, language, "front", world)


def _drawn(card: Card, language: str, wanted: int) -> Iterator[tuple[World, str]]:
    found: set[str] = set()
    for seed in range(SEEDS):
        world = world_of(card, language, seed)
        front = words_to_html(card, language, "front", world) if _accepted(card, world) else ""
        if front and front not in found:
            found.add(front)
            yield world, front
        if len(found) == wanted:
            return
    raise card.error(f"there are {len(found)} different variants, not {wanted}; ask for fewer, or draw wider")


def _checked(card: Card, world: World) -> World:
    if not _accepted(card, world):
        raise card.error("one of its variants does not satisfy its own `where`; change it")
    return world


def _accepted(card: Card, world: World) -> bool:
    where: Any = card.values.get("where")
    try:
        return where is None or bool(world.value(where))
    except Exception as error:
        raise card.error(
            f"its `where` cannot be computed ({type(error).__name__}: {error}); correct it"
        ) from error
