"""The rules that one card can break: each yields a sentence for every breach.

Where they come from: the minimum information principle and its relatives (SuperMemo's twenty rules,
Matuschak's prompts), and what breaks in Anki.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from deck import glossary, plain
from deck.notes import Note
from deck.records import Card

Rendered = Mapping[str, Note]
Rule = Callable[[Card, Rendered], Iterator[str]]

RULES: dict[str, Rule] = {}

YES_NO = re.compile(
    r"^(is|are|was|were|does|do|did|can|could|will|would|has|have|should|may|must|true or false)\b"
    r"|^(верно ли|правда ли|является ли|можно ли|нужно ли|есть ли|бывает ли|должн\w+ ли|зависит ли|\w+ ли)\b",
    re.IGNORECASE,
)
VAGUE = re.compile(
    r"^(this|that|these|those|it|the above|they|это|этот|эта|эти|такой|выше|он|она|они)\b", re.IGNORECASE
)
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d{2,}(?!\w)")
TAG = re.compile(r"</?(?:br|b|i|u|p|div|span|sub|sup|img|table|li|ul|ol|code|pre|svg)\b[^>]*>", re.IGNORECASE)
CLOZE = re.compile(r"\{\{c(\d+)::(.*?)\}\}(?!\})", re.DOTALL)
ANY_CLOZE = re.compile(r"\{\{[^}]{0,6}")


def rule(function: Rule) -> Rule:
    """Register a rule under its name, with hyphens."""
    RULES[function.__name__.replace("_", "-")] = function
    return function


def _texts(card: Card, *keys: str) -> Iterator[tuple[str, str, str]]:
    """(language, key, words) for what is written; lists are joined line by line."""
    for language, words in card.words.items():
        for key in keys or ("front", "text", "back", "steps", "note"):
            value = words.get(key)
            if value:
                yield language, key, value if isinstance(value, str) else "\n".join(value)


# ---------------------------------------------------------------- one thing at a time


@rule
def front_long(card: Card, rendered: Rendered) -> Iterator[str]:
    """A question is read in one breath."""
    for language, key, words in _texts(card, "front", "text"):
        limit = 25 if key == "front" and card.kind not in ("worked", "numeric", "diagram") else 40
        if plain.count(words) > limit:
            yield f"{language}.{key} has {plain.count(words)} words; at most {limit}"


@rule
def one_question(card: Card, rendered: Rendered) -> Iterator[str]:
    """A card asks one thing."""
    for language, _, words in _texts(card, "front"):
        if plain.prose(words).count("?") > 1:
            yield f"{language}.front asks more than one question; split the card"


@rule
def yes_no(card: Card, rendered: Rendered) -> Iterator[str]:
    """A coin answers half of all yes/no questions."""
    for language, _, words in _texts(card, "front"):
        question = re.split(r"(?<=[.:!])\s+", plain.prose(words).strip())[-1]
        if YES_NO.match(question) and question.rstrip().endswith("?"):
            yield f"{language}.front can be answered by yes or no; ask what, why or how"


@rule
def vague_start(card: Card, rendered: Rendered) -> Iterator[str]:
    """A card stands alone: nothing is above it."""
    for language, key, words in _texts(card, "front", "text"):
        if VAGUE.match(plain.prose(words).strip()):
            yield f"{language}.{key} begins with a word that points nowhere; name the thing"


@rule
def back_long(card: Card, rendered: Rendered) -> Iterator[str]:
    """An answer is recalled, not recited."""
    for language, _, words in _texts(card, "back"):
        limit = 25 if card.kind == "why" else 18
        if plain.count(words) > limit:
            yield f"{language}.back has {plain.count(words)} words; at most {limit}, the rest is a note"


@rule
def list_long(card: Card, rendered: Rendered) -> Iterator[str]:
    """Lists of more than three items are not remembered."""
    for language, _, words in _texts(card, "back"):
        items = len(re.findall(r"(?m)^\s*(?:[-*]|\d+\.)\s", words))
        if items > 3:
            yield f"{language}.back lists {items} things; at most 3, or a cloze each"


@rule
def code_long(card: Card, rendered: Rendered) -> Iterator[str]:
    """Code that is written on a card fits a phone."""
    for language, key, words in _texts(card):
        for block in re.findall(r"```\w*\n(.*?)```", words, re.DOTALL):
            lines = block.rstrip("\n").splitlines()
            if len(lines) > 8 or max(map(len, lines), default=0) > 64:
                yield f"{language}.{key} has code of {len(lines)} by {max(map(len, lines))}; at most 8 by 64"


@rule
def answer_in_front(card: Card, rendered: Rendered) -> Iterator[str]:
    """The question must not contain its answer."""
    for language, words in card.words.items():
        front, back = (plain.normal(str(words.get(key, ""))) for key in ("front", "back"))
        if len(back) > 3 and card.kind != "numeric" and re.search(rf"(?<!\w){re.escape(back)}(?!\w)", front):
            yield f"{language}.front contains the answer"


# ---------------------------------------------------------------- cloze


@rule
def cloze_form(card: Card, rendered: Rendered) -> Iterator[str]:
    """Anki makes no card, or a wrong one, of a hole that is not well formed."""
    for language, key, words in _texts(card):
        good = CLOZE.findall(words)
        written = len(ANY_CLOZE.findall(words))
        if card.kind != "cloze" and written:
            yield f"{language}.{key} has {{{{ but is no cloze card"
        elif written != len(good) or any(number == "0" or not hidden.strip() for number, hidden in good):
            yield f"{language}.{key} has a malformed hole; write {{{{c1::...}}}}, not nested, not empty"
        elif any("::" in hidden for _, hidden in good):
            yield f"{language}.{key} has :: inside a hole; Anki would take it for a hint"


@rule
def cloze_size(card: Card, rendered: Rendered) -> Iterator[str]:
    """Hide little: a few words, at most three times."""
    for language, key, words in _texts(card, "text"):
        holes = CLOZE.findall(words)
        if len({number for number, _ in holes}) > 3:
            yield f"{language}.{key} has more than 3 cloze numbers; split the card"
        for _, hidden in holes:
            if plain.count(hidden) > 5:
                yield f"{language}.{key} hides {plain.count(hidden)} words at once; at most 5"
        rest = CLOZE.sub("", words)
        if plain.count(rest) < 3 and "$" not in rest:
            yield f"{language}.{key} hides the whole sentence"


# ---------------------------------------------------------------- form


@rule
def source(card: Card, rendered: Rendered) -> Iterator[str]:
    """Every written claim can be looked up."""
    if card.line and card.kind not in ("bug", "kata") and not card.source:
        yield 'it names no source; add source = "paper, section" or "derived"'


@rule
def items(card: Card, rendered: Rendered) -> Iterator[str]:
    """Every card covers something of the curriculum."""
    if card.line and not card.items and card.kind not in ("bug", "kata"):
        yield 'it covers no item; add items = ["3.01"]'
    for item in card.items:
        if not re.fullmatch(r"\d{1,2}\.\d\d|M\d\d", item):
            yield f"{item!r} is not an item; write 3.01 or M17"


@rule
def maths(card: Card, rendered: Rendered) -> Iterator[str]:
    """A dollar that is left over is mathematics that never opened or closed."""
    for language, note in rendered.items():
        for name in ("Front", "Back", "Note"):
            if "$" in plain.outside_code(note.fields[name]):
                yield f"{language}: its {name.lower()} has an unclosed $; close it, or write \\$"


@rule
def raw_html(card: Card, rendered: Rendered) -> Iterator[str]:
    """Cards are Markdown: a tag would be shown as it is."""
    for language, key, words in _texts(card):
        if tag := TAG.search(plain.outside_code(words)):
            yield f"{language}.{key} has raw HTML {tag[0]}; write Markdown"


@rule
def typed_number(card: Card, rendered: Rendered) -> Iterator[str]:
    """What the reference can compute is never typed."""
    for language, key, words in _texts(card):
        if number := DECIMAL.search(plain.without_values(words)):
            yield f"{language}.{key} has the number {number[0]} typed by hand; compute it in [= =]"


@rule
def symbol(card: Card, rendered: Rendered) -> Iterator[str]:
    """A letter in the answer is known from the question, or all over the deck."""
    for language, words in card.words.items():
        question = str(words.get("front", words.get("text", "")))
        known = plain.symbols(question) | set(re.findall(r"\w+", question)) | glossary.symbols()
        for key in ("back", "note"):
            strange = sorted(plain.symbols(str(words.get(key, ""))) - known)
            own = {
                name
                for name in strange
                if re.search(rf"\b{re.escape(name)}\b", plain.prose(str(words.get(key, ""))))
            }
            if strange := [name for name in strange if name not in own]:
                yield f"{language}.{key} uses {', '.join(strange)} undefined; define it or say it in words"


# ---------------------------------------------------------------- languages


@rule
def words_missing(card: Card, rendered: Rendered) -> Iterator[str]:
    """What is said in one language is said in all."""
    keys = {
        language: {key for key, value in words.items() if value} - {"let"}
        for language, words in card.words.items()
    }
    for language, found in keys.items():
        if missing := sorted(set().union(*keys.values()) - found):
            yield f"[card.{language}] lacks {missing[0]}, which another language has"


@rule
def parity(card: Card, rendered: Rendered) -> Iterator[str]:
    """Holes, mathematics, code and values are the same in every language."""
    first, *others = card.words.items()
    for key in ("front", "text", "back", "steps", "note"):
        for language, words in others:
            for what, extract in plain.PARTS.items():
                ours, theirs = (
                    extract(plain.joined(first[1].get(key, ""))),
                    extract(plain.joined(words.get(key, ""))),
                )
                if ours != theirs and words.get(key):
                    other = plain.difference(ours, theirs)
                    yield f"{first[0]}.{key} and {language}.{key} differ in {what}: {other}"


@rule
def length_ratio(card: Card, rendered: Rendered) -> Iterator[str]:
    """A translation of half or double the length says something else."""
    (_, ours), *others = card.words.items()
    for language, words in others:
        for key in ("front", "text", "back", "note"):
            a, b = (len(plain.prose(str(text.get(key, "")))) for text in (ours, words))
            if min(a, b) >= 30 and not 0.55 <= b / a <= 1.8:
                yield f"{language}.{key} is {b / a:.1f} times as long as the original; say the same"


@rule
def script(card: Card, rendered: Rendered) -> Iterator[str]:
    """Each language in its own letters."""
    for language, key, words in _texts(card):
        cyrillic = bool(re.search("[а-яё]", plain.prose(words), re.IGNORECASE))
        if language == "en" and cyrillic:
            yield f"en.{key} has Cyrillic letters"
        if language == "ru" and not cyrillic and plain.count(plain.prose(words)) > 4:
            yield f"ru.{key} is not in Russian"
        if mixed := re.search(r"(?i)\b(?=\w*[а-яё])(?=\w*[a-z])[а-яёa-z]+\b", plain.prose(words)):
            yield f"{language}.{key} mixes alphabets in {mixed[0]!r}"


@rule
def terms(card: Card, rendered: Rendered) -> Iterator[str]:
    """One term, one translation; typography of the language."""
    for language, key, words in _texts(card):
        for pattern, better in glossary.avoid(language).items():
            if found := re.search(pattern, plain.prose(words), re.IGNORECASE):
                yield f"{language}.{key} says {found[0]!r}; write {better}"


@rule
def comment(card: Card, rendered: Rendered) -> Iterator[str]:
    """Code on a card speaks the language of the card."""
    for language, note in rendered.items():
        if language != "en":
            for text in plain.comments(note.fields["Front"] + note.fields["Back"]):
                if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text) and not re.search("[а-яё]", text):
                    yield f"a comment of the reference has no {language} translation in the catalog: {text!r}"
