"""Small pieces of SVG: numbers short, texts escaped, colours by class so that night mode can change them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape


def short(value: float) -> str:
    """A coordinate with at most one decimal.

    >>> short(3.0), short(2.25), short(-0.01)
    ('3', '2.2', '0')
    """
    text = f"{float(value):.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, content: str = "", **attributes: Any) -> str:
    """One element; `_class` and `stroke_width` are written class and stroke-width."""
    parts = [
        f' {key.strip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value != ""
    ]
    return f"<{name}{''.join(parts)}>{content}</{name}>" if content else f"<{name}{''.join(parts)}/>"


def _attribute(value: Any) -> str:
    return str(escape(value)) if isinstance(value, str) else short(value)


def text(x: float, y: float, words: str, name: str = "ink", anchor: str = "middle") -> str:
    """A line of text, its baseline at y."""
    return tag("text", str(escape(words)), x=x, y=y, _class=name, text_anchor=anchor)


def lines(x: float, y: float, words: Iterable[str], name: str = "ink", leading: float = 16) -> str:
    """Several lines around the height y."""
    rows = list(words)
    top = y - leading * (len(rows) - 1) / 2 + 4.7
    return "".join(text(x, top + n * leading, row, name) for n, row in enumerate(rows))


def box(x: float, y: float, width: float, height: float, name: str = "box") -> str:
    return tag("rect", x=x, y=y, width=width, height=height, rx=6.0, _class=name)


def path(data: str, name: str = "line") -> str:
    return tag("path", d=data, _class=name)


def arrow(x1: float, y1: float, x2: float, y2: float, name: str = "line") -> str:
    """A straight line with a head at its end."""
    return path(f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}", name) + head(x1, y1, x2, y2)


def head(x1: float, y1: float, x2: float, y2: float) -> str:
    """The head of an arrow that arrives at (x2, y2)."""
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    left = (x2 - 6 * dx + 3.2 * dy, y2 - 6 * dy - 3.2 * dx)
    right = (x2 - 6 * dx - 3.2 * dy, y2 - 6 * dy + 3.2 * dx)
    points = " ".join(f"{short(px)},{short(py)}" for px, py in ((x2, y2), left, right))
    return tag("polygon", points=points, _class="head")


def wrap(words: str, letters: int) -> list[str]:
    """Words in lines of about so many letters.

    >>> wrap("masked self-attention", 14)
    ['masked', 'self-attention']
    """
    rows: list[str] = []
    for word in words.split():
        if rows and len(rows[-1]) + 1 + len(word) <= letters:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def picture(width: float, height: float, content: str, title: str = "") -> Markup:
    """The whole picture, as wide as it is drawn, and narrower where the screen is."""
    name = tag("title", str(escape(title))) if title else ""
    drawn = tag(
        "svg",
        name + content,
        viewBox=f"0 0 {short(width)} {short(height)}",
        width=width,
        height=height,
        role="img",
    )
    return Markup(f'<div class="figure">{drawn}</div>')
