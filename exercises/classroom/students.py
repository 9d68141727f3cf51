"""From the tree to students, each with the files they handed in and one remark for each thing amiss.

A folder of the top folder is a student, unless what is in it shows that it holds students: folders as an
export names them, or the same exercise in several folders. Files at the top are their owners' where an export
put the names into the file names.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from exercises.catalog import languages
from exercises.classroom.naming import (
    Owner,
    names_in_metadata,
    owner_of_file,
    owner_of_folder,
    without_assignment,
)
from exercises.classroom.tree import METADATA, Node, UnreadableError, is_exercise, matters, read
from exercises.verdict import Phrase
from exercises.workspace import STATE_FILE, exercise_of

__all__ = ["MOST_FILES", "MOST_TRIES", "Handed", "Student", "students", "whole"]

MOST_TRIES = 5  # files for one exercise that are graded; the best counts
MOST_FILES = 2000  # of one student that are looked at
MOST_REMARKS = 20  # about one student's files; the rest is counted
INNER = re.compile(
    r"(?i)(exercises|notebooks?|study|src|code|kata|solutions?|submissions?|homework|attempt|try|version|week|day|hw|lab"
    r"|task|part|assignment|old|new|final|v)s?[ _-]?\d*$"
)


class Handed(NamedTuple):
    """One file for one exercise."""

    exercise: str
    node: Node


class Student(NamedTuple):
    """What one student handed in: newest first where there are several files for one exercise."""

    id: str  # unique in the class, and the same at the next reading
    name: str
    language: str | None
    late: bool
    files: tuple[Handed, ...]
    remarks: tuple[Phrase, ...]


class _Desk:
    """What is found for one student while the tree is read."""

    def __init__(self, owner: Owner) -> None:
        self.owner, self.late = owner, owner.late
        self.files: list[Handed] = []
        self.remarks: list[Phrase] = []
        self.language: str | None = None
        self.others = 0

    def student(self) -> Student:
        files, remarks = self.chosen()
        if not files and not self.remarks:
            key = "class.no_exercises" if self.others else "class.empty"
            remarks.append(Phrase(key, {"n": self.others}))
        return Student(
            self.owner.id,
            self.owner.name,
            self.language,
            self.late,
            tuple(files),
            tuple(_first(self.remarks) + remarks),
        )

    def chosen(self) -> tuple[list[Handed], list[Phrase]]:
        """The files to grade, at most a few for one exercise."""
        remarks: list[Phrase] = []
        if len(self.files) > MOST_FILES:
            remarks.append(Phrase("class.too_many", {"n": len(self.files), "most": MOST_FILES}))
        newest = sorted(
            self.files[:MOST_FILES], key=lambda file: (-file.node.modified, _order(file.node.name))
        )
        counts = Counter(file.exercise for file in newest)
        for exercise, n in counts.items():
            if n > MOST_TRIES:
                remarks.append(
                    Phrase("class.too_many_tries", {"exercise": exercise, "n": n, "most": MOST_TRIES})
                )
        taken: Counter[str] = Counter()
        kept = []
        for file in newest:
            taken[file.exercise] += 1
            if taken[file.exercise] <= MOST_TRIES:
                kept.append(file)
        return kept, remarks


def _first(remarks: list[Phrase]) -> list[Phrase]:
    """The first few, so that one student's files do not fill the page of the class."""
    more = len(remarks) - MOST_REMARKS
    return remarks if more <= 1 else [*remarks[:MOST_REMARKS], Phrase("class.more_remarks", {"n": more})]


def _order(name: str) -> tuple[int, str]:
    """Of files equally old: the one with the highest number behind its name, as platforms count uploads."""
    counted = re.search(r"[-( _](\d+)\)?\.\w+$", name)
    return (-int(counted[1][:9]) if counted else 0, name)


def students(top: Node, only: frozenset[str] = frozenset()) -> list[Student]:
    """All students, in the order of their names; `only` are the exercises that are looked at (none: all)."""
    desks: dict[str, _Desk] = {}
    if _is_student(top):
        _collect(top, _desk(desks, Owner(top.name, top.name)), top)
    else:
        _split(top, desks, "", "")
    found = [desk.student() for desk in desks.values()]
    found = [_only(student, only) for student in found]
    return sorted(found, key=lambda student: (student.name.casefold(), student.id))


def whole(top: Node, only: frozenset[str] = frozenset()) -> Student:
    """All of it as one student's."""
    desk = _Desk(Owner(top.name, top.name))
    _collect(top, desk, top)
    return _only(desk.student(), only)


def _only(student: Student, only: frozenset[str]) -> Student:
    return student._replace(files=tuple(file for file in student.files if not only or file.exercise in only))


def _desk(desks: dict[str, _Desk], owner: Owner) -> _Desk:
    desk = desks.setdefault(owner.id, _Desk(owner))
    desk.late = desk.late or owner.late
    return desk


# ---------------------------------------------------------------- whose


def _split(node: Node, desks: dict[str, _Desk], prefix: str, shown: str) -> None:
    """A folder of students. `prefix` and `shown` are what stands before their ids and names.

    Nobody can be shown as somebody else by what is in their folder: beside others, a folder's name is shown.
    """
    names = _metadata(node)
    flat = any(matters(child.name) and owner_of_file(child.name) for child in node.children or ())
    alone = sum(child.is_folder for child in node.children or ()) == 1
    for child in node.children or ():
        owner = owner_of_folder(child.name) if child.is_folder else None
        owner = owner or owner_of_file(child.name)
        told = child.is_folder or child.trouble or matters(child.name) or flat
        if child.name in (METADATA, STATE_FILE) or not told:
            continue
        if owner is not None:
            known = owner._replace(name=shown + names.get(child.name, owner.name), id=prefix + owner.id)
            _collect(child, _desk(desks, known), child)
        elif child.is_folder:
            _folder(child, node, desks, prefix, shown, alone)
        else:  # a file beside the folders of students, nobody's
            _collect(child, _desk(desks, Owner(shown + (node.name or "?"), prefix + ".")), child)
    if node.trouble:
        desk = _desk(desks, Owner(shown or node.name, prefix + "."))
        desk.remarks.append(_remark(node))


def _folder(child: Node, parent: Node, desks: dict[str, _Desk], prefix: str, shown: str, alone: bool) -> None:
    """A folder that no export has named: more students, or one; nobody is lost for what it looks like."""
    if _is_class(child):
        before = len(desks)
        _split(child, desks, f"{prefix}{child.name}/", shown if alone else f"{shown}{child.name}/")
        if len(desks) > before:
            return
    name = without_assignment(_stem(child), parent.name)
    _collect(child, _desk(desks, Owner(shown + name, prefix + child.name)), child)


def _stem(node: Node) -> str:
    return Path(node.name).stem if node.zipped else node.name


def _metadata(node: Node) -> dict[str, str]:
    for child in node.children or ():
        if child.name == METADATA and not child.trouble:
            try:
                return dict(names_in_metadata(read(child).decode("utf-8", "replace")))
            except UnreadableError:
                break
    return {}


def _is_student(top: Node) -> bool:
    """Is the folder that was named one student's own: a study folder, or exercise files with no owners?"""
    children = top.children or ()
    if any(child.name == STATE_FILE for child in children):
        return True
    if _is_class(top):
        return False
    own = [child for child in children if not child.is_folder and owner_of_file(child.name) is None]
    folders = [child for child in children if child.is_folder]
    return bool(own) and all(INNER.match(_stem(child)) and not _is_class(child) for child in folders)


def _is_class(node: Node) -> bool:
    """Does this folder hold students? An export's names in it show it, or one exercise in several folders."""
    children = node.children or ()
    names = [child.name for child in children]
    if STATE_FILE in names or node.trouble:
        return False
    marked = any(child.is_folder and owner_of_folder(child.name) for child in children)
    if marked or _several(names):
        return True
    if any(is_exercise(name) for name in names):
        return False
    folders = [child for child in children if child.is_folder and not INNER.match(_stem(child))]
    counts = Counter(exercise for folder in folders for exercise in _exercises_in(folder))
    return any(n > 1 for n in counts.values()) or (len(folders) > 0 and all(map(_is_class, folders)))


def _several(names: list[str]) -> bool:
    """Are these files of different people? One name before several numbers is a numbering of one's own."""
    owners = [owner for name in names if matters(name) and (owner := owner_of_file(name)) is not None]
    moodle = {
        owner.id for owner in owners if owner.id.startswith("moodle ")
    }  # none would name files like that
    return len({owner.name for owner in owners}) > 1 or len(moodle) > 1


def _exercises_in(node: Node) -> set[str]:
    found = (exercise_of(Path(each.name.lower())) for each in node.walk() if is_exercise(each.name))
    return {exercise for exercise in found if exercise}


# ---------------------------------------------------------------- what


def _collect(node: Node, desk: _Desk, top: Node) -> None:
    """All exercise files below, for this student."""
    for each in _files(node, desk):
        owner = owner_of_file(each.name) if each is top else None
        exercise = exercise_of(Path((owner.file if owner else each.name).lower()))
        if exercise is not None and is_exercise(each.name):
            desk.files.append(Handed(exercise, each))
        elif each.name != METADATA:
            desk.others += 1
    desk.others += sum(each.others for each in node.walk())


def _files(node: Node, desk: _Desk) -> Iterator[Node]:
    for each in node.walk():
        if each.trouble:
            desk.remarks.append(_remark(each))
        elif each.name == STATE_FILE and not each.is_folder:
            desk.language = desk.language or _language(each)
        elif not each.is_folder:
            yield each


def _remark(node: Node) -> Phrase:
    return Phrase(f"class.{node.trouble}", {"file": node.path or node.name, "mb": node.size / 2**20})


def _language(node: Node) -> str | None:
    """The language of a study folder that was handed in whole."""
    try:
        state = json.loads(read(node))
    except (UnreadableError, ValueError, RecursionError):
        return None
    code = state.get("language") if isinstance(state, dict) else None
    return code if code in languages() else None
