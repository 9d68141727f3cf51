"""The kinds of cards: what a record of each must say, which notetype it becomes, and who renders it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from deck import bug, code, kata, numeric, prose, shape
from deck.records import Card
from deck.sides import Sides


class Kind(NamedTuple):
    """One kind: keys that a record needs or may have, and the same for its words in each language."""

    notetype: str
    render: Callable[[Card, str], Sides]
    needs: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    more_words: tuple[str, ...] = ("note",)


KINDS = {
    "basic": Kind("basic", prose.basic, (), ("let",), ("front", "back"), ("note", "let")),
    "why": Kind("basic", prose.basic, (), ("let",), ("front", "back"), ("note", "let")),
    "cloze": Kind("cloze", prose.cloze, (), ("let",), ("text",), ("note", "let")),
    "numeric": Kind(
        "numeric",
        numeric.render,
        (),
        ("let", "variants", "where"),
        ("front", "back"),
        ("steps", "note", "let"),
    ),
    "shape": Kind(
        "basic", shape.render, ("function",), ("ask", "sizes", "arguments", "axes"), (), ("front", "note")
    ),
    "code": Kind("code", code.render, ("function", "step"), (), (), ("front", "note")),
    "bug": Kind("code", bug.render, ("mistake",), ("arguments",), (), ("front", "note")),
    "diagram": Kind("picture", prose.diagram, (), ("let",), ("front", "back"), ("note", "let")),
    "worked": Kind("numeric", prose.worked, (), ("let",), ("front", "steps"), ("note", "let")),
    "kata": Kind("kata", kata.render),
}


def validate(card: Card) -> None:
    """Raises DeckError where a record lacks something its kind needs, or says something that nobody reads."""
    if card.kind not in KINDS:
        raise card.error(f"there is no kind {card.kind!r}; choose among {', '.join(KINDS)}")
    kind = KINDS[card.kind]
    _match(card, f"a {card.kind} card", set(card.values), kind.needs, kind.allows)
    for language, words in card.words.items():
        _match(card, f"[card.{language}] of a {card.kind} card", set(words), kind.words, kind.more_words)


def _match(
    card: Card, where: str, found: set[str], needed: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    missing = [key for key in needed if key not in found]
    if missing:
        raise card.error(f"{where} needs {missing[0]!r}; add it")
    unknown = sorted(found - {*needed, *allowed})
    if unknown:
        raise card.error(
            f"{where} has no {unknown[0]!r}; it knows {', '.join((*needed, *allowed)) or 'nothing more'}"
        )


def render(card: Card, language: str) -> Sides:
    """The card's two sides in one language."""
    return KINDS[card.kind].render(card, language)
