"""How good is the grader? Counts what it does with right and wrong work whose verdict is known.

    python tests/bench/naming.py [SEEDS]

- right work: the solutions and the attempts in tests/attempts that are to pass, in foreign styles
- wrong work: every alternative of every mistake of the catalog, and the wrong attempts in tests/attempts
- pairs: two mistakes of the catalog at once, a sample

A verdict on wrong work names the mistakes that were made, or fewer (one of two may not show), or none, or
another one, which then explains the attempt as well.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

HOUSE = Path(__file__).parents[2]
sys.path.insert(0, str(HOUSE))

from exercises import catalog  # noqa: E402
from exercises.catalog import Exercise, reference_functions  # noqa: E402
from exercises.diagnose import Variant, variants  # noqa: E402
from exercises.grader import grade_file  # noqa: E402
from exercises.language import speak  # noqa: E402
from exercises.sandbox import Sandbox  # noqa: E402
from exercises.starters import solution_text  # noqa: E402
from exercises.verdict import Verdict  # noqa: E402
from reference.anatomy import edited_source  # noqa: E402

HEAD = """from __future__ import annotations
import functools, itertools, math
import numpy as np
from reference import *

"""
PAIRS_A_EXERCISE = 20


def handed_in(exercise: Exercise, *edits: Mapping[str, str]) -> bytes:
    """The reference with these edits, as a learner's file."""
    return (
        HEAD + "\n\n".join(edited_source(reference_functions(exercise).values(), *edits).values())
    ).encode()


def foreign() -> Iterator[tuple[Exercise, bytes, str]]:
    """The attempts in foreign styles with what is expected of them."""
    for path in sorted((HOUSE / "tests" / "attempts").glob("*/*.py")):
        _, *parts = re.split(r"(?m)^# expect: (.*)\n", path.read_text(encoding="utf-8"))
        for expected, text in zip(parts[::2], parts[1::2], strict=True):
            yield catalog.find(path.parent.name), text.encode(), expected.strip()


class Tally:
    """What became of the work of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.counts: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.strange: list[str] = []

    def count(self, verdict: Verdict, expected: frozenset[str] | None, what: str) -> None:
        """`expected`: the mistakes made; empty for one that nobody knows, None for right work."""
        self.seconds.append(verdict.seconds)
        named = frozenset(verdict.mistakes)
        self.counts["all"] += 1
        self.counts["passed"] += verdict.status == "passed"
        if expected is None:
            outcome = "passed" if verdict.status == "passed" else "refused"
        elif verdict.status == "passed":
            outcome = "let through"
        elif not named:
            outcome = "no name" if expected else "rightly without a name"
        else:
            outcome = "named" if named == expected else "fewer names" if named < expected else "another name"
        self.counts[outcome] += outcome != "passed"
        if outcome in ("refused", "let through", "another name"):
            self.strange.append(f"{outcome}: {what} (seed {verdict.seed}) {sorted(named)}")

    def report(self) -> None:
        counts = ", ".join(
            f"{count} {outcome}" for outcome, count in self.counts.items() if outcome != "all" and count
        )
        milliseconds = 1000 * statistics.median(self.seconds) if self.seconds else 0
        print(f"{self.kind:34} {self.counts['all']:6}: {counts}   (median {milliseconds:.0f} ms)")
        for line in self.strange[:20]:
            print("    ", line)


def main(n_seeds: int) -> None:
    tallies = {
        kind: Tally(kind)
        for kind in (
            "solutions",
            "right, foreign style",
            "catalog mistakes",
            "wrong, foreign style",
            "pairs of mistakes",
        )
    }
    started = time.perf_counter()
    with Sandbox() as sandbox:
        for seed in range(n_seeds):
            for exercise in catalog.exercises():
                text = solution_text(exercise, speak("en")).encode()
                tallies["solutions"].count(grade_file(text, exercise, sandbox, seed), None, exercise.id)
                for mistake in exercise.mistakes:
                    for i, edit in enumerate(mistake.edits):
                        verdict = grade_file(handed_in(exercise, edit), exercise, sandbox, seed)
                        tallies["catalog mistakes"].count(
                            verdict, frozenset({mistake.id}), f"{mistake.id} {i}"
                        )
                for pair in sample(exercise, seed):
                    verdict = grade_file(handed_in(exercise, *pair.edits), exercise, sandbox, seed)
                    tallies["pairs of mistakes"].count(
                        verdict, pair.mistakes, f"{exercise.id} {sorted(pair.mistakes)}"
                    )
            for exercise, text, expected in foreign():
                right = expected == "passed"
                kind = "right, foreign style" if right else "wrong, foreign style"
                if expected != "unsolved":
                    names = None if right else frozenset(expected.split()[1:])
                    tallies[kind].count(
                        grade_file(text, exercise, sandbox, seed), names, f"{exercise.id}: {expected}"
                    )
    for tally in tallies.values():
        tally.report()
    print(f"{n_seeds} seeds, {time.perf_counter() - started:.0f} s")


def sample(exercise: Exercise, seed: int) -> list[Variant]:
    pairs = list(islice(variants(exercise, 2), 600))
    return random.Random(f"{exercise.id} {seed}").sample(pairs, min(PAIRS_A_EXERCISE, len(pairs)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
