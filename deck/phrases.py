"""What the deck itself says, per language: the [cards] section of the languages files."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from typing import Any

from deck.errors import DeckError
from exercises import catalog


@functools.cache
def _section(language: str) -> Mapping[str, Any]:
    path = catalog.LANGUAGES_FOLDER / f"{language}.toml"
    if not path.exists():
        raise DeckError(f"there is no language {language!r}; choose among {', '.join(catalog.languages())}")
    section: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("cards", {})
    return section


def say(language: str, key: str, **values: Any) -> str:
    """The phrase under a dotted key, its {gaps} filled."""
    found: Any = _section(language)
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, str):
        raise DeckError(f"exercises/languages/{language}.toml: [cards] lacks {key}; add it")
    return found.format(**values) if values else found


def table(language: str, key: str) -> Mapping[str, str]:
    """A table of words under a key; empty where the language needs none."""
    found: Mapping[str, str] = _section(language).get(key, {})
    return found
