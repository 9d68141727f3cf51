"""Cards that nobody writes: a kata for each exercise, a spot-the-bug for each mistake that fits a card."""

from __future__ import annotations

from collections.abc import Iterator

import reference
from deck import bug
from deck.records import Card, Chapter
from exercises import catalog


def cards(chapters: list[Chapter], written: list[Card]) -> list[Card]:
    """Generated cards for every exercise whose chapter exists, except those that a person has written."""
    numbers = {chapter.number: chapter for chapter in chapters}
    taken = {(card.exercise, card.values.get("mistake")) for card in written if card.kind in ("bug", "kata")}
    made: list[Card] = []
    for exercise in catalog.exercises():
        chapter = numbers.get(chapter_of(exercise))
        if chapter is not None and all(hasattr(reference, name) for name in exercise.functions):
            made.extend(_bugs(exercise, chapter, taken))
            if (exercise.id, None) not in taken:
                made.append(
                    _card(exercise, chapter, f"kata-{_slug(exercise.id)}", "kata", exercise.topics[0], {})
                )
    return made


def chapter_of(exercise: catalog.Exercise) -> int:
    """The last chapter that the exercise needs: before it nobody can solve it."""
    return max((int(item.partition(".")[0]) for item in exercise.items), default=-1)


def _bugs(
    exercise: catalog.Exercise, chapter: Chapter, taken: set[tuple[str | None, str | None]]
) -> Iterator[Card]:
    for mistake in exercise.mistakes:
        if (exercise.id, mistake.id) not in taken and bug.can_show(exercise.id, mistake.id):
            name = f"bug-{_slug(exercise.id)}-{_slug(mistake.id)}"
            yield _card(exercise, chapter, name, "bug", mistake.topic, {"mistake": mistake.id})


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _card(
    exercise: catalog.Exercise, chapter: Chapter, card_id: str, kind: str, topic: str, values: dict[str, str]
) -> Card:
    return Card(
        id=card_id,
        kind=kind,
        chapter=chapter.number,
        topic=topic,
        items=exercise.items,
        source="",
        exercise=exercise.id,
        after=(),
        ignore={},
        values=values,
        words={language: {} for language in chapter.titles},
        file=exercise.file,
        line=0,
    )
