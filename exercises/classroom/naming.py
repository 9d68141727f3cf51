"""How course platforms name what they export: whose a folder or a file is.

Moodle       "Ada Lovelace_1234_assignsubmission_file_/x.py", "Ada Lovelace_1234_assignsubmission_file_x.py"
             "Default group_assignsubmission_file/x.py", for teams and those in none
Canvas       "lovelaceada_1234_5678_x.py", "lovelaceada_LATE_1234_5678_x-1.py", "lovelaceada_1234_text.html",
             "anon_aB3dE_5678_x.py", "LATE_anon_aB3dE_5678_x.py" where grading is anonymous
Gradescope   "submission_1234/x.py", names in submission_metadata.yml
GitHub       "attention-submissions/attention-ada/x.py"
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["Owner", "names_in_metadata", "owner_of_file", "owner_of_folder", "without_assignment"]

_MOODLE_FOLDER = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+_?$")
_MOODLE_FILE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+_(?P<file>.+)$")
_CANVAS_REST = r"_(?:(?:question_\d+_)?\d+_(?P<file>.+)|(?P<words>(?:text|link)\.html))$"
_CANVAS_FILE = re.compile(rf"(?P<name>.+?)_(?i:(?P<late>late)_)?(?P<id>\d+){_CANVAS_REST}")
_CANVAS_NAMELESS = re.compile(rf"(?i:(?P<late>late)_)?(?P<id>anon_[0-9A-Za-z]+){_CANVAS_REST}")
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
        return Owner(moodle["name"], _moodle_id(moodle))
    gradescope = _GRADESCOPE.match(name)
    return Owner(name, name) if gradescope else None


def owner_of_file(name: str) -> Owner | None:
    """Whose file that is, if its name says so."""
    moodle = _MOODLE_FILE.match(name)
    if moodle:
        return Owner(moodle["name"], _moodle_id(moodle), moodle["file"])
    nameless = _CANVAS_NAMELESS.match(name)
    canvas = nameless or _CANVAS_FILE.match(name)
    if canvas:
        shown = canvas["id"].replace("_", " ") if nameless else canvas["name"]
        return Owner(shown, f"canvas {canvas['id']}", canvas["file"] or canvas["words"], bool(canvas["late"]))
    return None


def _moodle_id(found: re.Match[str]) -> str:
    return f"moodle {found['id'] or found['name']}"


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
        elif folder and among_submitters and (match := re.match(r"\s+(?:- )?:name:\s*(\S.*?)\s*$", line)):
            found.setdefault(folder, []).append(_unquoted(match[1]).strip())
    return {name: ", ".join(filter(None, people)) for name, people in found.items() if any(people)}


def _unquoted(text: str) -> str:
    """A YAML scalar as text. Of escapes, those that a name may need: a character by its number, a quote."""
    if text[:1] == text[-1:] == "'":
        return text[1:-1].replace("''", "'")
    if text[:1] == text[-1:] == '"':
        return _ESCAPE.sub(_escaped, text[1:-1])
    return text


_ESCAPE = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\/]))')


def _escaped(found: re.Match[str]) -> str:
    number = found[1] or found[2] or found[3]
    if number is None:
        return found[4]
    return chr(int(number, 16)) if int(number, 16) <= sys.maxunicode else found[0]
