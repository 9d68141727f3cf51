"""The same work on a Dask cluster: a real scheduler and two worker processes on loopback."""

from __future__ import annotations

import csv
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import byheart
from exercises.catalog import find
from exercises.classroom.command import Asked, run_class
from exercises.classroom.jobs import Job, Result, job_of
from exercises.errors import UseError
from exercises.language import speak
from exercises.paper import Terminal
from exercises.starters import solution_text

ROOT = Path(byheart.__file__).parent
EN = speak("en")
SDPA = "scaled_dot_product_attention"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler with two workers; a worker that dies is started again, as on any cluster."""
    pytest.importorskip("distributed")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = f"tcp://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    settings = {"env": environment, "cwd": tmp_path_factory.mktemp("dask"), "stderr": subprocess.DEVNULL}
    scheduler = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        found,
        "--nworkers",
        "2",
        "--nthreads",
        "1",
    ]
    processes = [
        subprocess.Popen([*scheduler, "--no-dashboard"], **settings),  # type: ignore[call-overload]
        subprocess.Popen([*worker, "--no-dashboard"], **settings),  # type: ignore[call-overload]
    ]
    try:
        _until_there_are_workers(found, 2)
        yield found
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(30)


def _until_there_are_workers(address: str, n: int) -> None:
    from distributed import Client

    with Client(address, timeout="30s", set_as_default=False) as client:
        client.wait_for_workers(n, timeout=60)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Twelve students with two exercises each, no two files alike, a third of them wrong."""
    for student in range(12):
        for name in ("softmax", SDPA):
            text = solution_text(find(name), EN)
            if student % 3 == 0:
                text = text.replace("math.sqrt(q.shape[-1])", "1.0")
            path = tmp_path / "class" / f"student {student:02d}" / find(name).file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}# {student}\n", encoding="utf-8")
    return tmp_path / "class"


def jobs(n: int, *poisoned: int) -> list[Job]:
    return [job_of("softmax", "a.py", b"poison" if i in poisoned else b"%d" % i, "en", i) for i in range(n)]


def grade(top: Path, out: str, **asked: str) -> list[dict[str, str]]:
    folder = top.parent / out
    run_class(Asked(top, folder, seed=1, **asked), EN, Terminal())  # type: ignore[arg-type]
    with (folder / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_the_same_results_as_on_this_machine(address: str, top: Path) -> None:
    there = grade(top, "there", scheduler=address)
    assert there == grade(top, "here")
    assert sum(row["mistakes"] == f"{SDPA}/no-scaling" for row in there) == 4
    assert sum(row[SDPA] == "passed" for row in there) == 8


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(address: str) -> None:
    from distributed import Client

    from exercises.classroom.cluster import Cluster

    def slow(job: Job) -> Result:
        time.sleep(0.05)
        return {"key": job.key, "pid": os.getpid()}

    asked = jobs(60)
    with Client(address, set_as_default=False) as client:
        killed = next(iter(client.run(os.getpid).values()))
    results: dict[str, Result] = {}
    with Cluster(address, slow) as cluster:
        for job, result in cluster.results(asked):
            assert result is not None
            results[job.key] = result
            if len(results) == 10:
                os.kill(killed, signal.SIGKILL)
    assert results.keys() == {job.key for job in asked}
    _until_there_are_workers(address, 2)
    with Client(address, set_as_default=False) as client:
        assert killed not in client.run(os.getpid).values()


@pytest.mark.slow
def test_poison_is_given_up_and_who_waited_beside_it_is_not(address: str) -> None:
    from exercises.classroom.cluster import Cluster

    def fragile(job: Job) -> Result:
        if job.source == b"poison":
            os._exit(1)
        return {"key": job.key}

    asked = jobs(20, 3)
    with Cluster(address, fragile) as cluster:
        results = {job.key: result for job, result in cluster.results(asked)}
    assert [n for n, job in enumerate(asked) if results[job.key] is None] == [3]
    _until_there_are_workers(address, 2)


@pytest.mark.slow
def test_workers_of_another_version_are_refused(
    address: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exercises.classroom.jobs.version", lambda: "another")
    with pytest.raises(UseError) as raised:
        grade(top, "out", scheduler=address)
    assert raised.value.phrase.key == "class.other_version"


def test_no_scheduler_is_a_sentence(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("exercises.classroom.cluster.PATIENCE", "0.3s")
    for address in ("tcp://127.0.0.1:1", "nonsense://x", ""):
        with pytest.raises(UseError) as raised:
            grade(top, "out", scheduler=address)
        assert raised.value.phrase.key == "class.no_scheduler"


def test_without_dask_the_remedy_is_told(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UseError) as raised:
        grade(top, "out", scheduler="tcp://127.0.0.1:1")
    assert "byheart[cluster]" in EN.phrase(raised.value.phrase)
