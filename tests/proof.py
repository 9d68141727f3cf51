"""How good is the grader? The table of the README, measured: `python tests/proof.py`.

Correct work has to be accepted: the solutions, put into the starters of each level, and attempts in
foreign styles (tests/attempts). Wrong work has to be rejected: the catalog's mistakes in all their
alternatives, wrong attempts in foreign styles, and every mutant of the solutions that is no correct work
(tests/mutants.py). Known mistakes should be named, and nothing may ever get a wrong name. Hostile files
have to be survived.

The same --seed measures the same. Ends with status 1 if correct work was refused, wrong work accepted, a
wrong name given, or a hostile file not survived.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from mutants import HEAD, Judge, equivalents, mutants_of

from exercises import catalog
from exercises.catalog import reference_functions
from exercises.grader import grade_file
from exercises.language import speak
from exercises.sandbox import Sandbox
from exercises.starters import solution_text, starter_text
from exercises.verdict import Verdict
from reference.anatomy import LEVELS, edited, edited_source

HERE = Path(__file__).parent
ATTEMPTS = HERE / "attempts"
COMMAND = "python tests/proof.py"
# 1 / score turns the order of negative scores round, so the worst wins; ties among the worst fall differently
RIGHTLY_NAMED = (
    "-> scores = [((5 + len(prefix) - 1) / 6) ** alpha / log_p for prefix, log_p in hypotheses]",
)


class Attempt(NamedTuple):
    """A file as handed in, and the verdict that it deserves."""

    exercise: str
    label: str
    source: bytes
    status: str  # passed, or what else; "" where any rejection will do
    names: frozenset[str] = frozenset()  # of the mistakes in it


class Tally(NamedTuple):
    """One line of the table: how many there were, and those that are not as they should be."""

    what: str
    total: int
    wrong: Sequence[str] = ()
    required: bool = True  # nothing may be wrong
    command: str = COMMAND

    @property
    def fails(self) -> bool:
        return self.required and bool(self.wrong)

    def row(self) -> str:
        good = self.total - len(self.wrong)
        share = f"{100 * good / self.total:.1f} %" if self.total else "none"
        return f"| {self.what} | {good} of {self.total} | {share} | `{self.command}` |"


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
    return [(each, grade_file(each.source, each.exercise, sandbox, seed)) for seed in seeds for each in every]


def tally(
    what: str, graded: Graded, good: Callable[[Attempt, Verdict], bool], required: bool = True
) -> Tally:
    wrong = [f"{each.label}: {_said(verdict)}" for each, verdict in graded if not good(each, verdict)]
    return Tally(what, len(graded), wrong, required)


def _said(verdict: Verdict) -> str:
    return " ".join([verdict.status, *verdict.mistakes, f"(seed {verdict.seed})"])


def passed(_: Attempt, verdict: Verdict) -> bool:
    return verdict.status == "passed"


def rejected(attempt: Attempt, verdict: Verdict) -> bool:
    """One that never ends is told so: any other attempt has to get its verdict in time."""
    return verdict.status in ("failed", "error", "unsolved") or verdict.status == attempt.status == "timeout"


def named(attempt: Attempt, verdict: Verdict) -> bool:
    return attempt.names == set(verdict.mistakes)


def not_misnamed(attempt: Attempt, verdict: Verdict) -> bool:
    return set(verdict.mistakes) <= attempt.names


def of_mutants(seed: int, every: int) -> Iterator[Tally]:
    """All mutants, or one of so many, judged in this process; and what one of ten is told.

    A name is right if it explains what the mutant does with other seeds, other numbers that is, as well.
    """
    alive: list[str] = []
    misnamed: list[str] = []
    n_mutants = n_named = 0
    asked = 10 if every == 1 else 50  # naming takes longer than rejecting
    for exercise in catalog.exercises():
        judge, others = Judge(exercise, seed), [Judge(exercise, seed + i) for i in (101, 102)]
        correct = equivalents().get(exercise.id, {})
        for mutant in mutants_of(exercise)[::every]:
            if mutant.label in correct:
                continue
            n_mutants += 1
            if not judge.rejects(mutant):
                alive.append(f"{exercise.id}: {mutant.label}")
            elif n_mutants % asked == 0 and (names := judge.names(mutant)):
                n_named += 1
                holds = all(other.could_be(mutant, names) for other in others)
                if not holds and not mutant.label.endswith(RIGHTLY_NAMED):
                    misnamed.append(f"{mutant.label}: {' '.join(names)}, but not with other seeds")
    yield Tally("mutants of the solutions rejected", n_mutants, alive)
    yield Tally("names given to mutants that hold for other numbers", n_named, misnamed)


def of_files(seed: int, n: int, sandbox: Sandbox) -> Tally:
    """Some mutants as files: is the verdict the same as in this process?"""
    chance = random.Random(seed)
    wrong = []
    for _ in range(n):
        exercise = chance.choice(catalog.exercises())
        mutant = chance.choice(mutants_of(exercise))
        verdict = grade_file(mutant.handed_in(), exercise, sandbox, seed)
        if (verdict.status == "passed") != (mutant.label in equivalents().get(exercise.id, {})):
            wrong.append(f"{exercise.id}: {mutant.label}: {_said(verdict)}")
    return Tally("mutants as files, in isolation, judged alike", n, wrong)


def of_seeds(seeds: Sequence[int], every: int) -> Iterator[Tally]:
    """The solutions and all mistakes with many seeds, judged in this process."""
    refused: list[str] = []
    accepted: list[str] = []
    n_right = n_wrong = 0
    for exercise in catalog.exercises()[::every]:
        functions = reference_functions(exercise).values()
        right = edited(functions)
        wrong = {
            f"{exercise.id}, {mistake.id}, alternative {i + 1}": edited(functions, edit)
            for mistake in exercise.mistakes
            for i, edit in enumerate(mistake.edits)
        }
        for seed in seeds:
            judge = Judge(exercise, seed)
            n_right, n_wrong = n_right + 1, n_wrong + len(wrong)
            refused += [f"{exercise.id} (seed {seed})"] if judge.rejects(right) else []
            accepted += [f"{name} (seed {seed})" for name, made in wrong.items() if not judge.rejects(made)]
    yield Tally(f"solutions accepted, with {len(seeds)} seeds", n_right, refused)
    yield Tally(f"known mistakes rejected, with {len(seeds)} seeds", n_wrong, accepted)


def of_hostile_files() -> Tally:
    """The suite of hostile files: those all of whose tests passed, of those that ran."""
    suite = HERE / "test_hostile.py"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-m", "", str(suite), f"--junitxml={report}"]
        subprocess.run(command, cwd=HERE.parent, stdout=subprocess.DEVNULL, check=False)
        cases = list(ET.parse(report).iter("testcase"))
    ran, bad = set[str](), set[str]()
    for case in cases:
        name = re.sub(r"(?:\[\w+\]|.*\[\w+-(.*)\])$", r"\1", case.get("name", ""))  # whatever the protection
        if case.find("skipped") is None:
            ran.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            bad.add(name)
    return Tally("hostile files survived", len(ran), sorted(bad), command=f'pytest -m "" tests/{suite.name}')


# ---------------------------------------------------------------- the table


def measure(seed: int, n_seeds: int, every: int, hostile: bool) -> Iterator[Tally]:
    """The lines of the table, of everything or of one in so many."""
    seeds = range(seed, seed + n_seeds)
    with Sandbox() as sandbox:
        work = graded(list(solutions())[::every], seeds, sandbox)
        yield tally("solutions accepted, in the starters of each level", work, passed)
        work = graded(list(foreign())[::every], seeds, sandbox)
        right = [pair for pair in work if pair[0].status == "passed"]
        wrong = [pair for pair in work if pair[0].status != "passed"]
        edits = graded(list(mistaken())[::every], seeds[:1], sandbox)
        yield tally("correct work in foreign styles accepted", right, passed)
        yield tally("wrong work in foreign styles rejected", wrong, rejected)
        yield tally("known mistakes rejected", edits, rejected)
        yield from of_mutants(seed, every)
        yield of_files(seed, 100 // every, sandbox)
        yield from of_seeds(range(seed, seed + max(20 // every, 2)), every)
        known = [pair for pair in wrong if pair[0].names]
        yield tally("known mistakes named, as the catalog has them", edits, named, required=False)
        yield tally("known mistakes named, in foreign styles", known, named, required=False)
        yield tally("no wrong name among all of these", [*wrong, *edits], not_misnamed)
    if hostile:
        yield of_hostile_files()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="the same seed measures the same (1)")
    parser.add_argument("--seeds", type=int, default=3, help="with how many seeds each file is graded (3)")
    parser.add_argument("--quick", action="store_true", help="one in ten of everything")
    parser.add_argument("--no-hostile", action="store_true", help="without the suite of hostile files")
    options = parser.parse_args(arguments)
    print("| what | how many | share | measured by |\n|---|---|---|---|")
    tallies = []
    every = 10 if options.quick else 1
    for each in measure(options.seed, options.seeds, every, not options.no_hostile):
        print(each.row(), flush=True)
        tallies.append(each)
    for each in tallies:
        for line in each.wrong:
            print(f"{'WRONG' if each.required else 'not'} {each.what}: {line}", file=sys.stderr)
    return int(any(each.fails for each in tallies))


if __name__ == "__main__":
    sys.exit(main())
