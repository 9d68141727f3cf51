"""Graders on other machines: the same jobs through a Dask scheduler.

To retry what a lost worker had is Dask's work. A job whose workers die again and again is given up by Dask,
and so may be the one that waited beside it. Both are asked once more at the end, alone: who kills a worker
then is to blame, the other gets its result.

What is sent are plain values and functions without a module, so that a scheduler needs no By Heart and a
worker that has none can say so.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from exercises.classroom.jobs import Job, Result, version
from exercises.errors import UseError

__all__ = ["Cluster"]

AHEAD = 4  # jobs a worker's thread that are under way: none has to wait, and memory stays flat
PATIENCE = 20.0  # seconds for the scheduler to answer
FOR_WORKERS = 60.0  # seconds without a single worker
LOOK = 2.0  # seconds of silence after which we see whether anybody is there


class Cluster:
    """The workers of a scheduler; use it in a `with`. Raises UseError where there is none."""

    def __init__(self, address: str, work: Callable[[Job], Result] | None = None) -> None:
        """`work` grades one job on a worker (for tests)."""
        try:
            import distributed
        except ImportError:
            raise UseError("class.no_distributed") from None
        self._distributed: Any = distributed
        self._address, self._task = address, _task(work)
        for name in ("distributed", "distributed.client", "asyncio"):  # what went wrong, we say ourselves
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            asyncio.run(asyncio.wait_for(self._greeted(), PATIENCE))
            self._client: Any = self._distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise UseError("class.no_scheduler", address=address, why=why[:200]) from None
        try:
            self._client.wait_for_workers(1, timeout=FOR_WORKERS)
            self._seen = time.monotonic()
            self._inspect()
        except TimeoutError:
            self.close()
            raise UseError("class.no_workers", address=address) from None
        except UseError:
            self.close()
            raise

    async def _greeted(self) -> None:
        """Whether a scheduler is there at all: a client that has found none cannot be got rid of quickly."""
        comm = await self._distributed.comm.connect(self._address, timeout=PATIENCE)
        await comm.close()

    def _inspect(self) -> None:
        """See that all workers are fit to grade. One that has no By Heart would end when it gets a job."""

        def fitness() -> str:
            try:
                from exercises.classroom.grading import is_fit
                from exercises.classroom.jobs import version
            except ImportError:
                return "missing"
            return version() if is_fit() else "unfit"

        for there in self._client.run(fitness).values():
            if there == "missing":
                raise UseError("class.not_on_workers", address=self._address)
            if there == "unfit":
                raise UseError("class.no_graders")
            if there != version():
                raise _other(there)

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result | None]]:
        """Each job with its result as soon as it is there; None for a job that kills its worker each time."""
        waiting = iter(jobs)
        suspects: list[Job] = []
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        asked: dict[Any, tuple[Job, Any]] = {}

        def ask(n: int) -> None:
            for job in itertools.islice(waiting, n):
                future = self._submit(job, done)
                asked[future.key] = job, future

        ask(AHEAD * self._threads())
        while asked:
            future = self._next(done)
            job, _ = asked.pop(future.key)
            result = self._result(future)
            if result is None:
                suspects.append(job)
            else:
                yield job, result
            ask(max(1, AHEAD * self._threads() - len(asked)))
        for job in suspects:
            future = self._submit(job, done)
            self._next(done)
            yield job, self._result(future)

    def _submit(self, job: Job, done: queue.SimpleQueue[Any]) -> Any:
        future = self._client.submit(self._task, tuple(job), pure=False)
        future.add_done_callback(done.put)
        return future

    def _next(self, done: queue.SimpleQueue[Any]) -> Any:
        """The next future that is done."""
        while True:
            try:
                return done.get(timeout=LOOK)
            except queue.Empty:
                self._expect_somebody()

    def _expect_somebody(self) -> None:
        """Raises UseError where nobody has been there for a while who could bring a result."""
        if self._workers():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > FOR_WORKERS:
            raise UseError("class.no_workers", address=self._address)

    def _threads(self) -> int:
        """How many jobs can be graded at the same time, now."""
        return max(1, sum(int(worker["nthreads"]) for worker in self._workers()))

    def _workers(self) -> list[Any]:
        try:
            return list(self._client.scheduler_info(n_workers=-1)["workers"].values())
        except OSError as error:
            raise UseError("class.lost_scheduler", address=self._address) from error

    def _result(self, future: Any) -> Result | None:
        """What came of it; None where the workers died of it, or the grader did."""
        while True:
            try:
                result: Result = future.result(timeout=LOOK)
                break
            except ImportError:
                raise UseError("class.not_on_workers", address=self._address) from None
            except Exception as error:
                if future.status == "error":
                    return None
                if not isinstance(error, TimeoutError):  # it will never be answered
                    raise UseError("class.lost_scheduler", address=self._address) from error
            self._expect_somebody()  # the result was lost with its worker, and is worked out again
        if "other_version" in result:
            raise _other(result["other_version"])
        self._seen = time.monotonic()
        return result

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _other(there: str) -> UseError:
    return UseError("class.other_version", here=version(), there=there)


def _task(work: Callable[[Job], Result] | None) -> Callable[[tuple[Any, ...]], Result]:
    """The function that grades a job on a worker. One in another is sent as its code, not by its module."""

    def graded(job: tuple[Any, ...]) -> Result:
        from exercises.classroom.grading import grade_here
        from exercises.classroom.jobs import Job

        return (work or grade_here)(Job(*job))

    return graded
