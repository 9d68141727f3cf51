"""Text that an attempt printed or raised, made fit to be shown: anybody's file may hold anything.

Control codes could recolour or rewrite a terminal, invisible marks could turn a line around, lone surrogates
break UTF-8 and most of them are no XML. They come out as the escapes that Python would write.
"""

from __future__ import annotations

import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: object, limit: int = 2000) -> str:
    """The text on any number of lines, cut after `limit` characters."""
    whole = text if isinstance(text, str) else str(text)
    cut = whole[:limit]
    shown = "".join(_shown(character) for character in cut.replace("\r\n", "\n"))
    return shown + ("…" if len(whole) > limit else "")


def one_line(text: object, limit: int = 200) -> str:
    """The text on one line, cut after `limit` characters."""
    return clean(" ".join(str(text)[: 4 * limit].split()), limit)


def _shown(character: str) -> str:
    if character == "\n" or " " <= character <= "~":
        return character
    if character == "\t":
        return "    "
    if unicodedata.category(character) in HIDDEN:
        return ascii(character)[1:-1]
    return character
