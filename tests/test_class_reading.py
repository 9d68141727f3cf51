"""What was handed in is read whatever platform exported it, and whatever strangers put into it."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.catalog import exercises
from exercises.classroom.naming import names_in_metadata, owner_of_file, owner_of_folder, without_assignment
from exercises.classroom.students import MOST_REMARKS, MOST_TRIES, Student, students
from exercises.classroom.tree import UnreadableError, grow, read
from exercises.language import speak
from exercises.verdict import Phrase
from exercises.workspace import Workspace


def put(top: Path, *names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def read_all(top: Path) -> dict[str, list[str]]:
    """Student -> exercises handed in."""
    return {each.name: sorted(file.exercise for file in each.files) for each in students(grow(top))}


def only(top: Path) -> Student:
    (found,) = students(grow(top))
    return found


def keys(student: Student) -> list[str]:
    return [remark.key for remark in student.remarks]


# ---------------------------------------------------------------- exports


def test_gradescope(tmp_path: Path) -> None:
    top = tmp_path / "assignment_77_export"
    put(top, "submission_1/01_softmax.py", "submission_2/study/exercises/02_attend.py")
    (top / "submission_metadata.yml").write_text(
        "---\nsubmission_1:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '1'\n"
        "  :results:\n    :tests:\n    - :name: not a person\n"
        "submission_2:\n  :submitters:\n  - :name: \"Ольга \\u0418.\"\n  - :name: 'O''Hara'\n",
        encoding="utf-8",
    )
    expected = {"Ada Lovelace": ["softmax"], "Ольга И., O'Hara": ["attend"]}
    assert read_all(top) == expected
    assert read_all(tmp_path) == expected


def test_gradescopes_names_with_escapes_and_those_that_are_missing(tmp_path: Path) -> None:
    put(tmp_path, *(f"submission_{n}/01_softmax.py" for n in range(1, 5)))
    names = ('"\\U0001F600 \\"Q\\" \\xE9"', "", "''", "''")
    text = "".join(f"submission_{n}:\n  :submitters:\n  - :name: {name}\n" for n, name in enumerate(names, 1))
    (tmp_path / "submission_metadata.yml").write_text(text, encoding="utf-8")
    assert sorted(read_all(tmp_path)) == ["submission_2", "submission_3", "submission_4", '😀 "Q" é']


def test_moodle_folders_and_flat_files(tmp_path: Path) -> None:
    put(
        tmp_path,
        "Софья Ковалевская_12_assignsubmission_file_/08_scaled_dot_product_attention.py",
        "Софья Ковалевская_12_assignsubmission_onlinetext_/onlinetext.html",
        "Emmy Noether_13_assignsubmission_file/sub/dir/01_softmax.py",
        "Ada Lovelace_14_assignsubmission_file_02_attend.py",
    )
    assert read_all(tmp_path) == {
        "Софья Ковалевская": ["scaled_dot_product_attention"],
        "Emmy Noether": ["softmax"],
        "Ada Lovelace": ["attend"],
    }


def test_moodles_team_for_those_in_none(tmp_path: Path) -> None:
    put(tmp_path / "folders", "Default group_assignsubmission_file/01_softmax.py")
    put(tmp_path / "folders", "Group A_7_assignsubmission_file/01_softmax.py")
    put(tmp_path / "flat", "Default group_assignsubmission_file_01_softmax.py")
    put(tmp_path / "flat", "Group A_7_assignsubmission_file_01_softmax.py")
    for form in ("folders", "flat"):
        assert sorted(read_all(tmp_path / form)) == ["Default group", "Group A"]


def test_who_handed_in_only_a_text_or_a_picture_is_in_the_table(tmp_path: Path) -> None:
    put(tmp_path / "moodle", "Ada_1_assignsubmission_file_01_softmax.py")
    put(tmp_path / "moodle", "Emmy_2_assignsubmission_onlinetext_onlinetext.html")
    put(tmp_path / "canvas", "ada_1_901_01_softmax.py", "emmy_2_text.html", "sofia_LATE_3_903_film.mp4")
    for form, names in (("moodle", ["Emmy"]), ("canvas", ["emmy", "sofia"])):
        found = {each.name: keys(each) for each in students(grow(tmp_path / form)) if not each.files}
        assert found == {name: ["class.no_exercises"] for name in names}


def test_a_roster_beside_the_folders_of_students_is_nobody(tmp_path: Path) -> None:
    put(tmp_path, "ada/01_softmax.py", "emmy/01_softmax.py", "roster_2024_01_15.csv", "notes.txt")
    assert sorted(read_all(tmp_path)) == ["ada", "emmy"]


def test_canvas_with_anonymous_grading_old_late_marks_and_underscores(tmp_path: Path) -> None:
    put(
        tmp_path,
        "anon_aB3dE_901_01_softmax.py",
        "anon_12345_902_01_softmax.py",
        "LATE_anon_Zz9yX_903_01_softmax.py",
        "noetheremmy_late_12_904_01_softmax.py",
        "vanderberg_jan_13_905_02_attend-1.py",
    )
    found = {each.name: (each.late, len(each.files)) for each in students(grow(tmp_path))}
    assert found == {
        "anon aB3dE": (False, 1),
        "anon 12345": (False, 1),
        "anon Zz9yX": (True, 1),
        "noetheremmy": (True, 1),
        "vanderberg_jan": (False, 1),
    }


def test_canvas_flat_files_late_marks_and_counted_uploads(tmp_path: Path) -> None:
    put(
        tmp_path,
        "adamheads_11_901_01_softmax.py",
        "adamheads_11_902_08_scaled_dot_product_attention-1.py",
        "noetheremmy_LATE_12_903_02_attend.py",
    )
    (tmp_path / "lovelaceada_13_904_study.zip").write_bytes(
        zipped({"study/exercises/01_softmax.py": b"x = 1"})
    )
    assert read_all(tmp_path) == {
        "adamheads": ["scaled_dot_product_attention", "softmax"],
        "noetheremmy": ["attend"],
        "lovelaceada": ["softmax"],
    }
    late = {each.name for each in students(grow(tmp_path)) if each.late}
    assert late == {"noetheremmy"}


def test_github_classroom(tmp_path: Path) -> None:
    top = tmp_path / "attention-submissions"
    for user in ("ada", "emmy"):
        Workspace(top / f"attention-{user}").lay_out("guided", "en")
        put(top / f"attention-{user}", ".git/hooks/01_softmax.py")
    every = sorted(each.id for each in exercises())
    assert read_all(top) == {"ada": every, "emmy": every}


def test_folders_of_folders_of_students(tmp_path: Path) -> None:
    for group in ("group a", "group b"):
        for name in ("ada", "emmy"):
            put(
                tmp_path,
                f"{group}/{name}/exercises/01_softmax.py",
                f"{group}/{name}/notebooks/01_softmax.ipynb",
            )
    assert sorted(read_all(tmp_path)) == ["group a/ada", "group a/emmy", "group b/ada", "group b/emmy"]


def test_a_students_weeks_and_notebooks_are_no_students(tmp_path: Path) -> None:
    put(tmp_path, "ada/week1/01_softmax.py", "ada/week2/01_softmax.py", "ada/week2/02_attend.py")
    put(tmp_path, "emmy/exercises/01_softmax.py", "emmy/notebooks/01_softmax.ipynb")
    assert read_all(tmp_path) == {"ada": ["attend", "softmax", "softmax"], "emmy": ["softmax", "softmax"]}


def test_one_study_folder_is_one_student_and_their_language_is_known(tmp_path: Path) -> None:
    Workspace(tmp_path / "ada").lay_out("guided", "ru")
    put(tmp_path / "ada", "backup/01_softmax.py", "kata/attend.txt")
    for top in (tmp_path, tmp_path / "ada"):
        ada = only(top)
        assert (ada.name, ada.language, len(ada.files)) == ("ada", "ru", len(exercises()))


def test_a_zip_file_of_the_whole_class_with_zip_files_in_it(tmp_path: Path) -> None:
    inner = zipped({"exercises/01_softmax.py": b"x = 1", "__MACOSX/._01_softmax.py": b"?"})
    export = tmp_path / "export.zip"
    export.write_bytes(
        zipped(
            {
                "Ада_1_assignsubmission_file_/work.zip": inner,
                "Emmy_2_assignsubmission_file_/02_attend.py": b"x",
            }
        )
    )
    assert read_all(export) == {"Ада": ["softmax"], "Emmy": ["attend"]}
    ada = next(each for each in students(grow(export)) if each.name == "Ада")
    assert read(ada.files[0].node) == b"x = 1"


def test_nobody_can_be_shown_as_somebody_else(tmp_path: Path) -> None:
    put(tmp_path, "ada/01_softmax.py", "mallory/ada_1_assignsubmission_file_/01_softmax.py")
    put(tmp_path, "eve/submission_1/01_softmax.py")
    text = "submission_1:\n  :submitters:\n  - :name: ada\n"
    (tmp_path / "eve" / "submission_metadata.yml").write_text(text, encoding="utf-8")
    assert sorted(read_all(tmp_path)) == ["ada", "eve/ada", "mallory/ada"]


def test_ones_own_numbering_of_files_is_no_export(tmp_path: Path) -> None:
    put(tmp_path, "ada/hw_3_01_softmax.py", "ada/hw_3_02_attend.py", "emmy/01_softmax.py")
    assert read_all(tmp_path) == {"ada": ["attend", "softmax"], "emmy": ["softmax"]}
    put(tmp_path, "ada/hw_4_03_classic_attention.py", "ada/plot_1_2_a.png", "ada/figure_3_4_b.png")
    assert read_all(tmp_path)["ada"] == ["attend", "classic_attention", "softmax"]


@pytest.mark.parametrize(
    ("folder", "parent", "name"),
    [
        ("attention-ada", "attention-submissions", "ada"),
        ("attention-ada-l", "attention-submissions", "ada-l"),
        ("attention-ada", "class", "attention-ada"),
        ("other", "attention-submissions", "other"),
    ],
)
def test_a_users_name_without_the_assignments(folder: str, parent: str, name: str) -> None:
    assert without_assignment(folder, parent) == name


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_name_can_upset_the_reading_of_names(name: str) -> None:
    for owner in (owner_of_file(name), owner_of_folder(name)):
        assert owner is None or owner.name
    names_in_metadata(f"submission_1:\n  :submitters:\n  - :name: {name}\n")


# ---------------------------------------------------------------- what is amiss is a remark


def test_nothing_and_nothing_of_interest_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path, "essay/essay.txt", "ada/01_softmax.py")
    remarks = {each.name: each.remarks for each in students(grow(tmp_path))}
    assert remarks["empty"] == (Phrase("class.empty", {"n": 0}),)
    assert remarks["essay"] == (Phrase("class.no_exercises", {"n": 1}),)
    assert remarks["ada"] == ()


def test_what_systems_and_editors_leave_behind_is_not_handed_in(tmp_path: Path) -> None:
    put(tmp_path, "ada/01_softmax.py", "ada/._01_softmax.py", "ada/._02_attend.py", "ada/.DS_Store")
    put(tmp_path, "ada/.ipynb_checkpoints/01_softmax-checkpoint.ipynb", "ada/._more.zip")
    put(tmp_path, "ada/.venv/lib/softmax.py", "ada/env/lib/python3.12/site-packages/x/softmax.py")
    (tmp_path / "ada" / ".#01_softmax.py").symlink_to("ada@host.1234:56")
    ada = only(tmp_path)
    assert [file.node.path for file in ada.files] == ["ada/01_softmax.py"]
    assert ada.remarks == ()


def test_nobody_is_lost_for_what_a_folder_looks_like(tmp_path: Path) -> None:
    put(tmp_path, "ada/01_softmax.py", "emmy/submission_metadata.yml", "emmy/week/submission_metadata.yml")
    assert read_all(tmp_path) == {"ada": ["softmax"], "emmy": []}


def test_one_students_remarks_do_not_fill_the_page(tmp_path: Path) -> None:
    put(tmp_path, "emmy/02_attend.py", "ada/02_attend.py")
    for n in range(MOST_REMARKS + 30):
        (tmp_path / "ada" / str(n)).mkdir(parents=True)
        (tmp_path / "ada" / str(n) / "01_softmax.py").symlink_to("/nowhere")
    ada = next(each for each in students(grow(tmp_path)) if each.name == "ada")
    assert len(ada.remarks) == MOST_REMARKS + 1
    assert ada.remarks[-1] == Phrase("class.more_remarks", {"n": 30})


def test_links_are_refused_wherever_they_lead(tmp_path: Path) -> None:
    top = tmp_path / "class"
    put(tmp_path, "secret/01_softmax.py")
    put(top, "emmy/01_softmax.py", "ada/02_attend.py")
    (top / "ada" / "01_softmax.py").symlink_to(tmp_path / "secret" / "01_softmax.py")
    (top / "ada" / "heads").symlink_to(top / "emmy")
    (top / "mallory").symlink_to(top / "emmy")
    assert read_all(top) == {"ada": ["attend"], "emmy": ["softmax"], "class": []}
    ada = next(each for each in students(grow(top)) if each.name == "ada")
    assert keys(ada) == ["class.link", "class.link"]


def test_a_link_put_there_after_the_reading_is_not_followed_either(tmp_path: Path) -> None:
    put(tmp_path, "ada/01_softmax.py", "secret.py")
    file = only(tmp_path / "ada").files[0].node
    file.disk.unlink()
    file.disk.symlink_to(tmp_path / "secret.py")
    with pytest.raises(UnreadableError):
        read(file)


def test_too_large_no_file_and_deep_are_remarks(tmp_path: Path) -> None:
    put(tmp_path, "ada/01_softmax.py")
    with (tmp_path / "ada" / "02_attend.py").open("wb") as file:
        file.truncate(20 << 20)
    os.mkfifo(tmp_path / "ada" / "05_masks.py")
    put(tmp_path, "/".join(["ada", *"x" * 30, "01_softmax.py"]))
    ada = only(tmp_path)
    assert [file.exercise for file in ada.files] == ["softmax"]
    assert keys(ada) == ["class.too_large", "class.no_file", "class.too_deep"]
    assert ada.remarks[0].values["mb"] == 20


def test_every_remark_has_its_sentence_in_both_languages(tmp_path: Path) -> None:
    reasons = [
        "unreadable",
        "unreadable_member",
        "link",
        "no_file",
        "too_large",
        "too_deep",
        "bad_zip",
        "bomb",
    ]
    for code in ("en", "ru"):
        for reason in [
            *reasons,
            "leads_out",
            "empty",
            "no_exercises",
            "too_many",
            "too_many_tries",
            "more_remarks",
        ]:
            assert f"class.{reason}" in speak(code)


def test_the_newest_few_of_many_files_for_one_exercise(tmp_path: Path) -> None:
    for n in range(MOST_TRIES + 3):
        put(tmp_path, f"ada/try{n}/01_softmax.py")
        os.utime(tmp_path / f"ada/try{n}/01_softmax.py", (n, n))
    ada = only(tmp_path)
    assert [file.node.modified for file in ada.files] == [7, 6, 5, 4, 3]
    assert keys(ada) == ["class.too_many_tries"]
