"""Starters and solutions: what a learner opens, in every language, at every level."""

from __future__ import annotations

import ast
import builtins
import inspect

import pytest

from exercises.catalog import Exercise, exercises, languages, reference_functions
from exercises.language import speak
from exercises.offered import offered
from exercises.shapes_in_words import shape_lines
from exercises.starters import LEVELS, solution_text, starter_text
from reference import anatomy, attention, encoder, layers, multi_head_attention

every_exercise = pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.id)
every_language = pytest.mark.parametrize("code", languages())
every_level = pytest.mark.parametrize("level", LEVELS)


def functions_in(text: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def holes(node: ast.AST) -> int:
    return sum(isinstance(each, ast.Constant) and each.value is Ellipsis for each in ast.walk(node))


def statements(node: ast.FunctionDef) -> str:
    """The function without its docstring and annotations, as one text that can be compared."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    plain = [
        ast.Assign([each.target], each.value, lineno=1)
        if isinstance(each, ast.AnnAssign) and each.value
        else each
        for each in body
    ]
    return "\n".join(ast.unparse(each) for each in plain)


def read_names(text: str) -> set[str]:
    return {
        node.id
        for function in functions_in(text).values()
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def imported(text: str) -> set[str]:
    found = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found


@every_exercise
@every_level
@every_language
def test_a_starter_defines_just_the_functions_asked_for_each_with_a_hole(
    exercise: Exercise, level: str, code: str
) -> None:
    text = starter_text(exercise, level, speak(code))
    found = functions_in(text)
    assert tuple(found) == exercise.functions
    assert all(holes(node) for node in found.values())
    assert "\r" not in text
    assert text.endswith("\n")
    assert exercise.say(code).title in (ast.get_docstring(ast.parse(text)) or "")


@every_exercise
@every_level
def test_signatures_are_those_of_the_reference(exercise: Exercise, level: str) -> None:
    namespace: dict[str, object] = {}
    text = starter_text(exercise, level, speak("en"))
    exec(
        compile("\n\n".join(ast.unparse(node) for node in functions_in(text).values()), "starter", "exec"),
        namespace,
    )
    for name, function in reference_functions(exercise).items():
        theirs = inspect.signature(namespace[name])  # type: ignore[arg-type]
        ours = inspect.signature(function)
        assert [(p.name, p.kind, p.default) for p in theirs.parameters.values()] == [
            (p.name, p.kind, p.default) for p in ours.parameters.values()
        ]


@every_exercise
@every_language
def test_a_solution_is_the_reference_statement_by_statement(exercise: Exercise, code: str) -> None:
    found = functions_in(solution_text(exercise, speak(code)))
    for name, function in reference_functions(exercise).items():
        original = functions_in(anatomy.source_of(function))[name]
        assert statements(found[name]) == statements(original)


@every_exercise
def test_a_solution_imports_what_it_uses_and_nothing_else(exercise: Exercise) -> None:
    text = solution_text(exercise, speak("en"))
    bound = {
        each.id if isinstance(each, ast.Name) else each.arg
        for function in functions_in(text).values()
        for each in ast.walk(function)
        if (isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)) or isinstance(each, ast.arg)
    }
    free = read_names(text) - bound - set(dir(builtins)) - set(exercise.functions)
    assert imported(text) == free


@every_exercise
@every_level
def test_a_starter_imports_only_what_is_offered_to_it(exercise: Exercise, level: str) -> None:
    text = starter_text(exercise, level, speak("en"))
    assert not imported(text) & {*exercise.functions, *offered(exercise, text.encode()).withheld}


@every_exercise
@every_level
@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_comments_and_docstrings_are_translated(exercise: Exercise, level: str, code: str) -> None:
    english, other = (
        starter_text(exercise, level, speak(each)) + solution_text(exercise, speak(each))
        for each in ("en", code)
    )
    ours = {line.strip() for line in english.splitlines() if line.strip().startswith("#")}
    same = {f"# {old}" for old, new in exercise.say(code).comments.items() if old == new}  # formulas
    left = [line.strip() for line in other.splitlines() if line.strip() in ours - same]
    assert not left, f"{exercise.id}: not translated: {left}"
    for name, node in functions_in(solution_text(exercise, speak("en"))).items():
        summary = (ast.get_docstring(node) or "").splitlines()[0]
        assert summary not in other, f"{exercise.id}: the docstring of {name} is not translated"


def test_levels_say_less_and_less() -> None:
    exercise = next(each for each in exercises() if each.id == "scaled_dot_product_attention")
    guided, outline, blank = (starter_text(exercise, level, speak("en")) for level in LEVELS)
    assert "scaled = ..." in guided
    assert "scaled = ..." not in outline
    comment = "# " + anatomy.steps(attention.scaled_dot_product_attention)[0].comment
    assert comment in guided
    assert comment in outline
    assert comment not in blank


def test_shapes_are_said_in_the_words_of_the_annotations() -> None:
    lines = [
        " ".join(line.split()) for line in shape_lines(attention.scaled_dot_product_attention, speak("en"))
    ]
    assert lines == [
        "q (*batch, queries, d_k)",
        "k (*batch, keys, d_k)",
        "v (*batch, keys, d_v)",
        "mask whatever broadcasts to (*batch, queries, keys), boolean, True = may attend, or None",
        "returns (*batch, queries, d_v) and (*batch, queries, keys)",
    ]


def test_named_tuples_are_said_field_by_field() -> None:
    lines = [" ".join(line.split()) for line in shape_lines(multi_head_attention, speak("en"))]
    assert "weights AttentionWeights" in lines
    assert ".w_o (d_values, d_out)" in lines


def test_weights_that_may_be_missing_are_said_to_be() -> None:
    lines = [" ".join(line.split()) for line in shape_lines(encoder, speak("en"))]
    assert ".norm NormWeights, or None" in lines


@pytest.mark.parametrize("function", [attention.softmax, layers.embed, encoder, attention.combine_masks])
@every_language
def test_every_shape_line_has_a_name_and_words(function: object, code: str) -> None:
    for line in shape_lines(function, speak(code)):  # type: ignore[arg-type]
        name, _, words = line.strip().partition("  ")
        assert name
        assert words.strip()


def test_papers_are_named_in_full() -> None:
    exercise = next(each for each in exercises() if each.id == "scaled_dot_product_attention")
    text = starter_text(exercise, "blank", speak("en"))
    assert "Vaswani et al. 2017" in text
    assert "[V]" not in text
