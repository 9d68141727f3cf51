"""Is there still a hole? Looks for `...` where a starter has it: as a statement, or all of a right-hand side.

Read as text and never parsed: the file is untrusted, and only the attempt's own process compiles it. `...`
inside brackets (an index, an annotation, an argument) is no hole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

__all__ = ["Hole", "holes", "loops", "mentions"]

LONGEST = 1 << 20  # bytes; nobody writes a longer solution
MOST = 100  # holes
WIDEST = 200  # characters before a hole on its line

_TOKEN = r"""
    (?P<string>(?:\b[rbfuRBFU]{1,2})?(?:'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)
                                      |'(?:[^'\\\n]|\\.)*(?:'|$)|"(?:[^"\\\n]|\\.)*(?:"|$)))
    | (?P<comment>\#[^\n]*)
    | (?P<hole>\.\.\.)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<line>\n)
"""  # compiled when it is wanted: a finished exercise has no holes
_BEFORE = re.compile(r"(?:^|[^=!<>]=|\breturn|:|;)[ \t]*$")
_AFTER = re.compile(r"[ \t]*(?:\n|\Z|;|\#)")
_DEFINITION = re.compile(r"(?:async\s+)?def\s+(\w+)")
_AT_THE_MARGIN = re.compile(r"(?m)^[^\s#)\]}@]")


class Hole(NamedTuple):
    """A hole: the function at the margin that it is in ("" outside of any), and its line from 1."""

    function: str
    line: int


def holes(source: bytes) -> list[Hole]:
    """The holes of a file from top to bottom, the first hundred."""
    if b"..." not in source:
        return []
    text = source[:LONGEST].decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    margins = [match.start() for match in _AT_THE_MARGIN.finditer(text)]
    return [
        Hole(_function_at(text, margins, at), text.count("\n", 0, at) + 1)
        for at in islice(_places(text), MOST)
    ]


def _places(text: str) -> Iterator[int]:
    """Where in the text the holes are."""
    depth = start = 0  # of brackets; of the line
    for token in re.finditer(_TOKEN, text, re.VERBOSE | re.DOTALL):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "line":
            start = token.end()
        elif kind == "string":
            start = max(start, text.rfind("\n", token.start(), token.end()) + 1)
        elif not depth and _AFTER.match(text, token.end()):
            before = text[max(start, token.start() - WIDEST) : token.start()]
            if kind == "hole" and _BEFORE.search(before):
                yield token.start()


def _function_at(text: str, margins: list[int], at: int) -> str:
    """The function at the margin in which a place lies."""
    above = bisect_right(margins, at)
    found = _DEFINITION.match(text, margins[above - 1]) if above else None
    return found[1] if found else ""


def mentions(source: bytes) -> frozenset[str]:
    """The words of a file: whatever it asks for by name is among them."""
    return frozenset(re.findall(r"[^\W\d]\w*", source[:LONGEST].decode("utf-8-sig", "replace")))


def loops(source: bytes, function: str) -> int:
    """How many `for` and `while` statements a function at the margin has."""
    text = source[:LONGEST].decode("utf-8-sig", "replace").replace("\r", "\n")
    found = re.search(rf"(?m)^def {function}\b.*\n(?:[ \t)\]}}#].*\n?|\n)*", text)
    return len(re.findall(r"(?m)^[ \t]+(?:for|while)\b", found[0])) if found else 0
