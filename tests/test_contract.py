"""What holds for every exercise of the catalog: the teaching itself is tested.

The starter is unsolved, the reference passes, every mistake in every alternative is rejected under its own
name, and everything is said in every language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from exercises import catalog
from exercises.behaviour import run
from exercises.catalog import Exercise, reference_functions
from exercises.grader import grade_file
from exercises.language import speak
from exercises.offered import offered
from exercises.probes import probes_of
from exercises.sandbox import Sandbox
from exercises.starters import solution_text, starter_text
from exercises.variants import variants
from exercises.verdict import FACETS
from reference.anatomy import LEVELS, edited_source, steps

HEAD = """from __future__ import annotations
import functools, itertools, math
import numpy as np
from reference import *

"""
IDS = [entry.id for entry in catalog.contents()]
LANGUAGES = catalog.languages()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture(params=IDS)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return catalog.find(request.param)


def handed_in(exercise: Exercise, *edits: Mapping[str, str]) -> bytes:
    """The reference, with these edits, as a learner's file."""
    return (
        HEAD + "\n\n".join(edited_source(reference_functions(exercise).values(), *edits).values())
    ).encode()


# ---------------------------------------------------------------- the catalog


def test_there_are_exercises_and_their_numbers_are_the_order() -> None:
    entries = catalog.contents()
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))


def test_functions_belong_to_one_exercise_only() -> None:
    names = [name for entry in catalog.contents() for name in entry.functions]
    assert len(names) == len(set(names))


def test_the_contents_say_what_the_records_say(exercise: Exercise) -> None:
    entry = next(entry for entry in catalog.contents() if entry.id == exercise.id)
    assert (entry.number, entry.functions, entry.file) == (exercise.number, exercise.functions, exercise.file)


def test_prerequisites_come_before_or_are_lent(exercise: Exercise) -> None:
    for need in map(catalog.find, exercise.needs):
        lent = offered(exercise, b"from reference import *").modules["reference"]
        assert need.number < exercise.number or all(f"def {name}(" in lent for name in need.functions)


def test_only_known_facets_are_left_out(exercise: Exercise) -> None:
    assert exercise.without <= set(FACETS)


def test_probes_are_for_its_functions(exercise: Exercise) -> None:
    assert set(exercise.probes) <= set(exercise.functions)


# ---------------------------------------------------------------- starters and solutions


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", LEVELS)
def test_the_starter_is_unsolved(exercise: Exercise, level: str, language: str, sandbox: Sandbox) -> None:
    text = starter_text(exercise, level, speak(language))
    verdict = grade_file(text.encode(), exercise, sandbox, 1)
    assert verdict.status == "unsolved", verdict
    assert {function.status for function in verdict.functions} == {"unsolved"}
    assert verdict.points == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_solution_passes_with_any_seed(exercise: Exercise, language: str, sandbox: Sandbox) -> None:
    text = solution_text(exercise, speak(language)).encode()
    for seed in range(4):
        verdict = grade_file(text, exercise, sandbox, seed)
        assert verdict.status == "passed", (seed, verdict)
        assert (verdict.points, verdict.mistakes, verdict.advice) == (1, (), ())
        assert all(function.checks >= 3 for function in verdict.functions)


@pytest.mark.parametrize("level", LEVELS)
def test_the_solution_passes_in_each_starter(exercise: Exercise, level: str, sandbox: Sandbox) -> None:
    """The starter's own imports are all it needs; what stands above does no harm."""
    functions = [function.__name__ for function in reference_functions(exercise).values()]
    solution = solution_text(exercise, speak("en"))
    body = solution[solution.index(f"def {functions[0]}(") :]
    verdict = grade_file(
        (starter_text(exercise, level, speak("en")) + "\n\n" + body).encode(), exercise, sandbox, 1
    )
    assert verdict.status == "passed", verdict


def test_the_answer_is_withheld(exercise: Exercise, sandbox: Sandbox) -> None:
    offer = offered(exercise, b"from reference import *")
    names: dict[str, object] = {}
    exec(offer.modules["reference"], names)
    later = {
        name for entry in catalog.contents() if entry.number > exercise.number for name in entry.functions
    }
    used = {
        name for function in reference_functions(exercise).values() for name in function.__code__.co_names
    }
    assert not names.keys() & (later - used | set(exercise.functions))
    assert later - used | set(exercise.functions) <= set(offer.withheld)
    needed = [name for need in exercise.needs for name in catalog.find(need).functions]
    assert set(needed) <= names.keys()
    for text in (
        f"from reference import {exercise.functions[0]}",
        f"import reference\nreference.{exercise.functions[-1]}",
    ):
        assert grade_file(text.encode(), exercise, sandbox, 1).status == "forged"


# ---------------------------------------------------------------- mistakes


def test_every_mistake_is_rejected_under_its_own_name(exercise: Exercise, sandbox: Sandbox) -> None:
    """Handed in as a file, in one of its alternatives; all of them are tried in test_diagnose.py."""
    said = {}
    for i, mistake in enumerate(exercise.mistakes):
        edit = mistake.edits[i % len(mistake.edits)]
        verdict = grade_file(handed_in(exercise, edit), exercise, sandbox, 4117)
        assert verdict.status in ("failed", "error"), mistake.id
        said[mistake.id] = verdict.mistakes
    assert said == {mistake.id: (mistake.id,) for mistake in exercise.mistakes}


def test_no_mistake_is_a_slip_of_ours(exercise: Exercise) -> None:
    """A wrong step is not one that uses a name which is not there."""
    probes = probes_of(exercise, 1)
    for variant in variants(exercise, 1):
        raised = {run(variant.functions[name], probe).error[0] for name in probes for probe in probes[name]}
        assert not raised & {"NameError", "UnboundLocalError"}, (set(variant.mistakes), variant.edits)


def test_there_are_mistakes_and_their_ids_are_unique(exercise: Exercise) -> None:
    ids = [mistake.id for mistake in exercise.mistakes]
    assert len(ids) == len(set(ids)) >= 3


def test_a_hint_that_a_mistake_points_to_exists(exercise: Exercise) -> None:
    for mistake in exercise.mistakes:
        assert mistake.hint is None or all(
            1 <= mistake.hint <= len(exercise.say(code).hints) for code in LANGUAGES
        )


# ---------------------------------------------------------------- languages


def test_every_language_says_everything(exercise: Exercise) -> None:
    for code in LANGUAGES:
        words = exercise.say(code)
        assert all([words.title, words.text, words.hints, *words.hints])
        assert all(mistake.text[code].strip() for mistake in exercise.mistakes)
        assert code == "en" or set(words.docs) == set(exercise.functions)
    assert len({len(exercise.say(code).hints) for code in LANGUAGES}) == 1


def test_every_comment_is_translated(exercise: Exercise) -> None:
    comments = {
        step.comment for function in reference_functions(exercise).values() for step in steps(function)
    } - {""}
    for code in LANGUAGES[1:]:
        known = exercise.say(code).comments
        assert not comments - set(known), code
        text = starter_text(exercise, "outline", speak(code))
        assert not [comment for comment in comments if known[comment] != comment and f"# {comment}\n" in text]
