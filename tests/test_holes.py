"""Holes: found where a starter has them, nowhere else, and whatever the file holds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.holes import Hole, holes, loops, mentions

PIECES = [
    "...",
    '"""',
    "'''",
    '"',
    "'",
    "\\",
    "\n",
    "    ",
    "def f(x):",
    "#",
    "(",
    "]",
    "=",
    "return ",
    "é",
    "\0",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x):\n    ...\n", [("f", 2)]),
        ("def f(x): ...\n", [("f", 1)]),
        ("def f(x):\n    y = ...\n    return y\n", [("f", 2)]),
        ("def f(x):\n    y = ...  # later\n    z += ...\n    return ...", [("f", 2), ("f", 3), ("f", 4)]),
        ("def f(x):\n    y: int = ...\n    if x: ...\n", [("f", 2), ("f", 3)]),
        ("async def f(\n    x,\n) -> int:\n    ...\n", [("f", 4)]),
        ("def f(x):\n    def g():\n        ...\n", [("f", 3)]),
        ("@wrapped\ndef f(x):\n    # a comment\n\n    ...\n", [("f", 5)]),
        ("def f(x):\n    return x\ny = ...\n", [("", 3)]),
        ("def f(x):\n    return x\n\n...\n", [("", 4)]),
        ("class A:\n    def f(self): ...\n", [("", 2)]),
        ("\ufeffdef f(x):\r\n    ...\r\n", [("f", 2)]),
        ("def f(x):\n    '''\n    ...\n    '''\n    ...\n", [("f", 5)]),
        ("def f(x, y=...):\n    return x\n", []),
        ("def f(x):\n    return x[..., 0]\n", []),
        ("def f(x):\n    return g(\n        ...\n    )\n", []),
        ("def f(x: tuple[int, ...]):\n    return x\n", []),
        ("def f(x):\n    return 'y = ...'\n", []),
        ("def f(x):\n    # y = ...\n    return x\n", []),
        ('def f(x):\n    r"""\\""" ; y = "..."\n    return x\n', []),
        ("def f(x):\n    return x is ...\n", []),
        ("def f(x):\n    return x == ...\n", []),
        ("def f(x):\n    x = ..., 1\n", []),
        ("", []),
    ],
)
def test_where_holes_are(text: str, expected: list[tuple[str, int]]) -> None:
    assert holes(text.encode()) == [Hole(*each) for each in expected]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_has_a_number_of_holes(text: str) -> None:
    assert len(holes(text.encode())) <= text.count("...")


@given(st.binary() | st.lists(st.sampled_from([piece.encode() for piece in PIECES])).map(b"".join))
def test_any_bytes_will_do(data: bytes) -> None:
    assert len(holes(data)) <= data.count(b"...")
    assert loops(data, "f") >= 0
    assert all(word.isidentifier() for word in mentions(data))


def test_a_long_file_is_looked_at_quickly() -> None:
    started = time.perf_counter()
    for piece in (
        b"'",
        b'"',
        b"(",
        b"...\n",
        b"    ...\n",
        b"x = 1\n",
        b"\\",
        b"'''",
        b"'\"",
        b"#",
        b"= ",
        b"    x\n",
    ):
        text = b"y = ...\n" + piece * (1_000_000 // len(piece))
        assert 1 <= len(holes(text)) <= 100
        loops(text, "f")
        mentions(text)
    assert time.perf_counter() - started < 20


def test_loops_of_one_function() -> None:
    text = b"def f(x):\n    for i in x:\n        while i:\n            i = [j for j in i]\n"
    text += b"def g(x):\n    for i in x: pass\n"
    assert (loops(text, "f"), loops(text, "g"), loops(text, "h")) == (2, 1, 0)


def test_mentions_are_words() -> None:
    assert {"softmax", "x", "é"} <= mentions("softmax(x) + 2é".encode()) | mentions("é".encode())
