"""Notes to .apkg files. The only file that knows genanki.

Everything that Anki remembers a thing by is fixed here for ever: ids of notetypes, of their fields and
templates, of decks (by name), and the guid of a note, which comes from project, language and card id.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import genanki

from deck import notes, palette
from deck.notes import Deck, Note
from deck.typeset import LEVELS

STYLE = Path(__file__).parent / "style.css"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of every file in the archive

# key -> (id, name). Fields and templates count up from the id of their notetype.
NOTETYPES = {
    "basic": (1763900000000, "By Heart Basic"),
    "cloze": (1763900001000, "By Heart Cloze"),
    "numeric": (1763900002000, "By Heart Numeric"),
    "code": (1763900003000, "By Heart Code"),
    "picture": (1763900004000, "By Heart Picture"),
    "kata": (1763900005000, "By Heart Kata"),
}


def guid(language: str, card_id: str) -> str:
    """Who a note is. Never from its text."""
    return str(genanki.guid_for(notes.PROJECT, language, card_id))


class _Notetype(genanki.Model):  # type: ignore[misc]
    """A notetype with a modification time of its own."""

    modified = 0

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return dict(super().to_json(self.modified or timestamp, deck_id))


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with a modification time of its own."""

    modified = 0

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Any) -> None:
        super().write_to_db(cursor, self.modified or timestamp, deck_id, id_gen)

    def _check_invalid_html_tags_in_fields(self) -> None:
        """genanki's guess at broken HTML is wrong both ways; the linter knows."""


@cache
def faces(key: str) -> tuple[str, str]:
    """The front and back template of a notetype."""
    from deck import pages  # Jinja is only needed where nothing is cached

    environment = pages.environment()
    front, back = (
        environment.get_template(f"{side}.html").render(notetype=key).strip() for side in ("front", "back")
    )
    return front, back


@cache
def style() -> str:
    """The style sheet, with the computed ramp of heat maps in its place."""
    levels = "\n".join(
        f".h{n} {{ background: var(--h{n}); color: var(--i{n}); fill: var(--h{n}); }}" for n in range(LEVELS)
    )
    parts = {
        "/* palette: light */": palette.variables(night=False),
        "/* palette: night */": palette.variables(night=True),
        "/* levels */": levels,
    }
    text = STYLE.read_text(encoding="utf-8")
    for place, part in parts.items():
        text = text.replace(place, part)
    return text


def notetype(key: str, modified: int = 0) -> Any:
    """The notetype with its fixed ids."""
    number, name = NOTETYPES[key]
    front, back = faces(key)
    model = _Notetype(
        model_id=number,
        name=name,
        fields=[
            {"name": field, "id": number + n} for n, field in enumerate((*notes.FIELDS, *notes.SPARE), 1)
        ],
        templates=[{"name": "Card", "qfmt": front, "afmt": back, "id": number + 101}],
        css=style(),
        model_type=genanki.Model.CLOZE if key == "cloze" else genanki.Model.FRONT_BACK,
        sort_field_index=1,
    )
    model.modified = modified
    return model


def notetype_content(key: str) -> str:
    """A hash of what a notetype looks like."""
    return hashlib.sha256("\x1f".join([*faces(key), style()]).encode()).hexdigest()[:16]


def write(deck: Deck, out: Path, modified: Callable[[str, str], int]) -> None:
    """One language as an .apkg, the same bytes for the same content; `modified(key, content)` dates it."""
    models = {key: notetype(key, modified(f"notetype/{key}", notetype_content(key))) for key in NOTETYPES}
    subdecks = {
        name: genanki.Deck(_deck_id(name), name, description)
        for name, description in deck.descriptions.items()
    }
    dates = [model.modified for model in models.values()]
    for note in deck.notes:
        made = _note(note, models[note.notetype], modified(note.key, note.content))
        dates.append(made.modified)
        subdecks[note.deck].add_note(made)
    out.write_bytes(_archive(subdecks.values(), max(dates)))


def _note(note: Note, model: Any, modified: int) -> Any:
    made = _Note(
        model=model,
        fields=list(note.fields.values()),
        tags=list(note.tags),
        guid=guid(note.language, note.card.id),
        due=note.due,
    )
    made.modified = modified
    return made


def _deck_id(name: str) -> int:
    """Anki knows decks by name; the number only has to be the same each time."""
    return 1_763_900_100_000 + int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)


def _archive(decks: Iterable[Any], timestamp: int) -> bytes:
    """genanki's collection in Anki's archive, compressed, without the time of day."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in (("collection.anki2", _collection(decks, timestamp)), ("media", b"{}")):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, content, compresslevel=6)
    return packed.getvalue()


def _collection(decks: Iterable[Any], timestamp: int) -> bytes:
    """The database. genanki would wait for the disk at each of its statements; this file is ours alone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA synchronous = OFF")
            genanki.Package(list(decks)).write_to_db(
                database.cursor(), timestamp, itertools.count(timestamp * 1000)
            )
            database.commit()
        return file.read_bytes()
