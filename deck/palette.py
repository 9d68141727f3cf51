"""The accent ramp of heat maps: one hue, even steps of perceived lightness, readable text on each.

Computed in OKLab (Björn Ottosson, 2020), so that equal differences of weight look equally different, also to
colour-blind eyes, and printed in grey.
"""

from __future__ import annotations

import numpy as np

from deck.typeset import LEVELS

HUE = 265.0  # degrees in OKLCh: blue
LIGHT = ((0.985, 0.004), (0.47, 0.15))  # lightness and chroma of the lowest and of the highest weight
NIGHT = ((0.245, 0.008), (0.80, 0.12))
DARK_INK, LIGHT_INK = "#07080a", "#ffffff"


def ramp(ends: tuple[tuple[float, float], tuple[float, float]]) -> list[str]:
    """The colours of levels 0 .. LEVELS-1 as #rrggbb."""
    steps = np.linspace(np.asarray(ends[0]), np.asarray(ends[1]), LEVELS)
    return [_hex(lightness, chroma) for lightness, chroma in steps]


def ink(background: str) -> str:
    """Dark or light text, whichever is easier to read there."""
    return max((DARK_INK, LIGHT_INK), key=lambda colour: contrast(colour, background))


def variables(night: bool) -> str:
    """--h0 .. --h8 and the ink on them, as CSS declarations."""
    colours = ramp(NIGHT if night else LIGHT)
    return " ".join(f"--h{n}: {colour}; --i{n}: {ink(colour)};" for n, colour in enumerate(colours))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2: 1 to 21; text needs 4.5."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _hex(lightness: float, chroma: float) -> str:
    """OKLCh to sRGB."""
    a, b = chroma * np.cos(np.radians(HUE)), chroma * np.sin(np.radians(HUE))
    lms = np.array(
        [
            [1, 0.3963377774, 0.2158037573],
            [1, -0.1055613458, -0.0638541728],
            [1, -0.0894841775, -1.2914855480],
        ]
    )
    rgb = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip(rgb @ (lms @ [lightness, a, b]) ** 3, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(c)):02x}" for c in encoded)
