"""Exercises as Jupyter notebooks: read when they are handed in, and laid out to be filled in."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exercises.catalog import Exercise, exercises
from exercises.grader import grade_file, new_seed
from exercises.language import Language
from exercises.sandbox import Sandbox
from exercises.verdict import FunctionVerdict, LearnerError, Phrase, Verdict
from exercises.workspace import write

__all__ = ["grade_notebook", "grade_source", "is_notebook", "lay_out", "notebook_text"]


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def grade_source(
    name: str, source: bytes, exercise: Exercise, sandbox: Sandbox, seed: int, language: Language
) -> Verdict:
    """The verdict on a file of this name, notebook or not."""
    if is_notebook(name):
        return grade_notebook(name, source, exercise, sandbox, seed, language)
    return grade_file(source, exercise, sandbox, seed)._replace(file=name)


# ---------------------------------------------------------------- reading


def grade_notebook(
    name: str,
    notebook: bytes,
    exercise: Exercise,
    sandbox: Sandbox,
    seed: int | None,
    language: Language,
) -> Verdict:
    """The verdict on the cells that define what is asked; lines are those of their cells."""
    chosen = new_seed() if seed is None else seed
    with sandbox.attempt(_extractor(), "cells.py") as reader:
        text = notebook.decode("utf-8-sig", "replace")
        outcome = reader.call("extract", {"text": text, "functions": list(exercise.functions)})
    found = _cells(outcome.value)
    if found is None:
        reason = Phrase("class.not_notebook", {"file": name})
        functions = tuple(FunctionVerdict(each, "error") for each in exercise.functions)
        return Verdict(exercise.id, name, "error", 0.0, functions, reason=reason, seed=chosen)
    source, places = found
    verdict = grade_file(source.encode("utf-8", "replace"), exercise, sandbox, chosen)
    return _in_cells(verdict, places, language)._replace(file=name)


@functools.cache
def _extractor() -> bytes:
    return Path(__file__).with_name("cells.py").read_bytes()


def _cells(value: Any) -> tuple[str, list[str]] | None:
    """What the reader gave back, if it is what it should be."""
    if type(value) is not list or len(value) != 2 or type(value[0]) is not str or type(value[1]) is not list:
        return None
    places = [each if type(each) is str and re.fullmatch(r"\d+:\d+", each) else "" for each in value[1]]
    return value[0], places


class CellLine(int):
    """The number of a line within its cell, which says so when it is put into a sentence."""

    words: str

    def __str__(self) -> str:
        return self.words

    def __format__(self, specification: str) -> str:
        return format(self.words, specification)


def _in_cells(verdict: Verdict, places: Sequence[str], language: Language) -> Verdict:
    """The same verdict with its lines counted in the notebook's cells."""

    def line(number: Any) -> Any:
        if not isinstance(number, int) or not 0 < number <= len(places) or not places[number - 1]:
            return number
        cell, _, inner = places[number - 1].partition(":")
        found = CellLine(inner)
        found.words = language.say("class.cell_line", line=int(inner), cell=int(cell))
        return found

    def phrase(found: Phrase | None) -> Phrase | None:
        if found is None or "line" not in found.values:
            return found
        return Phrase(found.key, {**found.values, "line": line(found.values["line"])})

    def error(found: LearnerError | None) -> LearnerError | None:
        return found and found._replace(line=line(found.line))

    functions = tuple(
        each._replace(reason=phrase(each.reason), error=error(each.error)) for each in verdict.functions
    )
    return verdict._replace(functions=functions, reason=phrase(verdict.reason))


# ---------------------------------------------------------------- writing


def lay_out(folder: Path, level: str, language: Language) -> list[Path]:
    """A notebook an exercise in folder/; those that are there already stay as they are."""
    written = []
    for exercise in exercises():
        path = folder / Path(exercise.file_name).with_suffix(".ipynb").name
        if not path.exists():
            write(path, notebook_text(exercise, level, language))
            written.append(path)
    return written


def notebook_text(exercise: Exercise, level: str, language: Language) -> str:
    """The starter as a notebook (format 4.5): the text, the imports, and one cell a function."""
    from exercises.starters import starter_text

    parts = re.split(r"\n\n\n", starter_text(exercise, level, language).rstrip("\n"))
    head, functions = parts[0], "\n\n\n".join(parts[1:])
    prose, _, imports = head.partition('\n"""')
    words = re.sub(r'^r?"""', "", prose)
    cells = [_cell("markdown", 0, _markdown(words, exercise, language))]
    code = [imports.strip(), *re.split(r"\n\n\n(?=def |@)", functions)]
    cells += [_cell("code", n, text) for n, text in enumerate(code, 1) if text]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, number: int, text: str) -> Mapping[str, Any]:
    common = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return common if kind == "markdown" else {**common, "execution_count": None, "outputs": []}


def _markdown(words: str, exercise: Exercise, language: Language) -> str:
    """The starter's first words, with how a notebook is graded in place of how a file is."""
    told = exercise.say(language.code)
    how = language.say(
        "class.notebook_how", file=Path(exercise.file_name).with_suffix(".ipynb").name, id=exercise.id
    )
    title = words.strip().splitlines()[0]
    return f"# {title}\n\n{told.text}\n\n{how}"
