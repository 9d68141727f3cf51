"""The catalog: read lazily, and clear about a record that does not fit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercises import catalog
from exercises.catalog import CatalogError

RECORD = """
[[exercise]]
id = "softmax"
number = 3
functions = ["softmax"]
topics = ["softmax"]
probes.softmax = [{}]
[exercise.en]
title = "Softmax"
text = "Turn scores into weights."
hints = ["exp"]
[exercise.ru]
title = "Softmax"
text = "Превратите скоры в веса."
hints = ["exp"]
[[exercise.mistake]]
id = "no-exp"
topic = "softmax"
edits = [{ exponentials = "shifted" }]
en = "no exp"
ru = "нет exp"
"""
CACHED = (catalog.contents, catalog.index, catalog.exercises, catalog._parsed)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalog of one's own."""
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    for each in CACHED:
        each.cache_clear()
    yield tmp_path
    for each in CACHED:
        each.cache_clear()


def test_what_is_read_by_pieces_is_what_stands_in_the_files() -> None:
    records = {
        record["id"]: record
        for path in sorted(catalog.FOLDER.glob("*.toml"))
        for record in tomllib.loads(path.read_text(encoding="utf-8"))["exercise"]
    }
    assert set(records) == {exercise.id for exercise in catalog.exercises()}
    for exercise in catalog.exercises():
        record = records[exercise.id]
        assert exercise.say("ru").title == record["ru"]["title"]
        assert [mistake.id for mistake in exercise.mistakes] == [each["id"] for each in record["mistake"]]
        assert list(exercise.probes) == list(record.get("probes", {}))


def test_an_exercise_is_the_same_however_it_is_found() -> None:
    assert all(catalog.find(exercise.id) is exercise for exercise in catalog.exercises())
    assert [exercise.number for exercise in catalog.exercises()] == sorted(
        e.number for e in catalog.contents()
    )


def test_a_record_is_read(folder: Path) -> None:
    (folder / "1_one.toml").write_text(RECORD, encoding="utf-8")
    exercise = catalog.find("softmax")
    assert (exercise.number, exercise.file_name, exercise.functions) == (3, "03_softmax.py", ("softmax",))
    assert exercise.say("ru").text == "Превратите скоры в веса."
    (mistake,) = exercise.mistakes
    assert (mistake.id, mistake.hint, mistake.text["en"]) == ("no-exp", None, "no exp")


def test_an_unknown_exercise(folder: Path) -> None:
    with pytest.raises(CatalogError, match="byheart list"):
        catalog.find("softmax")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('id = "softmax"', ""), "line 2: begin"),
        (("number = 3", ""), "line 2: begin"),
        (('topics = ["softmax"]', ""), "lacks 'topics'"),
        (('hints = ["exp"]', ""), "lacks 'hints'"),
        (("[exercise.ru]\ntitle", "[exercise.xx]\ntitle"), "lacks 'ru'"),
        (('ru = "нет exp"', ""), "mistake 'no-exp' lacks 'ru'"),
        (('text = "Turn', "text = Turn"), "line 10"),
    ],
)
def test_a_record_that_does_not_fit_says_where_and_why(
    folder: Path, change: tuple[str, str], message: str
) -> None:
    (folder / "1_one.toml").write_text(RECORD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=message) as error:
        catalog.find("softmax")
    assert "1_one.toml" in str(error.value)


def test_ids_are_unique_over_all_files(folder: Path) -> None:
    for name in ("1_one.toml", "2_two.toml"):
        (folder / name).write_text(RECORD, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"already in 1_one\.toml"):
        catalog.contents()
