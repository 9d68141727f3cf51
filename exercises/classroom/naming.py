"""How course platforms name what they export: whose a folder or a file is.

Moodle       "Ada Lovelace_1234_assignsubmission_file_/x.py", "Ada Lovelace_1234_assignsubmission_file_x.py"
Canvas       "lovelaceada_1234_5678_x.py", "lovelaceada_LATE_1234_5678_x-1.py"
Gradescope   "submission_1234/x.py", names in submission_metadata.yml
GitHub       "attention-submissions/attention-ada/x.py"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["Owner", "names_in_metadata", "owner_of_file", "owner_of_folder", "without_assignment"]

_MOODLE_FOLDER = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?$")
_MOODLE_FILE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_(?P<file>.+)$")
_CANVAS_FILE = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?:question_\d+_)?\d+_(?P<file>.+)$")
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)$")


class Owner(NamedTuple):
    """Whose something is: a name to show, what identifies them in this export, what the file is called."""

    name: str
    id: str
    file: str = ""
    late: bool = False


def owner_of_folder(name: str) -> Owner | None:
    """Whose folder that is, if its name says so."""
    moodle = _MOODLE_FOLDER.match(name)
    if moodle:
        return Owner(moodle["name"], f"moodle {moodle['id']}")
    gradescope = _GRADESCOPE.match(name)
    return Owner(name, name) if gradescope else None


def owner_of_file(name: str) -> Owner | None:
    """Whose file that is, if its name says so."""
    moodle = _MOODLE_FILE.match(name)
    if moodle:
        return Owner(moodle["name"], f"moodle {moodle['id']}", moodle["file"])
    canvas = _CANVAS_FILE.match(name)
    if canvas:
        return Owner(canvas["name"], f"canvas {canvas['id']}", canvas["file"], canvas["late"] is not None)
    return None


def without_assignment(folder: str, parent: str) -> str:
    """A user's name out of the folder that `gh classroom clone` makes for them."""
    assignment = parent.removesuffix("-submissions")
    cut = folder.removeprefix(f"{assignment}-")
    return cut if assignment != parent and cut else folder


def names_in_metadata(text: str) -> Mapping[str, str]:
    """Gradescope's submission_metadata.yml: folder -> name of who handed it in, several for a group.

    Read line by line for these two things alone; the rest (all earlier results) may be long and is skipped.
    """
    found: dict[str, list[str]] = {}
    folder, among_submitters = "", False
    for line in text.splitlines():
        if match := re.match(r"(submission_\d+):\s*$", line):
            folder, among_submitters = match[1], False
        elif match := re.match(r"  :(\w+):", line):
            among_submitters = match[1] == "submitters"
        elif folder and among_submitters and (match := re.match(r"\s+(?:- )?:name:\s*(.+?)\s*$", line)):
            found.setdefault(folder, []).append(_unquoted(match[1]))
    return {name: ", ".join(people) for name, people in found.items()}


def _unquoted(text: str) -> str:
    """A YAML scalar as text; names with escapes are rare enough to be left as they are written."""
    if text[:1] == text[-1:] == "'":
        return text[1:-1].replace("''", "'")
    if text[:1] == text[-1:] == '"':
        return re.sub(
            r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})", lambda m: chr(int(m[1] or m[2], 16)), text[1:-1]
        )
    return text
