"""Runs untrusted files: one warmed worker, a process of its own for each attempt, every byte from it doubted.

>>> with Sandbox() as sandbox, sandbox.attempt(b"def twice(x): return 2 * x", "twice.py") as attempt:
...     outcome = attempt.call("twice", {"x": 21})
>>> outcome.status, outcome.value
('returned', 42)

Expected values never enter the attempt's process. Starting a sandbox and an attempt does not wait: the worker
imports NumPy while the grader does.
"""

from __future__ import annotations

import itertools
import marshal
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exercises import wire
from exercises.launch import available
from exercises.line import STARTUP_SECONDS, Line, Worker, WorkerLostError
from exercises.outcome import Error, Limits, Outcome, Parameter, how, outcome_of, signature_of

if TYPE_CHECKING:
    from exercises.pipes import PipeLine, PipeWorker

__all__ = [
    "Attempt", "Error", "Limits", "NoAttemptsError", "Outcome", "Parameter", "Sandbox", "encoded",
]  # fmt: skip

LARGEST_FILE = 32 << 20
TRIES = 8
STANDARD = Limits()


class NoAttemptsError(RuntimeError):
    """No process for attempts can be started on this system, or none stays alive."""


class Sandbox:
    """A worker for any number of attempts, one after another."""

    def __init__(
        self,
        limits: Limits = STANDARD,
        protected: Sequence[str] = (),
        strength: str | None = None,
        fork: bool = hasattr(os, "fork"),
    ) -> None:
        """`protected` are more paths that attempts must not reach; `strength` and `fork` are for tests."""
        self.limits = limits
        self._protected = tuple(protected)
        self._fork = fork
        self._strengths = [strength] if strength else available()
        self.apart_from: int | None = None  # the processor that attempts are to leave to their grader
        self._current: Attempt | None = None
        self._worker: Worker | PipeWorker | None = None
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

    def hang_up(self) -> None:
        """No attempt will come any more: the worker may end while other things are done, before `close`."""
        if self._current is not None:
            self._current.close()
        if self._worker is not None:
            self._worker.hang_up()

    def close(self) -> None:
        self.hang_up()
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _start(self) -> None:
        start = Worker if self._fork else _pipe_worker()
        try:
            self._worker = start(self._strengths[0], self.limits._asdict(), self._protected)
        except OSError:  # the program that protects cannot be run
            self._weaken()
            self._start()

    def _ready_worker(self) -> Worker | PipeWorker:
        """The worker, a new one if the last was lost."""
        if self._worker is None:
            self._start()
        assert self._worker is not None
        return self._worker

    def _weaken(self) -> None:
        """This protection does not work on this system: try the next."""
        self._lose()
        if len(self._strengths) == 1:
            raise NoAttemptsError(f"no process for attempts can be started ({self._strengths[0]})")
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
            "apart_from": sandbox.apart_from,
        }
        self._last = 0
        self._over: Outcome | None = None  # how it ended, if it did
        self._loaded: Outcome | None = None
        self._line: Line | PipeLine | None = None
        if len(source) > LARGEST_FILE:
            self._loaded = self._over = Outcome("refused", detail=f"a file of {len(source)} bytes")
        else:
            self._open()

    @property
    def loaded(self) -> Outcome:
        """What came of importing the file; its value is a list of the callables in it."""
        if self._loaded is None:
            self._loaded = self._over or self._load()
        return self._loaded

    def signature(self, name: str) -> tuple[Parameter, ...] | None:
        """The parameters of a function of the file; None where there is no such function."""
        outcome = next(self._ask({"do": "signature", "name": name}, 1, self._limits.seconds))
        return signature_of(outcome.value)

    def call(self, function: str, args: Mapping[str, Any]) -> Outcome:
        """Call a function of the file with these keyword arguments; a name with a star is spread."""
        return self.calls(function, [args])[0]

    def calls(self, function: str, list_of_args: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """Several calls in one go, each judged alone; after a hang or a crash the rest says so too."""
        return list(self.answers(function, [encoded(args) for args in list_of_args]))

    def answers(
        self, function: str, list_of_args: Sequence[Mapping[str, bytes]], trace: bool = False
    ) -> Iterator[Outcome]:
        """As `calls` with encoded arguments, each as soon as it is there: meanwhile the attempt works on.

        With `trace` there are the locals of the function's own frame, too, as they are when it ends.
        """
        request = {"do": "call", "function": function, "arguments": list(list_of_args), "trace": trace}
        return self._ask(request, len(list_of_args), self._limits.seconds)

    def close(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            self._over = self._over or Outcome("crashed", detail="closed")
            if line.close() is None:
                self._sandbox._lose()

    def let_go(self) -> None:
        """As `close`, but does not wait until it is dead: the next attempt does."""
        if self._line is not None:
            self._line.let_go()
            self._line = None
            self._over = self._over or Outcome("crashed", detail="closed")

    def __enter__(self) -> Attempt:
        return self

    def __exit__(self, *error: object) -> None:
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
        for _ in range(TRIES):
            line = self._line
            assert line is not None
            if line.receive(time.monotonic() + STARTUP_SECONDS) is not None:  # it has started
                return next(self._collect(0, 1, self._limits.load_seconds))
            if line.worker.ready and not line.worker.lost:
                raise NoAttemptsError(f"an attempt's process could not be set up: {line.output()}")
            if line.worker.ready:
                self._sandbox._lose()
            else:
                self._sandbox._weaken()
            self._open()
        raise NoAttemptsError("the processes for attempts are killed again and again")

    def _ask(self, request: dict[str, Any], n_answers: int, seconds: float) -> Iterator[Outcome]:
        if self.loaded.status in ("timeout", "crashed", "forged") and self._over is None:
            self._over = self.loaded
        if self._over is not None or self._line is None:
            over = self._over or Outcome("crashed", detail="closed")
            return itertools.repeat(over._replace(output="", seconds=0.0), n_answers)
        self._last += 1
        self._line.send(request | {"id": self._last})
        return self._collect(self._last, n_answers, seconds)

    def _collect(self, identity: int, n_answers: int, seconds: float) -> Iterator[Outcome]:
        deadline = time.monotonic() + seconds
        for n in range(n_answers):
            assert self._line is not None
            begun = time.monotonic()
            frame = self._line.receive(deadline)
            took = time.monotonic() - begun
            outcome = self._end(took) if frame is None else self._judge(frame, identity, took)
            yield outcome
            if self._over is not None:
                rest = outcome._replace(output="", seconds=0.0)
                yield from itertools.repeat(rest, n_answers - n - 1)
                return

    def _judge(self, frame: bytes, identity: int, seconds: float) -> Outcome:
        """One answer, if it is one: anything else on this line is forged."""
        assert self._line is not None
        try:
            outcome = outcome_of(wire.decode(frame), identity)
        except wire.WireError as problem:
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
            hung_up = left_alive and ended is not None
            detail = "hung up" if hung_up else how(ended, self._limits.memory_mb)
            outcome = Outcome("crashed", detail=detail)
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


def encoded(args: Mapping[str, Any]) -> dict[str, bytes]:
    """Arguments as they travel."""
    return {name: wire.encode(value, strict=True) for name, value in args.items()}


def _pipe_worker() -> type[PipeWorker]:
    from exercises.pipes import PipeWorker

    return PipeWorker


@lru_cache(maxsize=256)
def _compiled(name: str, source: str) -> bytes:
    return marshal.dumps(compile(source, f"<{name}>", "exec", dont_inherit=True))
