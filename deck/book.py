"""The reference as a short book: one page, from the formula to the code, its mistakes, exercise and cards.

Everything on it is read from the sources or computed: signatures, steps and their values, what a mistake
changes. The page is one file and needs no network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from markupsafe import escape

from deck import build, entries, package, pages, text
from deck.entries import Chapter
from exercises import catalog
from exercises.language import Language, speak


def write(
    out: Path, languages: Sequence[str] | None = None, on_progress: build.Progress | None = None
) -> Path:
    """Write the page and return where it is. Raises DeckError."""
    spoken = tuple(languages or catalog.languages())
    decks = build.render(spoken, on_progress)
    chapters = list(entries.chapters(spoken, {deck.language: deck.notes for deck in decks}))
    words = {language: _words_of_script(speak(language)) for language in spoken}
    template = pages.environment().get_template("book.html")
    page = template.render(
        languages=spoken,
        names={language: speak(language).say("name") for language in spoken},
        chapters=chapters,
        counts=_counts(chapters),
        say=lambda language, key, **values: escape(speak(language).say(f"book.{key}", **values)),
        title_of=lambda chapter, language: escape(_title(chapter, speak(language))),
        task=lambda exercise, language: text.render(exercise.say(language).text),
        words_json=json.dumps(words, ensure_ascii=False),
        style=package.style(),
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8", newline="\n")
    return out


def _title(chapter: Chapter, language: Language) -> str:
    """The name of a chapter: from the language's file, else the first line of the module."""
    key = f"book.chapters.{chapter.name}"
    return language.say(key) if key in language else chapter.intro.rstrip(".")


def _counts(chapters: Sequence[Chapter]) -> dict[str, int]:
    every = [entry for chapter in chapters for entry in chapter.entries]
    return {
        "functions": len(every),
        "exercises": len({entry.exercise.id for entry in every if entry.exercise}),
        "mistakes": len({(entry.name, fault.id) for entry in every for fault in entry.faults}),
        "cards": sum(len(entry.cards) for entry in every),
    }


def _words_of_script(language: Language) -> dict[str, str]:
    return {key: language.template(f"book.{key}") for key in ("title", "search", "found", "nothing", "night")}


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
