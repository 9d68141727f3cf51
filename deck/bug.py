"""Spot-the-bug cards: a known mistake as code, what it really prints, and what it should."""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from deck import cache, functions, phrases, text, typeset
from deck.records import Card
from deck.samples import Samples
from deck.sides import Sides, words_to_html, world_of
from deck.world import World
from exercises import catalog
from reference import anatomy

LINES, WIDTH = 10, 96  # code that fits a card, signature included
SMALL = (
    "tokens",
    "d_k",
    "d_v",
    "d_model",
    "d_head",
    "heads",
    "d_query",
    "d_hidden",
    "d_memory",
    "d_out",
    "queries",
)
SIZES = (  # small, and for mistakes that would only raise there: square
    {**dict.fromkeys(SMALL, 2), "tokens": 3, "keys": 3, "d_key": 3, "d_ff": 3, "vocabulary": 4},
    dict.fromkeys((*SMALL, "keys", "d_key", "d_ff", "vocabulary"), 2),
)
SEEDS = 6
ENOUGH = 24  # numbers that nobody minds
LARGEST = 24  # numbers in a result that is shown


class Broken(NamedTuple):
    """A mistake made in a function: the lines, and those that were right."""

    function: str
    lines: list[str]
    wrong: list[int]  # which of the lines
    right: list[str]  # what stands there in the reference
    run: Callable[..., Any]


class Run(NamedTuple):
    """One call, and what came of it: the result that differs, as it should be and as it is."""

    arguments: Mapping[str, Any]
    name: str
    expected: Any
    got: Any


def mistake_of(card: Card) -> tuple[catalog.Exercise, catalog.Mistake]:
    """The exercise and the mistake that the card names."""
    try:
        exercise = catalog.find(str(card.exercise))
    except catalog.CatalogError as error:
        raise card.error(f"{error}; correct `exercise`") from None
    found = [mistake for mistake in exercise.mistakes if mistake.id == card.values["mistake"]]
    if not found:
        known = ", ".join(mistake.id for mistake in exercise.mistakes)
        raise card.error(f"{exercise.id} has no mistake {card.values['mistake']!r}; its mistakes are {known}")
    return exercise, found[0]


def render(card: Card, language: str) -> Sides:
    """The broken code; on the back what the catalog says of it, the line that was right, and both results."""
    exercise, mistake = mistake_of(card)
    broken = broken_code(exercise.id, mistake.id)
    if broken is None:
        raise card.error("its code does not fit a card; leave it to the grader")
    world = world_of(card, language)
    run = find_run(exercise, mistake, card, world)
    if run is None:
        raise card.error("no small input shows this mistake; give `arguments`")
    context = words_to_html(card, language, "front", world)  # what a reader has to know to be fair
    question = f"{context}<p>{phrases.say(language, 'bug.question')}</p>"
    back = [
        f"<p>{text.inline(sentence(mistake.text[language], broken.lines))}</p>",
        _lines("wrong", [broken.lines[n] for n in broken.wrong]),
        _lines("right", broken.right),
        _results(run, language),
    ]
    note = words_to_html(card, language, "note", world)
    return Sides(question + text.code("\n".join(broken.lines)), "".join(back), note)


def _lines(name: str, lines: list[str]) -> str:
    """The lines that are wrong, or those that should stand there."""
    return text.code(textwrap.dedent("\n".join(lines)), name=f"code {name}") if lines else ""


def sentence(words: str, code: Iterable[str]) -> str:
    """What the catalog says of a mistake, as a sentence; a name of the code keeps its small letter.

    >>> sentence("the scores are halved", []), sentence("q is halved", ["half = q / 2"])
    ('The scores are halved.', 'q is halved.')
    """
    first = words.split()[0]
    is_word = first.isalpha() and first not in re.findall(r"\w+", "\n".join(code))
    head = words[0].upper() if is_word else words[0]
    return head + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def _results(run: Run, language: str) -> str:
    inputs = "\n".join(line for name, value in run.arguments.items() for line in _given(name, value))
    pairs = [
        (phrases.say(language, "bug.printed"), run.got),
        (phrases.say(language, "bug.expected"), run.expected),
    ]
    shown = "".join(
        f'<div><p class="quiet">{words.format(name=run.name)}</p>{_shown(value)}</div>'
        for words, value in pairs
    )
    return f'{text.code(inputs, name="code given")}<div class="pair">{shown}</div>'


def _given(name: str, value: Any) -> list[str]:
    """An argument as an assignment; of a large array only the shape."""
    if hasattr(value, "_fields"):
        return [line for field, part in value._asdict().items() for line in _given(f"{name}.{field}", part)]
    if isinstance(value, np.ndarray) and value.size > LARGEST:
        return [f"{name}  # {typeset.shape(value)}"]
    return [f"{name} = {_plain(value)}"]


def _plain(value: Any) -> str:
    """A value as code says it."""
    if isinstance(value, np.ndarray | np.number | float):
        return typeset.num(value, 3, group=False).replace("∞", "inf").replace("NaN", "nan")
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        parts = [f"{names[n]}={_plain(part)}" if names else _plain(part) for n, part in enumerate(value)]
        return f"{type(value).__name__ if names else ''}({', '.join(parts)})"
    return value.__name__ if callable(value) else repr(value)


def _shown(value: Any) -> str:
    if isinstance(value, Exception):
        return text.code(f"{type(value).__name__}: {value}", "text", "code text")
    if isinstance(value, np.ndarray) and value.ndim in (1, 2):
        return str(typeset.matrix(value, 3))
    return text.code(_plain(value), "text", "code text")


# ---------------------------------------------------------------- the code


@functools.cache
def broken_code(exercise_id: str, mistake_id: str) -> Broken | None:
    """The mistake as code, if it is short enough for a card."""
    exercise = catalog.find(exercise_id)
    mistake = next(mistake for mistake in exercise.mistakes if mistake.id == mistake_id)
    originals = catalog.reference_functions(exercise)
    made = anatomy.edited(originals.values(), mistake.edits[0])
    sources = {name: [*map(anatomy.source_of, (originals[name], made[name]))] for name in originals}
    changed = [name for name, (before, after) in sources.items() if before != after]
    if len(changed) != 1:
        return None
    name = changed[0]
    every = [functions.bare(source, comments=False, original=sources[name][0]) for source in sources[name]]
    right, lines = map(functions.without_checks, every)
    if lines == right:  # the mistake is in what is refused
        right, lines = every
    if len(lines) > LINES or max(map(len, lines)) > WIDTH:
        return None
    wrong = [n for n, line in enumerate(lines) if line not in right]
    missing = [line for line in right if line not in lines]
    return Broken(name, lines, wrong, missing, made[name])


# ---------------------------------------------------------------- the input


@functools.cache
def _run_of(exercise_id: str, mistake_id: str) -> Run | None:
    exercise = catalog.find(exercise_id)
    broken = broken_code(exercise_id, mistake_id)
    if broken is None:
        return None
    original = catalog.reference_functions(exercise)[broken.function]
    best, least = None, math.inf
    probes = 1 + len(exercise.probes.get(broken.function, ()))
    for sizes, probe in itertools.product(range(len(SIZES)), range(probes)):
        for seed in range(SEEDS):
            made = _candidate(exercise_id, broken.function, sizes, probe, seed)
            if made is None or _numbers(*made.arguments.values()) >= least:
                break  # and so with every other seed
            run = compare(original, broken.run, made)
            if run is not None and _effort(run) < least:
                best, least = run, _effort(run)
            if least <= ENOUGH:
                return best
    return best


def _effort(run: Run) -> float:
    """How many numbers a reader has to look at; a mistake that shows only by raising comes last."""
    raises = isinstance(run.got, Exception)
    return _numbers(*run.arguments.values(), run.expected) + (1000 if raises else 0)


def _numbers(*values: Any) -> int:
    flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return sum(part.size if isinstance(part, np.ndarray) else np.size(part) for part in flat)


def find_run(exercise: catalog.Exercise, mistake: catalog.Mistake, card: Card, world: World) -> Run | None:
    """The card's own arguments, or the first small ones that tell the mistake from the reference."""
    given = card.values.get("arguments")
    broken = broken_code(exercise.id, mistake.id)
    if given is None or broken is None:
        return _run_of(exercise.id, mistake.id)
    try:
        arguments = {name: world.value(value) for name, value in given.items()}
    except Exception as error:
        raise card.error(f"its `arguments` cannot be computed ({error}); correct them") from error
    original = catalog.reference_functions(exercise)[broken.function]
    return compare(original, broken.run, Candidate(arguments, _call(original, arguments)))


class Candidate(NamedTuple):
    """A small input, and what the reference makes of it."""

    arguments: dict[str, Any]
    expected: Any


@functools.cache
def _candidate(exercise_id: str, name: str, sizes: int, probe: int, seed: int) -> Candidate | None:
    """Drawn from the annotations (probe 0) or a probe of the catalog; None if that needs more than arrays.

    All mistakes of a function are tried on the same inputs.
    """
    exercise = catalog.find(exercise_id)
    function = catalog.reference_functions(exercise)[name]
    samples = Samples(np.random.default_rng(seed), SIZES[sizes])
    try:
        drawn = samples.probe(function, ({}, *exercise.probes.get(name, ()))[probe])
    except Exception:
        return None
    arguments = {name: _whole(value) for name, value in drawn.items()}
    return Candidate(arguments, _call(function, arguments))


def _whole(value: Any) -> Any:
    """Random floats become whole numbers, which a reader can check."""
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return np.round(value) + 0.0 if is_float else value


def compare(original: Callable[..., Any], broken: Callable[..., Any], made: Candidate) -> Run | None:
    """The first result in which the two differ visibly, or None."""
    arguments, expected = made
    if isinstance(expected, Exception):
        return None
    got = _call(broken, arguments)
    rights = _named(original, expected)
    wrongs = dict.fromkeys(rights, got) if isinstance(got, Exception) else _named(original, got)
    for name, right in rights.items():
        wrong = wrongs.get(name)
        if _differ(right, wrong) and _small(right) and _small(wrong):
            return Run(arguments, name, right, wrong)
    return None


def _call(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    try:
        with np.errstate(all="ignore"):
            return function(**{name: _copy(value) for name, value in arguments.items()})
    except Exception as error:
        return error


def _copy(value: Any) -> Any:
    if isinstance(value, tuple):
        parts = map(_copy, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value.copy() if isinstance(value, np.ndarray) else value


def _named(function: Callable[..., Any], result: Any) -> dict[str, Any]:
    """The parts of a result by the function's own names, in the order in which it computes them."""
    names, order = _results_of(function)
    parts = list(result) if isinstance(result, tuple) else [result]
    if len(parts) != len(names):
        names = [f"{names[0]}[{n}]" for n in range(len(parts))] if len(parts) > 1 else names[:1]
    return dict(sorted(zip(names, parts, strict=True), key=lambda item: order.get(item[0], len(order))))


@functools.cache
def _results_of(function: Callable[..., Any]) -> tuple[list[str], dict[str, int]]:
    """What a function calls its results, and when it computes what."""
    tree = ast.parse(anatomy.source_of(inspect.unwrap(function)))
    returned = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None
    ]
    last = max(returned, key=lambda value: value.lineno)  # where it returns early, it has less to say
    parts = last.elts if isinstance(last, ast.Tuple) else [last]
    names = [part.id if isinstance(part, ast.Name) else "result" for part in parts]
    return names, {step.name: n for n, step in enumerate(anatomy.steps(function))}


def _differ(right: Any, wrong: Any) -> bool:
    """Visibly: in shape, or in a number by more than the rounding of a card."""
    if isinstance(right, tuple) and isinstance(wrong, tuple) and len(right) == len(wrong):
        return any(map(_differ, right, wrong))
    try:
        a, b = np.asarray(right), np.asarray(wrong)
        if a.shape != b.shape:
            return True
        return not (np.array_equal(a, b) or np.allclose(a, b, rtol=0, atol=0.02, equal_nan=True))
    except (TypeError, ValueError):
        return repr(right) != repr(wrong)


def _small(value: Any) -> bool:
    return np.size(value) <= LARGEST if isinstance(value, np.ndarray) else len(repr(value)) < 200


def can_show(exercise_id: str, mistake_id: str) -> bool:
    """Whether the mistake fits a card and a small input shows it."""
    shown = cache.shared().get(
        f"bug/{exercise_id}/{mistake_id}", lambda: _run_of(exercise_id, mistake_id) is not None
    )
    return bool(shown)
