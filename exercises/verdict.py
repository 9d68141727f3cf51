"""What the grader found, in no language: reports turn it into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

STATUSES = ("passed", "failed", "error", "timeout", "crashed", "unsolved", "forged")


class Phrase(NamedTuple):
    """A sentence of the languages files, by key, with what fills its gaps."""

    key: str
    values: Mapping[str, Any] = {}


class Evidence(NamedTuple):
    """One call on which attempt and reference part: the inputs, what was expected, what came, and where."""

    arguments: Mapping[str, Any]
    expected: Any
    got: Any
    step: str | None = None  # the first step of the reference that parts; None where only the result is known
    pattern: Phrase | None = None  # "every value is 2 x", "transposed", "only masked places differ" ...
    smallest: bool = False  # the arguments were shrunk


class LearnerError(NamedTuple):
    """An exception at the learner's own line."""

    type: str
    message: str
    line: int | None
    source: str
    shapes: Mapping[str, str]


class FunctionVerdict(NamedTuple):
    """One function of an exercise."""

    function: str
    status: str
    checks: int = 0  # how many checks were passed
    facets: tuple[str, ...] = ()  # what they covered: masks, empty rows, float32, batches ...
    reason: Phrase | None = None  # why not, in a sentence
    evidence: Evidence | None = None
    error: LearnerError | None = None


class Verdict(NamedTuple):
    """One exercise file, graded."""

    exercise: str
    file: str
    status: str
    points: float
    functions: tuple[FunctionVerdict, ...] = ()
    mistakes: tuple[str, ...] = ()
    reason: Phrase | None = None  # why, where no function is to blame (cannot be read, cannot be imported)
    advice: tuple[Phrase, ...] = ()  # remarks on work that passed: float32 became float64 ...
    output: str = ""  # what the attempt printed, untrusted
    seed: int = 0
    seconds: float = 0.0

    @property
    def culprit(self) -> FunctionVerdict | None:
        """The first function that did not pass."""
        return next((function for function in self.functions if function.status != "passed"), None)
