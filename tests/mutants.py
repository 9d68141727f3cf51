"""Mutants of the reference, handed in as if they were submissions: small slips that nobody thought of.

Other than the catalog's mistakes they are made by rules, at every place where a rule applies: another
operator, the operands exchanged or one of them lost, another number, the other truth, an argument
exchanged, lost, or replaced by another variable, a call left out, another function of the same family,
another field, a bound of a slice lost, a statement left out. Checks of bad input are left alone: no
exercise asks for their words, and that bad input raises is among the catalog's mistakes.
"""

from __future__ import annotations

import ast
import copy
import functools
import signal
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import reference
from exercises.behaviour import Behaviour, parting, run
from exercises.catalog import Exercise, find, reference_functions
from exercises.diagnose import Diagnosis, Observation
from exercises.exam import Exam
from exercises.judge import Tolerance, tolerance_for
from exercises.probes import Probe
from reference.anatomy import source_of

HERE = Path(__file__).parent
EQUIVALENTS = HERE / "equivalent_mutants.toml"
SECONDS = 5.0  # a mutant that takes longer hangs

Functions = Mapping[str, Callable[..., Any]]

HEAD = """from __future__ import annotations
import functools, itertools, math
import numpy as np
from reference import *

"""


class Mutant(NamedTuple):
    """One slip: where, what, and the source of the function with it."""

    exercise: str
    function: str
    slip: str  # "total = np.sum(...) -> total = np.mean(...)"
    source: str

    @property
    def label(self) -> str:
        return f"{self.function}: {self.slip}"

    def handed_in(self) -> bytes:
        """The mutant as a learner's file."""
        sources = {name: _plain(each) for name, each in reference_functions(find(self.exercise)).items()}
        return (HEAD + "\n\n".join((sources | {self.function: self.source}).values())).encode()


# ---------------------------------------------------------------- making them

ARITHMETIC: Mapping[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)  # a - b is not b - a
COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
FAMILIES = (
    ("sum", "mean", "max", "min", "prod"),
    ("maximum", "minimum", "add"),
    ("sin", "cos"),
    ("zeros", "ones"),
    ("argmax", "argmin"),
    ("tril", "triu"),
    ("repeat", "tile"),
    ("any", "all"),
    ("logical_and", "logical_or", "logical_xor"),
    ("exp", "exp2", "expm1"),
    ("log", "log2", "log1p"),
    ("sqrt", "square"),
    ("matvec", "vecmat"),
    ("isneginf", "isposinf"),
    ("stack", "concatenate"),
    ("relu", "silu", "gelu"),
    ("layer_norm", "rms_norm"),
    ("softmax", "log_softmax"),
)
FIELDS = frozenset(
    field
    for thing in vars(reference).values()
    for field in getattr(thing, "_fields", ())
    if thing is not None
)


def mutants_of(exercise: Exercise) -> tuple[Mutant, ...]:
    """All mutants of an exercise's functions, in the order of their lines; no two alike."""
    return _mutants_of(exercise.id)


@functools.cache
def _mutants_of(exercise_id: str) -> tuple[Mutant, ...]:
    exercise = find(exercise_id)
    found: dict[tuple[str, str], Mutant] = {}
    for name, function in reference_functions(exercise).items():
        tree = ast.parse(_plain(function))
        original = ast.unparse(tree)
        for slip, source in _Slips(tree).all():
            if source != original:
                found.setdefault((name, source), Mutant(exercise.id, name, slip, source))
    return tuple(found.values())


def _plain(function: Callable[..., Any]) -> str:
    """The source without docstring and annotations."""
    tree = ast.parse(source_of(function))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.body = definition.body[1:] if ast.get_docstring(definition) else definition.body
    definition.returns = None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(_Bare().visit(tree))


class _Bare(ast.NodeTransformer):
    """Assignments without annotations."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)


class _Slips:
    """Every slip in one function: (what is said of it, the whole source with it)."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        definition = tree.body[0]
        assert isinstance(definition, ast.FunctionDef)
        self.definition = definition
        args = definition.args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        self.known = [arg.arg for arg in every if arg is not None]
        self.fields = sorted(
            {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & FIELDS
        )

    def all(self) -> Iterator[tuple[str, str]]:
        for i in range(len(self.definition.args.defaults)):
            yield from self.within(self.definition, self.definition.args, "defaults", i)
        yield from self.block(self.definition.body)

    def block(self, body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
        for i, statement in enumerate(list(body)):
            if isinstance(statement, ast.If) and _is_guard(statement):
                continue
            yield from self.left_out(body, i)
            yield from self.statement(statement)
            self.known += [name for name in _assigned(statement) if name not in self.known]

    def left_out(self, body: list[ast.stmt], i: int) -> Iterator[tuple[str, str]]:
        statement = body[i]
        if isinstance(statement, ast.Assign) and not set(_assigned(statement)) <= set(self.known):
            return  # without it there is no such name: no slip that runs
        if isinstance(statement, ast.Return | ast.FunctionDef):
            return
        body[i] = ast.Pass()
        yield f"{_head(statement)} -> left out", ast.unparse(self.tree)
        if isinstance(statement, ast.If):
            body[i : i + 1] = statement.body
            yield f"{_head(statement)} -> always", ast.unparse(self.tree)
            body[i : i + len(statement.body)] = [statement]
        body[i] = statement

    def statement(self, statement: ast.stmt) -> Iterator[tuple[str, str]]:
        if isinstance(statement, ast.For):  # its name is known inside
            self.known += [name for name in _assigned(statement) if name not in self.known]
        if isinstance(statement, ast.AugAssign):
            before = statement.op
            for other in ARITHMETIC.get(type(before), ()):
                statement.op = other()
                after = _head(statement), ast.unparse(self.tree)
                statement.op = before
                yield f"{_head(statement)} -> {after[0]}", after[1]
        for field, value in ast.iter_fields(statement):
            if field in ("body", "orelse") and isinstance(value, list):
                yield from self.block(value)
            elif isinstance(value, ast.expr) and field not in ("target",):
                yield from self.within(statement, statement, field, None)
            elif isinstance(value, list) and field != "targets":
                for i, each in enumerate(value):
                    if isinstance(each, ast.expr):
                        yield from self.within(statement, statement, field, i)

    def within(
        self, statement: ast.stmt, parent: ast.AST, field: str, index: int | None
    ) -> Iterator[tuple[str, str]]:
        """Every slip at this place and below it."""
        holder = getattr(parent, field)
        node = holder if index is None else holder[index]
        before = _head(statement)
        for other in self.instead_of(node):
            _put(parent, field, index, other)
            after, source = _head(statement), ast.unparse(self.tree)
            _put(parent, field, index, node)
            yield f"{before} -> {after}", source
        if _number(node) is not None or _is_about_precision(node):
            return
        for below, value in ast.iter_fields(node):
            if below in ("func",) and isinstance(value, ast.Name):
                continue
            if isinstance(value, ast.expr):
                yield from self.within(statement, node, below, None)
            elif isinstance(value, list):
                for i, each in enumerate(value):
                    if isinstance(each, ast.expr):
                        yield from self.within(statement, node, below, i)
                    elif isinstance(each, ast.keyword):
                        yield from self.within(statement, each, "value", None)
                    elif isinstance(each, ast.comprehension):
                        yield from self.within(statement, each, "iter", None)
                        for j in range(len(each.ifs)):
                            yield from self.within(statement, each, "ifs", j)

    def instead_of(self, node: ast.expr) -> Iterator[ast.expr]:
        """What could stand there by a slip."""
        number = _number(node)
        if number is not None:
            yield from _other_numbers(number)
            return
        match node:
            case ast.BinOp(left, op, right):
                for other in ARITHMETIC.get(type(op), ()):
                    yield ast.BinOp(left, other(), right)
                if isinstance(op, ORDERED):
                    yield ast.BinOp(right, op, left)
                yield left
                yield right
            case ast.UnaryOp(_, operand):
                yield operand
            case ast.Compare(left, [op], [right]):
                for other_op in COMPARISONS.get(type(op), ()):
                    yield ast.Compare(left, [other_op()], [right])
            case ast.BoolOp(op, values):
                yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
                yield from values
            case ast.IfExp(test, body, orelse):
                yield body
                yield orelse
                yield ast.IfExp(test, orelse, body)
            case ast.Constant(bool() as value):
                yield ast.Constant(not value)
            case ast.Constant(str() as text):
                yield ast.Constant(text + "?")
            case ast.Call():
                yield from _other_calls(node)
            case ast.Name(name):
                yield from (ast.Name(other, node.ctx) for other in self.known if other != name)
            case ast.Attribute(value, attr) if attr in FIELDS:
                yield from (ast.Attribute(value, other, node.ctx) for other in self.fields if other != attr)
            case ast.Subscript(value, index):
                yield value
                if isinstance(index, ast.Tuple):
                    yield from (ast.Subscript(value, each, node.ctx) for each in _exchanged(index))
            case ast.Slice(lower, upper, step):
                if lower is not None:
                    yield ast.Slice(None, upper, step)
                if upper is not None:
                    yield ast.Slice(lower, None, step)
                if step is not None:
                    yield ast.Slice(lower, upper, None)
            case ast.Tuple():
                yield from _exchanged(node)


def _other_numbers(number: float) -> Iterator[ast.expr]:
    if isinstance(number, int):
        others: Sequence[float] = sorted({number + 1, number - 1, -number} - {number}, key=abs)
    else:
        others = [2 * number, number / 2, -number] if number else [1.0]
    for other in others:
        yield ast.UnaryOp(ast.USub(), ast.Constant(-other)) if other < 0 else ast.Constant(other)


def _other_calls(call: ast.Call) -> Iterator[ast.expr]:
    def made(func: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]) -> ast.expr:
        return ast.Call(func, args, keywords)

    for i in range(len(call.keywords)):
        yield made(call.func, call.args, call.keywords[:i] + call.keywords[i + 1 :])
    for i in range(len(call.args) - 1):
        exchanged = [*call.args[:i], call.args[i + 1], call.args[i], *call.args[i + 2 :]]
        yield made(call.func, exchanged, call.keywords)
    if len(call.args) > 1:
        yield made(call.func, call.args[:-1], call.keywords)
    if call.args and not isinstance(call.args[0], ast.Starred):
        yield call.args[0]
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if isinstance(call.func, ast.Attribute) and not _is_module(call.func.value):
        yield call.func.value
    for family in FAMILIES:
        for other in family if name in family else ():
            if other != name:
                func = copy.copy(call.func)
                setattr(func, "attr" if isinstance(func, ast.Attribute) else "id", other)
                yield made(func, call.args, call.keywords)


def _exchanged(node: ast.Tuple) -> Iterator[ast.expr]:
    for i in range(len(node.elts) - 1):
        yield ast.Tuple([*node.elts[:i], node.elts[i + 1], node.elts[i], *node.elts[i + 2 :]], node.ctx)


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "math", "functools", "itertools")


def _is_about_precision(node: ast.expr) -> bool:
    """`x.dtype`, `np.result_type(q, k)`: which of the arrays is asked makes advice at most."""
    asked = node.func if isinstance(node, ast.Call) else node
    return isinstance(asked, ast.Attribute) and asked.attr in ("dtype", "result_type")


def _number(node: ast.expr) -> float | None:
    """The number that a literal says, with its sign."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return sign * node.value
    return None


def _put(parent: ast.AST, field: str, index: int | None, node: ast.expr) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _is_guard(statement: ast.If) -> bool:
    """A check of bad input."""
    return len(statement.body) == 1 and isinstance(statement.body[0], ast.Raise) and not statement.orelse


def _assigned(statement: ast.stmt) -> list[str]:
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _head(statement: ast.stmt) -> str:
    """A statement in one line; of a compound one, the line before its block."""
    return ast.unparse(statement).partition("\n")[0]


# ---------------------------------------------------------------- judging them


class Judge:
    """Compares functions with the reference as the grader does, in this process: for our own code only."""

    def __init__(self, exercise: Exercise, seed: int) -> None:
        self.exam = Exam(exercise, seed)
        self.exercise, self.view, self.functions = exercise, self.exam.view, self.exam.reference
        self.asked: list[tuple[str, Probe, Behaviour, Tolerance]] = [
            (name, probe, self.exam.behaviour(self.functions[name], probe), tolerance_for(probe.arguments))
            for name, probes in self.exam.probes.items()
            for probe in probes
        ]

    def rejects(self, submitted: Mutant | Functions) -> bool:
        """Does any probe show it? Whatever hangs is rejected, too."""
        try:
            with _Alarm(SECONDS):
                made = self.made(submitted) if isinstance(submitted, Mutant) else submitted
                return any(
                    parting(expected, run(made[name], probe, self.view), tolerance) is not None
                    for name, probe, expected, tolerance in self.asked
                )
        except _TooLongError:
            return True

    def names(self, submitted: Mutant | Functions) -> tuple[str, ...]:
        """The mistakes that it is told."""
        return Diagnosis(self.exam).names(self.observed(submitted))

    def could_be(self, submitted: Mutant | Functions, names: tuple[str, ...]) -> bool:
        """Do these mistakes explain it, perhaps among others that do, too?"""
        seen, diagnosis = self.observed(submitted), Diagnosis(self.exam)
        return diagnosis.names(seen) == names or frozenset(names) in diagnosis.explanations(seen, len(names))

    def observed(self, submitted: Mutant | Functions) -> dict[str, list[Observation]]:
        """What diagnosis sees of it."""
        made = self.made(submitted) if isinstance(submitted, Mutant) else submitted
        seen: dict[str, list[Observation]] = {}
        for name, probe, expected, tolerance in self.asked:
            got = run(made[name], probe, self.view)
            parts = parting(expected, got, tolerance) is not None
            seen.setdefault(name, []).append(Observation(probe, tolerance, expected, got, parts))
        return seen

    def made(self, mutant: Mutant) -> dict[str, Callable[..., Any]]:
        """The functions of the exercise, one of them mutated; they call one another's new versions."""
        names: dict[str, Any] = {}
        for name, thing in vars(reference).items():
            if not name.startswith("_"):
                names[name] = getattr(thing, "__wrapped__", thing)
        for function in self.functions.values():
            names |= function.__globals__
        for name, function in self.functions.items():
            source = mutant.source if name == mutant.function else _plain(function)
            exec(compile(source, f"<{name}>", "exec", dont_inherit=True), names)
        return {name: names[name] for name in self.functions}


class _TooLongError(BaseException):
    """A mutant hangs."""


class _Alarm:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        def stop(signum: int, frame: FrameType | None) -> None:
            raise _TooLongError

        self.before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *error: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


# ---------------------------------------------------------------- those that are no slips


def equivalents() -> dict[str, dict[str, str]]:
    """Of each exercise, the mutants that are correct work, each with the reason."""
    found: dict[str, dict[str, str]] = {}
    for group in tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8")).get("group", []):
        for label in group["mutants"]:
            found.setdefault(group["exercise"], {})[label] = group["because"]
    return found
