"""Graders on this machine: processes that stay warm, one file at a time each.

A grader that dies has one file to blame: that file is tried once more, and is `crashed` if it does it again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from multiprocessing.connection import Connection, wait
from typing import Any

from exercises.classroom.jobs import Job, Result
from exercises.errors import UseError

__all__ = ["Pool", "cores"]

TRIES = 2
READY = "ready"
PATIENCE = 300.0  # seconds for one file; the sandbox's own limits are far below


def cores() -> int:
    """How many processors are ours."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Grader:
    """One process and what it is busy with."""

    def __init__(self, work: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0
        self.ready = False

    def give(self, job: Job) -> None:
        self.job, self.since = job, time.monotonic()
        with contextlib.suppress(OSError):  # if it is dead, its end of the line says so
            self.connection.send(job)

    def take(self) -> Result | str | None:
        """READY once, then results; None if it is gone. Raises UseError if it never came to life."""
        try:
            said: Result | str = self.connection.recv()
        except (EOFError, OSError):
            if not self.ready:
                raise UseError("class.no_graders") from None
            return None
        if said == READY:
            self.ready, self.since = True, time.monotonic()
        return said

    def stop(self) -> None:
        self.connection.close()
        self.process.join(0.5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Pool:
    """A number of graders; use it in a `with`."""

    def __init__(self, size: int, work: Any = None) -> None:
        """`work` grades one job in a grader's process (for tests)."""
        self._work = work
        self._idle = [_Grader(work) for _ in range(size)]
        self._busy: dict[Any, _Grader] = {}

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result | None]]:
        """Each job with its result as soon as it is there; None for a job that kills its grader each time."""
        waiting, again = iter(jobs), list[Job]()
        tries: dict[str, int] = {}
        while True:
            while self._idle:
                job = again.pop() if again else next(waiting, None)
                if job is None:
                    break
                grader = self._idle.pop()
                grader.give(job)
                self._busy[grader.connection] = grader
            if not self._busy:
                return
            for grader in self._finished():
                job, result = grader.job, grader.take()
                assert job is not None
                if result == READY:
                    self._busy[grader.connection] = grader
                    continue
                if isinstance(result, Mapping):
                    self._idle.append(grader)
                    yield job, result
                    continue
                grader.process.kill()
                grader.stop()
                self._idle.append(_Grader(self._work))
                tries[job.key] = tries.get(job.key, 1) + 1
                if tries[job.key] > TRIES:
                    yield job, None
                else:
                    again.append(job)

    def _finished(self) -> list[_Grader]:
        """Wait for graders that have answered or died; one that is silent for too long is killed."""
        ready = wait(list(self._busy), timeout=5.0)
        for grader in self._busy.values():
            if time.monotonic() - grader.since > PATIENCE:
                grader.process.kill()
        return [self._busy.pop(connection) for connection in ready]

    def close(self) -> None:
        for grader in [*self._idle, *self._busy.values()]:
            grader.stop()
        self._idle, self._busy = [], {}

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _serve(connection: Connection, work: Any) -> None:
    """The life of a grader: until there is nobody at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that waits for us
    from exercises.classroom.grading import grade_here, warm_up

    chosen = work or grade_here
    with contextlib.suppress(EOFError, OSError):
        if work is None and not warm_up():
            return
        connection.send(READY)
        while True:
            connection.send(chosen(connection.recv()))
