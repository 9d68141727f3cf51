"""Version N over version N-1 in the real Anki: nothing conflicts, nothing that is the user's gets lost."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("anki", reason="the real Anki is not installed")

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from deck import build, cache, notes, package, record, records

FIRST, SECOND = 1_700_000_000, 1_700_500_000  # when the two versions were made

BASE = """
[chapter]
[chapter.en]
title = "Trial"
[chapter.ru]
title = "Проба"

[[card]]
id = "stays"
kind = "basic"
topic = "trial"
[card.en]
front = "What stays?"
back = "This."
[card.ru]
front = "Что остаётся?"
back = "Это."

[[card]]
id = "changes"
kind = "cloze"
topic = "trial"
[card.en]
text = "It {{c1::was}} {{c2::so}}."
[card.ru]
text = "Так {{c1::было}} {{c2::тут}}."

[[card]]
id = "counts"
kind = "numeric"
topic = "trial"
variants = 3
let = { a = "rng.integers(1, 50)" }
[card.en]
front = "[= a =] + 1?"
back = "[= a + 1 =]"
[card.ru]
front = "[= a =] + 1 — сколько?"
back = "[= a + 1 =]"
"""
MORE = """
[[card]]
id = "comes-later"
kind = "why"
topic = "trial"
[card.en]
front = "Why later?"
back = "Because."
[card.ru]
front = "Почему позже?"
back = "Потому."
"""
CHANGED = BASE.replace("It {{c1::was}} {{c2::so}}.", "It {{c1::is}} {{c2::so}} now.").replace(
    "Так {{c1::было}}", "Так {{c1::стало}}"
)
REMOVED = BASE[: BASE.index('[[card]]\nid = "counts"')]


class Publisher:
    """Makes releases of a small deck, each dated by the record of the one before."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.record = folder, dict[str, record.Entry]()
        monkeypatch.setattr(records, "FOLDER", folder)
        monkeypatch.setattr(cache, "shared", lambda: cache.Cache(None))

    def release(self, body: str, when: int, name: str = "release", language: str = "en") -> Path:
        (self.folder / "90_trial.toml").write_text(textwrap.dedent(body), encoding="utf-8")
        (deck,) = build.render([language])
        contents = {note.key: note.content for note in deck.notes}
        contents |= {f"notetype/{key}": package.notetype_content(key) for key in package.NOTETYPES}
        self.record = record.updated(self.record, contents, when)
        path = self.folder / f"{name}.apkg"
        package.write(deck, path, record.dates(self.record))
        return path


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    return Publisher(tmp_path, monkeypatch)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Any]:
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def take(collection: Any, path: Path, merge: bool = False) -> dict[str, int]:
    """Import a package as the dialog does; how many notes were new, updated, duplicate, conflicting."""
    options = ImportAnkiPackageOptions(merge_notetypes=merge)
    log = collection.import_anki_package(
        ImportAnkiPackageRequest(package_path=str(path), options=options)
    ).log
    collection.models._clear_cache()
    kinds = (
        "new",
        "updated",
        "duplicate",
        "conflicting",
        "missing_notetype",
        "missing_deck",
        "empty_first_field",
    )
    return {kind: len(getattr(log, kind)) for kind in kinds if len(getattr(log, kind))}


def note_of(collection: Any, card_id: str, language: str = "en") -> Any:
    (found,) = collection.find_notes(f'"Id:{language}/{card_id}"')
    return collection.get_note(found)


def learn(collection: Any) -> dict[int, tuple[int, ...]]:
    """Give every card a history, and return what must not change."""
    for card_id in collection.find_cards(""):
        card = collection.get_card(card_id)
        card.type, card.queue, card.ivl, card.due, card.reps, card.factor = 2, 2, 17, 40, 5, 2300
        collection.update_card(card)
    return schedule(collection)


def schedule(collection: Any) -> dict[int, tuple[int, ...]]:
    cards = (collection.get_card(card_id) for card_id in collection.find_cards(""))
    return {card.id: (card.type, card.queue, card.ivl, card.due, card.reps, card.factor) for card in cards}


def healthy(collection: Any) -> None:
    """No note without a card, no empty card, no missing or unused file, every notetype valid."""
    for note_id in collection.find_notes(""):
        assert collection.get_note(note_id).cards(), "a note without a card"
    assert not collection.get_empty_cards().notes
    media = collection.media.check()
    assert not media.missing
    assert not media.unused
    for name in collection.models.all_names():
        if name.startswith(notes.PROJECT):
            collection.models.update_dict(collection.models.by_name(name))
    assert not [
        name
        for name in collection.models.all_names()
        if name.startswith(notes.PROJECT) and name.endswith("+")
    ]


@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BASE, {"duplicate": 3}),
        (CHANGED, {"updated": 1, "duplicate": 2}),
        (BASE + MORE, {"new": 1, "duplicate": 3}),
        (REMOVED, {"duplicate": 2}),
    ],
    ids=["same", "text changed", "card added", "card removed"],
)
def test_an_update_conflicts_with_nothing(
    publisher: Publisher, collection: Any, body: str, expected: dict[str, int], merge: bool
) -> None:
    assert take(collection, publisher.release(BASE, FIRST)) == {"new": 3}
    before = learn(collection)
    assert take(collection, publisher.release(body, SECOND), merge) == expected
    after = schedule(collection)
    assert {card: after[card] for card in before} == before
    healthy(collection)


def test_an_update_reaches_the_text(publisher: Publisher, collection: Any) -> None:
    take(collection, publisher.release(BASE, FIRST))
    take(collection, publisher.release(CHANGED, SECOND))
    assert "c1::is" in note_of(collection, "changes")["Front"]


def test_what_the_user_did_to_an_untouched_note_stays(publisher: Publisher, collection: Any) -> None:
    take(collection, publisher.release(BASE, FIRST))
    mine = note_of(collection, "stays")
    mine["Note"], mine.tags = "my own words", [*mine.tags, "mine"]
    collection.update_note(mine)
    take(collection, publisher.release(CHANGED + MORE, SECOND))
    kept = note_of(collection, "stays")
    assert kept["Note"] == "my own words"
    assert "mine" in kept.tags


def test_without_the_record_the_same_would_be_lost(publisher: Publisher, collection: Any) -> None:
    """The record earns its keep: were every note dated by its release, a user's tag would go."""
    take(collection, publisher.release(BASE, FIRST))
    mine = note_of(collection, "stays")
    mine.tags = [*mine.tags, "mine"]
    collection.update_note(mine)
    collection.db.execute("update notes set mod = ?", FIRST + 10)
    publisher.record.clear()
    take(collection, publisher.release(BASE, SECOND))
    assert "mine" not in note_of(collection, "stays").tags


def test_a_new_template_replaces_the_old_one(
    publisher: Publisher, collection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(collection, publisher.release(BASE, FIRST))
    before = learn(collection)
    old = package.faces
    monkeypatch.setattr(package, "faces", lambda key: (old(key)[0], old(key)[1] + "<i>new</i>"))
    monkeypatch.setattr(package, "style", lambda: ".card { color: red; }")
    assert take(collection, publisher.release(BASE, SECOND)) == {"duplicate": 3}
    kind = collection.models.by_name("By Heart Basic")
    assert kind["tmpls"][0]["afmt"].endswith("<i>new</i>")
    assert kind["css"] == ".card { color: red; }"
    assert schedule(collection) == before
    healthy(collection)


def test_a_spare_field_can_be_filled_later(
    publisher: Publisher, collection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(collection, publisher.release(BASE, FIRST))
    before = learn(collection)
    plain = notes.note

    def with_spare(*arguments: Any) -> notes.Note:
        made = plain(*arguments)
        return made._replace(fields={**made.fields, "Spare 1": "later"})

    monkeypatch.setattr(notes, "note", with_spare)
    assert take(collection, publisher.release(BASE, SECOND)) == {"updated": 3}
    assert note_of(collection, "stays")["Spare 1"] == "later"
    assert schedule(collection) == before
    healthy(collection)


def test_both_languages_live_side_by_side(publisher: Publisher, collection: Any) -> None:
    assert take(collection, publisher.release(BASE, FIRST)) == {"new": 3}
    assert take(collection, publisher.release(BASE, FIRST, "russian", "ru")) == {"new": 3}
    names = {deck.name for deck in collection.decks.all_names_and_ids()}
    assert {"By Heart (en)::90 Trial", "By Heart (ru)::90 Проба"} <= names
    assert note_of(collection, "stays", "ru")["Front"] == "<p>Что остаётся?</p>"
    healthy(collection)


def test_new_cards_come_in_the_order_of_learning(publisher: Publisher, collection: Any) -> None:
    body = BASE.replace('id = "stays"\n', 'id = "stays"\nafter = ["counts"]\n')
    take(collection, publisher.release(body, FIRST))
    due = {
        card_id: min(card.due for card in note_of(collection, card_id).cards())
        for card_id in ("stays", "changes", "counts")
    }
    assert due["counts"] < due["stays"] < due["changes"]


def test_the_ids_of_notetypes_fields_and_templates_are_ours(publisher: Publisher, collection: Any) -> None:
    take(collection, publisher.release(BASE, FIRST))
    for key in ("basic", "cloze", "numeric"):
        number, name = package.NOTETYPES[key]
        kind = collection.models.by_name(name)
        assert kind["id"] == number
        assert [field["id"] for field in kind["flds"]] == [
            number + n for n in range(1, len(kind["flds"]) + 1)
        ]
        assert kind["tmpls"][0]["id"] == number + 101
        assert [field["name"] for field in kind["flds"]] == [*notes.FIELDS, *notes.SPARE]


def test_cards_are_as_many_as_we_think(publisher: Publisher, collection: Any) -> None:
    """The preview counts holes as Anki does."""
    from deck import faces

    take(collection, publisher.release(BASE, FIRST))
    (deck,) = build.render(["en"])
    for note in deck.notes:
        ours = faces.holes(note.fields, note.notetype == "cloze")
        assert [card.ord + 1 for card in note_of(collection, note.card.id).cards()] == ours


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_whole_deck_goes_into_anki(language: str, tmp_path: Path, collection: Any) -> None:
    (path,) = build.build(tmp_path / "out", [language])
    found = take(collection, path)
    assert set(found) == {"new"}
    assert (
        found["new"] == len(collection.find_notes("")) == len(collection.find_notes(f"Language:{language}"))
    )
    healthy(collection)
    assert take(collection, path) == {"duplicate": found["new"]}
    described = [
        collection.decks.get(deck.id)["desc"]
        for deck in collection.decks.all_names_and_ids()
        if deck.name.startswith(notes.PROJECT)
    ]
    assert described
    assert all(described)
