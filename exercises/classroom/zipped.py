"""Zip files of strangers: looked into, never unpacked, and nothing in them is believed before it is read.

Nothing is written to disk, so no name can lead anywhere; names that try are refused all the same. On damaged
bytes `zipfile` stumbles in ways that no list of errors is sure to have (BadZipFile, zlib.error, RuntimeError,
IndexError...), so whatever it raises means that this file cannot be read.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import time
import zipfile
from typing import IO, NamedTuple

__all__ = ["Member", "ZipTroubleError", "members", "open_zip", "read_member"]

LARGEST_INDEX = 16 << 20  # bytes of the list of members: about 150 000 of them
SWELLING = 100  # times that a member may grow when it is unpacked; text and pictures stay far below
SWELLING_OF_ZIPS = 20  # a zip file was packed before
SMALL = 1 << 20  # bytes that are read however well they were packed
END = struct.Struct("<4s4H2LH")  # the record at the end of a zip file


class ZipTroubleError(Exception):
    """This zip file, or this member of it, is not to be read; `reason` is a key of the languages' [class]."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Member(NamedTuple):
    """One file in a zip file: its own name for the member, where it lies, and whether that is refused."""

    name: str
    parts: tuple[str, ...]
    size: int
    packed: int
    modified: float
    refused: str = ""

    def swells(self, is_zip: bool) -> bool:
        """Does it grow more than honest files do? So the time to read a zip file is bounded by its size."""
        most = SWELLING_OF_ZIPS * self.packed if is_zip else max(SMALL, SWELLING * self.packed)
        return self.size > most


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip file, its list of members bounded before it is read. Raises ZipTroubleError."""
    try:
        if _size_of_index(file) > LARGEST_INDEX:
            raise ZipTroubleError("bomb")
        opened = zipfile.ZipFile(file)
        if sum(info.compress_size for info in opened.infolist()) > file.seek(0, io.SEEK_END):
            raise ZipTroubleError("bomb")  # members that share their bytes: each would be unpacked anew
        return opened
    except ZipTroubleError:
        raise
    except Exception as error:
        raise ZipTroubleError("bad_zip") from error


def _size_of_index(file: IO[bytes]) -> int:
    """How long the list of members says it is."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_536 - END.size))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + END.size > len(tail):
        raise zipfile.BadZipFile
    index: int = END.unpack_from(tail, place)[5]
    return index


def members(opened: zipfile.ZipFile) -> list[Member]:
    """The files in it, in its own order; those that are no plain files or lead out of it are refused."""
    return [_member(info) for info in opened.infolist() if not info.filename.endswith(("/", "\\"))]


def _member(info: zipfile.ZipInfo) -> Member:
    name = _readable(info)
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    kind = stat.S_IFMT(info.external_attr >> 16)
    refused = ""
    if ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":":
        refused = "leads_out"
    elif kind == stat.S_IFLNK:
        refused = "link"
    elif kind not in (0, stat.S_IFREG):
        refused = "no_file"
    parts = parts or ("?",)
    return Member(info.filename, parts, info.file_size, info.compress_size, _modified(info), refused)


def _readable(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 and do not say so, Windows its own code page."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
        return raw.decode("utf-8")
    except UnicodeEncodeError:
        return info.filename
    except UnicodeDecodeError:
        russian = raw.decode("cp866")
        return russian if _is_russian(russian) else info.filename


def _is_russian(text: str) -> bool:
    """Cyrillic words and ASCII ones, but none that mixes them: that was an accented letter in a Latin one."""
    letter = r"[\u0410-\u044f\u0401\u0451]"
    foreign = re.compile(rf"(?!{letter}|\u2116)[^\x00-\x7f]|[A-Za-z]{letter}|{letter}[A-Za-z]")
    return foreign.search(text) is None


def _modified(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def read_member(opened: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """At most `limit` bytes, whatever size the member claims. Raises ZipTroubleError, also for more."""
    try:
        with opened.open(name) as file:
            data = file.read(limit + 1)
    except Exception as error:
        raise ZipTroubleError("unreadable_member") from error
    if len(data) > limit:
        raise ZipTroubleError("bomb")
    return data
