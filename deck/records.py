"""The card files: one chapter a file, one record a card, every language side by side in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deck.errors import DeckError, card_error

FOLDER = Path(__file__).parent / "cards"
COMMON = ("id", "kind", "topic", "items", "source", "exercise", "after", "ignore")
OnError = Callable[[DeckError], None]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Chapter(NamedTuple):
    """One file: a subdeck."""

    number: int
    needs: tuple[int, ...]  # chapters to know before
    titles: Mapping[str, str]  # language -> title; permanent, since Anki knows a deck by its name
    texts: Mapping[str, str]  # language -> what the subdeck's description says
    file: Path


class Card(NamedTuple):
    """One record: what every kind has, the kind's own values, and the words in each language."""

    id: str
    kind: str
    chapter: int
    topic: str
    items: tuple[str, ...]
    source: str
    exercise: str | None
    after: tuple[str, ...]  # cards to learn before
    ignore: Mapping[str, str]  # rule of the linter -> why it does not apply here
    values: Mapping[str, Any]
    words: Mapping[str, Mapping[str, Any]]
    file: Path
    line: int

    def error(self, problem: str) -> DeckError:
        return card_error(self.file, self.line, self.id, problem)


def refuse(error: DeckError) -> None:
    """What happens to an error where nobody collects them."""
    raise error


def load(
    languages: tuple[str, ...], on_error: OnError = refuse, folder: Path | None = None
) -> tuple[list[Chapter], list[Card]]:
    """All chapters in order, and all cards in the order of their files.

    Raises DeckError, unless `on_error` does something else with it: then what is broken is left out.
    """
    chapters: list[Chapter] = []
    cards: dict[str, Card] = {}
    for path in sorted((folder or FOLDER).glob("*.toml"), key=_number):
        try:
            chapter, records = read_file(path, languages, on_error)
        except DeckError as error:
            on_error(error)
            continue
        chapters.append(chapter)
        for card in records:
            if twin := cards.get(card.id):
                on_error(card.error(f"the id is taken by {twin.file.name}:{twin.line}; choose another"))
            cards.setdefault(card.id, card)
    return chapters, list(cards.values())


def read_file(
    path: Path, languages: tuple[str, ...], on_error: OnError = refuse
) -> tuple[Chapter, list[Card]]:
    """One chapter file."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeckError(f"deck/cards/{path.name}: not valid TOML: {error}; correct that place") from None
    head = table.get("chapter", {})
    for language in languages:
        if "title" not in head.get(language, {}):
            raise DeckError(f"deck/cards/{path.name}:1: add [chapter.{language}] with a title")
    chapter = Chapter(
        _number(path),
        tuple(head.get("needs", ())),
        {language: head[language]["title"] for language in languages},
        {language: head[language].get("text", "").strip() for language in languages},
        path,
    )
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[card]]"]
    records = table.get("card", [])
    if len(lines) != len(records):
        raise DeckError(f"deck/cards/{path.name}: write each [[card]] alone on its line")
    cards = []
    for record, line in zip(records, lines, strict=True):
        try:
            cards.append(_card(record, chapter, path, line, languages))
        except DeckError as error:
            on_error(error)
    return chapter, cards


def _number(path: Path) -> int:
    head = path.name.partition("_")[0]
    if not head.isdigit():
        raise DeckError(f"deck/cards/{path.name}: begin the file's name with the number of its chapter")
    return int(head)


def _card(
    record: dict[str, Any], chapter: Chapter, path: Path, line: int, languages: tuple[str, ...]
) -> Card:
    card_id = str(record.get("id", "?"))
    if not SLUG.fullmatch(card_id):
        raise card_error(path, line, card_id, "begin it with an id of lower-case words joined by hyphens")
    for key in ("kind", "topic"):
        if not isinstance(record.get(key), str):
            raise card_error(path, line, card_id, f'it has no {key}; add {key} = "..."')
    foreign = [
        key
        for key, value in record.items()
        if isinstance(value, dict) and len(key) == 2 and key not in languages
    ]
    if foreign:
        raise card_error(
            path,
            line,
            card_id,
            f"there is no language {foreign[0]!r}; add exercises/languages/{foreign[0]}.toml",
        )
    return Card(
        id=card_id,
        kind=record["kind"],
        chapter=chapter.number,
        topic=record["topic"],
        items=tuple(record.get("items", ())),
        source=record.get("source", ""),
        exercise=record.get("exercise"),
        after=tuple(record.get("after", ())),
        ignore=record.get("ignore", {}),
        values={key: value for key, value in record.items() if key not in (*COMMON, *languages)},
        words={language: record.get(language, {}) for language in languages},
        file=path,
        line=line,
    )
