"""Anki's templates filled without Anki: what a card looks like, for the preview and for tests."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SECTION = re.compile(r"\{\{#([^}]+)\}\}(.*?)\{\{/\1\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{(cloze:)?([^}#/]+)\}\}")
_HOLE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}(?!\})", re.DOTALL)


def fill(template: str, fields: Mapping[str, str], ordinal: int = 1, back: bool = False) -> str:
    """The template with its fields: no sections of empty fields; on the front this hole is closed."""
    body = _SECTION.sub(lambda match: match[2] if fields[match[1]] else "", template)
    return _FIELD.sub(lambda match: _value(fields[match[2]], bool(match[1]), ordinal, back), body)


def _value(value: str, is_cloze: bool, ordinal: int, back: bool) -> str:
    return _HOLE.sub(lambda match: _hole(match, ordinal, back), value) if is_cloze else value


def _hole(match: re.Match[str], ordinal: int, back: bool) -> str:
    if int(match[1]) != ordinal:
        return match[2]
    shown = match[2] if back else f"[{match[3] or '...'}]"
    return f'<span class="cloze">{shown}</span>'


def holes(fields: Mapping[str, str], is_cloze: bool) -> list[int]:
    """The numbers of the cards that Anki makes of a note."""
    return sorted({int(match[1]) for match in _HOLE.finditer(fields["Front"])}) if is_cloze else [1]
