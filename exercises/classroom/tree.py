"""What was handed in, as one tree: folders on disk and zip files look the same, and nothing is unpacked.

Only what can matter is kept: exercise files, what an export says about its students, and what could not be
read. The contents of files are read later, one at a time.
"""

from __future__ import annotations

import functools
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from exercises.classroom.naming import owner_of_file
from exercises.classroom.zipped import Member, ZipTroubleError, members, open_zip, read_member
from exercises.workspace import STATE_FILE, exercise_of

__all__ = ["LARGEST_NOTEBOOK", "LARGEST_SCRIPT", "Node", "UnreadableError", "grow", "read"]

LARGEST_SCRIPT = 2 << 20  # bytes; nobody writes a longer solution
LARGEST_NOTEBOOK = 32 << 20  # they hold pictures
LARGEST_STATE = 64 << 10  # what a study folder remembers
LARGEST_METADATA = 128 << 20  # all earlier results of a whole course are in there
LARGEST_ZIP = 256 << 20  # of a zip file inside another, which has to be held in memory
DEEPEST = 24
ZIPS_IN_ZIPS = 3
METADATA = "submission_metadata.yml"
SKIPPED = {"__pycache__", "__MACOSX", "node_modules", "venv", "site-packages", "backup"}


class UnreadableError(Exception):
    """A file cannot be read; `reason` is a key of the languages' [class]."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Node(NamedTuple):
    """A folder (or zip file) with what is in it, or a file; `trouble` says why it must not be read."""

    name: str
    path: str  # from the top, with slashes
    disk: Path  # the file or folder on disk: that of the zip file for what is in one
    inside: tuple[str, ...] = ()  # the members that lead to it, through zip files in zip files
    children: tuple[Node, ...] | None = None  # None for a file
    modified: float = 0.0
    size: int = 0
    trouble: str = ""
    others: int = 0  # files in this folder that are no exercises
    zipped: bool = False  # a zip file, shown as a folder

    @property
    def is_folder(self) -> bool:
        return self.children is not None

    def walk(self) -> Iterator[Node]:
        """Itself and everything below."""
        yield self
        for child in self.children or ():
            yield from child.walk()


def grow(top: Path, but: Path | None = None) -> Node:
    """The tree below a folder or a zip file, without the folder `but` (where reports go)."""
    _opened.cache_clear()
    excluded = but.resolve() if but else None
    if top.is_file():
        return _zip(Node(top.name, "", top, zipped=True), 0)
    return _folder(Node(top.resolve().name, "", top), 0, excluded)


def matters(name: str) -> bool:
    """Is this the name of a file that is looked at?"""
    return name in (STATE_FILE, METADATA) or is_exercise(name) or is_zip(name)


def is_kept(name: str) -> bool:
    """Does the file stay in the tree? Besides those that matter: who is named handed in something."""
    return matters(name) or (not is_hidden(name) and owner_of_file(name) is not None)


def is_hidden(name: str) -> bool:
    """What editors and systems leave behind, "._01_softmax.py" and the like: nobody handed that in."""
    return name.startswith(".")


def is_exercise(name: str) -> bool:
    lower = name.lower()
    return not is_hidden(name) and lower.endswith((".py", ".ipynb")) and exercise_of(Path(lower)) is not None


def is_zip(name: str) -> bool:
    return not is_hidden(name) and name.lower().endswith(".zip")


def largest(name: str) -> int:
    """How many bytes a file of this name may have."""
    if name in (METADATA, STATE_FILE):
        return LARGEST_METADATA if name == METADATA else LARGEST_STATE
    return LARGEST_NOTEBOOK if name.lower().endswith(".ipynb") else LARGEST_SCRIPT


# ---------------------------------------------------------------- on disk


def _folder(node: Node, depth: int, but: Path | None) -> Node:
    if depth > DEEPEST:
        return node._replace(children=(), trouble="too_deep")
    try:
        with os.scandir(node.disk) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return node._replace(children=(), trouble="unreadable")
    children, others = [], 0
    for entry in entries:
        child = _entry(entry, node, depth, but)
        if child is not None:
            children.append(child)
        elif not is_hidden(entry.name):
            others += 1
    return node._replace(children=tuple(children), others=others)


def _entry(entry: os.DirEntry[str], parent: Node, depth: int, but: Path | None) -> Node | None:
    name, disk = entry.name, Path(entry.path)
    node = Node(name, _below(parent, name), disk)
    try:
        facts = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(facts.st_mode):
            return _link(node)
        if stat.S_ISDIR(facts.st_mode):
            if name in SKIPPED or is_hidden(name) or (but is not None and disk.resolve() == but):
                return None
            return _folder(node, depth + 1, but)
    except OSError:
        return node._replace(trouble="unreadable")
    if not matters(name):
        return node if is_kept(name) else None
    node = node._replace(modified=facts.st_mtime, size=facts.st_size)
    if not stat.S_ISREG(facts.st_mode):
        return node._replace(trouble="no_file")
    return _zip(node._replace(zipped=True), 0) if is_zip(name) else _bounded(node)


def _link(node: Node) -> Node | None:
    """Links are followed nowhere: what they point to may be anybody's. Those of no interest are not told."""
    return node._replace(trouble="link") if matters(node.name) or node.disk.is_dir() else None


def _below(parent: Node, name: str) -> str:
    return f"{parent.path}/{name}" if parent.path else name


def _bounded(node: Node) -> Node:
    return node._replace(trouble="too_large") if node.size > largest(node.name) else node


# ---------------------------------------------------------------- in zip files


def _zip(node: Node, depth: int) -> Node:
    """A zip file as a folder; one that cannot be read is an empty folder with its trouble."""
    if depth >= ZIPS_IN_ZIPS:
        return node._replace(children=(), trouble="too_deep")
    try:
        found = members(_opened(node.disk, node.inside))
    except ZipTroubleError as error:
        return node._replace(children=(), trouble=error.reason)
    except OSError:
        return node._replace(children=(), trouble="unreadable")
    return _shelves(node, [(member.parts, member) for member in found], depth)


Shelf = list[tuple[tuple[str, ...], Member]]


def _shelves(node: Node, entries: Shelf, depth: int) -> Node:
    """The members as folders in folders."""
    folders: dict[str, Shelf] = {}
    children, others = [], 0
    for parts, member in entries:
        if member.refused == "leads_out":
            refused = node._replace(path=_below(node, "/".join(parts)), children=None, trouble="leads_out")
            children.append(refused._replace(name=parts[-1], zipped=False))
        elif len(parts) > DEEPEST:
            others += 1
        elif len(parts) > 1:
            folders.setdefault(parts[0], []).append((parts[1:], member))
        elif is_kept(parts[0]):
            children.append(_of_member(node, parts[0], member, depth))
        else:
            others += not is_hidden(parts[0])
    for name, inner in folders.items():
        if name not in SKIPPED and not is_hidden(name):
            empty = Node(name, _below(node, name), node.disk, node.inside)
            children.append(_shelves(empty, inner, depth))
    return node._replace(children=tuple(sorted(children, key=lambda child: child.name)), others=others)


def _of_member(parent: Node, name: str, member: Member, depth: int) -> Node:
    inside = (*parent.inside, member.name)
    node = Node(name, _below(parent, name), parent.disk, inside, None, member.modified, member.size)
    if not matters(name):
        return node
    if member.refused:
        return node._replace(trouble=member.refused)
    node = node if is_zip(name) else _bounded(node)
    if not node.trouble and member.swells(is_zip(name)):
        return node._replace(trouble="bomb")
    return _zip(node._replace(zipped=True), depth + 1) if is_zip(name) else node


@functools.lru_cache(maxsize=ZIPS_IN_ZIPS)
def _opened(disk: Path, inside: tuple[str, ...]) -> zipfile.ZipFile:
    """A zip file, or the one inside it to which these members lead. The last few stay open."""
    if not inside:
        return open_zip(disk.open("rb"))
    outer = _opened(disk, inside[:-1])
    return open_zip(io.BytesIO(read_member(outer, inside[-1], LARGEST_ZIP)))


# ---------------------------------------------------------------- contents


def read(node: Node) -> bytes:
    """The contents of a file. Raises UnreadableError."""
    try:
        if node.inside:
            return read_member(_opened(node.disk, node.inside[:-1]), node.inside[-1], largest(node.name))
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(node.disk, flags), "rb") as file:
            data = file.read(largest(node.name) + 1)
    except ZipTroubleError as error:
        raise UnreadableError(error.reason) from error
    except OSError as error:
        raise UnreadableError("unreadable") from error
    if len(data) > largest(node.name):
        raise UnreadableError("too_large")
    return data
