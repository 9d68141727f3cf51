"""Every card as a web page: one file, no Anki and no network needed. Mathematics becomes MathML."""

from __future__ import annotations

import functools
import html
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from deck import build, faces, package, pages, phrases, plain
from deck.notes import Note
from deck.records import OnError, refuse
from exercises import catalog

_MATHS = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_HOLE = re.compile(r"\{\{c(\d+)::(.*?)\}\}(?!\})", re.DOTALL)
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


class Face(NamedTuple):
    """One card as the page shows it."""

    id: str
    language: str
    chapter: str
    kind: str
    exercise: str
    words: str  # what the search looks at
    front: str
    back: str


def write(
    out: Path,
    languages: Sequence[str] | None = None,
    on_progress: build.Progress | None = None,
    on_error: OnError = refuse,
) -> Path:
    """Write the page and return where it is. Raises DeckError."""
    spoken = tuple(languages or catalog.languages())
    shown = [
        face
        for deck in build.render(spoken, on_progress, on_error)
        for note in deck.notes
        for face in _faces(note)
    ]
    words = {language: _phrases(language) for language in spoken}
    page = (
        pages.environment()
        .get_template("preview.html")
        .render(
            faces=shown,
            languages=spoken,
            words=words,
            words_json=json.dumps(words, ensure_ascii=False),
            style=package.style(),
            today=(pages.TEMPLATES / "today.js").read_text(encoding="utf-8"),
            script=(pages.TEMPLATES / "preview.js").read_text(encoding="utf-8"),
            page_style=(pages.TEMPLATES / "preview.css").read_text(encoding="utf-8"),
        )
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")
    return out


def _phrases(language: str) -> dict[str, str]:
    keys = (
        "title",
        "search",
        "every_chapter",
        "every_kind",
        "every_exercise",
        "night",
        "flip_all",
        "found",
        "nothing",
        "help",
    )
    return {key: phrases.say(language, f"preview.{key}") for key in keys}


def _faces(note: Note) -> Iterator[Face]:
    """One for each card that Anki makes of the note."""
    is_cloze = note.notetype == "cloze"
    front, back = (_SCRIPT.sub("", template) for template in package.faces(note.notetype))
    words = " ".join(plain.words_of(note.fields[name]) for name in ("Front", "Back", "Note"))
    for ordinal in faces.holes(note.fields, is_cloze):
        sides = []
        for template, answered in ((front, False), (back, True)):
            fields = {name: with_mathml(value, ordinal, answered) for name, value in note.fields.items()}
            sides.append(faces.fill(template, fields, ordinal, answered).replace(' id="answer"', ""))
        yield Face(
            note.card.id,
            note.language,
            note.fields["Chapter"],
            note.fields["Kind"],
            note.card.exercise or "",
            f"{note.card.id} {words} {' '.join(note.tags)}".lower(),
            *sides,
        )


def with_mathml(value: str, ordinal: int, answered: bool) -> str:
    """The text with its formulas drawn by the browser itself."""

    def drawn(match: re.Match[str]) -> str:
        formula = html.unescape(match[1] or match[2])
        opened = _HOLE.sub(lambda hole: _hole(hole, ordinal, answered), formula)
        return mathml(opened.strip(), match[2] is not None)

    return _MATHS.sub(drawn, value)


def _hole(match: re.Match[str], ordinal: int, answered: bool) -> str:
    return r"\boxed{?}" if int(match[1]) == ordinal and not answered else match[2]


@functools.lru_cache(maxsize=8192)
def mathml(formula: str, display: bool) -> str:
    """TeX as MathML."""
    from latex2mathml.converter import convert

    return str(convert(formula, display="block" if display else "inline"))


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), on_error=lambda error: print(error, file=sys.stderr)))
