"""The catalog: the exercises with their texts, probes and mistakes, read from catalog/*.toml.

One record an exercise; nothing about it stands anywhere else. It is parsed only when the exercise is wanted.

    [[exercise]]
    id = "mask_scores"                the file's name and the command line's word for it
    number = 6                        the order in which exercises are solved
    functions = ["mask_scores"]       of the reference; one file defines them all
    needs = ["masks"]                 exercises that come before, or lend a function
    topics = ["masks"]                tags of the cards to review
    items = ["4.02"]                  of the curriculum
    view = "dropout_laws"             optional: what of a result is judged (exercises/views.py)
    without = ["large", "square"]     optional: facets that are not asked of it (verdict.FACETS)
    free_steps = true                 optional: correct work may go other ways, so no step is said to part

    probes.mask_scores = [            the calls on which attempts are judged. An argument that is not given
      {},                             comes from its annotation; a default stays a default
      { mask = "causal_mask(queries, keys)" },      Python; for the names see exercises/arguments.py
      { keys = "1" },                               a size, or any name that later expressions use
      { scores = "-scores", expect = "raises" },    any exception will do
      { scores = "0 * scores", expect = "nicety" }, judged; where more is wrong, mistakes are named without it
    ]
    # for a starred parameter, `*masks`, give a list: { masks = "[causal_mask(5), None]" }

    [exercise.en]                     one such table per language: title, text, hints, docs.<function>
    [exercise.ru.comments]            the reference's comments; those of several lines joined by spaces

    [[exercise.mistake]]
    id = "inverted-mask"
    topic = "masks"                   the tag of the cards to review
    hint = 2                          optional: which hint helps most
    edits = [{ masked = "..." }]      alternatives. Each maps steps or fragments to what stands there instead;
                                      "pre_norm: normalised" says in which function
    en = "..."                        what to say; one sentence per language
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "catalog"
LANGUAGES_FOLDER = Path(__file__).parent / "languages"


class CatalogError(ValueError):
    """A record that does not fit, or no such exercise. One sentence with file, id and remedy."""


class Mistake(NamedTuple):
    """A known misconception: alternative edits of the reference that behave like it, and what to say."""

    id: str
    topic: str
    edits: tuple[Mapping[str, str], ...]
    text: Mapping[str, str]  # language -> sentence
    hint: int | None = None  # the number of the hint that helps most


class Words(NamedTuple):
    """What an exercise says in one language."""

    title: str
    text: str
    hints: tuple[str, ...]
    docs: Mapping[str, str]  # function -> docstring; empty where the reference's own serves
    comments: Mapping[str, str]  # comment of the reference -> the same in this language


class Exercise(NamedTuple):
    """One exercise: the reference functions to write, and everything that is said and asked about them."""

    id: str
    number: int
    functions: tuple[str, ...]
    needs: tuple[str, ...]
    topics: tuple[str, ...]
    items: tuple[str, ...]
    probes: Mapping[str, tuple[Mapping[str, str], ...]]
    view: str | None  # name of a function in exercises/views.py under which correct results agree
    words: Mapping[str, Words]
    mistakes: tuple[Mistake, ...]
    file: Path
    without: frozenset[str] = frozenset()  # facets that are not asked
    free_steps: bool = False  # correct work may go other ways, so no step is said to part

    @property
    def file_name(self) -> str:
        return f"{self.number:02d}_{self.id}.py"

    def say(self, language: str) -> Words:
        return self.words[language]


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages that there are, English first: one file each in languages/."""
    codes = sorted(path.stem for path in LANGUAGES_FOLDER.glob("*.toml"))
    return tuple(sorted(codes, key=lambda code: code != "en"))


class Entry(NamedTuple):
    """What can be known of an exercise without parsing its record."""

    id: str
    number: int
    functions: tuple[str, ...]
    file: Path
    record: str = ""  # its TOML, below as many empty lines as stand before it in the file


@functools.cache
def contents() -> tuple[Entry, ...]:
    """All exercises in the order in which they are solved, found without parsing: these keys begin a line."""
    found: dict[str, Entry] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        before, *records = f"\n{path.read_text(encoding='utf-8')}".split("\n[[exercise]]")
        line = before.count("\n")
        for rest in records:
            record = f"[[exercise]]{rest}\n"
            entry = _entry(record, path, line)
            if entry.id in found:
                other = found[entry.id].file.name
                raise CatalogError(f"{path.name}: {entry.id} is already in {other}; ids are unique")
            found[entry.id] = entry
            line += record.count("\n")
    return tuple(sorted(found.values(), key=lambda entry: entry.number))


def _entry(record: str, path: Path, line: int) -> Entry:
    name = re.search(r'(?m)^id = "(\w+)"', record)
    number = re.search(r"(?m)^number = (\d+)", record)
    functions = re.search(r"(?m)^functions = \[([^\]]*)\]", record)
    if not (name and number and functions):
        raise CatalogError(
            f'{path.name}, line {line + 1}: begin an [[exercise]] with id = "name", number and functions'
        )
    names = tuple(re.findall(r'"(\w+)"', functions[1]))
    return Entry(name[1], int(number[1]), names, path, "\n" * line + record)


@functools.cache
def index() -> Mapping[str, Path]:
    """Every exercise id with the file that holds it."""
    return {entry.id: entry.file for entry in contents()}


def find(exercise_id: str) -> Exercise:
    """One exercise by its id; nothing else is parsed."""
    if exercise_id not in index():
        raise CatalogError(f"there is no exercise {exercise_id!r}; `byheart list` shows them all")
    return _parsed(exercise_id)


def is_listed(exercise: Exercise) -> bool:
    """Is it the catalog's own, and not one that was made of it?"""
    return exercise.id in index() and find(exercise.id) is exercise


@functools.cache
def exercises() -> tuple[Exercise, ...]:
    """All exercises in the order in which they are solved."""
    return tuple(_parsed(entry.id) for entry in contents())


@functools.cache
def _parsed(exercise_id: str) -> Exercise:
    entry = next(entry for entry in contents() if entry.id == exercise_id)
    try:
        (record,) = tomllib.loads(entry.record)["exercise"]
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{entry.file.name} is not valid TOML: {error}") from None
    return _exercise(record, entry.file)


def _exercise(record: Mapping[str, Any], path: Path) -> Exercise:
    try:
        return Exercise(
            id=record["id"],
            number=record["number"],
            functions=tuple(record["functions"]),
            needs=tuple(record.get("needs", ())),
            topics=tuple(record["topics"]),
            items=tuple(record.get("items", ())),
            probes={name: tuple(probes) for name, probes in record.get("probes", {}).items()},
            view=record.get("view"),
            words={code: _words(record[code]) for code in languages()},
            mistakes=tuple(_mistake(mistake, path) for mistake in record.get("mistake", ())),
            file=path,
            without=frozenset(record.get("without", ())),
            free_steps=record.get("free_steps", False),
        )
    except KeyError as error:
        raise CatalogError(f"{path.name}: exercise {record.get('id', '?')!r} lacks {error}; add it") from None


def _words(table: Mapping[str, Any]) -> Words:
    return Words(
        table["title"],
        table["text"].strip(),
        tuple(table["hints"]),
        table.get("docs", {}),
        table.get("comments", {}),
    )


def _mistake(table: Mapping[str, Any], path: Path) -> Mistake:
    try:
        texts = {code: table[code] for code in languages()}
        return Mistake(table["id"], table["topic"], tuple(table["edits"]), texts, table.get("hint"))
    except KeyError as error:
        raise CatalogError(f"{path.name}: mistake {table.get('id', '?')!r} lacks {error}; add it") from None


def reference_functions(exercise: Exercise) -> dict[str, Callable[..., Any]]:
    """The raw reference functions that the exercise asks for."""
    import inspect

    import reference

    return {name: inspect.unwrap(getattr(reference, name)) for name in exercise.functions}
