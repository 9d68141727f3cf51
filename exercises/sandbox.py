"""Runs untrusted files: one warmed worker, a process of its own for each attempt, every byte from it doubted.

>>> with Sandbox() as sandbox, sandbox.attempt(b"def twice(x): return 2 * x", "twice.py") as attempt:
...     outcome = attempt.call("twice", {"x": 21})
>>> outcome.status, outcome.value
('returned', 42)

Expected values never enter the attempt's process. Starting a sandbox and an attempt does not wait: the worker
imports NumPy while the grader does.
"""

from __future__ import annotations

import marshal
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple

from exercises import wire
from exercises.launch import available
from exercises.line import STARTUP_SECONDS, Ended, Line, Worker, WorkerLostError

__all__ = ["Attempt", "Error", "Limits", "Outcome", "Parameter", "Sandbox"]

LARGEST_FILE = 32 << 20
MEMORY_SHARE = 0.8  # a process killed with that much of its ceiling in use ran out of memory


class Limits(NamedTuple):
    """What one attempt may use."""

    seconds: float = 10.0  # wall-clock, for one call, or for all calls of one batch
    load_seconds: float = 10.0  # wall-clock, for the import
    memory_mb: int = 1024
    output_bytes: int = 64_000
    file_mb: int = 64
    processes: int = 32  # with its threads


STANDARD = Limits()


class Error(NamedTuple):
    """An exception, at the last line of the learner's that it passed."""

    type: str
    message: str
    line: int | None
    source: str
    shapes: dict[str, str]  # of the arrays in that frame, "(2, 3) float64"


class Outcome(NamedTuple):
    """What came of one request. All text in it is untrusted."""

    status: str  # returned, raised, timeout, crashed, forged, or refused (it returned what may not travel)
    value: Any = None
    changed: tuple[str, ...] = ()  # arguments that were changed in place
    error: Error | None = None
    output: str = ""
    seconds: float = 0.0
    detail: str = ""  # of a crash: the signal, "memory" or "exited 0"; of forged and refused: what and why
    locals: Mapping[str, Any] = {}  # of a traced call: the plain values in its frame when it ended


class Parameter(NamedTuple):
    """One parameter of a function as `inspect.signature` reads it."""

    name: str
    kind: str  # "positional_or_keyword", "var_keyword" ...
    default: str | None  # its repr


class Sandbox:
    """A worker for any number of attempts, one after another."""

    def __init__(
        self, limits: Limits = STANDARD, protected: Sequence[str] = (), strength: str | None = None
    ) -> None:
        self.limits = limits
        self._protected = tuple(protected)
        self._strengths = [strength] if strength else available()
        self._current: Attempt | None = None
        self._worker: Worker | None = None
        self._start()

    @property
    def strength(self) -> str:
        """What protects: "bubblewrap", "namespaces" or "portable". Waits for the worker, to be sure."""
        while not self._ready_worker().wait_ready(time.monotonic() + STARTUP_SECONDS):
            self._weaken()
        return self._strengths[0]

    def attempt(
        self,
        source: bytes,
        filename: str,
        modules: Mapping[str, str] | None = None,
        withheld: Sequence[str] | None = None,
    ) -> Attempt:
        """A process that loads this file. Does not wait for it.

        `modules` are all that it can import besides what is installed, by name and source. Asking them for a
        name that is not there is forged; with `withheld`, only for a name of those.
        """
        if self._current is not None:
            self._current.close()
        self._current = Attempt(self, source, filename, modules or {}, withheld)
        return self._current

    def close(self) -> None:
        if self._current is not None:
            self._current.close()
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        self._worker = Worker(self._strengths[0], self.limits._asdict(), self._protected)

    def _ready_worker(self) -> Worker:
        """The worker, a new one if the last was lost."""
        if self._worker is None:
            self._start()
        assert self._worker is not None
        return self._worker

    def _weaken(self) -> None:
        """This protection does not work on this system: try the next."""
        self._lose()
        if len(self._strengths) == 1:
            raise RuntimeError(f"no process for attempts can be started ({self._strengths[0]})")
        del self._strengths[0]

    def _lose(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


class Attempt:
    """One learner's file in one process. Close it, or use it in a `with`: then nothing of it is left."""

    def __init__(
        self,
        sandbox: Sandbox,
        source: bytes,
        filename: str,
        modules: Mapping[str, str],
        withheld: Sequence[str] | None,
    ) -> None:
        self._sandbox, self._limits = sandbox, sandbox.limits
        self._request: dict[str, Any] = {
            "do": "load",
            "source": source,
            "filename": filename,
            "modules": {name: _compiled(name, text) for name, text in modules.items()},
            "withheld": None if withheld is None else list(withheld),
        }
        self._last = 0
        self._over: Outcome | None = None  # how it ended, if it did
        self._loaded: Outcome | None = None
        self._line: Line | None = None
        if len(source) > LARGEST_FILE:
            self._loaded = self._over = Outcome("refused", detail=f"a file of {len(source)} bytes")
        else:
            self._open()

    @property
    def loaded(self) -> Outcome:
        """What came of importing the file; its value is a list of the callables in it."""
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def signature(self, name: str) -> tuple[Parameter, ...] | None:
        """The parameters of a function of the file; None where there is no such function."""
        outcome = self._ask({"do": "signature", "name": name}, 1, self._limits.seconds)[0]
        try:
            fields = [[_optional_text(field) for field in each] for each in outcome.value]
            return tuple(Parameter(*each) for each in fields)  # type: ignore[arg-type]
        except (TypeError, wire.WireError):
            return None

    def call(self, function: str, args: Mapping[str, Any]) -> Outcome:
        """Call a function of the file with these keyword arguments; one whose name begins with a star is spread."""
        return self.calls(function, [args])[0]

    def calls(self, function: str, list_of_args: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """Several calls in one go, each judged alone; after a hang or a crash the rest says so too."""
        return self._calls(function, list_of_args, False)

    def trace(self, function: str, args: Mapping[str, Any]) -> Outcome:
        """As `call`, with the locals of the function's own frame as they are when it ends."""
        return self._calls(function, [args], True)[0]

    def close(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            self._over = self._over or Outcome("crashed", detail="closed")
            if line.close() is None:
                self._sandbox._lose()

    def __enter__(self) -> Attempt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ asking

    def _open(self) -> None:
        worker = self._sandbox._ready_worker()
        try:
            self._line = worker.open(self._limits.output_bytes)
        except WorkerLostError:
            if worker.ready:  # something killed it between two attempts
                self._sandbox._lose()
            else:
                self._sandbox._weaken()
            self._open()
            return
        self._line.send(self._request | {"id": 0})

    def _load(self) -> Outcome:
        while True:
            assert self._line is not None
            started = self._line.receive(time.monotonic() + STARTUP_SECONDS)
            if started is not None:
                break
            if self._line.worker.ready:
                raise RuntimeError(f"an attempt's process could not be set up: {self._line.output()}")
            self._sandbox._weaken()
            self._open()
        return self._collect(0, 1, self._limits.load_seconds)[0]

    def _calls(self, function: str, list_of_args: Sequence[Mapping[str, Any]], trace: bool) -> list[Outcome]:
        arguments = [
            {name: wire.encode(value, strict=True) for name, value in args.items()} for args in list_of_args
        ]
        request = {"do": "call", "function": function, "arguments": arguments, "trace": trace}
        return self._ask(request, len(arguments), self._limits.seconds)

    def _ask(self, request: dict[str, Any], n_answers: int, seconds: float) -> list[Outcome]:
        if self.loaded.status in ("timeout", "crashed", "forged") and self._over is None:
            self._over = self.loaded
        if self._over is not None or self._line is None:
            over = self._over or Outcome("crashed", detail="closed")
            return [over._replace(output="", seconds=0.0)] * n_answers
        self._last += 1
        self._line.send(request | {"id": self._last})
        return self._collect(self._last, n_answers, seconds)

    def _collect(self, identity: int, n_answers: int, seconds: float) -> list[Outcome]:
        assert self._line is not None
        deadline = time.monotonic() + seconds
        outcomes: list[Outcome] = []
        while len(outcomes) < n_answers:
            begun = time.monotonic()
            frame = self._line.receive(deadline)
            took = time.monotonic() - begun
            outcome = self._end(took) if frame is None else self._judge(frame, identity, took)
            outcomes.append(outcome)
            if self._over is not None:
                rest = outcome._replace(output="", seconds=0.0)
                outcomes += [rest] * (n_answers - len(outcomes))
        return outcomes

    def _judge(self, frame: bytes, identity: int, seconds: float) -> Outcome:
        """One answer, if it is one: anything else on this line is forged."""
        assert self._line is not None
        try:
            outcome = _outcome(wire.decode(frame), identity)
        except (wire.WireError, TypeError, ValueError, KeyError) as problem:
            outcome = Outcome("forged", detail=f"writes on the grader's line: {problem}"[:200])
        outcome = outcome._replace(output=self._line.output(), seconds=seconds)
        if outcome.status == "forged":
            self._finish(outcome)
        return outcome

    def _end(self, seconds: float | None) -> Outcome:
        """The line is dead or the time is up: why?"""
        assert self._line is not None
        hung, left_alive = not self._line.ended, self._line.worker.ended is None
        line, text = self._line, self._line.output()
        ended = line.close()
        text += line.output()
        self._line = None
        if ended is None:
            self._sandbox._lose()
        outcome = Outcome("timeout")
        if not hung:
            how = "hung up" if left_alive and ended is not None else _how(ended, self._limits.memory_mb)
            outcome = Outcome("crashed", detail=how)
        if line.broken:
            outcome = Outcome("forged", detail="writes on the grader's line")
        self._over = outcome._replace(output=text, seconds=seconds or 0.0)
        return self._over

    def _finish(self, outcome: Outcome) -> None:
        self._over = outcome
        line, self._line = self._line, None
        if line is not None and line.close() is None:
            self._sandbox._lose()


# ---------------------------------------------------------------- small parts


@lru_cache(maxsize=256)
def _compiled(name: str, source: str) -> bytes:
    return marshal.dumps(compile(source, f"<{name}>", "exec", dont_inherit=True))


def _how(ended: Ended | None, memory_mb: int) -> str:
    """How a process ended, in a word or two."""
    if ended is None:
        return "lost"
    if ended.signal == "SIGKILL" and ended.memory_kb > MEMORY_SHARE * memory_mb * 1024:
        return "memory"
    return ended.signal or f"exited {ended.code}"


def _outcome(answer: Any, identity: int) -> Outcome:
    """An answer in its proper form; raises one of several errors if anything is amiss."""
    status = answer["status"]
    if status == "forged":
        return Outcome("forged", detail=_text(answer["detail"]))
    if answer["id"] != identity or status not in ("returned", "raised", "crashed"):
        raise wire.WireError("an answer that nobody asked for")
    value = None if answer["value"] is None else wire.decode(answer["value"])
    locals_ = {_text(name): wire.decode(data) for name, data in answer.get("locals", {}).items()}
    changed = tuple(_text(name) for name in answer.get("changed", []))
    error = None if answer["error"] is None else _error(answer["error"])
    outcome = Outcome(status, value, changed, error, detail=_text(answer["detail"]), locals=locals_)
    refusal = _opaque_in(value)
    return outcome if refusal is None else outcome._replace(status="refused", detail=refusal)


def _error(fields: dict[str, Any]) -> Error:
    line = fields["line"]
    if line is not None and type(line) is not int:
        raise wire.WireError("a line number is an integer")
    shapes = {_text(name): _text(shape) for name, shape in fields["shapes"].items()}
    return Error(_text(fields["type"]), _text(fields["message"]), line, _text(fields["source"]), shapes)


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


def _text(value: Any) -> str:
    if type(value) is not str:
        raise wire.WireError("here a string was due")
    return value


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)
