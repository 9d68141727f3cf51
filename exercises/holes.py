"""Is there still a hole? Looks for `...` where a starter has it: as a statement, or all of a right-hand side.

Read as text and never parsed: the file is untrusted, and only the attempt's own process compiles it. `...`
inside brackets (an index, an annotation, an argument) is no hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Hole", "holes", "loops", "mentions"]

LONGEST = 1 << 20  # bytes; nobody writes a longer solution

_TOKEN = re.compile(
    r"""
    (?P<string>(?:\b[rbfuRBFU]{1,2})?(?:'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)
                                      |'(?:[^'\\\n]|\\.)*(?:'|$)|"(?:[^"\\\n]|\\.)*(?:"|$)))
    | (?P<comment>\#[^\n]*)
    | (?P<hole>\.\.\.)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<line>\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE = re.compile(r"(?:^|[^=!<>]=|\breturn|:|;)\s*$")
_AFTER = re.compile(r"\s*(?:$|;|\#)")
_DEFINITION = re.compile(r"(?:async\s+)?def\s+(\w+)")


class Hole(NamedTuple):
    """A hole: the function at the margin that it is in ("" outside of any), and its line from 1."""

    function: str
    line: int


def holes(source: bytes) -> list[Hole]:
    """All holes of a file, from top to bottom."""
    if b"..." not in source:
        return []
    text = source[:LONGEST].decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return list(_holes(text))


def _holes(text: str) -> Iterator[Hole]:
    lines = text.split("\n")
    line, start, depth = 1, 0, 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind in ("line", "string"):
            breaks = token[0].count("\n")
            if breaks:
                line, start = line + breaks, token.start() + token[0].rindex("\n") + 1
        elif kind == "hole" and not depth:
            before, after = text[start : token.start()], lines[line - 1][token.end() - start :]
            if _BEFORE.search(before) and _AFTER.match(after):
                yield Hole(_function_at(lines, line), line)


def _function_at(lines: list[str], line: int) -> str:
    """The function at the margin in which a line stands."""
    for text in reversed(lines[:line]):
        found = _DEFINITION.match(text)
        if found:
            return found[1]
        if text[:1].strip() and not text.startswith(("#", ")", "]", "}", "@")):
            return ""
    return ""


def mentions(source: bytes) -> frozenset[str]:
    """The words of a file: whatever it asks for by name is among them."""
    return frozenset(re.findall(r"[^\W\d]\w*", source[:LONGEST].decode("utf-8-sig", "replace")))


def loops(source: bytes, function: str) -> int:
    """How many `for` and `while` statements a function at the margin has."""
    text = source[:LONGEST].decode("utf-8-sig", "replace").replace("\r", "\n")
    found = re.search(rf"(?m)^def {function}\b.*\n(?:[ \t)\]}}#].*\n?|\n)*", text)
    return len(re.findall(r"(?m)^[ \t]+(?:for|while)\b", found[0])) if found else 0
