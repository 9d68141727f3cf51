"""The linter for cards: `python -m deck.check [CHAPTER ...]`, or `byheart deck --check`.

A rule has an id. A card that has a good reason to break one says so: ignore = { rule = "reason" }.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from deck import build, notes, rules, similarity
from deck.errors import DeckError
from deck.notes import Note
from deck.records import Card
from exercises import catalog


class Problem(NamedTuple):
    """A card that breaks a rule."""

    file: str
    line: int
    card: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: card {self.card!r}: {self.message} [{self.rule}]"


def run(chapters: Collection[int] = ()) -> list[Problem]:
    """Every broken rule of every card (of these chapters). Raises DeckError where a card cannot even be built."""
    rendered: dict[str, dict[str, Note]] = {}
    for deck in build.render(catalog.languages()):
        for note in deck.notes:
            rendered.setdefault(note.card.id, {})[note.language] = note
    _, cards = notes.all_cards()
    found = [problem for card in cards for problem in check(card, rendered[card.id])]
    found += [_problem(card, rule, message) for card, rule, message in similarity.twins(cards, rendered)]
    return [p for p in found if not chapters or int(p.file.rpartition("/")[2].partition("_")[0]) in chapters]


def check(card: Card, rendered: Mapping[str, Note]) -> Iterator[Problem]:
    """The rules that look at one card, in all its languages."""
    for rule, reason in card.ignore.items():
        if rule not in rules.RULES and rule not in similarity.RULES:
            yield _problem(card, "ignore", f"there is no rule {rule!r} to ignore; remove it")
        elif len(str(reason).split()) < 2:
            yield _problem(card, "ignore", f"say why {rule} does not apply here")
    for rule, examine in rules.RULES.items():
        if rule not in card.ignore:
            yield from (_problem(card, rule, message) for message in examine(card, rendered))


def _problem(card: Card, rule: str, message: str) -> Problem:
    folder = "deck/cards" if card.line else "exercises/catalog"
    return Problem(f"{folder}/{card.file.name}", card.line or 1, card.id, rule, message)


def main(arguments: list[str]) -> int:
    """Print every problem; exit status 1 if there are any."""
    try:
        problems = run([int(argument) for argument in arguments])
    except DeckError as error:
        print(error)
        return 1
    for problem in problems:
        print(problem)
    print(f"{len(notes.all_cards()[1])} cards, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
