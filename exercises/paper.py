"""Lines of text with a meaning to each piece, and how they come out on a terminal or a pipe.

Reports write lines of spans; nobody but this module knows of colours. Without colour nothing is lost.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

NO_BREAK = "\xa0"  # keeps words together while lines are filled; printed as a space
COLOURS = {
    "": "",
    "good": "32;1",
    "bad": "31;1",
    "warn": "33",
    "strong": "1",
    "dim": "2",
    "accent": "36",
}


class Span(NamedTuple):
    """A piece of a line: its text, what it means, and where it leads when clicked (a file)."""

    text: str
    style: str = ""
    target: Path | None = None


Line = Sequence[Span]


def line(*pieces: str | Span) -> Line:
    """A line of spans and plain text."""
    return [piece if isinstance(piece, Span) else Span(piece) for piece in pieces]


def plain(lines: Iterable[Line]) -> str:
    """The lines as plain text, with one newline after each."""
    return "".join("".join(span.text for span in each).rstrip() + "\n" for each in lines).replace(
        NO_BREAK, " "
    )


def coloured(lines: Iterable[Line]) -> str:
    """The lines with ANSI colours and clickable paths."""
    return "".join("".join(_painted(span) for span in each).rstrip() + "\n" for each in lines).replace(
        NO_BREAK, " "
    )


def _painted(span: Span) -> str:
    code = COLOURS[span.style]
    text = f"\x1b[{code}m{span.text}\x1b[0m" if code else span.text
    if span.target is None:
        return text
    return f"\x1b]8;;{span.target.resolve().as_uri()}\x1b\\{text}\x1b]8;;\x1b\\"


def wrapped(text: str, width: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most `width`; its own line breaks stay; paths and commands stay whole."""
    found: list[str] = []
    whole = re.sub(
        r"\bbyheart \w+(?: \w+)?(?=[`;.,:)\n]|$)", lambda match: match[0].replace(" ", NO_BREAK), text
    )
    for part in whole.splitlines() or [""]:
        found += textwrap.wrap(
            part,
            max(width, 20),
            initial_indent=indent if not found else (hanging or indent),
            subsequent_indent=indent if hanging is None else hanging,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return found


def cells(text: str) -> int:
    """How many columns the text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


class Terminal:
    """Where lines go: standard output, in colour if somebody is looking who wants it."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self.stream = stream or sys.stdout
        self.is_screen = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        self.colour = self.is_screen and not os.environ.get("NO_COLOR")

    @property
    def width(self) -> int:
        """Columns to write into: those of the window, at most 110; 100 where there is no window."""
        if not self.is_screen and "COLUMNS" not in os.environ:
            return 100
        return max(40, min(shutil.get_terminal_size((100, 24)).columns, 110))

    @property
    def height(self) -> int:
        """Rows of the window; more than anybody needs where there is none."""
        return shutil.get_terminal_size((100, 24)).lines if self.is_screen else 10_000

    def show(self, *lines: Line | str) -> None:
        """Print lines now."""
        page = [each if not isinstance(each, str) else line(each) for each in lines]
        self.stream.write(coloured(page) if self.colour else plain(page))
        self.stream.flush()


def use_utf8() -> None:
    """UTF-8 on every standard stream, whatever the system's encoding; nothing that is printed may raise."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.platform == "win32":
        os.system("")  # makes old consoles understand colours
