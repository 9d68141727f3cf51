"""The grader: one file in, one verdict out.

Load the attempt in a process of its own, look at its functions, call them on the probes, compare with the reference,
and where they part say why: a known mistake, the first step that differs, the smallest input that shows it.
"""

from __future__ import annotations

import ast
import difflib
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from exercises.behaviour import Behaviour, parting, run, viewed
from exercises.catalog import Exercise, contents, find, reference_functions
from exercises.diagnose import Observation, diagnose
from exercises.evidence import evidence_of
from exercises.holes import Hole, holes, loops
from exercises.judge import Difference, compare, tolerance_for
from exercises.offered import offered
from exercises.probes import Probe, probes_of
from exercises.sandbox import Attempt, Outcome, Parameter, Sandbox
from exercises.verdict import FACETS, FunctionVerdict, LearnerError, Phrase, Verdict
from exercises.views import VIEWS
from exercises.wire import Seed

__all__ = ["grade_file", "grade_many", "new_seed"]

Function = Callable[..., Any]


def new_seed() -> int:
    """A seed that nobody could foresee, short enough to be typed."""
    return secrets.randbelow(10_000)


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
    started = time.perf_counter()
    wanted = find(exercise) if isinstance(exercise, str) else exercise
    chosen = new_seed() if seed is None else seed
    file = wanted.file_name if isinstance(path_or_bytes, bytes) else str(path_or_bytes)
    try:
        source = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).read_bytes()
    except OSError as error:
        verdict = _file_verdict(wanted, "error", Phrase("reason.unreadable", {"file": file, "why": error.strerror or str(error)}))
    else:
        verdict = _graded(source, file, wanted, sandbox, chosen)
    return verdict._replace(file=file, seed=chosen, seconds=time.perf_counter() - started)


def _file_verdict(exercise: Exercise, status: str, reason: Phrase | None, output: str = "") -> Verdict:
    functions = tuple(FunctionVerdict(name, status) for name in exercise.functions)
    return Verdict(exercise.id, "", status, 0.0, functions, reason=reason, output=output)


def _graded(source: bytes, file: str, exercise: Exercise, sandbox: Sandbox, seed: int) -> Verdict:
    if not source.strip(b"\xef\xbb\xbf \t\r\n"):
        return _file_verdict(exercise, "error", Phrase("reason.empty-file", {"file": Path(file).name}))
    offer = offered(exercise, source)
    with sandbox.attempt(source, Path(file).name, offer.modules, offer.withheld) as attempt:
        grading = _Grading(source, exercise, attempt, seed)
        return grading.verdict()


class _Grading:
    """One attempt under examination."""

    def __init__(self, source: bytes, exercise: Exercise, attempt: Attempt, seed: int) -> None:
        self.source, self.exercise, self.attempt = source, exercise, attempt
        self.view = VIEWS[exercise.view] if exercise.view else None
        self.reference = reference_functions(exercise)
        # all this while the attempt loads in its own process
        self.probes = probes_of(exercise, seed)
        self.expected = {
            name: [run(self.reference[name], probe, self.view) for probe in probes]
            for name, probes in self.probes.items()
        }
        self.observed: dict[str, list[Observation]] = {}
        self.advice: list[Phrase] = []
        self.output: list[str] = []

    # ------------------------------------------------------------ the file

    def verdict(self) -> Verdict:
        loaded = self.attempt.loaded
        self.output.append(loaded.output)
        trouble = self.trouble_at_import(loaded)
        if trouble is not None:
            return trouble
        functions = [self.function(name) for name in self.reference]
        mistakes = diagnose(self.exercise, self.observed)
        functions = [self.with_evidence(each) for each in functions]
        passed = sum(each.status == "passed" for each in functions)
        return Verdict(
            self.exercise.id,
            "",
            _overall([each.status for each in functions]),
            passed / len(functions),
            tuple(functions),
            mistakes,
            advice=tuple(self.advice) if passed == len(functions) else (),
            output="".join(self.output),
        )

    def trouble_at_import(self, loaded: Outcome) -> Verdict | None:
        """The verdict on a file that cannot be imported, or holds nothing of this exercise."""
        if loaded.status in ("timeout", "crashed", "forged"):
            return _file_verdict(self.exercise, loaded.status, _ending(loaded), loaded.output)
        if loaded.status == "raised" and loaded.error is not None:
            if loaded.error.type not in ("SyntaxError", "IndentationError", "TabError") and self.holes():
                hole = self.holes()[0]
                reason = Phrase("reason.unsolved", {"function": hole.function, "line": hole.line})
                return _file_verdict(self.exercise, "unsolved", reason, loaded.output)
            error = _learner_error(loaded)
            verdict = _file_verdict(self.exercise, "error", _import_trouble(loaded), loaded.output)
            return verdict._replace(functions=tuple(each._replace(error=error) for each in verdict.functions))
        present = self.present(loaded)
        if not present & self.reference.keys():
            other = next((entry.id for entry in contents() if present & set(entry.functions)), None)
            if other is not None:
                reason = Phrase("reason.other-exercise", {"exercise": self.exercise.id, "found": other})
                return _file_verdict(self.exercise, "error", reason, loaded.output)
        return None

    def present(self, loaded: Outcome) -> set[str]:
        names = loaded.value if isinstance(loaded.value, list) else []
        return {name for name in names if isinstance(name, str)}

    def holes(self) -> list[Hole]:
        """The holes in the functions that are asked for."""
        return [hole for hole in holes(self.source) if hole.function in self.reference]

    # ------------------------------------------------------------ one function

    def function(self, name: str) -> FunctionVerdict:
        parameters = self.attempt.signature(name)
        if parameters is None:
            similar = difflib.get_close_matches(name, sorted(self.present(self.attempt.loaded)), 1)
            values = {"function": name, "similar": similar[0] if similar else ""}
            return FunctionVerdict(name, "error", reason=Phrase("reason.missing-function", values))
        unfit = _unfit_parameters(self.reference[name], parameters)
        if unfit is not None:
            return FunctionVerdict(name, "error", reason=unfit)
        probes = self.probes[name]
        outcomes = self.attempt.calls(name, [probe.arguments for probe in probes])
        self.output += [outcome.output for outcome in outcomes]
        return self.judged(name, parameters, probes, outcomes)

    def judged(
        self, name: str, parameters: Sequence[Parameter], probes: Sequence[Probe], outcomes: Sequence[Outcome]
    ) -> FunctionVerdict:
        first = _first_again(probes)
        calls = zip(probes, self.expected[name], outcomes, strict=True)
        seen = [self.observation(probe, expected, outcome, outcomes[first].value) for probe, expected, outcome in calls]
        passed = [each for each in seen if not each.parts]
        facets = {"untouched"}.union(*[each.probe.facets for each in passed])
        verdict = FunctionVerdict(name, "passed", len(passed), tuple(each for each in FACETS if each in facets))
        ended = next((each for each in outcomes if each.status in ("timeout", "crashed", "forged")), None)
        if ended is not None:
            return verdict._replace(status=ended.status, reason=_ending(ended))
        failed = next((i for i, each in enumerate(seen) if each.parts), None)
        fickle = _fickle(name, probes, outcomes)
        if failed is None and fickle is None:
            self.observed[name] = seen
            self.advise(name, probes, outcomes)
            return verdict
        hole = next((hole for hole in self.holes() if hole.function == name), None)
        if hole is not None:
            return verdict._replace(status="unsolved", reason=Phrase("reason.unsolved", {"function": name, "line": hole.line}))
        if failed is not None and (stub := outcomes[failed].error) is not None and stub.type == "NotImplementedError":
            return verdict._replace(status="unsolved", reason=Phrase("reason.unsolved", {"function": name, "line": stub.line}))
        self.observed[name] = seen
        if fickle is not None or failed is None:
            return verdict._replace(status="failed", reason=fickle)
        wrong_default = _wrong_default(self.reference[name], parameters)
        if outcomes[failed].status == "raised" and not seen[failed].probe.expects_raise:
            return verdict._replace(status="error", reason=wrong_default or _raised(outcomes[failed]), error=_learner_error(outcomes[failed]))
        return verdict._replace(status="failed", reason=wrong_default or _reason(name, seen[failed]))

    def observation(self, probe: Probe, expected: Behaviour, outcome: Outcome, first: Any) -> Observation:
        tolerance = tolerance_for(probe.arguments)
        value = outcome.value
        if self.view and outcome.status == "returned":
            value = viewed(self.view, probe, value, first)
        status = "returned" if outcome.status == "refused" else outcome.status
        error = (outcome.error.type, outcome.error.message) if outcome.error else ("", "")
        got = Behaviour(status, value, frozenset(name.lstrip("*") for name in outcome.changed), error)
        return Observation(probe, tolerance, expected, got, parting(expected, got, tolerance) is not None)

    def advise(self, name: str, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> None:
        """Remarks on work that is right."""
        widened = any(
            "float32" in probe.facets and _has_dtype(outcome.value, "float64")
            and not _has_dtype(list(probe.arguments.values()), "float64")
            for probe, outcome in zip(probes, outcomes, strict=True)
        )  # fmt: skip
        if widened:
            self.advice.append(Phrase("advice.float64-from-float32", {"function": name}))
        n_loops = loops(self.source, name)
        if n_loops and not _has_loop(self.reference[name]):
            self.advice.append(Phrase("advice.python-loops", {"function": name, "count": n_loops}))

    def with_evidence(self, verdict: FunctionVerdict) -> FunctionVerdict:
        seen = self.observed.get(verdict.function)
        if seen is None:
            return verdict
        return verdict._replace(evidence=evidence_of(self.reference[verdict.function], seen, self.attempt, self.view))


# ---------------------------------------------------------------- statuses and reasons


def _overall(statuses: Sequence[str]) -> str:
    """The status of the file: the gravest of its functions'; a hole only if nothing else is wrong."""
    order = ("forged", "crashed", "timeout", "error", "failed", "unsolved", "passed")
    return min(statuses, key=order.index)


def _ending(outcome: Outcome) -> Phrase:
    """Why there is no result."""
    asked = re.match(r"asks reference\S* for (\w+)", outcome.detail)
    if outcome.status == "forged" and asked:
        return Phrase("reason.withheld", {"name": asked[1]})
    if outcome.status == "timeout":
        return Phrase("reason.timeout", {"seconds": round(outcome.seconds, 1)})
    return Phrase(f"reason.{outcome.status}", {"detail": outcome.detail})


def _import_trouble(outcome: Outcome) -> Phrase:
    error = outcome.error
    assert error is not None
    if error.type in ("SyntaxError", "IndentationError", "TabError"):
        return Phrase("reason.syntax-error", {"line": error.line, "message": error.message})
    missing = re.match(r"cannot import name '(\w+)' from 'reference", error.message)
    if missing:
        return Phrase("reason.missing-import", {"name": missing[1]})
    return Phrase("reason.import-failed", {"type": error.type, "message": error.message, "line": error.line})


def _learner_error(outcome: Outcome) -> LearnerError | None:
    error = outcome.error
    return error and LearnerError(error.type, error.message, error.line, error.source, error.shapes)


def _raised(outcome: Outcome) -> Phrase:
    assert outcome.error is not None
    return Phrase("reason.raised", {"type": outcome.error.type, "message": outcome.error.message})


def _reason(name: str, seen: Observation) -> Phrase:
    """What is wrong with one result, in a phrase."""
    difference = parting(seen.expected, seen.got, seen.tolerance)
    assert difference is not None
    kind, part = difference.kind, difference.part
    if kind in ("returned-nothing", "should-raise"):
        return Phrase(f"reason.{kind}", {"function": name})
    if kind == "changes-inputs":
        return Phrase("reason.changes-inputs", {"parameters": difference.got})
    if kind in ("wrong-values", "has-nan"):
        wrong, total = _counts(difference)
        return Phrase(f"reason.{kind}", {"part": part, "wrong": wrong, "total": total})
    values = {"part": part, "expected": difference.expected, "got": difference.got}
    return Phrase(f"reason.{kind}", values | ({"why": difference.why} if kind == "wrong-type" else {}))


def _counts(difference: Difference) -> tuple[int, int]:
    """How many of how many numbers are wrong."""
    wrong = difference.wrong
    return (1, 1) if wrong is None else (int(wrong.sum()), int(wrong.size))


def _first_again(probes: Sequence[Probe]) -> int:
    """The probe that is asked again at the end, as "repeat"; the first where none is."""
    again = next((probe for probe in probes if "repeat" in probe.facets), probes[0])
    return next(i for i, probe in enumerate(probes) if probe.recipe._replace(facet="") == again.recipe._replace(facet=""))


def _fickle(name: str, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> Phrase | None:
    """A function that answers the same question twice in two ways, or whose draws ignore the generator."""
    first = _first_again(probes)
    if outcomes[first].status != "returned":
        return None
    for probe, outcome in zip(probes, outcomes, strict=True):
        same = compare(outcomes[first].value, outcome.value, tolerance_for(probe.arguments)) is None
        if "repeat" in probe.facets and not same:
            return Phrase("reason.not-repeatable", {"function": name})
        if "redraw" in probe.facets and same:
            return Phrase("reason.ignores-generator", {"function": name})
    return None


# ---------------------------------------------------------------- signatures


def _unfit_parameters(function: Function, parameters: Sequence[Parameter]) -> Phrase | None:
    """Why the grader could not call it as the starter shows it. More optional parameters do no harm."""
    names, optional, spread = _expected_parameters(function)
    kinds = {each.kind for each in parameters}
    plain = {each.name: each for each in parameters if each.kind in ("positional_or_keyword", "keyword_only")}
    own = [each.name for each in parameters if each.name in names]
    fits = (
        ("var_keyword" in kinds or all(name in plain for name in names))
        and own == [name for name in names if name in own]
        and all(each.default is not None or name in names for name, each in plain.items())
        and all(plain[name].default is not None for name in optional if name in plain)
        and "positional_only" not in kinds
        and (not spread or "var_positional" in kinds)
    )
    if fits:
        return None
    shown = {"expected": _shown(function), "got": f"({', '.join(map(_parameter_text, parameters))})"}
    return Phrase("reason.wrong-parameters", {"function": function.__name__, **shown})


def _expected_parameters(function: Function) -> tuple[list[str], list[str], bool]:
    """The names, those with a default, and whether there is a starred one."""
    code = function.__code__
    names = list(code.co_varnames[: code.co_argcount])
    return names, names[len(names) - len(function.__defaults__ or ()) :], bool(code.co_flags & 0x04)


def _shown(function: Function) -> str:
    """The parameters as a starter shows them."""
    names, optional, spread = _expected_parameters(function)
    defaults = dict(zip(optional, function.__defaults__ or (), strict=True))
    texts = [f"{name}={defaults[name]!r}" if name in defaults else name for name in names]
    code = function.__code__
    return f"({', '.join(texts + (['*' + code.co_varnames[code.co_argcount + code.co_kwonlyargcount]] if spread else []))})"


def _parameter_text(parameter: Parameter) -> str:
    star = {"var_positional": "*", "var_keyword": "**"}.get(parameter.kind, "")
    return star + parameter.name + (f"={parameter.default}" if parameter.default is not None else "")


def _wrong_default(function: Function, parameters: Sequence[Parameter]) -> Phrase | None:
    """A default that is not the starter's: said only of a function that fails."""
    _, optional, _ = _expected_parameters(function)
    expected = dict(zip(optional, function.__defaults__ or (), strict=True))
    for each in parameters:
        if each.name in expected and each.default is not None:
            try:
                same = ast.literal_eval(each.default[:100]) == expected[each.name]
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                continue
            if not same:
                values = {"parameter": each.name, "expected": repr(expected[each.name]), "got": each.default}
                return Phrase("reason.wrong-default", {"function": function.__name__, **values})
    return None


# ---------------------------------------------------------------- small parts


def _has_dtype(value: Any, dtype: str) -> bool:
    if isinstance(value, list | tuple) and not isinstance(value, Seed):
        return any(_has_dtype(part, dtype) for part in value)
    return str(getattr(value, "dtype", "")) == dtype


def _has_loop(function: Function) -> bool:
    from reference.anatomy import source_of

    return re.search(r"(?m)^\s+(?:for|while)\b", source_of(function)) is not None
