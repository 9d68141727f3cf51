"""What the grader found, in no language: reports turn it into words.

A `Phrase` is the key of a sentence in languages/*.toml with what fills its gaps. These are all of them;
each list names the gaps. Values are plain numbers and strings (strings from an attempt are untrusted).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

STATUSES = ("passed", "failed", "error", "timeout", "crashed", "unsolved", "forged")

# why a function, or a whole file, did not pass
REASONS: Mapping[str, tuple[str, ...]] = {
    # the file
    "reason.unreadable": ("file", "why"),
    "reason.empty-file": ("file", "exercise"),
    "reason.syntax-error": ("line", "message"),
    "reason.import-failed": ("type", "message", "line"),
    "reason.missing-import": ("name",),  # asks `reference` for something that is not offered here
    "reason.other-exercise": ("exercise", "found"),  # the ids: what was to be graded, what the file holds
    # the function as such
    "reason.missing-function": ("function", "similar"),  # similar: a name in the file that is close, or ""
    "reason.not-a-function": ("function", "type"),
    "reason.wrong-parameters": ("function", "expected", "got"),  # "(x, axis=-1)"
    "reason.wrong-default": ("function", "parameter", "expected", "got"),
    "reason.unsolved": ("function", "line"),
    # what it gave back; part: "" or "result[0]"
    "reason.returned-nothing": ("function",),
    "reason.wrong-type": (
        "part",
        "expected",
        "got",
        "why",
    ),  # type names; why: "" or half an English sentence
    "reason.wrong-length": ("part", "expected", "got"),
    "reason.wrong-shape": ("part", "expected", "got"),
    "reason.not-one-number": ("part", "got"),  # got: the shape
    "reason.wrong-dtype": ("part", "expected", "got"),
    "reason.lower-precision": ("part", "expected", "got"),  # float32 for float64 input
    "reason.wrong-value": ("part",),  # of a single number
    "reason.wrong-values": ("part", "wrong", "total"),  # how many of how many numbers
    "reason.is-nan": ("part",),
    "reason.has-nan": ("part", "wrong", "total"),  # NaN or infinity where a number is due
    # which law of dropout it broke (views.py); share: the name of a share
    "reason.law-identity": ("function",),  # it changes x in inference, or with p = 0
    "reason.law-factor": ("p", "expected", "got"),
    "reason.law-factors": ("p", "expected"),  # the numbers that stay have different ones
    "reason.law-share": ("p", "share"),
    "reason.law-together": ("function",),
    "reason.law-same": ("function",),  # equal generators, other results
    "reason.law-moves": ("function",),  # nothing was drawn from the generator
    # how it behaved
    "reason.changes-inputs": ("parameters",),
    "reason.not-repeatable": ("function",),  # the same call again gave another result
    "reason.ignores-generator": ("function",),  # another generator gave the same draw
    "reason.raised": ("type", "message"),
    "reason.should-raise": ("function",),
    "reason.timeout": ("seconds",),
    "reason.crashed": ("detail",),
    "reason.forged": ("detail",),
    "reason.withheld": ("name",),  # asked `reference` for the answer itself
}

# what a teacher would point at; they follow "expected ... yours ..."
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "pattern.factor": ("factor",),  # every value is `factor` times what it should be
    "pattern.offset": ("offset",),  # every value is larger by `offset`
    "pattern.sign": (),  # every value has the other sign
    "pattern.transposed": (),  # the last two axes changed places
    "pattern.reversed": ("axis",),
    "pattern.shifted": ("axis", "by"),
    "pattern.permuted": ("axis",),  # the right values in another order along an axis (0, 1 ... or -1)
    "pattern.one-number": ("index",),  # a single entry differs
    "pattern.first-row": (),
    "pattern.last-row": (),
    "pattern.only-masked": (),  # only forbidden places differ
    "pattern.only-allowed": (),  # only allowed places differ
    "pattern.only-empty-rows": (),  # only queries without any key differ
    "pattern.nan": ("count",),
    "pattern.rows-sum": ("expected", "got"),  # rows sum to `got` where `expected` is due
    "pattern.columns-sum": ("expected",),  # columns sum to what rows should
    # only the checks with this facet failed, all others passed
    "pattern.only-with": ("facet",),
    "pattern.only-without": ("facet",),
    "pattern.of-part": ("part", "pattern"),  # any of the above, of one part of a tuple
}

# remarks on work that passed
ADVICE: Mapping[str, tuple[str, ...]] = {
    "advice.float64-from-float32": ("function",),
    "advice.python-loops": ("function", "count"),
}

# what the checks of a function covered; the sentence of a facet is "facet.masks" and so on
FACETS = (
    "masks",
    "empty-rows",
    "float32",
    "batches",
    "large",
    "tiny",
    "integers",
    "square",
    "fresh",
    "repeat",
    "redraw",
    "bad-input",
    "untouched",
)


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
    cell: int | None = None  # of a notebook: its number, and `line` is a line of that cell


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
