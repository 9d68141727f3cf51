"""What can come of an attempt, and how an answer from its process is read.

Every byte of an answer may be the learner's: whatever is not exactly in its form is an error here, and all
text in it stays untrusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from exercises import wire
from exercises.line import Ended

__all__ = ["Error", "Limits", "Outcome", "Parameter", "how", "outcome_of", "signature_of"]

MEMORY_SHARE = 0.8  # a process killed with that much of its ceiling in use ran out of memory


class Limits(NamedTuple):
    """What one attempt may use."""

    seconds: float = 10.0  # wall-clock, for one call, or for all calls of one batch
    load_seconds: float = 10.0  # wall-clock, for the import
    memory_mb: int = 1024
    output_bytes: int = 64_000
    file_mb: int = 64
    processes: int = 32  # with its threads


class Error(NamedTuple):
    """An exception, at the last line of the learner's that it passed."""

    type: str
    message: str
    line: int | None
    source: str
    shapes: dict[str, str]  # in that frame: of arrays "(2, 3) float64", without any the plain numbers


class Outcome(NamedTuple):
    """What came of one request. All text in it is untrusted."""

    status: str  # returned, raised, timeout, crashed, forged, or refused (it returned what may not travel)
    value: Any = None
    changed: tuple[str, ...] = ()  # arguments that were changed in place
    drawn: tuple[str, ...] = ()  # generators from which something was drawn
    error: Error | None = None
    output: str = ""  # printed since the last outcome; within a batch, perhaps by a later call of it
    seconds: float = 0.0
    detail: str = ""  # of a crash: the signal, "memory" or "exited 0"; of forged and refused: what and why
    locals: Mapping[str, Any] = {}  # of a traced call: the plain values in its frame when it ended


class Parameter(NamedTuple):
    """One parameter of a function as `inspect.signature` reads it."""

    name: str
    kind: str  # "positional_or_keyword", "var_keyword" ...
    default: str | None  # its repr


def how(ended: Ended | None, memory_mb: int) -> str:
    """How a process ended, in a word or two."""
    if ended is None:
        return "lost"
    if ended.signal == "SIGKILL" and ended.memory_kb > MEMORY_SHARE * memory_mb * 1024:
        return "memory"
    return ended.signal or f"exited {ended.code}"


def outcome_of(answer: Any, identity: int) -> Outcome:
    """An answer to the request of this number. Raises WireError if it is none."""
    status = _field(answer, "status", str)
    if status == "forged":
        return Outcome("forged", detail=_field(answer, "detail", str))
    if _field(answer, "id", int) != identity or status not in ("returned", "raised", "crashed"):
        raise wire.WireError("an answer that nobody asked for")
    value = _value(_field(answer, "value", bytes))
    error = _error(answer.get("error")) if status == "raised" else None
    changed, drawn = (_strings(_field(answer, name, list)) for name in ("changed", "drawn"))
    locals_ = {name: _value(data) for name, data in _field(answer, "locals", dict).items()}
    detail = _field(answer, "detail", str)
    outcome = Outcome(status, value, changed, drawn, error, detail=detail, locals=locals_)
    refusal = _opaque_in(value)
    return outcome if refusal is None else outcome._replace(status="refused", detail=refusal)


def signature_of(value: Any) -> tuple[Parameter, ...] | None:
    """The parameters in the answer to a question for a signature; None where there is no function."""
    if type(value) is not list:
        return None
    forms = ([str, str, str], [str, str, type(None)])
    exact = all(type(each) is list and list(map(type, each)) in forms for each in value)
    return tuple(Parameter(*each) for each in value) if exact else None


def _field(answer: Any, name: str, kind: type) -> Any:
    if type(answer) is not dict or type(answer.get(name)) is not kind:
        raise wire.WireError(f"an answer has a {kind.__name__} called {name}")
    return answer[name]


def _value(data: Any) -> Any:
    if type(data) is not bytes:
        raise wire.WireError("a value comes as bytes")
    return wire.decode(data, _only_named)


def _only_named(thing: Any) -> wire.Named:
    if type(thing) is not wire.Named:
        raise wire.WireError("only the grader sends generators and functions")
    return thing


def _error(fields: Any) -> Error:
    line = fields.get("line") if type(fields) is dict else None
    if line is not None and type(line) is not int:
        raise wire.WireError("a line number is an integer")
    shapes = _field(fields, "shapes", dict)
    shapes = dict(zip(shapes, _strings(list(shapes.values())), strict=True))
    kind, message, source = (_field(fields, name, str) for name in ("type", "message", "source"))
    return Error(kind, message, line, source, shapes)


def _strings(values: list[Any]) -> tuple[str, ...]:
    if not all(type(each) is str for each in values):
        raise wire.WireError("here only strings were due")
    return tuple(values)


def _opaque_in(value: Any) -> str | None:
    """Why a value is refused: the first thing in it that may not travel."""
    if type(value) is wire.Opaque:
        return f"{value.type_name}: {value.reason}"
    parts: Any = ()
    if type(value) in (list, tuple):
        parts = value
    elif type(value) in (dict, wire.Named):
        parts = (value if type(value) is dict else value.fields).values()
    return next((why for part in parts if (why := _opaque_in(part)) is not None), None)
