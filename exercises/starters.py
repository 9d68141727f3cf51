"""The text of an exercise file, cut from the reference: what to do, imports, and functions with holes."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

from exercises.catalog import Exercise, Words, reference_functions
from exercises.language import Language
from exercises.shapes_in_words import shape_lines
from reference.anatomy import LEVELS, body_of, source_of, starter

__all__ = ["LEVELS", "solution_text", "starter_text"]

Function = Callable[..., Any]


def starter_text(exercise: Exercise, level: str, language: Language) -> str:
    """The file that a learner gets: LF at the end of each line, names and code as in the reference."""
    return _file(exercise, level, language)


def solution_text(exercise: Exercise, language: Language) -> str:
    """The same file with the holes filled as the reference fills them, every step with its comment."""
    return _file(exercise, None, language)


def _file(exercise: Exercise, level: str | None, language: Language) -> str:
    functions = reference_functions(exercise)
    words = exercise.say(language.code)
    header = _header(exercise, words, language, solved=level is None)
    blocks = [_function(function, level, words, language) for function in functions.values()]
    return (
        "\n\n\n".join(["\n\n".join(part for part in (header, _imports(functions)) if part), *blocks]) + "\n"
    )


# ---------------------------------------------------------------- the head of the file


def _header(exercise: Exercise, words: Words, language: Language, solved: bool) -> str:
    key = "starter.solution_header" if solved else "starter.header"
    text = language.say(key, number=exercise.number, title=words.title, text=words.text, id=exercise.id)
    return _docstring(text)


def _docstring(text: str) -> str:
    """The text as a docstring, raw where it holds backslashes."""
    prefix = "r" if "\\" in text else ""
    lines = "\n".join(line.rstrip() for line in text.replace('"""', "'''").splitlines())
    return f'{prefix}"""{lines}\n"""'


def _imports(functions: dict[str, Function]) -> str:
    """What the reference solution uses and does not define: standard library, NumPy, then what is solved."""
    own = {name for function in functions.values() for name in _used(function) if name not in functions}
    found = {name: _origin(functions, name) for name in own}
    modules = {name: value for name, value in found.items() if isinstance(value, ModuleType)}
    plain = [_module_import(name, module) for name, module in sorted(modules.items())]
    solved = sorted(name for name, value in found.items() if _from_reference(value))
    groups = [
        [line for line in plain if "numpy" not in line],
        [line for line in plain if "numpy" in line],
        [_reference_import(solved)] if solved else [],
    ]
    return "\n\n".join("\n".join(group) for group in groups if group)


@functools.cache
def _used(function: Function) -> frozenset[str]:
    """The names that the statements of a function read, annotations left out."""
    tree = ast.parse(source_of(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    defaults = [*tree.args.defaults, *(each for each in tree.args.kw_defaults if each is not None)]
    nodes = [inner for statement in [*tree.body, *defaults] for inner in ast.walk(statement)]
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )


def _origin(functions: dict[str, Function], name: str) -> Any:
    """What a name stands for where the functions were written; None for local names and built-ins."""
    homes = [inspect.unwrap(function).__globals__ for function in functions.values()]
    return next((home[name] for home in homes if name in home), None)


def _module_import(name: str, module: ModuleType) -> str:
    return f"import {name}" if name == module.__name__ else f"import {module.__name__} as {name}"


def _reference_import(names: list[str]) -> str:
    whole = f"from reference import {', '.join(names)}"
    return (
        whole
        if len(whole) <= 100
        else "from reference import (\n" + "".join(f"    {name},\n" for name in names) + ")"
    )


def _from_reference(value: Any) -> bool:
    home = getattr(value, "__module__", "") or ""
    return home.startswith("reference.") and home != "reference.shapes"


# ---------------------------------------------------------------- one function


def _function(function: Function, level: str | None, words: Words, language: Language) -> str:
    text = _documentation(function, words, language)
    if level is not None:
        return _translated(starter(function, level, text), words).rstrip()
    head = starter(function, "blank", text).rstrip().removesuffix("...").rstrip()
    body = re.sub(r"(?m)^( *\w+): [^=\n]* = ", r"\1 = ", body_of(function))  # `weights: Array = ...` is noise
    return head + "\n" + _translated(textwrap.indent(body, "    "), words).rstrip()


def _translated(code: str, words: Words) -> str:
    """The code with its comments in another language."""
    return re.sub(
        r"(?m)^( *)#.*\n(?:\1#.*\n)*", lambda block: _translated_block(block[0], block[1], words), code
    )


def _translated_block(block: str, indent: str, words: Words) -> str:
    """Comment lines that follow each other; a comment may take several of them, so the longest match wins."""
    lines, prefix = block.splitlines(), f"{indent}# "
    translated: list[str] = []
    while lines:
        texts = [" ".join(line.strip().lstrip("# ") for line in lines[:n]) for n in range(len(lines), 0, -1)]
        known = next((text for text in texts if text in words.comments), None)
        if known is None:
            translated.append(lines.pop(0))
            continue
        text = words.comments[known]
        translated += textwrap.wrap(text, 108, initial_indent=prefix, subsequent_indent=prefix)
        del lines[: len(texts) - texts.index(known)]
    return "\n".join(translated) + "\n"


def _documentation(function: Function, words: Words, language: Language) -> str:
    """Summary and formula in the language, then the shapes."""
    own = words.docs.get(function.__name__, "")
    text = inspect.cleandoc(own) if own else _own_words(function)
    shapes = textwrap.indent("\n".join(shape_lines(function, language)), "    ")
    return f"{text}\n\n{language.say('starter.shapes')}\n{shapes}\n"


def _own_words(function: Function) -> str:
    """The reference's docstring without its examples, papers written out."""
    text = inspect.getdoc(inspect.unwrap(function)) or function.__name__
    prose = re.split(r"(?m)^>>>", text)[0].strip()
    papers = _papers(inspect.unwrap(function).__module__)
    return re.sub(r"\[([A-Z])\](?! \d)", lambda match: papers.get(match[1], match[0]), prose)


@functools.cache
def _papers(module: str) -> dict[str, str]:
    """The papers that a reference module lists in its own docstring: letter -> authors and year."""
    text = " ".join((sys.modules[module].__doc__ or "").split())
    return dict(re.findall(r"\[([A-Z])\] ([^,\[]*?\d{4})", text))
