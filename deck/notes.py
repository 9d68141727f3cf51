"""Rendered notes: a card in one language, with everything Anki has to know about it."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from deck import cache, generated, kinds, phrases, records
from deck.errors import DeckError
from deck.records import Card, Chapter, OnError
from deck.sides import Sides
from exercises import catalog

PROJECT = "By Heart"
FIELDS = ("Id", "Front", "Back", "Note", "Chapter", "Kind", "Source", "Exercise", "Language")
SPARE = (
    "Spare 1",
    "Spare 2",
    "Spare 3",
)  # frozen at version 1, so that a new field conflicts with nobody's notes


_COLOUR = re.compile(r'<span class="(?!l")[a-z]{1,2}\d?">|</span>')


class Note(NamedTuple):
    """One note of one language."""

    card: Card
    language: str
    notetype: str
    deck: str
    due: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the note is known by for ever: language and card id."""
        return f"{self.language}/{self.card.id}"

    @property
    def content(self) -> str:
        """A hash of all that a learner sees of this note and of its tags."""
        words = "\x1f".join([self.notetype, *self.fields.values(), *self.tags])
        return hashlib.sha256(plain_code(words).encode()).hexdigest()[:16]


def plain_code(words: str) -> str:
    """HTML without the colours of code: how these are written depends on the version of Pygments.

    >>> plain_code('<span class="l"><span class="s2">&quot;a&quot;</span></span>')
    '<span class="l">"a"'
    """
    return _COLOUR.sub("", words).replace("&quot;", '"').replace("&#39;", "'")


class Deck(NamedTuple):
    """One language: subdecks with their descriptions, and notes in the order in which they are learnt."""

    language: str
    descriptions: Mapping[str, str]
    notes: list[Note]


def all_cards(on_error: OnError = records.refuse) -> tuple[list[Chapter], list[Card]]:
    """Every card, written and generated, checked for form, in learning order."""
    chapters, written = records.load(catalog.languages(), on_error)
    cards = in_order(chapters, [*written, *generated.cards(chapters, written)], on_error)
    return chapters, [card for card in cards if _valid(card, on_error)]


def _valid(card: Card, on_error: OnError) -> bool:
    try:
        kinds.validate(card)
    except DeckError as error:
        on_error(error)
        return False
    return True


def in_order(
    chapters: Sequence[Chapter], cards: Sequence[Card], on_error: OnError = records.refuse
) -> list[Card]:
    """Chapter by chapter, written before generated, each card behind those it comes after."""
    rank = {chapter.number: n for n, chapter in enumerate(chapters)}
    waiting = sorted(cards, key=lambda card: (rank[card.chapter], card.line == 0))
    by_id = {card.id: card for card in waiting}
    placed: dict[str, Card] = {}

    def place(card: Card, above: tuple[str, ...]) -> None:
        if card.id in placed:
            return
        if card.id in above:
            on_error(
                card.error(f"it comes after itself ({' -> '.join((*above, card.id))}); break the circle")
            )
            return
        for earlier in card.after:
            if earlier in by_id:
                place(by_id[earlier], (*above, card.id))
            else:
                on_error(card.error(f"it comes after {earlier!r}, which does not exist; correct `after`"))
        placed[card.id] = card

    for card in waiting:
        place(card, ())
    return list(placed.values())


def top_deck(language: str) -> str:
    return f"{PROJECT} ({language})"


def deck_name(chapter: Chapter, language: str) -> str:
    return f"{top_deck(language)}::{chapter.number:02d} {chapter.titles[language]}"


def note(card: Card, chapter: Chapter, language: str, due: int) -> Note:
    """The card rendered in one language. Raises DeckError."""
    words = cache.key(card.id, card.kind, card.exercise, card.values, card.words[language])
    sides = Sides(*cache.shared().get(f"{language}/{words}", lambda: _sides(card, language)))
    texts = (
        f"{language}/{card.id}",
        sides.front,
        sides.back,
        sides.note,
        html.escape(chapter.titles[language], quote=False),
        phrases.say(language, f"kinds.{card.kind}"),
        html.escape(_source(card, language), quote=False),
        _exercise(card, language),
        language,
    )
    fields = {**dict(zip(FIELDS, texts, strict=True)), **dict.fromkeys(SPARE, "")}
    return Note(
        card, language, kinds.KINDS[card.kind].notetype, deck_name(chapter, language), due, fields, tags(card)
    )


def _sides(card: Card, language: str) -> Sides:
    try:
        return kinds.render(card, language)
    except DeckError:
        raise
    except Exception as error:
        raise card.error(
            f"it cannot be rendered in {language!r} ({type(error).__name__}: {error})"
        ) from error


def _source(card: Card, language: str) -> str:
    """The source in the words of the language: section and equation too."""
    for english, word in phrases.table(language, "sources").items():
        card = card._replace(source=re.sub(rf"\b{english}(?!\w)", word, card.source))
    return card.source


def _exercise(card: Card, language: str) -> str:
    """The exercise that practises the card, as the footer says it."""
    if card.exercise is None:
        return ""
    if card.exercise not in catalog.index():
        raise card.error(f"there is no exercise {card.exercise!r}; `byheart list` shows them all")
    number = catalog.find(card.exercise).number
    return f"{phrases.say(language, 'exercise')} {number}: <code>{card.exercise}</code>"


def tags(card: Card) -> tuple[str, ...]:
    """byheart::topic, and so for chapter, kind and exercise; a kata has the topics of all its mistakes."""
    exercise = (f"byheart::exercise::{card.exercise}",) if card.exercise else ()
    return (
        *(f"byheart::{topic}" for topic in _topics(card)),
        f"byheart::chapter::{card.chapter:02d}",
        f"byheart::kind::{card.kind}",
        *exercise,
    )


def _topics(card: Card) -> list[str]:
    if card.kind != "kata":
        return [card.topic]
    exercise = catalog.find(str(card.exercise))
    return sorted({*exercise.topics, *(mistake.topic for mistake in exercise.mistakes)})


def descriptions(chapters: Sequence[Chapter], language: str) -> dict[str, str]:
    """What Anki shows above each deck, the top one first."""
    top = {top_deck(language): f"<p>{phrases.say(language, 'description')}</p>"}
    return top | {
        deck_name(chapter, language): f"<p>{html.escape(chapter.texts[language], quote=False)}</p>"
        for chapter in chapters
    }
