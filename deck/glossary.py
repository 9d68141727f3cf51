"""The deck's own words: symbols that every card may use, and what not to call things."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "glossary.toml"


@functools.cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def symbols() -> set[str]:
    """Letters that need no definition on a card."""
    return set(_tables()["symbols"])


def avoid(language: str) -> Mapping[str, str]:
    """Regular expression -> what to write instead."""
    table: Mapping[str, str] = _tables().get("avoid", {}).get(language, {})
    return table


def spelled(language: str) -> tuple[str, ...]:
    """Beginnings of words that are right although no dictionary has them."""
    return tuple(str(_tables().get("spelled", {}).get(language, "")).split())
