"""The entries of the book: one for each public function of the reference, with all that hangs on it.

What is said in several languages is kept by language; what is missing in one is left out there, whole.
"""

from __future__ import annotations

import ast
import difflib
import functools
import html
import inspect
import itertools
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import reference
from deck import bug, faces, functions, text
from deck.examples import Example, example_of, records
from deck.notes import Note
from deck.preview import mathml, with_mathml
from exercises import catalog
from exercises.language import speak
from exercises.shapes_in_words import shape_lines
from reference import anatomy

Function = Callable[..., object]
COMMENT = 90  # letters in a line of comment


class Fault(NamedTuple):
    """A known mistake: what it does in each language, and the lines that change, as (sign, line)."""

    id: str
    text: Mapping[str, str]
    lines: tuple[tuple[str, str], ...]
    card: str  # the spot-the-bug card on it, or nothing


class Flashcard(NamedTuple):
    """A card in each language: kind, the question, what else is on the front, the back. HTML."""

    id: str
    mistake: str  # which one a spot-the-bug card shows, or nothing
    faces: Mapping[str, tuple[str, str, str, str]]


class Words(NamedTuple):
    """What the entry says in one language. HTML."""

    summary: str
    formula: str
    prose: str
    shapes: tuple[tuple[str, str], ...]  # what, its shape in words
    code: str


class Entry(NamedTuple):
    """One function."""

    name: str
    words: Mapping[str, Words]
    example: Example | None
    exercise: catalog.Exercise | None
    faults: tuple[Fault, ...]
    cards: tuple[Flashcard, ...]
    uses: tuple[str, ...]
    used_by: tuple[str, ...]


class Chapter(NamedTuple):
    """One module of the reference."""

    name: str
    intro: str  # what its docstring says first, in English
    entries: tuple[Entry, ...]


def chapters(languages: Sequence[str], notes: Mapping[str, Sequence[Note]]) -> Iterator[Chapter]:
    """The modules in reading order, each with its functions as they are written."""
    cards = _cards(notes)
    for module, names in modules().items():
        intro = (sys.modules[module].__doc__ or "").strip().partition("\n")[0]
        entries = tuple(_entry(_plain(name), languages, cards.get(name, ())) for name in names)
        yield Chapter(module.rpartition(".")[2], intro, entries)


@functools.cache
def modules() -> Mapping[str, tuple[str, ...]]:
    """The modules of the reference in reading order, and the public functions of each."""
    found: dict[str, list[Function]] = {}
    for name in reference.__all__:
        if inspect.isfunction(function := getattr(reference, name)):
            plain = inspect.unwrap(function)
            found.setdefault(plain.__module__, []).append(plain)
    return {
        module: tuple(each.__name__ for each in sorted(those, key=lambda each: each.__code__.co_firstlineno))
        for module, those in found.items()
    }


@functools.cache
def _names() -> frozenset[str]:
    return frozenset(name for names in modules().values() for name in names)


def _plain(name: str) -> Function:
    plain: Function = inspect.unwrap(getattr(reference, name))
    return plain


def _source(function: Function) -> str:
    """Without remarks for the type checker. A generator has no steps to trace, but a source."""
    is_generator = inspect.isgeneratorfunction(function)
    source = inspect.getsource(function) if is_generator else anatomy.source_of(function)
    return re.sub(r"  # type: ignore.*", "", source)


def _entry(function: Function, languages: Sequence[str], cards: Sequence[Flashcard]) -> Entry:
    name = function.__name__
    exercise = functions.exercise_of(name)
    shown = {card.mistake: card.id for card in cards if card.mistake}
    return Entry(
        name,
        {language: _words(function, exercise, language) for language in languages},
        example_of(function),
        exercise,
        tuple(_faults(exercise, name, languages, shown)) if exercise else (),
        tuple(cards),
        tuple(sorted(_uses(name))),
        tuple(other for other in sorted(_names()) if name in _uses(other)),
    )


@functools.cache
def _uses(name: str) -> frozenset[str]:
    """The public functions that this one calls."""
    tree = ast.parse(_source(_plain(name)))
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset((called & _names()) - {name})


# ---------------------------------------------------------------- words


def _words(function: Function, exercise: catalog.Exercise | None, language: str) -> Words:
    summary, formula, prose = _documentation(function, exercise, language)
    lines = shape_lines(function, speak(language))
    return Words(
        text.inline(_calm(summary)) if summary else "",
        _formula(function, formula),
        text.render("\n\n".join(map(_calm, prose))) if prose else "",
        tuple((match[1], match[2]) for line in lines if (match := re.match(r"(\s*\S+)\s+(.+)", line))),
        _linked(text.code("\n".join(_code(function, exercise, language))), function.__name__),
    )


def _documentation(
    function: Function, exercise: catalog.Exercise | None, language: str
) -> tuple[str, str, list[str]]:
    """Summary, formula and what else the docstring says; the catalog's where it has one, nothing where no
    words are known in the language (a formula needs none)."""
    ours = records()["summaries"].get(language, {})
    translated = (
        exercise.say(language).docs.get(function.__name__) if exercise else ours.get(function.__name__)
    )
    own = inspect.getdoc(function) or ""
    words = inspect.cleandoc(translated) if translated else re.split(r"(?m)^>>>", own)[0]
    summary, *paragraphs = words.strip().split("\n\n")
    formulas = [each for each in paragraphs if _is_formula(each)]
    if translated is None and language != catalog.languages()[0]:
        return "", "", []
    prose = [_with_papers(each, function) for each in paragraphs if not _is_formula(each)]
    return " ".join(summary.split()), "\n".join(formulas), prose


def _is_formula(paragraph: str) -> bool:
    """A paragraph that is no sentence."""
    return paragraph.rstrip()[-1:] not in ".:!?"


def _calm(words: str) -> str:
    """Docstrings write products with a star; that is not emphasis."""
    return re.sub(r"(`[^`]*`)|\*", lambda match: match[1] or r"\*", words)


def _with_papers(words: str, function: Function) -> str:
    """[V] as Vaswani et al. 2017: papers are listed in the docstring of the module."""
    listed = " ".join((sys.modules[function.__module__].__doc__ or "").split())
    papers = dict(re.findall(r"\[([A-Z])\] ([^,\[]*?\d{4})", listed))
    return re.sub(r"\[([A-Z])\]", lambda match: papers.get(match[1], match[0]), words)


def _formula(function: Function, written: str) -> str:
    """TeX as MathML; else the formula of the docstring as it is written."""
    tex = records().get(function.__name__, {}).get("tex")
    if tex:
        return mathml(tex, True)
    return f"<pre>{html.escape(written)}</pre>" if written else ""


def _code(function: Function, exercise: catalog.Exercise | None, language: str) -> list[str]:
    """The function with comments in the language, or without any where it does not know them all."""
    lines = functions.bare(_source(function))
    comments = [_joined(block) for is_comment, block in _blocks(lines) if is_comment]
    known: Mapping[str, str] = exercise.say(language).comments if exercise else {}
    if language == catalog.languages()[0]:
        known = dict(zip(comments, comments, strict=True))
    if not known.keys() >= set(comments):
        return functions.bare(_source(function), comments=False)
    return [
        line
        for is_comment, block in _blocks(lines)
        for line in (_wrapped(known[_joined(block)], block[0]) if is_comment else block)
    ]


def _blocks(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """Comments, which may take several lines, and what stands between them."""
    for is_comment, block in itertools.groupby(lines, lambda line: line.strip().startswith("#")):
        yield is_comment, list(block)


def _joined(block: Sequence[str]) -> str:
    return " ".join(line.strip().lstrip("# ") for line in block)


def _wrapped(comment: str, like: str) -> list[str]:
    prefix = like[: like.index("#")] + "# "
    return textwrap.wrap(comment, COMMENT, initial_indent=prefix, subsequent_indent=prefix)


def _linked(code: str, own: str) -> str:
    """Highlighted code in which the names of other functions lead to them."""

    def link(match: re.Match[str]) -> str:
        name = match[1]
        return f'<a href="#{name}">{name}</a>' if name in _names() and name != own else match[0]

    return re.sub(r'(?<!\.</span>)<span class="n">(\w+)</span>', link, code)


# ---------------------------------------------------------------- mistakes


def _faults(
    exercise: catalog.Exercise, name: str, languages: Sequence[str], shown: Mapping[str, str]
) -> Iterator[Fault]:
    """The mistakes of the exercise whose first edit changes this function."""
    originals = catalog.reference_functions(exercise)
    before = functions.bare(anatomy.source_of(originals[name]), comments=False)
    for mistake in exercise.mistakes:
        source = anatomy.edited_source(originals.values(), mistake.edits[0])[name]
        after = functions.bare(source, comments=False)
        lines = tuple(_changed(before, after))
        if lines:
            texts = {
                language: text.inline(bug.sentence(mistake.text[language], after)) for language in languages
            }
            yield Fault(mistake.id, texts, lines, shown.get(mistake.id, ""))


def _changed(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    """The lines that go and those that come, as highlighted code."""
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    indented = textwrap.dedent("\n".join(line[2:] for line in changed)).splitlines()
    for line, code in zip(changed, indented, strict=True):
        yield line[0], text.highlight(code, "python", "")


# ---------------------------------------------------------------- cards


def _cards(notes: Mapping[str, Sequence[Note]]) -> dict[str, list[Flashcard]]:
    """The cards of each function, in learning order."""
    by_id: dict[str, dict[str, Note]] = {}
    for language, those in notes.items():
        for note in those:
            by_id.setdefault(note.card.id, {})[language] = note
    found: dict[str, list[Flashcard]] = {}
    for card_id, versions in by_id.items():
        home = _home(next(iter(versions.values())))
        if home:
            sides = {language: _face(note) for language, note in versions.items()}
            mistake = str(next(iter(versions.values())).card.values.get("mistake", ""))
            found.setdefault(home, []).append(Flashcard(card_id, mistake, sides))
    return found


def _home(note: Note) -> str | None:
    """The function that a card is about: the one it names, that of its exercise, or of its topic."""
    card = note.card
    if card.values.get("function") in _names():
        return str(card.values["function"])
    if card.exercise is None:
        return _of_topic().get(card.topic)
    if card.kind == "bug":
        broken = bug.broken_code(card.exercise, card.values["mistake"])
        return broken.function if broken else None
    return catalog.find(card.exercise).functions[0]


@functools.cache
def _of_topic() -> Mapping[str, str]:
    """The first function that is exercised under a topic."""
    found: dict[str, str] = {}
    for exercise in catalog.exercises():
        for topic in exercise.topics:
            found.setdefault(topic, exercise.functions[0])
    return found


def _face(note: Note) -> tuple[str, str, str, str]:
    """Kind, the question, the rest of the front, and the back."""
    is_cloze = note.notetype == "cloze"
    hole = faces.holes(note.fields, is_cloze)[0]
    front = "{{cloze:Front}}" if is_cloze else "{{Front}}"
    closed, opened = (
        {name: with_mathml(value, hole, answered) for name, value in note.fields.items()}
        for answered in (False, True)
    )
    asked = faces.fill(front, closed, hole)
    answer = front if is_cloze else "{{Back}}"
    back = faces.fill(f"{answer}{{{{#Note}}}}<aside>{{{{Note}}}}</aside>{{{{/Note}}}}", opened, hole, True)
    question = re.search(r"<p>(.*?)</p>", asked, re.DOTALL)
    if question is None:
        return note.fields["Kind"], "", asked, back
    rest = asked.replace(question[0], "", 1).strip()
    return note.fields["Kind"], question[1], rest, back
