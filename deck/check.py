"""The linter for cards: `python -m deck.check [CHAPTER ...]`, or `byheart deck --check`.

A rule has an id. A card that has a good reason to break one says so: ignore = { rule = "reason" }.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from deck import build, rules, similarity
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
        prefix = "" if self.rule == "build" else f"card {self.card!r}: "
        return f"{self.file}:{self.line}: {prefix}{self.message} [{self.rule}]"


def run(chapters: Collection[int] = ()) -> list[Problem]:
    """Every broken rule of every card (of these chapters); one that cannot be built breaks "build"."""
    errors: dict[str, DeckError] = {}
    rendered: dict[str, dict[str, Note]] = {}

    def keep(error: DeckError) -> None:
        errors[str(error)] = error

    for deck in build.render(catalog.languages(), on_error=keep):
        for note in deck.notes:
            rendered.setdefault(note.card.id, {})[note.language] = note
    whole = {name: found for name, found in rendered.items() if len(found) == len(catalog.languages())}
    cards = [next(iter(found.values())).card for found in whole.values()]
    problems = [_broken(error) for error in errors.values()]
    problems += [problem for card in cards for problem in check(card, whole[card.id])]
    problems += [_problem(card, rule, message) for card, rule, message in similarity.twins(cards, whole)]
    return [problem for problem in problems if not chapters or _chapter(problem) in chapters]


def _broken(error: DeckError) -> Problem:
    place, _, rest = str(error).partition(": ")
    return Problem(
        error.file if error.card else place.partition(":")[0], error.line, error.card, "build", rest
    )


def _chapter(problem: Problem) -> int:
    head = problem.file.rpartition("/")[2].partition("_")[0]
    return int(head) if head.isdigit() and "cards" in problem.file else -1


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
    problems = run([int(argument) for argument in arguments])
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
