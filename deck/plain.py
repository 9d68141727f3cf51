"""What rules look at: card text without its mathematics, code and values, and those parts by themselves."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

_VALUE = re.compile(r"\[=.*?=\]", re.DOTALL)
_FENCE = re.compile(r"```.*?```", re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_MATHS = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$]+?(?<!\\)\$", re.DOTALL)
_HOLE = re.compile(r"\{\{c\d+::(.*?)\}\}(?!\})", re.DOTALL)


def joined(words: Any) -> str:
    """A text, or the lines of a list."""
    return words if isinstance(words, str) else "\n".join(words)


def without_values(words: str) -> str:
    return _VALUE.sub(" ", words)


def outside_code(words: str) -> str:
    """Markdown or HTML without its code."""
    return re.sub(r"<code.*?</code>", " ", _CODE.sub(" ", _FENCE.sub(" ", words)), flags=re.DOTALL)


def prose(words: str) -> str:
    """Only what a reader reads as words; holes are open."""
    opened = _HOLE.sub(r"\1", words)
    return re.sub(
        r"[*_]{1,2}(\S.*?\S|\S)[*_]{1,2}", r"\1", _MATHS.sub(" ", outside_code(without_values(opened)))
    )


def count(words: str) -> int:
    """How many words there are; a formula, a piece of code or a value counts as one. Blocks count as none."""
    text = _FENCE.sub(" ", re.sub(r"(?m)^\s*(\[=.*?=\]|\$\$.*?\$\$)\s*$", " ", _HOLE.sub(r"\1", words)))
    for pattern in (_VALUE, _MATHS, _CODE):
        text = pattern.sub("x", text)
    return len(re.findall(r"\w[\w'’-]*", text))


def normal(words: str) -> str:
    """Lower case, single spaces, no marks: for comparing."""
    return " ".join(re.findall(r"[\w$\\^{}=+/*.-]+", words.lower())).rstrip(".")


def symbols(words: str) -> set[str]:
    """The letters of the formulas: x, W_Q, \\alpha; not functions, not what stands in \\text."""
    found: set[str] = set()
    for formula in _MATHS.findall(without_values(_HOLE.sub(r"\1", words))):
        bare = re.sub(r"\\(?:text|mathrm|operatorname\*?|mathit|begin|end)\s*\{[^{}]*\}", " ", formula)
        bare = re.sub(r"[_^]\s*\{[^{}]*\}|[_^]\s*\\?\w", "", bare)
        found |= {
            name for name in re.findall(r"\\?[A-Za-z]+", bare) if not name.startswith("\\") and len(name) == 1
        }
    return found


def comments(rendered: str) -> list[str]:
    """The comments in highlighted code."""
    return [
        html.unescape(text).strip("# ") for text in re.findall(r'<span class="c1">(.*?)</span>', rendered)
    ]


def _without_text(formula: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"\\text\s*\{[^{}]*\}", "", _HOLE.sub(r"\1", formula)))


def _formulas(words: str) -> Counter[str]:
    return Counter(_without_text(formula) for formula in _MATHS.findall(_FENCE.sub("", words)))


def _holes(words: str) -> Counter[str]:
    return Counter(re.findall(r"\{\{c(\d+)::", words))


def _code(words: str) -> Counter[str]:
    blocks = [re.sub(r"#.*", "", block) for block in _FENCE.findall(words)]
    return Counter([*blocks, *_CODE.findall(_FENCE.sub("", words))])


def _values(words: str) -> Counter[str]:
    values = [re.sub(r"""(['"]).*?\1""", "''", value) for value in _VALUE.findall(words)]
    return Counter(re.sub(r"\s+", "", value) for value in values)


PARTS: dict[str, Callable[[str], Counter[str]]] = {
    "cloze numbers": _holes,
    "mathematics": _formulas,
    "code": _code,
    "values": _values,
}


def difference(ours: Counter[str], theirs: Counter[str]) -> str:
    """One thing that only one of them has."""
    only = [*(ours - theirs), *(theirs - ours)]
    return only[0]


def words_of(rendered: str) -> str:
    """Rendered HTML as one line of text: holes open, no marks of mathematics."""
    bare = re.sub(r"<[^>]*>|\\[()\[\]]", " ", _HOLE.sub(r"\1", rendered))
    return " ".join(html.unescape(bare).split())
