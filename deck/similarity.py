"""The rules that compare cards with each other: interference is what makes a deck hard."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from deck import plain
from deck.notes import Note
from deck.records import Card

RULES = ("same-front", "similar-front", "same-answer")
LIMIT = 0.85  # share of words in common
REPEATS = 5  # cards with one and the same answer

Breach = tuple[Card, str, str]


def twins(cards: Sequence[Card], rendered: Mapping[str, Mapping[str, Note]]) -> Iterator[Breach]:
    """Cards whose fronts are the same or nearly so, and answers that too many cards share."""
    languages = next(iter(rendered.values()), {})
    for language in languages:
        yield from _same_front(cards, rendered, language)
        yield from _similar_front(cards, language)
        yield from _same_answer(cards, language)


def _same_front(
    cards: Sequence[Card], rendered: Mapping[str, Mapping[str, Note]], language: str
) -> Iterator[Breach]:
    seen: dict[str, Card] = {}
    for card in cards:
        front = rendered[card.id][language].fields["Front"]
        other = seen.setdefault(front, card)
        if other is not card and "same-front" not in card.ignore:
            yield (
                card,
                "same-front",
                f"{language}: its front is that of {other.id!r}; ask something that tells them apart",
            )


def _similar_front(cards: Sequence[Card], language: str) -> Iterator[Breach]:
    """By the words they share, and quick: only cards with a rare word in common are compared."""
    words = {
        card.id: Counter(_front(card, language).split())
        for card in cards
        if card.kind in ("basic", "why", "cloze")
    }
    homes: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        found = words.get(card.id)
        if found is None or sum(found.values()) < 4:
            continue
        near: Counter[str] = Counter(
            other.id for word in found for other in homes[word] if len(homes[word]) < 80
        )
        for other_id, shared in near.items():
            other = words[other_id]
            alike = 2 * sum((found & other).values()) / (sum(found.values()) + sum(other.values()))
            linked = other_id in card.after
            if shared > 1 and alike > LIMIT and not linked and "similar-front" not in card.ignore:
                yield (
                    card,
                    "similar-front",
                    f"{language}: much like {other_id!r}; set them apart or link them by `after`",
                )
        for word in found:
            homes[word].append(card)


def _front(card: Card, language: str) -> str:
    words = card.words[language]
    return plain.normal(str(words.get("front", words.get("text", ""))))


def _same_answer(cards: Sequence[Card], language: str) -> Iterator[Breach]:
    seen: Counter[str] = Counter()
    for card in cards:
        answer = plain.normal(str(card.words[language].get("back", "")))
        if not answer or "[" in str(card.words[language].get("back")):
            continue
        seen[answer] += 1
        if seen[answer] > REPEATS and "same-answer" not in card.ignore:
            yield (
                card,
                "same-answer",
                f"{language}: {seen[answer]} cards have this answer; ask the other way round",
            )
