"""Every mutant of the solutions is rejected, but for those that are correct work, each for its reason."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mutants import Judge, Mutant, equivalents, mutants_of

from exercises import catalog
from exercises.grader import grade_file
from exercises.sandbox import Sandbox

IDS = [entry.id for entry in catalog.contents()]
SAMPLE = 40  # mutants of each exercise in the default suite


def sampled(exercise_id: str, seed: int) -> list[Mutant]:
    every = mutants_of(catalog.find(exercise_id))
    return random.Random(seed).sample(every, min(SAMPLE, len(every)))


@pytest.mark.parametrize("exercise_id", IDS)
def test_a_sample_is_rejected(exercise_id: str) -> None:
    judge = Judge(catalog.find(exercise_id), seed=3)
    alive = {mutant.label for mutant in sampled(exercise_id, 1) if not judge.rejects(mutant)}
    assert alive <= equivalents().get(exercise_id, {}).keys()


@pytest.mark.slow
@pytest.mark.parametrize("exercise_id", IDS)
def test_all_but_the_equivalent_ones_are_rejected(exercise_id: str) -> None:
    judge = Judge(catalog.find(exercise_id), seed=1)
    every = mutants_of(catalog.find(exercise_id))
    alive = {mutant.label for mutant in every if not judge.rejects(mutant)}
    assert alive == equivalents().get(exercise_id, {}).keys()


@pytest.mark.slow
@pytest.mark.parametrize("exercise_id", IDS)
def test_in_isolation_the_verdict_is_the_same(exercise_id: str, sandbox: Sandbox) -> None:
    """The judge in this process, which is quick, is the grader."""
    exercise = catalog.find(exercise_id)
    judge = Judge(exercise, seed=5)
    for mutant in sampled(exercise_id, 2)[:1]:
        verdict = grade_file(mutant.handed_in(), exercise, sandbox, 5)
        assert (verdict.status == "passed") != judge.rejects(mutant), mutant.label
        if verdict.status != "passed":
            assert verdict.mistakes == judge.names(mutant), mutant.label


def test_the_equivalent_ones_are_mutants() -> None:
    for exercise_id, labels in equivalents().items():
        known = {mutant.label for mutant in mutants_of(catalog.find(exercise_id))}
        assert labels.keys() <= known, exercise_id


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made
