"""Shape cards: sizes from the annotations, all different, and the question what shape comes out."""

from __future__ import annotations

from typing import Any

import numpy as np

from deck import functions, phrases, text, typeset
from deck.records import Card
from deck.samples import Samples
from deck.sides import Sides, words_to_html, world_of
from reference import anatomy


def render(card: Card, language: str) -> Sides:
    """Asks the shape of one step or of the result; the answer says what each size means."""
    function = functions.find(card, card.values["function"])
    asked = card.values.get("ask", "return")
    world = world_of(card, language)
    samples = Samples(np.random.default_rng(0), card.values.get("sizes"))
    try:
        given = {name: world.value(value) for name, value in card.values.get("arguments", {}).items()}
        arguments = samples.arguments(function, given)
        traced = anatomy.trace(function, **arguments)
    except Exception as error:
        raise card.error(
            f"{function.__name__} cannot be run ({error}); correct `sizes` or `arguments`"
        ) from error
    if asked not in traced:
        raise card.error(f"{function.__name__} computes no {asked!r}; ask one of {', '.join(traced)}")
    result = np.shape(traced[asked])
    question = words_to_html(card, language, "front", world) or _question(function.__name__, asked, language)
    code = text.code("\n".join(_code(function, arguments, asked)))
    answer = f'<p class="shape"><code>{typeset.shape(result)}</code></p>'
    meaning = _meaning(result, {**samples.sizes, **_axes_made(card)})
    return Sides(question + code, answer + meaning, words_to_html(card, language, "note", world))


def _axes_made(card: Card) -> dict[str, int]:
    made: dict[str, int] = card.values.get("axes", {})
    return made


def _question(function: str, asked: str, language: str) -> str:
    key = "shape.result" if asked == "return" else "shape.step"
    return f"<p>{text.inline(phrases.say(language, key, step=asked, function=function))}</p>"


def _code(function: Any, arguments: dict[str, Any], asked: str) -> list[str]:
    """The call with the shapes that go in; a step is shown with its assignment."""
    inputs = [(name, shape) for value in arguments.items() for name, shape in _shapes(*value)]
    width = max(len(name) for name, _ in inputs)
    lines = [f"{name:<{width}}  # {shape}" for name, shape in inputs]
    call = f"{function.__name__}({', '.join(_passed(name, value) for name, value in arguments.items())})"
    if asked == "return":
        return [*lines, f"result = {call}"]
    return [*lines, call]


def _shapes(name: str, value: Any) -> list[tuple[str, str]]:
    if hasattr(value, "_fields"):
        return [
            (f"{name}.{field}", typeset.shape(part))
            for field, part in value._asdict().items()
            if part is not None
        ]
    return [(name, typeset.shape(value))] if isinstance(value, np.ndarray) else []


def _passed(name: str, value: Any) -> str:
    return name if isinstance(value, np.ndarray) or hasattr(value, "_fields") else f"{name}={value!r}"


def _meaning(result: tuple[int, ...], sizes: dict[str, int]) -> str:
    """The axes in words, where each size belongs to just one of them."""
    names = [[name for name, size in sizes.items() if size == n] for n in result]
    if not result or any(len(found) != 1 for found in names):
        return ""
    words = "(" + ", ".join(found[0] for found in names) + ("," if len(names) == 1 else "") + ")"
    return f'<p class="quiet"><code>{words}</code></p>'
