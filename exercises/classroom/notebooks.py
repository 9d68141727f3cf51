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

__all__ = ["grade_notebook", "grade_path", "grade_source", "is_notebook", "lay_out", "notebook_text"]


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def grade_source(
    name: str, source: bytes, exercise: Exercise, sandbox: Sandbox, seed: int | None = None
) -> Verdict:
    """The verdict on a file of this name, notebook or not."""
    if is_notebook(name):
        return grade_notebook(name, source, exercise, sandbox, seed)
    return grade_file(source, exercise, sandbox, seed)._replace(file=name)


def grade_path(path: Path, exercise: Exercise, sandbox: Sandbox, seed: int | None = None) -> Verdict:
    """The verdict on the file at this place, notebook or not."""
    if not is_notebook(path.name):
        return grade_file(path, exercise, sandbox, seed)
    try:
        source = path.read_bytes()
    except OSError:
        return grade_file(path, exercise, sandbox, seed)  # which says why it cannot be read
    return grade_notebook(str(path), source, exercise, sandbox, seed)


# ---------------------------------------------------------------- reading


def grade_notebook(
    name: str, notebook: bytes, exercise: Exercise, sandbox: Sandbox, seed: int | None = None
) -> Verdict:
    """The verdict on the cells that define what is asked; lines are those of their cells."""
    chosen = new_seed() if seed is None else seed
    with sandbox.attempt(_extractor(), "cells.py") as reader:
        text = notebook.decode("utf-8-sig", "replace")
        outcome = reader.call("extract", {"text": text, "functions": list(exercise.functions)})
    found = _cells(outcome.value)
    if found is None:
        return _ungraded(name, exercise, Phrase("class.not_notebook", {"file": name}), chosen)
    source, places = found
    if not source.strip():
        asked = {"n": len(exercise.functions), "functions": ", ".join(exercise.functions)}
        return _ungraded(name, exercise, Phrase("class.no_cell", asked), chosen)
    verdict = grade_file(source.encode("utf-8", "replace"), exercise, sandbox, chosen)
    return _in_cells(verdict, places)._replace(file=name)


def _ungraded(name: str, exercise: Exercise, reason: Phrase, seed: int) -> Verdict:
    functions = tuple(FunctionVerdict(each, "error") for each in exercise.functions)
    return Verdict(exercise.id, name, "error", 0.0, functions, reason=reason, seed=seed)


@functools.cache
def _extractor() -> bytes:
    return Path(__file__).with_name("cells.py").read_bytes()


def _cells(value: Any) -> tuple[str, list[str]] | None:
    """What the reader gave back, if it is what it should be."""
    if type(value) is not list or len(value) != 2 or type(value[0]) is not str or type(value[1]) is not list:
        return None
    places = [each if type(each) is str and re.fullmatch(r"\d+:\d+", each) else "" for each in value[1]]
    return value[0], places


def _in_cells(verdict: Verdict, places: Sequence[str]) -> Verdict:
    """The same verdict with its lines counted in the notebook's cells."""
    functions = tuple(
        each._replace(reason=_reason(each.reason, places), error=_error(each.error, places))
        for each in verdict.functions
    )
    return verdict._replace(functions=functions, reason=_reason(verdict.reason, places))


def _place(line: Any, places: Sequence[str]) -> tuple[int, int] | None:
    """Cell and line in it, from 1, of a line of the extracted source."""
    if not isinstance(line, int) or not 0 < line <= len(places) or not places[line - 1]:
        return None
    cell, _, inner = places[line - 1].partition(":")
    return int(cell), int(inner)


def _reason(reason: Phrase | None, places: Sequence[str]) -> Phrase | None:
    place = _place(reason.values.get("line"), places) if reason else None
    if reason is None or place is None:
        return reason
    line = Phrase("class.cell_line", {"cell": place[0], "line": place[1]})
    return Phrase(reason.key, {**reason.values, "line": line})


def _error(error: LearnerError | None, places: Sequence[str]) -> LearnerError | None:
    place = _place(error.line, places) if error else None
    return error if error is None or place is None else error._replace(cell=place[0], line=place[1])


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
