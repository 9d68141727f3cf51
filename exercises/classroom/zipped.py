"""Zip files of strangers: looked into, never unpacked, and nothing in them is believed before it is read.

Nothing is written to disk, so no name can lead anywhere; names that try are refused all the same.
"""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
import zlib
from typing import IO, NamedTuple

__all__ = ["Member", "ZipTroubleError", "members", "open_zip", "read_member"]

LARGEST_INDEX = 16 << 20  # bytes of the list of members: about 150 000 of them
END = struct.Struct("<4s4H2LH")  # the record at the end of a zip file
ERRORS = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


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
    modified: float
    refused: str = ""


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip file, its list of members bounded before it is read. Raises ZipTroubleError."""
    try:
        if _size_of_index(file) > LARGEST_INDEX:
            raise ZipTroubleError("bomb")
        return zipfile.ZipFile(file)
    except ERRORS as error:
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
    return [_member(info) for info in opened.infolist() if not info.is_dir()]


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
    return Member(info.filename, parts or ("?",), info.file_size, _modified(info), refused)


def _readable(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 and do not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


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
    except (*ERRORS, KeyError) as error:
        raise ZipTroubleError("unreadable_member") from error
    if len(data) > limit:
        raise ZipTroubleError("bomb")
    return data
