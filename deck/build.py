"""Builds the decks: every card first, then the files, so that a broken card never leaves half a deck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from deck import cache, notes, record
from deck.errors import DeckError
from deck.notes import Deck, Note
from deck.records import OnError, refuse
from exercises import catalog

Progress = Callable[[int, int], None]  # how many cards are done, of how many


def build(
    out: Path, languages: Sequence[str] | None = None, on_progress: Progress | None = None
) -> list[Path]:
    """Write attention-<language>.apkg for each language into `out` and return the files.

    Raises DeckError, and then writes nothing.
    """
    from deck import package

    decks = render(languages or catalog.languages(), on_progress)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for deck in decks:
        part = out / f".attention-{deck.language}.part"
        package.write(deck, part, record.dates())
        written.append((part, out / f"attention-{deck.language}.apkg"))
    for part, path in written:
        part.replace(path)
    return [path for _, path in written]


def render(
    languages: Sequence[str], on_progress: Progress | None = None, on_error: OnError = refuse
) -> list[Deck]:
    """Each language's deck, rendered: card by card, so that its languages share what is computed for it.

    What `on_error` lets pass is left out.
    """
    chapters, cards = notes.all_cards(on_error)
    by_number = {chapter.number: chapter for chapter in chapters}
    decks = [Deck(language, notes.descriptions(chapters, language), list[Note]()) for language in languages]
    for due, card in enumerate(cards, 1):
        for deck in decks:
            try:
                deck.notes.append(notes.note(card, by_number[card.chapter], deck.language, due))
            except DeckError as error:
                on_error(error)
        if on_progress is not None:
            on_progress(due, len(cards))
    cache.shared().save()
    return decks


def update_record(now: int) -> int:
    """Date what has changed since the record was written, list new guids, and return how many changed."""
    from deck import package

    decks = render(catalog.languages())
    contents = {note.key: note.content for deck in decks for note in deck.notes}
    contents |= {f"notetype/{key}": package.notetype_content(key) for key in package.NOTETYPES}
    old = record.read()
    new = record.updated(old, contents, now)
    record.write(new)
    known = record.GUIDS.read_text(encoding="utf-8").splitlines() if record.GUIDS.exists() else []
    lines = {
        f"{package.guid(note.language, note.card.id)} {note.key}" for deck in decks for note in deck.notes
    }
    record.GUIDS.write_text("\n".join([*known, *sorted(lines - set(known))]) + "\n", encoding="utf-8")
    return sum(1 for key in contents if old.get(key) != new[key])


def main(arguments: list[str]) -> int:
    """`python -m deck.build DIR` builds; `--record` dates what has changed, just before a release."""
    import time

    try:
        if arguments == ["--record"]:
            print(f"{update_record(int(time.time()))} notes and notetypes have a new date")
        else:
            print(*build(Path(arguments[0])), sep="\n")
    except DeckError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
