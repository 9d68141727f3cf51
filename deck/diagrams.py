"""Pictures that cards draw from values of the reference, or of its structure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from deck import typeset

Picture = Callable[..., Markup]


def heat(
    words: Any, weights: Any, rows: Sequence[str] = (), columns: Sequence[str] = (), places: int = 2, **more: Any
) -> Markup:
    """Weights as a heat map with their values: queries down, keys across."""
    more = {"down": words("queries"), "across": words("keys"), **more}
    return typeset.matrix(weights, places, rows, columns, heat=True, **more)


PICTURES: dict[str, Picture] = {"heat": heat}


def picture(name: str, language: str) -> Picture:
    """One of PICTURES, with its words in this language."""
    from deck import phrases

    return functools.partial(PICTURES[name], lambda key: phrases.say(language, f"axes.{key}"))
