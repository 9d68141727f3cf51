"""Kata cards: write a reference function from memory; Anki schedules the coding too."""

from __future__ import annotations

import inspect

from deck import functions, phrases, text
from deck.records import Card
from deck.sides import Sides
from exercises import catalog
from reference import anatomy
from reference.shapes import shapes_of


def render(card: Card, language: str) -> Sides:
    """Front: signature, contract and command. Back: the reference, its mistakes, and how to grade oneself."""
    exercise = catalog.find(str(card.exercise))
    words = exercise.say(language)
    asked = catalog.reference_functions(exercise)
    heads = text.code("\n\n".join("\n".join(_signature(function)) for function in asked.values()))
    command = text.code(f"byheart kata {exercise.id}", "sh")
    front = (
        f"<p>{phrases.say(language, 'kata.question')}</p>{heads}"
        f'<div class="quiet">{text.render(words.text)}</div>{command}'
    )
    bodies = [_body(exercise, name, anatomy.source_of(function)) for name, function in asked.items()]
    shown = [
        "\n".join(functions.translated(body, name, language))
        for name, body in zip(asked, bodies, strict=True)
    ]
    back = "".join(text.code(body) for body in shown) + _mistakes(exercise, language)
    return Sides(front, back, f"<p>{phrases.say(language, 'kata.grading')}</p>")


def _body(exercise: catalog.Exercise, name: str, source: str) -> list[str]:
    """The function; what it refuses is left out where the exercise does not ask for it."""
    lines = functions.bare(source)
    asked = any(probe.get("expect") == "raises" for probe in exercise.probes.get(name, ()))
    return lines if asked else functions.without_checks(lines)


def _signature(function: object) -> list[str]:
    """The head of the function, with the shapes of its arguments as comments."""
    assert callable(function)
    head = functions.bare(anatomy.source_of(function), comments=False)[0]
    shapes = shapes_of(inspect.unwrap(function))
    width = max((len(name) for name in shapes), default=0)
    return [
        head,
        *(f"    # {name:<{width}}  {shape.words.replace('#', '')}" for name, shape in shapes.items()),
    ]


def _mistakes(exercise: catalog.Exercise, language: str) -> str:
    if not exercise.mistakes:
        return ""
    items = "".join(f"<li>{text.inline(mistake.text[language])}</li>" for mistake in exercise.mistakes)
    return f'<p class="quiet">{phrases.say(language, "kata.mistakes")}</p><ul class="quiet">{items}</ul>'
