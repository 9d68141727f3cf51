"""Errors of use: one sentence with the remedy, in the language of the person, and no traceback."""

from __future__ import annotations

from typing import Any

from exercises.verdict import Phrase


class UseError(Exception):
    """Something cannot be done as asked; `phrase` says what, and what to do instead."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.phrase = Phrase(key, values)
