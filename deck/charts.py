"""Charts: bars and curves, labelled where they are, without legends."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        shown = typeset.decimals(group, places) or _places(group, places)
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


def _places(values: Any, places: int) -> int:
    """None where all are whole; a weight of almost 1 is 1.00, not the 1 that softmax never gives."""
    return 0 if np.array_equal(values, np.round(values)) else places


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
    """One or several lines, named at their ends. `ys` is an array or {name: array}, `marks` are (x, words).

    `zero` begins the upright axis at 0 at the latest; `places` is for the two numbers at it.
    """
    lines = {
        name: np.asarray(line, dtype=float)
        for name, line in (ys if isinstance(ys, Mapping) else {"": ys}).items()
    }
    count = len(next(iter(lines.values())))
    plot = _Plot(lines, np.arange(count) if x is None else np.asarray(x, dtype=float), height, zero)
    labels = [
        svg.text(0, 12, y_label, "quiet", "start"),
        svg.text(plot.right, plot.bottom + 34, f"{x_label} →" if x_label else "", "quiet", "end"),
    ]
    return svg.picture(
        WIDTH, height, "".join([*plot.axes(places), *plot.curves(), *plot.marks(marks), *labels])
    )


class _Plot:
    """Lines over common places, and where they come to lie on the paper."""

    def __init__(self, lines: Mapping[str, Any], xs: Any, height: float, zero: bool) -> None:
        self.lines, self.xs = lines, xs
        every = np.concatenate(list(lines.values()))
        self.low, self.high = float(min(0.0, every.min()) if zero else every.min()), float(every.max())
        self.left, self.top, self.bottom = 56.0, 26.0, height - 40
        self.right = WIDTH - 8 - 7.4 * max(map(len, lines))

    def across(self, x: float) -> float:
        share = (float(x) - self.xs[0]) / (self.xs[-1] - self.xs[0])
        return float(self.left + (self.right - self.left) * share)

    def up(self, y: float) -> float:
        share = (float(y) - self.low) / ((self.high - self.low) or 1.0)
        return float(self.bottom - (self.bottom - self.top) * share)

    def axes(self, places: int) -> list[str]:
        """The two axes, with a number at each end."""
        down, right = svg.short(self.bottom), svg.short(self.right)
        corner = f"M{svg.short(self.left)} {svg.short(self.top - 6)}V{down}H{right}"
        heights = [
            svg.text(self.left - 6, self.up(value) + 4, _short(value, places), "quiet", "end")
            for value in (self.low, self.high)
        ]
        ends = [
            svg.text(self.across(value), self.bottom + 17, _short(value, 2), "quiet")
            for value in (self.xs[0], self.xs[-1])
        ]
        return [svg.path(corner, "axis"), *heights, *ends]

    def curves(self) -> list[str]:
        """The lines, told apart by their dashes, and their names."""
        drawn = []
        for n, line in enumerate(self.lines.values()):
            points = (
                f"{svg.short(self.across(a))} {svg.short(self.up(b))}"
                for a, b in zip(self.xs, line, strict=True)
            )
            drawn.append(svg.path("M" + "L".join(points), f"curve dash{n}"))
        return [*drawn, *self.names()]

    def names(self) -> list[str]:
        """What each line is called: at its end, or at its peak where lines have come together by then."""
        named = {name: line for name, line in self.lines.items() if name}
        ends = {name: self.up(line[-1]) for name, line in named.items()}
        peaks = {name: int(np.argmax(line)) for name, line in named.items()}
        if _touch(ends.values()) and len(set(peaks.values())) == len(peaks):
            return [
                svg.text(self.across(self.xs[peak]), self.up(named[name][peak]) - 7, name, "ink")
                for name, peak in peaks.items()
            ]
        return [svg.text(self.right + 6, y + 4, name, "ink", "start") for name, y in _apart(ends).items()]

    def marks(self, marks: Sequence[tuple[float, str]]) -> list[str]:
        """A dotted line from top to bottom at each place, with its words below."""
        drawn = []
        for x, note in marks:
            place = self.across(x)
            drawn.append(
                svg.path(f"M{svg.short(place)} {svg.short(self.top)}V{svg.short(self.bottom)}", "guide")
            )
            drawn.append(svg.text(place, self.bottom + 17, note, "accent"))
        return drawn


def _short(value: float, places: int) -> str:
    """A number at an axis: two digits that count, or as it is where it is whole."""
    whole = float(value).is_integer()
    return typeset.num(float(value) if whole else float(f"{value:.2g}"), places).replace("-", "−")


def _touch(heights: Iterable[float], least: float = 4.0) -> bool:
    """Whether two of them are too near to tell which line a name belongs to."""
    return any(b - a < least for a, b in itertools.pairwise(sorted(heights)))


def _apart(heights: Mapping[str, float], least: float = 16.0) -> dict[str, float]:
    """The same heights, moved so that labels do not touch."""
    placed: dict[str, float] = {}
    for name, y in sorted(heights.items(), key=lambda item: item[1]):
        placed[name] = max(y, max(placed.values()) + least) if placed else y
    return placed
