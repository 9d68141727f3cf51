"""What is wrong with a card, in one sentence."""

from __future__ import annotations

from pathlib import Path


class DeckError(ValueError):
    """A card file or a card that cannot be built: file, line, card and remedy in one sentence."""

    file, line, card = "deck/cards", 1, ""


def card_error(file: Path, line: int, card_id: str, problem: str) -> DeckError:
    """The error with its place in front, as editors understand it: file:line: card 'id': problem."""
    place = f"deck/cards/{file.name}" if line else f"exercises/catalog/{file.name}"
    error = DeckError(f"{place}:{line or 1}: card {card_id!r}: {problem}")
    error.file, error.line, error.card = place, line or 1, card_id
    return error
