"""Charts: bars and curves, labelled where they are, without legends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from deck import svg, typeset

Words = Callable[[str], str]

WIDTH, BAR, LEFT = 360.0, 26.0, 96.0


def bars(
    words: Words,
    values: Any,
    labels: Sequence[str] = (),
    places: int = 2,
    mark: Sequence[int] = (),
    hide: Sequence[int] = (),
) -> Markup:
    """Horizontal bars with their values. `values` may be {title: values}: one group a title, on one scale.

    `mark` and `hide` are positions in a group; a hidden bar is a question mark.
    """
    groups = values if isinstance(values, Mapping) else {"": values}
    largest = max(float(np.max(np.abs(group))) for group in groups.values()) or 1.0
    longest = max([len(str(label)) for label in labels], default=0)
    left = min(max(8.0 * longest + 10, 24), 130)
    y, parts = 2.0, []
    for title, group in groups.items():
        if title:
            parts.append(svg.text(0, y + 14, str(title), "quiet", "start"))
            y += 24
        shown = typeset.decimals(group, places)
        for n, value in enumerate(np.asarray(group, dtype=float)):
            length = (WIDTH - left - 58) * abs(value) / largest
            parts.append(svg.text(left - 8, y + 16, str(labels[n]) if len(labels) else "", "quiet", "end"))
            if n in hide:
                parts.append(svg.text(left + 6, y + 16, "?", "accent", "start"))
            else:
                parts.append(
                    svg.tag(
                        "rect",
                        x=left,
                        y=y + 4,
                        width=max(length, 1.0),
                        height=BAR - 9,
                        rx=2.0,
                        _class="bar hot" if n in mark else "bar",
                    )
                )
                parts.append(
                    svg.text(
                        left + length + 7,
                        y + 16,
                        typeset.number(value, shown).replace("-", "−"),
                        "ink",
                        "start",
                    )
                )
            y += BAR
        y += 8
    return svg.picture(WIDTH, y - 6, "".join(parts))


def curve(
    words: Words,
    ys: Any,
    x: Any = None,
    x_label: str = "",
    y_label: str = "",
    marks: Sequence[tuple[float, str]] = (),
    places: int = 4,
    height: float = 200.0,
    zero: bool = True,
) -> Markup:
    """One or several lines, named at their ends. `ys` is an array or {name: array}; `marks` are (x, words)."""
    lines = ys if isinstance(ys, Mapping) else {"": ys}
    count = len(next(iter(lines.values())))
    xs = np.arange(count) if x is None else np.asarray(x, dtype=float)
    every = np.concatenate([np.asarray(line, dtype=float) for line in lines.values()])
    low, high = (min(0.0, every.min()) if zero else every.min()), every.max()
    named = max((len(name) for name in lines), default=0)
    left, right, top, bottom = 56.0, WIDTH - 8 - 7.4 * named, 26.0, height - 40
    across = lambda value: left + (right - left) * (value - xs[0]) / (xs[-1] - xs[0])  # noqa: E731
    up = lambda value: bottom - (bottom - top) * (value - low) / ((high - low) or 1)  # noqa: E731
    parts = [
        svg.path(f"M{svg.short(left)} {svg.short(top - 6)}V{svg.short(bottom)}H{svg.short(right)}", "axis")
    ]
    for value in (low, high):
        parts.append(
            svg.text(
                left - 6, up(value) + 4, typeset.num(float(value), places).replace("-", "−"), "quiet", "end"
            )
        )
    for value in (xs[0], xs[-1]):
        parts.append(svg.text(across(value), bottom + 17, typeset.num(float(value), 2), "quiet"))
    for n, (name, line) in enumerate(lines.items()):
        points = [(across(a), up(float(b))) for a, b in zip(xs, line, strict=True)]
        data = "M" + "L".join(f"{svg.short(a)} {svg.short(b)}" for a, b in points)
        parts.append(svg.path(data, f"curve dash{n}"))
    ends = {name: up(float(line[-1])) for name, line in lines.items() if name}
    for name, y in _apart(ends).items():
        parts.append(svg.text(right + 6, y + 4, name, "ink", "start"))
    for value, note in marks:
        parts.append(svg.path(f"M{svg.short(across(value))} {svg.short(top)}V{svg.short(bottom)}", "guide"))
        parts.append(svg.text(across(value), bottom + 17, note, "accent"))
    parts.append(svg.text(0, 12, y_label, "quiet", "start"))
    parts.append(svg.text(right, bottom + 34, f"{x_label} →" if x_label else "", "quiet", "end"))
    return svg.picture(WIDTH, height, "".join(part for part in parts if part))


def _apart(heights: Mapping[str, float], least: float = 16.0) -> dict[str, float]:
    """The same heights, moved so that labels do not touch."""
    placed: dict[str, float] = {}
    for name, y in sorted(heights.items(), key=lambda item: item[1]):
        placed[name] = max(y, max(placed.values()) + least) if placed else y
    return placed
