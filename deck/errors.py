"""What is wrong with a card, in one sentence."""

from __future__ import annotations

from pathlib import Path


class DeckError(ValueError):
    """A card file or a card that cannot be built: file, line, card and remedy in one sentence."""


def card_error(file: Path, line: int, card_id: str, problem: str) -> DeckError:
    """The error with its place in front, as editors understand it: file:line: card 'id': problem."""
    return DeckError(f"deck/cards/{file.name}:{line}: card {card_id!r}: {problem}")
