"""Graders on other machines: the same jobs through a Dask scheduler.

To retry what a lost worker had is Dask's work. A job whose workers die again and again is given up by Dask,
and so may be the one that waited beside it. Both are asked once more at the end, alone: who kills a worker
then is to blame, the other gets its result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from exercises.classroom.grading import grade_here
from exercises.classroom.jobs import Job, Result, version
from exercises.errors import UseError

__all__ = ["Cluster"]

AHEAD = 4  # jobs a worker's thread that are under way: none has to wait, and memory stays flat
PATIENCE = "20s"  # for the scheduler to answer
FOR_WORKERS = "60s"  # for the first worker to come


class Cluster:
    """The workers of a scheduler; use it in a `with`. Raises UseError where there is none."""

    def __init__(self, address: str, work: Callable[[Job], Result] = grade_here) -> None:
        """`work` grades one job on a worker (for tests)."""
        try:
            import distributed
        except ImportError:
            raise UseError("class.no_distributed") from None
        self._distributed: Any = distributed
        self._address, self._work = address, work
        try:
            self._client: Any = self._distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise UseError("class.no_scheduler", address=address, why=why[:200]) from None
        try:
            self._client.wait_for_workers(1, timeout=FOR_WORKERS)
        except TimeoutError:
            self.close()
            raise UseError("class.no_workers", address=address) from None

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result | None]]:
        """Each job with its result as soon as it is there; None for a job that kills its worker each time."""
        waiting = iter(jobs)
        suspects: list[Job] = []
        under_way = self._distributed.as_completed(loop=self._client.loop)
        asked: dict[Any, Job] = {}

        def ask(n: int) -> None:
            for _, job in zip(range(n), waiting, strict=False):
                future = self._submit(job)
                asked[future.key] = job
                under_way.add(future)

        ask(AHEAD * self._threads())
        while asked:
            future = next(under_way)
            job = asked.pop(future.key)
            result = self._result(future)
            if result is None:
                suspects.append(job)
            else:
                yield job, result
            ask(max(1, AHEAD * self._threads() - len(asked)))
        for job in suspects:
            yield job, self._result(self._submit(job))

    def _threads(self) -> int:
        """How many jobs can be graded at the same time, now."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return max(1, sum(int(worker["nthreads"]) for worker in workers))

    def _submit(self, job: Job) -> Any:
        return self._client.submit(self._work, job, pure=False)

    def _result(self, future: Any) -> Result | None:
        """What came of it; None where the workers died of it."""
        try:
            result: Result = future.result()
        except self._distributed.scheduler.KilledWorker:
            return None
        except OSError as error:
            raise UseError("class.no_scheduler", address=self._address, why=str(error)[:200]) from None
        except (ImportError, AttributeError):
            raise UseError("class.not_on_workers", address=self._address) from None
        if "other_version" in result:
            raise UseError("class.other_version", here=version(), there=result["other_version"])
        return result

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
