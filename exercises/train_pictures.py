"""Pictures of a training run, drawn by hand as SVG: curves and an attention map, readable in light and dark.

A standalone SVG asks for the reader's colour scheme itself. Words come from outside, in the reader's own
language.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np

from reference.shapes import Array

STYLE = """
svg { color: #1b1f24; background: #ffffff; font: 13px sans-serif; }
text { fill: currentColor; }
.title { font-size: 15px; font-weight: 600; }
.frame, .tick { stroke: currentColor; fill: none; stroke-opacity: .45; }
.grid { stroke: currentColor; stroke-opacity: .12; }
.curve { stroke: #2266aa; stroke-width: 2; fill: none; stroke-linejoin: round; }
.faint { stroke: #2266aa; stroke-opacity: .45; fill: none; }
.mark { stroke: #aa5522; stroke-dasharray: 4 3; }
.cell { fill: #2266aa; }
@media (prefers-color-scheme: dark) {
  svg { color: #e6e9ec; background: #16191d; }
  .curve, .faint { stroke: #7ab8f5; }
  .cell { fill: #7ab8f5; }
  .mark { stroke: #f0a070; }
}
"""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 340, 78, 20, 48, 52


def curve(
    values: Sequence[float],
    title: str,
    x_label: str,
    y_label: str,
    smooth: int = 0,
    at_step: int | None = None,
    at_value: tuple[float, str] | None = None,
) -> str:
    """One value a step, counted from 1. `smooth` draws a running mean of so many steps over the faint values.

    Dashed lines stand at a step and at a value with its name.
    """
    ticks = _ticks(max(values))
    x_of, y_of = _scale(1, len(values), LEFT, WIDTH - RIGHT), _scale(0, ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [_words(20, 26, title, "start", "title")]
    for tick in ticks:
        y = y_of(tick)
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "grid") + _words(LEFT - 8, y + 4, f"{tick:g}", "end"))
    steps = [step for step in _ticks(len(values))[1:] if step <= len(values)]
    parts += [_words(x_of(step), HEIGHT - BOTTOM + 20, f"{step:g}", "middle") for step in steps]
    points = [(x_of(n), y_of(value)) for n, value in enumerate(values, start=1)]
    if smooth > 1:
        parts.append(_path(points, "faint"))
        means = np.convolve(values, np.ones(smooth) / smooth, mode="valid")
        points = [(x_of(n), y_of(float(value))) for n, value in enumerate(means, start=1 + smooth // 2)]
    parts.append(_path(points, "curve"))
    if at_step is not None:
        parts.append(_line(x_of(at_step), TOP, x_of(at_step), HEIGHT - BOTTOM, "mark"))
    if at_value is not None:
        y = y_of(at_value[0])
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "mark"))
        parts.append(_words(WIDTH - RIGHT - 4, y + 16, at_value[1], "end"))
    parts.append(_line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "frame"))
    parts.append(_line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "frame"))
    parts.append(_words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_label, "middle"))
    parts.append(_upright(20, (TOP + HEIGHT - BOTTOM) / 2, y_label))
    return _picture(WIDTH, HEIGHT, parts, title)


def attention_map(
    weights: Array, queries: Sequence[str], keys: Sequence[str], title: str, query_label: str, key_label: str
) -> str:
    """Queries down, keys across; the stronger the colour, the larger the weight (numbers are tooltips)."""
    size, left, top = 34, 92, 96
    width, height = max(left + size * len(keys) + 20, 430), top + size * len(queries) + 20
    parts = [
        _words(20, 26, title, "start", "title"),
        _words(left + size * len(keys) / 2, top - 36, key_label, "middle"),
        _upright(24, top + size * len(queries) / 2, query_label),
    ]
    parts += [_words(left + size * (n + 0.5), top - 10, key, "middle") for n, key in enumerate(keys)]
    parts += [_words(left - 10, top + size * (n + 0.5) + 4, query, "end") for n, query in enumerate(queries)]
    for (row, column), weight in np.ndenumerate(weights):
        place = f'x="{left + size * column + 1}" y="{top + size * row + 1}"'
        opacity = f'fill-opacity="{max(float(weight), 0.03):.3f}"'
        words = escape(f"{queries[row]} → {keys[column]}: {weight:.3f}")
        parts.append(
            f'<rect class="cell" {place} width="{size - 2}" height="{size - 2}" rx="3" {opacity}>'
            f"<title>{words}</title></rect>"
        )
    return _picture(width, height, parts, title)


# ---------------------------------------------------------------- small pieces


class _scale:  # noqa: N801  (used as a function)
    """From values to coordinates, in a straight line."""

    def __init__(self, low: float, high: float, at_low: float, at_high: float) -> None:
        self.low, self.at_low = low, at_low
        self.slope = (at_high - at_low) / ((high - low) or 1)

    def __call__(self, value: float) -> float:
        return self.at_low + (value - self.low) * self.slope


def _ticks(largest: float) -> list[float]:
    """Round numbers from 0 to at least `largest`: about five of them.

    >>> _ticks(2.6), _ticks(1000)
    ([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0], [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0])
    """
    largest = largest if largest > 0 else 1.0
    magnitude = 10.0 ** math.floor(math.log10(largest / 5))
    step = next(magnitude * n for n in (1, 2, 5, 10) if magnitude * n * 6 >= largest)
    return [round(step * n, 12) for n in range(math.ceil(largest / step - 1e-9) + 1)]


def _picture(width: float, height: float, parts: Sequence[str], title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}"><title>{escape(title)}</title><style>{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _words(x: float, y: float, words: str, anchor: str, name: str = "") -> str:
    kind = f' class="{name}"' if name else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _upright(x: float, y: float, words: str) -> str:
    turned = f'transform="translate({x:.1f} {y:.1f}) rotate(-90)"'
    return f'<text text-anchor="middle" {turned}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _path(points: Sequence[tuple[float, float]], name: str) -> str:
    return f'<polyline class="{name}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
