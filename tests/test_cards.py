"""The cards themselves: every one obeys the linter, every item is covered, every word is spelt."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache as once
from pathlib import Path

import pytest

from deck import bug, build, check, glossary, notes, package, plain, record, similarity
from deck.notes import Deck
from deck.records import Card
from deck.world import World
from exercises import catalog

# how many items the curriculum has in each chapter, 0 to 12
ITEMS = (15, 16, 21, 15, 20, 16, 21, 22, 22, 26, 19, 15, 22)
MISCONCEPTIONS = 70
KINDS = ("basic", "why", "cloze", "numeric", "shape", "code", "bug", "diagram", "worked", "kata")


@once
def cards() -> list[Card]:
    return notes.all_cards()[1]


@once
def decks() -> list[Deck]:
    return list(build.render(catalog.languages()))


def test_no_card_breaks_a_rule() -> None:
    problems = check.run()
    assert not problems, "\n".join(map(str, problems))


@pytest.mark.parametrize("chapter", range(len(ITEMS)))
def test_every_item_of_the_curriculum_has_a_card(chapter: int) -> None:
    covered = {item for card in cards() for item in card.items}
    wanted = {f"{chapter}.{n:02d}" for n in range(1, ITEMS[chapter] + 1)}
    assert not sorted(wanted - covered)


def test_no_card_covers_an_item_that_does_not_exist() -> None:
    known = {f"{chapter}.{n:02d}" for chapter, count in enumerate(ITEMS) for n in range(1, count + 1)}
    known |= {f"M{n:02d}" for n in range(1, MISCONCEPTIONS + 1)}
    assert not sorted({(card.id, item) for card in cards() for item in card.items if item not in known})


def test_there_are_enough_notes_of_every_kind() -> None:
    kinds = Counter(card.kind for card in cards())
    assert len(cards()) >= 450
    assert set(kinds) == set(KINDS)
    assert all(kinds[kind] >= 5 for kind in KINDS), kinds


def test_every_exercise_has_its_kata_and_is_linked_both_ways() -> None:
    katas = {card.exercise for card in cards() if card.kind == "kata"}
    assert katas == set(catalog.index())
    for exercise in catalog.exercises():
        linked = [
            card for card in cards() if card.exercise == exercise.id and card.kind not in ("kata", "bug")
        ]
        assert linked, f"no written card names {exercise.id}"


def test_the_search_that_a_failed_exercise_gives_finds_cards() -> None:
    tags = {tag for deck in decks() for note in deck.notes for tag in note.tags}
    topics = {topic for exercise in catalog.exercises() for topic in exercise.topics}
    topics |= {mistake.topic for exercise in catalog.exercises() for mistake in exercise.mistakes}
    assert not sorted(topic for topic in topics if f"byheart::{topic}" not in tags)


def test_most_numeric_cards_live() -> None:
    numeric = [note for deck in decks() for note in deck.notes if note.card.kind == "numeric"]
    assert sum('class="variant"' in note.fields["Front"] for note in numeric) > len(numeric) / 3


def test_no_number_on_a_bug_card_is_rounded_to_nothing() -> None:
    for card in cards():
        if card.kind == "bug":
            run = bug.find_run(*bug.mistake_of(card), card, World("en"))
            assert run is not None
            numbers = [value for value in (run.got, run.expected) if isinstance(value, float)]
            assert all(value == 0 or abs(value) >= 0.0005 for value in numbers), card.id


def test_guids_are_unique_and_the_frozen_ones_are_still_ours() -> None:
    guids = [package.guid(note.language, note.card.id) for deck in decks() for note in deck.notes]
    assert len(set(guids)) == len(guids)
    for line in record.GUIDS.read_text(encoding="utf-8").splitlines():
        guid, key = line.split()
        language, card = key.split("/")
        assert package.guid(language, card) == guid, f"{key} has another guid than in version 1"


def test_the_record_knows_every_note() -> None:
    known = record.read()
    strangers = [
        note.key for deck in decks() for note in deck.notes if known.get(note.key, ("", 0))[0] != note.content
    ]
    assert not strangers, (
        f"python -m deck.build --record: {len(strangers)} notes, for example {strangers[:3]}"
    )


def test_decks_are_the_same_bytes_every_time_and_compressed(tmp_path: Path) -> None:
    first, second = (build.build(tmp_path / name) for name in ("one", "two"))
    for one, two in zip(first, second, strict=True):
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes()
        assert one.stat().st_size < 3_000_000
    assert [path.name for path in first] == ["attention-en.apkg", "attention-ru.apkg"]


@pytest.mark.parametrize("language", catalog.languages())
def test_every_word_is_spelt_as_in_the_dictionary(language: str) -> None:
    hunspell = pytest.importorskip("spylls.hunspell")
    dictionary = next(Path("/usr/share/hunspell").glob(f"{language}_*.dic"), None)
    if dictionary is None:
        pytest.skip(f"there is no hunspell dictionary for {language}")
    known = hunspell.Dictionary.from_files(str(dictionary.with_suffix("")))
    beginnings = glossary.spelled(language)
    letters = "А-Яа-яЁё" if language == "ru" else "A-Za-z"

    def right(word: str) -> bool:
        plain_word = re.sub(r"'s$", "", word.replace("’", "'"))
        spellings = {plain_word, plain_word.lower(), _american(plain_word)}
        return plain_word.lower().startswith(beginnings) or any(map(known.lookup, spellings))

    wrong: dict[str, str] = {}
    for card in cards():
        for key, value in card.words[language].items():
            words = plain.prose(plain.joined(value)) if key != "let" else ""
            for word in re.findall(rf"[{letters}]+(?:['’][a-z]+)?", words):
                if word not in wrong and len(word) > 1 and not right(word):
                    wrong[word] = card.id
    assert not wrong


def _american(word: str) -> str:
    """British spelling as an American dictionary has it."""
    american = re.sub(r"is(e[sdr]?|ing|ation|ations)$", r"iz\1", word)
    for british, other in (("isation", "ization"), ("our", "or"), ("centre", "center"), ("ise", "ize")):
        american = american.replace(british, other)
    return american


# ---------------------------------------------------------------- the linter catches what it says it catches


GOOD = {"front": "What does softmax turn scores into?", "back": "Positive weights that sum to 1."}
BAD: dict[str, dict[str, str]] = {
    "front-long": {"front": "word " * 30 + "?"},
    "one-question": {"front": "What is it? And why?"},
    "yes-no": {"front": "Is softmax monotone?"},
    "vague-start": {"front": "This gives what?"},
    "back-long": {"back": "word " * 30},
    "list-long": {"back": "- a\n- b\n- c\n- d"},
    "code-long": {"note": "```python\n" + "x = 1\n" * 12 + "```"},
    "answer-in-front": {"front": "Which gives positive weights that sum to 1?"},
    "cloze-form": {"front": "A {{c1::hole}} where none belongs?"},
    "raw-html": {"back": "one<br>two"},
    "typed-number": {"back": "About 0.6652."},
    "maths": {"back": "It is $x + 1."},
    "symbol": {"back": "It is $z$."},
    "parity": {"back": "It is $K$."},
    "length-ratio": {"note": "A long remark " * 9},
    "script": {"back": "Веса."},
    "terms": {"back": "A self attention."},
    "words-missing": {"note": "Only in English."},
}


@pytest.mark.parametrize("rule", BAD)
def test_a_rule_finds_its_breach(rule: str) -> None:
    russian = {"front": "Во что softmax превращает скоры?", "back": "В положительные веса с суммой 1."}
    if rule == "length-ratio":
        russian["note"] = "Короткое, но не слишком короткое замечание."
    words = {"en": {**GOOD, **BAD[rule]}, "ru": russian}
    card = cards()[0]._replace(
        id="trial", kind="basic", words=words, ignore={}, values={}, source="derived", items=("0.06",)
    )
    chapters = notes.all_cards()[0]
    rendered = {language: notes.note(card, chapters[0], language, 1) for language in words}
    assert rule in {problem.rule for problem in check.check(card, rendered)}
    excused = card._replace(ignore={rule: "a trial of the linter"})
    assert rule not in {problem.rule for problem in check.check(excused, rendered)}


def test_an_exemption_needs_a_rule_and_a_reason() -> None:
    card = cards()[0]._replace(ignore={"nonsense": "because of this", "yes-no": "so"})
    rendered = {deck.language: deck.notes[0] for deck in decks()}
    assert sum(problem.rule == "ignore" for problem in check.check(card, rendered)) == 2


def test_interference_is_found() -> None:
    card = next(card for card in cards() if card.kind == "basic")
    twin = card._replace(id="twin", ignore={})
    rendered = {note.card.id: {deck.language: note} for deck in decks()[:1] for note in deck.notes}
    rendered["twin"] = rendered[card.id]
    found = {rule for _, rule, _ in similarity.twins([card, twin], rendered)}
    assert {"same-front", "similar-front"} <= found
    linked = twin._replace(after=(card.id,))
    assert "similar-front" not in {rule for _, rule, _ in similarity.twins([card, linked], rendered)}
