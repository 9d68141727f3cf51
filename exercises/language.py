"""Every sentence that a person reads, in their language: languages/<code>.toml, one file a language.

A sentence may have gaps: `{name}`, `{factor:.3g}`, and `{n:check|checks}`, which is the form of a word that
goes with the number n (the file's own `plural` rule, written as in gettext, picks it). What fills a gap is
never read as a sentence again, so nothing that an attempt prints can reach in here.
"""

from __future__ import annotations

import functools
import gettext
import os
import re
import string
import sys
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from exercises.catalog import LANGUAGES_FOLDER, languages
from exercises.verdict import Phrase

FALLBACK = "en"


class Language:
    """One language: `say("grade.passed", n=3)` is a sentence in it."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._formatter = _Gaps(_plural_rule(_group(code, "")["plural"]), self)

    def __contains__(self, key: str) -> bool:
        return self._sentence(key) is not None

    def _sentence(self, key: str) -> str | None:
        return _group(self.code, key.partition(".")[0] if "." in key else "").get(key)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for name in _groups(self.code) for key in _group(self.code, name))

    def template(self, key: str) -> str:
        """The sentence with its gaps; English where this language lacks it, the key where English does."""
        sentence = self._sentence(key)
        if sentence is None and self.code != FALLBACK:
            return speak(FALLBACK).template(key)
        return key if sentence is None else sentence

    def say(self, key: str, **values: Any) -> str:
        """The sentence with its gaps filled."""
        return self._formatter.vformat(self.template(key), (), values)

    def phrase(self, phrase: Phrase) -> str:
        """A phrase of the grader as a sentence.

        Where the file has a sentence `key+gap` and that gap is not empty, it is the one to say. Phrases and
        lists among the values are put into words too, and so are words that have a name (`facet.masks`).
        """
        fuller = (f"{phrase.key}+{gap}" for gap, value in phrase.values.items() if value not in ("", None))
        key = next((name for name in fuller if name in self), phrase.key)
        return self.say(key, **{gap: self._in_words(gap, value) for gap, value in phrase.values.items()})

    def name(self, group: str, word: str) -> str:
        """The name of a thing (`facet.masks`, say), or the word itself where it has no other name."""
        key = f"{group}.{word}"
        return self.template(key) if key in self or key in speak(FALLBACK) else word

    def _in_words(self, gap: str, value: Any) -> Any:
        if isinstance(value, Phrase):
            return self.phrase(value)
        if isinstance(value, list | tuple):
            return ", ".join(str(self._in_words(gap, each)) for each in value)
        return self.name(gap, value) if isinstance(value, str) else value


class _Gaps(string.Formatter):
    """Format strings whose specification may be a choice of word forms, and whose gaps may stay empty."""

    def __init__(self, plural: Callable[[int], int], language: Language) -> None:
        self._plural = plural
        self._language = language

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), f"{{{key}}}")

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            forms = format_spec.split("|")
            return forms[min(self._plural(abs(int(value))), len(forms) - 1)]
        try:
            return format(value, format_spec)
        except (TypeError, ValueError):
            return str(value)


@functools.cache
def speak(code: str) -> Language:
    """The language with this code; it must be one of `catalog.languages()`."""
    return Language(code)


@functools.cache
def _groups(code: str) -> dict[str, str]:
    """The file cut before each [group] and [group.more]; "" is what stands before the first."""
    found: dict[str, str] = {}
    text = (LANGUAGES_FOLDER / f"{code}.toml").read_text(encoding="utf-8")
    for part in re.split(r"(?m)^(?=\[[\w.]+\]$)", text):
        name = re.match(r"\[(\w+)", part)
        group = name[1] if name else ""
        found[group] = found.get(group, "") + part
    return found


@functools.cache
def _group(code: str, name: str) -> dict[str, str]:
    """The sentences of a group, parsed when the first of them is said: group.key -> sentence."""
    return dict(_flat(tomllib.loads(_groups(code).get(name, "")), ""))


def _flat(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, str(value).strip("\n"))]
    return found


def _plural_rule(expression: str) -> Callable[[int], int]:
    """gettext's own little compiler: an expression in n that gives the number of the form."""
    rule: Callable[[int], int] = gettext.c2py(expression)
    return rule


# ---------------------------------------------------------------- which language


def choose(asked: str | None, remembered: str | None = None) -> Language:
    """What is asked for, else what the study folder remembers, else what the machine speaks, else English."""
    known = languages()
    wishes = [asked, remembered, *_of_the_machine()]
    return speak(next((wish for wish in wishes if wish in known), FALLBACK))


def _of_the_machine() -> list[str]:
    """The codes of the languages that the environment names, most important first."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((name for name in names if name), "") or _windows_name()
    return [first.replace("-", "_").partition("_")[0].partition(".")[0].lower()]


def _windows_name() -> str:
    """The language of the Windows user interface ("" elsewhere): Windows has no LANG."""
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
