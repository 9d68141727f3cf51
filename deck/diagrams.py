"""The pictures that cards may name, drawn from values of the reference or from its structure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from deck import blocks, charts, phrases, svg, trees, typeset

Words = Callable[[str], str]
Picture = Callable[..., Markup]


def heat(
    words: Words,
    weights: Any,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    places: int = 2,
    **more: Any,
) -> Markup:
    """Weights as a heat map with their values: queries down, keys across. Options as for matrices."""
    axes = {"down": words("queries"), "across": words("keys")} if len(rows) else {"across": words("keys")}
    return typeset.matrix(weights, places, rows, columns, heat=True, **{**axes, **more})


def mask(
    words: Words, allowed: Any, rows: Sequence[str] = (), columns: Sequence[str] = (), **more: Any
) -> Markup:
    """A boolean mask: allowed places are filled, forbidden ones empty. Options as for matrices."""
    axes = {"down": words("queries"), "across": words("keys")} if len(rows) else {"across": words("keys")}
    return typeset.matrix(np.asarray(allowed, dtype=bool), 0, rows, columns, heat=True, **{**axes, **more})


def grid(words: Words, values: Any, x: str = "", y: str = "", cell: float = 0) -> Markup:
    """Many values as colours only: 0 to 1, or -1 to 1 where there are negative ones."""
    table = np.atleast_2d(np.asarray(values, dtype=float))
    rows, columns = table.shape
    size = cell or max(min(336 / columns, 16.0), 3.0)
    weights = (table + 1) / 2 if table.min() < 0 else table
    left, top = (20.0 if y else 0.0), (22.0 if x else 0.0)
    side = svg.short(size)
    cell_shape = f"h{side}v{side}h-{side}z"
    levels = np.vectorize(typeset.level)(weights)
    parts = []
    for level in range(typeset.LEVELS):
        data = "".join(
            f"M{svg.short(left + size * j)} {svg.short(top + size * i)}{cell_shape}"
            for i, j in np.argwhere(levels == level)
        )
        parts.append(svg.path(data, f"cells h{level}") if data else "")
    parts.append(svg.text(left, 13, f"{x} →", "quiet", "start") if x else "")
    if y:
        parts.append(
            svg.tag(
                "text",
                f"← {y}",
                x=0.0,
                y=0.0,
                _class="quiet",
                text_anchor="end",
                transform=f"translate(13 {svg.short(top)}) rotate(-90)",
            )
        )
    return svg.picture(left + size * columns, top + size * rows, "".join(parts))


PICTURES: dict[str, Picture] = {
    "heat": heat,
    "mask": mask,
    "grid": grid,
    "bars": charts.bars,
    "curve": charts.curve,
    "structure": blocks.structure,
    "origins": blocks.origins,
    "beam": trees.beam,
    "cache": trees.cache,
}


def picture(name: str, language: str) -> Picture:
    """One of PICTURES, with its words in this language."""
    return functools.partial(PICTURES[name], lambda key: phrases.say(language, f"words.{key}"))
