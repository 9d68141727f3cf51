"""A study folder: nothing that a learner wrote is ever lost or written over."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.catalog import exercises, find, index
from exercises.errors import UseError
from exercises.verdict import Verdict
from exercises.workspace import (
    STATE_FILE,
    Workspace,
    exercise_files,
    exercise_of,
    find_exercise,
    write,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "study")
    made.lay_out("guided", "en")
    return made


def verdict(exercise: str, status: str, mistakes: tuple[str, ...] = ()) -> Verdict:
    return Verdict(exercise, "", status, float(status == "passed"), mistakes=mistakes)


def test_every_exercise_gets_a_file_named_by_number_and_id(workspace: Workspace) -> None:
    names = [path.name for path in exercise_files(workspace.folder)]
    assert names == [f"{each.number:02d}_{each.id}.py" for each in exercises()]


def test_files_are_utf8_with_plain_newlines(tmp_path: Path) -> None:
    made = Workspace(tmp_path)
    made.lay_out("guided", "ru")
    for path in exercise_files(made.folder):
        content = path.read_bytes()
        assert b"\r" not in content
        assert "Упражнение" in content.decode("utf-8")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.binary(max_size=200), min_size=1, max_size=4),
    level=st.sampled_from(["guided", "outline", "blank"]),
)
def test_laying_out_again_never_touches_a_changed_file(
    workspace: Workspace, texts: list[bytes], level: str
) -> None:
    files = exercise_files(workspace.folder)[: len(texts)]
    for path, text in zip(files, texts, strict=True):
        path.write_bytes(text)
    result = workspace.lay_out(level, "ru")
    assert [path.read_bytes() for path in files] == texts
    assert set(files) <= set(result.kept)


def test_untouched_starters_follow_level_and_language(workspace: Workspace) -> None:
    result = workspace.lay_out("blank", "ru")
    assert len(result.refreshed) == len(exercises())
    assert not result.kept
    assert workspace.level == "blank"
    assert workspace.language == "ru"


def test_an_editor_that_changes_line_ends_has_changed_nothing(workspace: Workspace) -> None:
    path = workspace.path_of(find("softmax"))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert path in workspace.lay_out("blank", "en").refreshed


def test_laying_out_twice_changes_nothing(workspace: Workspace) -> None:
    result = workspace.lay_out("guided", "en")
    assert result == ([], [], [])


def test_a_renumbered_file_is_still_the_same_exercise(workspace: Workspace) -> None:
    old = workspace.path_of(find("softmax"))
    new = old.rename(old.with_name("77_softmax.py"))
    new.write_text("mine", encoding="utf-8")
    workspace.lay_out("guided", "en")
    assert workspace.path_of(find("softmax")) == new
    assert not old.exists()
    assert new.read_text(encoding="utf-8") == "mine"


def test_a_file_of_one_own_without_a_record_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "exercises" / "01_softmax.py", "x = 1\n")
    result = Workspace(tmp_path).lay_out("guided", "en")
    assert [path.name for path in result.kept] == ["01_softmax.py"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("08_scaled_dot_product_attention.py", "scaled_dot_product_attention"),
        ("99_softmax.py", "softmax"),
        ("softmax.py", "softmax"),
        ("07_masked_softmax.py", "masked_softmax"),
        ("my_softmax (2).py", "softmax"),
        ("masked_softmax_copy.py", "masked_softmax"),
        ("softmaximum.py", None),
        ("notes.py", None),
        ("08_.py", None),
    ],
)
def test_the_exercise_is_the_longest_id_in_the_name(name: str, expected: str | None) -> None:
    assert exercise_of(Path(name)) == expected


@given(number=st.integers(0, 10**6), exercise=st.sampled_from(sorted(index())))
def test_whatever_the_number_says(number: int, exercise: str) -> None:
    assert exercise_of(Path(f"{number:02d}_{exercise}.py")) == exercise


def test_exercises_are_found_by_number_and_by_function() -> None:
    assert find_exercise("1").id == "softmax"
    assert find_exercise("01").id == "softmax"
    assert find_exercise("split_heads").id == "heads"


@pytest.mark.parametrize("word", ["softmx", "Softmax", "multi_head", "scaled_dot_product"])
def test_an_unknown_exercise_is_answered_with_the_nearest(word: str) -> None:
    with pytest.raises(UseError) as error:
        find_exercise(word)
    assert error.value.phrase.key == "error.unknown_exercise_near"
    assert error.value.phrase.values["near"] in index()


def test_nothing_is_near_nonsense() -> None:
    with pytest.raises(UseError) as error:
        find_exercise("zzzzzz")
    assert error.value.phrase.key == "error.unknown_exercise"


# ---------------------------------------------------------------- state


def test_a_passed_exercise_that_breaks_is_pending_again(workspace: Workspace) -> None:
    workspace.record(verdict("softmax", "passed"))
    assert workspace.progress()["softmax"].solved
    workspace.record(verdict("softmax", "failed", ("no-exp",)), ["softmax"])
    progress = workspace.progress()["softmax"]
    assert not progress.solved
    assert progress.mistakes == ("no-exp",)
    assert progress.review == ("softmax",)


def test_reset_keeps_what_was_there(workspace: Workspace) -> None:
    exercise = find("softmax")
    path = workspace.path_of(exercise)
    fresh = path.read_bytes()
    path.write_text("my work\n", encoding="utf-8")
    workspace.record(verdict("softmax", "passed"))
    kept = workspace.reset(exercise)
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == "my work\n"
    assert path.read_bytes() == fresh
    assert "softmax" not in workspace.progress()


def test_many_resets_within_a_second_lose_nothing(workspace: Workspace) -> None:
    exercise = find("softmax")
    kept = []
    for number in range(4):
        workspace.path_of(exercise).write_text(f"{number}\n", encoding="utf-8")
        kept.append(workspace.reset(exercise))
    assert [path.read_text(encoding="utf-8") for path in kept if path] == ["0\n", "1\n", "2\n", "3\n"]


def test_resetting_an_untouched_starter_leaves_no_litter(workspace: Workspace) -> None:
    assert workspace.reset(find("softmax")) is None
    assert not (workspace.root / "backup").exists()


def test_reset_restores_a_file_that_is_gone(workspace: Workspace) -> None:
    path = workspace.path_of(find("softmax"))
    path.unlink()
    assert workspace.reset(find("softmax")) is None
    assert path.exists()


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"exercises": 3}',
        '{"exercises": {"softmax": 1}}',
        '{"exercises": {"softmax": {"hints": 2, "mistakes": 1}}}',
        "\x00",
    ],
)
def test_a_damaged_state_is_an_empty_one(workspace: Workspace, damage: str) -> None:
    path = workspace.path_of(find("softmax"))
    path.write_text("mine", encoding="utf-8")
    (workspace.root / STATE_FILE).write_text(damage, encoding="utf-8")
    assert not any(progress.solved for progress in workspace.progress().values())
    workspace.record(verdict("attend", "passed"))
    workspace.lay_out("guided", "en")
    assert workspace.progress()["attend"].solved
    assert path.read_text(encoding="utf-8") == "mine"


def test_hints_come_one_by_one_and_stop_at_the_last(workspace: Workspace) -> None:
    exercise = find("softmax")
    every = list(range(1, len(exercise.say("en").hints) + 1))
    found = [workspace.reveal_hint(exercise) for _ in range(len(every) + 2)]
    assert found == [*(every[:n] for n in every), every, every]


def test_the_hint_against_the_mistake_made_comes_first(workspace: Workspace) -> None:
    exercise, mistake = next(
        (each, mistake)
        for each in exercises()
        for mistake in each.mistakes
        if mistake.hint and mistake.hint > 1
    )
    workspace.record(verdict(exercise.id, "failed", (mistake.id,)))
    assert workspace.reveal_hint(exercise) == [mistake.hint]
    assert workspace.reveal_hint(exercise) == [mistake.hint, 1]


def test_records_made_at_the_same_time_are_all_kept(workspace: Workspace) -> None:
    names = list(index())[:12]
    threads = [threading.Thread(target=workspace.record, args=(verdict(name, "passed"),)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name for name, progress in workspace.progress().items() if progress.solved} == set(names)


def test_a_lock_that_was_left_behind_is_taken_over(workspace: Workspace) -> None:
    import os
    import time

    lock = workspace.root / f"{STATE_FILE}.lock"
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    workspace.record(verdict("softmax", "passed"))
    assert not lock.exists()


def test_the_study_folder_is_found_from_inside_and_from_beside(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.folder)
    assert Workspace.find().root.resolve() == workspace.root.resolve()
    monkeypatch.chdir(workspace.root.parent)
    assert Workspace.find().root == Path("study")


def test_no_study_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UseError) as error:
        Workspace.find(tmp_path)
    assert error.value.phrase.key == "error.no_workspace"


def test_the_state_file_is_small_and_says_its_version(workspace: Workspace) -> None:
    workspace.record(verdict("softmax", "passed"))
    content = json.loads((workspace.root / STATE_FILE).read_text(encoding="utf-8"))
    assert content["version"] == 1
    assert content["exercises"]["softmax"]["status"] == "passed"
