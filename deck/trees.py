"""Pictures of decoding: the tree of a beam search, and a cache of keys and values as it grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from deck import svg, typeset

Words = Callable[[str], str]
Model = Callable[[list[int]], Any]


class Node(NamedTuple):
    """A hypothesis of the tree: its tokens, its log-probability, whether the beam kept it, and its parent."""

    tokens: tuple[int, ...]
    score: float
    kept: bool
    parent: tuple[int, ...]


def beam_levels(step: Model, bos: int, eos: int, beam: int, max_len: int, shown: int) -> list[list[Node]]:
    """The tree level by level: of every live hypothesis its `shown` likeliest continuations.

    As in reference.beam_search the best `beam` continuations are kept, and those that end in eos leave.
    """
    live, width = [Node((bos,), 0.0, True, ())], beam
    levels: list[list[Node]] = []
    while live and width and len(levels) < max_len:
        grown = []
        for node in live:
            scores = np.asarray(step(list(node.tokens)))
            grown += [
                Node((*node.tokens, int(t)), node.score + float(scores[t]), False, node.tokens)
                for t in range(len(scores))
            ]
        ranked = sorted((node for node in grown if np.isfinite(node.score)), key=lambda node: -node.score)
        best = {node.tokens for node in ranked[:width]}
        level = []
        for parent in live:
            children = [node for node in ranked if node.parent == parent.tokens]
            level += [node._replace(kept=node.tokens in best) for node in children[:shown]]
        levels.append(level)
        width -= sum(1 for tokens in best if tokens[-1] == eos)
        live = [node for node in level if node.kept and node.tokens[-1] != eos]
    return levels


def beam(
    words: Words,
    step: Model,
    bos: int,
    eos: int,
    beam: int = 2,
    max_len: int = 3,
    names: Mapping[int, str] | Sequence[str] = (),
    shown: int = 3,
    places: int = 2,
    hide: bool = False,
) -> Markup:
    """The tree of a beam search, left to right, with total log-probabilities; what it drops is pale.

    `names` says the tokens; `hide` keeps secret what is dropped.
    """
    levels = beam_levels(step, bos, eos, beam, max_len, shown)
    rows = max(len(level) for level in levels)
    height, column = 34.0 * rows + 12, 360.0 / (len(levels) + 0.45)
    called = dict(names) if isinstance(names, Mapping) else dict(enumerate(names))
    places_of: dict[tuple[int, ...], tuple[float, float]] = {(bos,): (18.0, height / 2)}
    parts = [svg.text(18, height / 2 + 5, called.get(bos, str(bos)), "ink")]
    for n, level in enumerate(levels):
        x = column * (n + 0.45) + column / 2
        for k, node in enumerate(level):
            y = height * (k + 0.5) / len(level)
            places_of[node.tokens] = (x, y)
            x0, y0 = places_of[node.parent]
            pale = not node.kept and not hide
            start = x0 + (14 if n == 0 else column * 0.36)
            parts.append(
                svg.path(
                    f"M{svg.short(start)} {svg.short(y0)}L{svg.short(x - column * 0.36)} {svg.short(y)}",
                    "line pale" if pale else "line",
                )
            )
            score = typeset.number(node.score, places).replace("-", "−")
            name = "quiet pale" if pale else "ink"
            parts.append(svg.text(x, y - 1, called.get(node.tokens[-1], str(node.tokens[-1])), name))
            parts.append(svg.text(x, y + 13, score, f"{name} small"))
    return svg.picture(360, height, "".join(parts), words("beam"))


def cache(words: Words, steps: int = 5, hide: Sequence[int] = (), new: int = 1) -> Markup:
    """A cache of keys and values, step by step: what is kept is pale, what is computed is bright."""
    side, left = 26.0, 84.0
    parts = []
    for step in range(steps):
        y = step * (side + 8) + 4
        parts.append(svg.text(0, y + 18, f"{words('step')} {step + 1}", "quiet", "start"))
        for k in range((step + 1) * new):
            fresh = k >= step * new
            parts.append(
                svg.tag(
                    "rect",
                    x=left + k * (side + 3),
                    y=y,
                    width=side,
                    height=side,
                    rx=4.0,
                    _class="h6" if fresh else "h2",
                )
            )
        if step + 1 in hide:
            parts.append(svg.text(left + (step + 1) * new * (side + 3) + 10, y + 18, "?", "accent", "start"))
    bottom = steps * (side + 8) + 22
    parts.append(svg.tag("rect", x=left, y=bottom - 12, width=12.0, height=12.0, rx=2.0, _class="h6"))
    parts.append(svg.text(left + 18, bottom - 1, words("computed"), "quiet", "start"))
    parts.append(svg.tag("rect", x=left + 126, y=bottom - 12, width=12.0, height=12.0, rx=2.0, _class="h2"))
    parts.append(svg.text(left + 144, bottom - 1, words("cached"), "quiet", "start"))
    return svg.picture(max(360, left + steps * new * (side + 3)), bottom + 6, "".join(parts), words("cache"))
