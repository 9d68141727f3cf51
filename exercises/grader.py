"""The grader: one file in, one verdict out.

Load the attempt in a process of its own, look at its functions, call them on the probes, compare with the
reference, and where they part say why: a known mistake, the first step that differs, the smallest input
that shows it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from exercises.behaviour import Behaviour, parting, viewed
from exercises.catalog import Exercise, contents, find, is_listed
from exercises.diagnose import Diagnosis, Observation
from exercises.evidence import evidence_of
from exercises.exam import Exam, new_seed
from exercises.holes import holes, loops
from exercises.judge import compare
from exercises.offered import offered
from exercises.probes import Probe
from exercises.reasons import because, ending, import_trouble, is_syntax_error, learner_error, raised
from exercises.sandbox import Attempt, Error, Outcome, Parameter, Sandbox
from exercises.signatures import unfit, wrong_default
from exercises.verdict import FACETS, FunctionVerdict, LearnerError, Phrase, Verdict

__all__ = ["grade_exam", "grade_file", "grade_many", "new_seed"]

# of several functions' statuses the file has the gravest; a hole counts only if nothing else is wrong
GRAVEST_FIRST = ("forged", "crashed", "timeout", "error", "failed", "unsolved", "passed")


def grade_many(
    files: Iterable[tuple[Path | bytes, Exercise | str]], sandbox: Sandbox, seed: int | None = None
) -> Iterator[Verdict]:
    """The verdicts on files with their exercises, one after another; all with the same seed."""
    chosen = new_seed() if seed is None else seed
    for file, exercise in files:
        yield grade_file(file, exercise, sandbox, chosen)


def grade_file(
    path_or_bytes: Path | str | bytes, exercise: Exercise | str, sandbox: Sandbox, seed: int | None = None
) -> Verdict:
    """The verdict on one file (or its bytes). Whatever is in it, there is a verdict."""
    wanted = find(exercise) if isinstance(exercise, str) else exercise
    if seed is not None and is_listed(wanted):
        return grade_exam(path_or_bytes, _same_for_all(wanted.id, seed), sandbox)
    return grade_exam(path_or_bytes, Exam(wanted, seed), sandbox)


@functools.lru_cache(maxsize=64)
def _same_for_all(exercise_id: str, seed: int) -> Exam:
    """A class has one seed, and what is worked out for the first attempt serves the others."""
    return Exam(find(exercise_id), seed)


def grade_exam(path_or_bytes: Path | str | bytes, exam: Exam, sandbox: Sandbox) -> Verdict:
    """The same with questions that may have been drawn before."""
    started = time.perf_counter()
    wanted = exam.exercise
    file = wanted.file_name if isinstance(path_or_bytes, bytes) else str(path_or_bytes)
    try:
        source = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).read_bytes()
    except OSError as error:
        reason = Phrase("reason.unreadable", {"file": file, "why": error.strerror or str(error)})
        verdict = _without_functions(wanted, "error", reason)
    else:
        verdict = _graded(source, file, exam, sandbox)
    return verdict._replace(file=file, seed=exam.seed, seconds=time.perf_counter() - started)


def _graded(source: bytes, file: str, exam: Exam, sandbox: Sandbox) -> Verdict:
    exercise, name = exam.exercise, Path(file).name
    if not source.strip(b"\xef\xbb\xbf \t\r\n"):
        why = Phrase("reason.empty-file", {"file": name, "exercise": exercise.id})
        return _without_functions(exercise, "error", why)
    offer = offered(exercise, source)
    attempt = sandbox.attempt(source, name, offer.modules, offer.withheld)
    try:
        return _Examination(source, exam, attempt).verdict()
    finally:
        attempt.let_go()


def _without_functions(
    exercise: Exercise, status: str, reason: Phrase, output: str = "", error: LearnerError | None = None
) -> Verdict:
    """The verdict on a file whose functions could not be looked at."""
    functions = tuple(FunctionVerdict(name, status, error=error) for name in exercise.functions)
    return Verdict(exercise.id, "", status, 0.0, functions, reason=reason, output=output)


class _Examination:
    """One attempt under examination."""

    def __init__(self, source: bytes, exam: Exam, attempt: Attempt) -> None:
        self.source, self.exam, self.attempt = source, exam, attempt
        self.exercise, self.view, self.reference = exam.exercise, exam.view, exam.reference
        self.probes = exam.probes  # drawn at the latest now, while the attempt loads in its own process
        self.diagnosis = Diagnosis(exam)
        self.observed: dict[str, list[Observation]] = {}
        self.advice: list[Phrase] = []
        self.output: list[str] = []

    # ------------------------------------------------------------ the file

    def verdict(self) -> Verdict:
        loaded = self.attempt.loaded
        self.output.append(loaded.output)
        trouble = self.trouble(loaded)
        if trouble is not None:
            return trouble
        functions = [self.function(name) for name in self.reference]
        mistakes = self.diagnosis.names(self.observed)
        functions = [self.with_evidence(each) for each in functions]
        status = min((each.status for each in functions), key=GRAVEST_FIRST.index)
        return Verdict(
            self.exercise.id,
            "",
            status,
            sum(each.status == "passed" for each in functions) / len(functions),
            tuple(functions),
            mistakes,
            advice=tuple(self.advice) if status == "passed" else (),
            output="".join(self.output),
        )

    def trouble(self, loaded: Outcome) -> Verdict | None:
        """The verdict on a file that cannot be imported, or holds nothing of this exercise."""
        error = loaded.error
        if loaded.status in ("timeout", "crashed", "forged"):
            return _without_functions(self.exercise, loaded.status, ending(loaded), loaded.output)
        if error is not None:
            line = None if is_syntax_error(error) else self.hole_line(*self.reference)
            if line is not None:  # what stands below the holes could not run
                unsolved = Phrase("reason.unsolved", {"function": self.exercise.functions[0], "line": line})
                return _without_functions(self.exercise, "unsolved", unsolved, loaded.output)
            return _without_functions(
                self.exercise, "error", import_trouble(error), loaded.output, learner_error(error)
            )
        present = self.present()
        other = next((entry.id for entry in contents() if present & set(entry.functions)), None)
        if other is None or present & self.reference.keys():
            return None
        values = {"exercise": self.exercise.id, "found": other}
        return _without_functions(
            self.exercise, "error", Phrase("reason.other-exercise", values), loaded.output
        )

    def present(self) -> set[str]:
        """The callables of the file."""
        names = self.attempt.loaded.value
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()

    def hole_line(self, *functions: str) -> int | None:
        """The line of the first hole in these functions."""
        return next((hole.line for hole in holes(self.source) if hole.function in functions), None)

    # ------------------------------------------------------------ one function

    def function(self, name: str) -> FunctionVerdict:
        parameters = self.attempt.signature(name)
        if parameters is None:
            return FunctionVerdict(name, "error", reason=self.missing(name))
        reason = unfit(self.reference[name], parameters)
        if reason is not None:
            return FunctionVerdict(name, "error", reason=reason)
        seen, outcomes = self.observations(name)
        self.output += [outcome.output for outcome in outcomes]
        return self.judged(name, parameters, seen, outcomes)

    def missing(self, name: str) -> Phrase:
        import difflib

        near = [each for each in self.present() if abs(len(each) - len(name)) < 8]
        similar = difflib.get_close_matches(name, sorted(near), 1)
        return Phrase("reason.missing-function", {"function": name, "similar": similar[0] if similar else ""})

    def judged(
        self,
        name: str,
        parameters: Sequence[Parameter],
        seen: list[Observation],
        outcomes: list[Outcome],
    ) -> FunctionVerdict:
        verdict = _covered(name, seen)
        ended = next((each for each in outcomes if each.status in ("timeout", "crashed", "forged")), None)
        if ended is not None:
            return verdict._replace(status=ended.status, reason=ending(ended))
        repeats = self.repeats(name, outcomes)
        failed = [(each, outcome) for each, outcome in zip(seen, outcomes, strict=True) if each.parts]
        if repeats and not failed:
            self.observed[name] = seen
            self.advise(name, outcomes)
            return verdict
        error = failed[0][1].error if failed else None
        line = self.hole_line(name) or _stub_line(error)
        if line is not None:
            reason = Phrase("reason.unsolved", {"function": name, "line": line})
            return verdict._replace(status="unsolved", reason=reason)
        self.observed[name] = seen
        if not repeats:
            reason = Phrase("reason.not-repeatable", {"function": name})
            return verdict._replace(status="failed", reason=reason)
        default = wrong_default(self.reference[name], parameters)
        if error is None or failed[0][0].probe.expects_raise:
            reason = default or because(name, [each for each, _ in failed])
            return verdict._replace(status="failed", reason=reason)
        return verdict._replace(status="error", reason=default or raised(error), error=learner_error(error))

    def observations(self, name: str) -> tuple[list[Observation], list[Outcome]]:
        """What the attempt did beside what the reference does, which is worked out while the attempt runs."""
        probes, outcomes, seen = self.probes[name], list[Outcome](), list[Observation]()
        answers = self.attempt.answers(name, [self.exam.arguments(probe) for probe in probes])
        every = [self.exam.behaviour(self.reference[name], probe) for probe in probes]
        again, telling = _asked_again(probes), False
        for probe, expected, outcome in zip(probes, every, answers, strict=True):
            outcomes.append(outcome)
            first = outcomes[min(again, len(outcomes) - 1)].value
            seen.append(self.observation(probe, expected, outcome, first))
            if seen[-1].parts and outcome.status == "returned" and not telling:
                telling = True
                self.diagnosis.look_at(name, seen[-1])  # while the attempt works on the next
        return seen, outcomes

    def observation(self, probe: Probe, expected: Behaviour, outcome: Outcome, first: Any) -> Observation:
        tolerance = self.exam.tolerance(probe)
        status = "returned" if outcome.status == "refused" else outcome.status
        error = (outcome.error.type, outcome.error.message) if outcome.error else ("", "")
        changed = frozenset(name.lstrip("*") for name in outcome.changed)
        got = Behaviour(status, outcome.value, changed, error, bool(outcome.drawn))
        if self.view and outcome.status == "returned":
            got = got._replace(value=viewed(self.view, probe, got, first))
        return Observation(probe, tolerance, expected, got, parting(expected, got, tolerance) is not None)

    def repeats(self, name: str, outcomes: Sequence[Outcome]) -> bool:
        """Does the same question get the same answer?"""
        probes = self.probes[name]
        first, tolerance = outcomes[_asked_again(probes)], self.exam.tolerance(probes[0])
        again = [each for probe, each in zip(probes, outcomes, strict=True) if "repeat" in probe.facets]
        return first.status != "returned" or all(
            compare(first.value, each.value, tolerance) is None for each in again
        )

    def advise(self, name: str, outcomes: Sequence[Outcome]) -> None:
        """Remarks on work that is right."""
        if any(_widened(probe, outcome) for probe, outcome in zip(self.probes[name], outcomes, strict=True)):
            self.advice.append(Phrase("advice.float64-from-float32", {"function": name}))
        count = loops(self.source, name)
        if count and not _has_loop(self.reference[name]):
            self.advice.append(Phrase("advice.python-loops", {"function": name, "count": count}))

    def with_evidence(self, verdict: FunctionVerdict) -> FunctionVerdict:
        name = verdict.function
        if verdict.status not in ("failed", "error") or name not in self.observed:
            return verdict
        if self.view:  # the law that is broken says it all, and a draw is no number to compare
            return verdict
        return verdict._replace(evidence=evidence_of(self.exam, name, self.observed[name], self.attempt))


# ---------------------------------------------------------------- small parts


def _covered(name: str, seen: Sequence[Observation]) -> FunctionVerdict:
    """How many checks were passed, and which facets they covered."""
    passed = [each for each in seen if not each.parts]
    facets = {"untouched"}.union(*[each.probe.facets for each in passed])
    return FunctionVerdict(name, "passed", len(passed), tuple(each for each in FACETS if each in facets))


def _stub_line(error: Error | None) -> int | None:
    """The line of a stub that raises NotImplementedError."""
    return error.line or 1 if error is not None and error.type == "NotImplementedError" else None


def _asked_again(probes: Sequence[Probe]) -> int:
    """The probe that is asked again at the end, as "repeat"."""
    again = next((probe for probe in probes if "repeat" in probe.facets), probes[0])
    plain = again.recipe._replace(facet="")
    return next(i for i, probe in enumerate(probes) if probe.recipe._replace(facet="") == plain)


def _widened(probe: Probe, outcome: Outcome) -> bool:
    """A float64 result of float32 input."""
    given = list(probe.arguments.values())
    return (
        "float32" in probe.facets
        and _has(given, "float32")
        and not _has(given, "float64")
        and _has(outcome.value, "float64")
    )


def _has(value: Any, dtype: str) -> bool:
    if isinstance(value, list | tuple):
        return any(_has(part, dtype) for part in value)
    return str(getattr(value, "dtype", "")) == dtype


def _has_loop(function: Any) -> bool:
    """Does the reference itself need a loop here, be it in brackets?"""
    import ast

    from reference.anatomy import source_of

    kinds = (ast.For, ast.While, ast.comprehension)
    return any(isinstance(node, kinds) for node in ast.walk(ast.parse(source_of(function))))
