"""How good is the grader? The table of the README, measured: `python tests/proof.py`.

Correct work has to be accepted: the solutions, put into the starters of each level, and attempts in foreign
styles (tests/attempts). Wrong work has to be rejected: the catalog's mistakes in all their alternatives, wrong
attempts in foreign styles, and every mutant of the solutions that is no correct work (tests/mutants.py). Known
mistakes should be named, and nothing may ever get a wrong name. Hostile files have to be survived.

The same --seed measures the same. Ends with status 1 if correct work was refused, wrong work accepted, a wrong
name given, or a hostile file not survived.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from mutants import HEAD, Judge, Mutant, equivalents, mutants_of

from exercises import catalog
from exercises.catalog import Exercise, reference_functions
from exercises.grader import grade_file
from exercises.language import speak
from exercises.sandbox import Sandbox
from exercises.starters import solution_text, starter_text
from exercises.verdict import Verdict
from reference.anatomy import LEVELS, edited, edited_source

ATTEMPTS = HERE / "attempts"


class Attempt(NamedTuple):
    """A file as handed in, and the verdict that it deserves."""

    exercise: str
    label: str
    source: bytes
    status: str  # passed, or what else; "" where any rejection will do
    names: frozenset[str] = frozenset()  # of the mistakes in it


class Tally(NamedTuple):
    """One line of the table."""

    what: str
    good: int
    total: int
    command: str
    required: bool = True  # has to be all of them
    wrong: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        return self.required and self.good < self.total

    def row(self) -> str:
        share = f"{100 * self.good / self.total:.1f} %" if self.total else "none"
        return f"| {self.what} | {self.good} of {self.total} | {share} | `{self.command}` |"


# ---------------------------------------------------------------- what is handed in


def foreign() -> Iterator[Attempt]:
    """The attempts in foreign styles, each below a line `# expect: status names...`.

    `# deserves: names...` follows where the mistakes in it are known but not told.
    """
    for path in sorted(ATTEMPTS.glob("*/*.py")):
        _, *parts = re.split(r"(?m)^# expect: (.*)\n", path.read_text(encoding="utf-8"))
        for i, (expected, text) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
            status, *names = expected.split()
            deserved = re.match(r"# deserves: (.*)\n", text)
            names = deserved[1].split() if deserved else names
            label = f"{path.parent.name}/{path.name}, number {i + 1}"
            yield Attempt(path.parent.name, label, text.encode(), status, frozenset(names))


def solutions() -> Iterator[Attempt]:
    """The solution in the starter of each level."""
    for exercise in catalog.exercises():
        text = solution_text(exercise, speak("en"))
        body = text[text.index(f"def {exercise.functions[0]}(") :]
        for level in LEVELS:
            source = starter_text(exercise, level, speak("en")) + "\n\n" + body
            yield Attempt(exercise.id, f"{exercise.id}, {level}", source.encode(), "passed")


def mistaken() -> Iterator[Attempt]:
    """The solution with each mistake of the catalog, in each alternative."""
    for exercise in catalog.exercises():
        for mistake in exercise.mistakes:
            for i, edit in enumerate(mistake.edits):
                functions = reference_functions(exercise).values()
                source = HEAD + "\n\n".join(edited_source(functions, dict(edit)).values())
                label = f"{exercise.id}, {mistake.id}, alternative {i + 1}"
                yield Attempt(exercise.id, label, source.encode(), "", frozenset({mistake.id}))


# ---------------------------------------------------------------- measuring

Graded = Sequence[tuple[Attempt, Verdict]]


def graded(attempts: Iterable[Attempt], seeds: Iterable[int], sandbox: Sandbox) -> Graded:
    every = list(attempts)
    return [
        (each, grade_file(each.source, each.exercise, sandbox, seed)) for seed in seeds for each in every
    ]


def tally(
    what: str, graded: Graded, good: Callable[[Attempt, Verdict], bool], command: str, required: bool = True
) -> Tally:
    wrong = [f"{each.label}: {_said(verdict)}" for each, verdict in graded if not good(each, verdict)]
    return Tally(what, len(graded) - len(wrong), len(graded), command, required, tuple(wrong))


def _said(verdict: Verdict) -> str:
    return " ".join([verdict.status, *verdict.mistakes, f"(seed {verdict.seed})"])


def passed(_: Attempt, verdict: Verdict) -> bool:
    return verdict.status == "passed"


def rejected(_: Attempt, verdict: Verdict) -> bool:
    return verdict.status in ("failed", "error", "unsolved")


def named(attempt: Attempt, verdict: Verdict) -> bool:
    return attempt.names == set(verdict.mistakes)


def not_misnamed(attempt: Attempt, verdict: Verdict) -> bool:
    return set(verdict.mistakes) <= attempt.names


def mutants_tally(seed: int, every: int, command: str) -> Sequence[Tally]:
    """All mutants, or one of `every` of each exercise, judged in this process; and what they were told.

    A name is right if other seeds, other numbers that is, lead to the same.
    """
    alive, misnamed, n_mutants, n_named = [], [], 0, 0
    for exercise in catalog.exercises():
        judge, others = Judge(exercise, seed), [Judge(exercise, seed + i) for i in (101, 102)]
        correct = equivalents().get(exercise.id, {})
        for mutant in mutants_of(exercise)[::every]:
            if mutant.label in correct:
                continue
            n_mutants += 1
            if not judge.rejects(mutant):
                alive.append(f"{exercise.id}: {mutant.label}")
            elif n_mutants % 10 == 0 and (names := judge.names(mutant)):
                n_named += 1
                if any(other.names(mutant) != names for other in others):
                    misnamed.append(f"{mutant.label}: {' '.join(names)}, and not so with other seeds")
    return [
        Tally("mutants of the solutions rejected", n_mutants - len(alive), n_mutants, command, True, tuple(alive)),
        Tally("names of mutants that hold for other numbers", n_named - len(misnamed), n_named, command, True, tuple(misnamed)),
    ]


def isolated_tally(seed: int, n: int, sandbox: Sandbox, command: str) -> Tally:
    """Some mutants as files: is the verdict the same as in this process?"""
    chance = random.Random(seed)
    wrong = []
    for _ in range(n):
        exercise = chance.choice(catalog.exercises())
        mutant = chance.choice(mutants_of(exercise))
        verdict = grade_file(mutant.handed_in(), exercise, sandbox, seed)
        if (verdict.status == "passed") != (mutant.label in equivalents().get(exercise.id, {})):
            wrong.append(f"{exercise.id}: {mutant.label}: {_said(verdict)}")
    return Tally("mutants as files, in isolation, judged rightly", n - len(wrong), n, command, True, tuple(wrong))


def stress_tally(seeds: Sequence[int], command: str) -> Sequence[Tally]:
    """The solutions and all mistakes with many seeds, judged in this process."""
    refused, accepted, n_right, n_wrong = [], [], 0, 0
    for exercise in catalog.exercises():
        right = edited(reference_functions(exercise).values())
        wrong = {
            f"{exercise.id}, {mistake.id}": edited(reference_functions(exercise).values(), edit)
            for mistake in exercise.mistakes
            for edit in mistake.edits
        }
        for seed in seeds:
            judge = Judge(exercise, seed)
            n_right, n_wrong = n_right + 1, n_wrong + len(wrong)
            refused += [f"{exercise.id} (seed {seed})"] if judge.rejects(right) else []
            accepted += [f"{name} (seed {seed})" for name, made in wrong.items() if not judge.rejects(made)]
    n = len(seeds)
    return [
        Tally(f"solutions accepted with {n} seeds", n_right - len(refused), n_right, command, True, tuple(refused)),
        Tally(f"mistakes rejected with {n} seeds", n_wrong - len(accepted), n_wrong, command, True, tuple(accepted)),
    ]


def hostile_tally(command: str) -> Tally:
    """The suite of hostile files: those all of whose tests passed, of those that ran."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        suite = [sys.executable, "-m", "pytest", "-q", str(HERE / "test_hostile.py"), f"--junitxml={report}"]
        subprocess.run(suite, cwd=HERE.parent, stdout=subprocess.DEVNULL, check=False)
        cases = list(ElementTree.parse(report).iter("testcase"))
    ran, bad = set[str](), set[str]()
    for case in cases:
        name = re.sub(r".*\[\w+-?(.*)\]", r"\1", case.get("name", ""))
        if case.find("skipped") is None:
            ran.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            bad.add(name)
    return Tally("hostile files survived", len(ran - bad), len(ran), command, True, tuple(sorted(bad)))


# ---------------------------------------------------------------- the table


def measure(seed: int, n_seeds: int, quick: bool, hostile: bool) -> Iterator[Tally]:
    seeds = range(seed, seed + n_seeds)
    command = "python tests/proof.py"
    with Sandbox() as sandbox:
        yield tally("solutions accepted, each starter level", graded(solutions(), seeds, sandbox), passed, command)
        work = graded(foreign(), seeds, sandbox)
        right = [pair for pair in work if pair[0].status == "passed"]
        wrong = [pair for pair in work if pair[0].status != "passed"]
        yield tally("correct work in foreign styles accepted", right, passed, command)
        yield tally("wrong work in foreign styles rejected", wrong, rejected, command)
        edits = graded(_thinned(mistaken(), 10 if quick else 1), seeds[:1], sandbox)
        yield tally("known mistakes rejected", edits, rejected, command)
        yield from mutants_tally(seed, 20 if quick else 1, command)
        yield isolated_tally(seed, 10 if quick else 100, sandbox, command)
        yield from stress_tally(range(seed, seed + (2 if quick else 20)), command)
        yield tally("known mistakes named, as the catalog has them", edits, named, command, required=False)
        known = [pair for pair in wrong if pair[0].names]
        yield tally("known mistakes named, in foreign styles", known, named, command, required=False)
        yield tally("no wrong name given, among all of these", [*wrong, *edits], not_misnamed, command)
    if hostile:
        yield hostile_tally("pytest tests/test_hostile.py")


def _thinned(attempts: Iterable[Attempt], every: int) -> Iterable[Attempt]:
    return list(attempts)[::every]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="the same seed measures the same (1)")
    parser.add_argument("--seeds", type=int, default=3, help="with how many seeds each file is graded (3)")
    parser.add_argument("--quick", action="store_true", help="a sample of mistakes and mutants")
    parser.add_argument("--no-hostile", action="store_true", help="without the suite of hostile files")
    options = parser.parse_args(arguments)
    print("| what | how many | share | measured by |\n|---|---|---|---|")
    tallies = []
    for each in measure(options.seed, options.seeds, options.quick, not options.no_hostile):
        print(each.row(), flush=True)
        tallies.append(each)
    for each in tallies:
        for line in each.wrong:
            print(f"{'WRONG' if each.required else 'not'} {each.what}: {line}", file=sys.stderr)
    return int(any(each.fails for each in tallies))


if __name__ == "__main__":
    sys.exit(main())
