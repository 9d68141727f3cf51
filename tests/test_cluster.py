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


WITHOUT_BYHEART = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("exercises", "reference", "byheart"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refuse())
"""


class Dask:
    """A scheduler with two workers, each with By Heart or without."""

    def __init__(self, folder: Path, scheduler: str = str(ROOT), workers: str = str(ROOT)) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self.folder = f"tcp://127.0.0.1:{port}", folder
        own = ["--host", "127.0.0.1", "--port", str(port)]
        self.scheduler = self._start("scheduler", scheduler, *own)
        self.worker = self._start("worker", workers, self.address, "--nworkers", "2", "--nthreads", "1")

    def _start(self, what: str, path: str, *options: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "PYTHONPATH": path,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, "--no-dashboard"]
        return subprocess.Popen(command, env=environment, cwd=self.folder, stderr=subprocess.DEVNULL)

    def __enter__(self) -> Dask:
        _until_there_are_workers(self.address, 2)
        return self

    def __exit__(self, *error: object) -> None:
        for process in (self.worker, self.scheduler):
            process.terminate()
        for process in (self.worker, self.scheduler):
            process.wait(30)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two workers; one that dies is started again, as on any cluster."""
    pytest.importorskip("distributed")
    with Dask(tmp_path_factory.mktemp("dask")) as dask:
        yield dask.address


@pytest.fixture
def without(tmp_path: Path) -> str:
    """Where Python finds no By Heart."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text(WITHOUT_BYHEART, encoding="utf-8")
    return str(tmp_path / "without")


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


@pytest.mark.slow
def test_the_scheduler_needs_no_byheart(top: Path, tmp_path: Path, without: str) -> None:
    pytest.importorskip("distributed")
    with Dask(tmp_path, scheduler=without) as dask:
        assert grade(top, "there", scheduler=dask.address) == grade(top, "here")


@pytest.mark.slow
def test_workers_without_byheart_are_a_sentence(top: Path, tmp_path: Path, without: str) -> None:
    pytest.importorskip("distributed")
    with Dask(tmp_path, workers=without) as dask, pytest.raises(UseError) as raised:
        grade(top, "out", scheduler=dask.address)
    assert raised.value.phrase.key == "class.not_on_workers"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed", "key"), [("scheduler", "class.lost_scheduler"), ("worker", "class.no_workers")]
)
def test_what_is_lost_in_the_middle_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: str, key: str
) -> None:
    pytest.importorskip("distributed")
    from exercises.classroom.cluster import Cluster

    def slow(job: Job) -> Result:
        time.sleep(0.05)
        return {"key": job.key}

    def work_through(dask: Dask, cluster: Cluster) -> None:
        for job, _ in cluster.results(jobs(80)):
            results.append(job)
            if len(results) == 10:
                getattr(dask, killed).terminate()

    results: list[Job] = []
    with Dask(tmp_path) as dask, Cluster(dask.address, slow) as cluster:
        monkeypatch.setattr("exercises.classroom.cluster.FOR_WORKERS", 3.0)
        with pytest.raises(UseError) as raised:
            work_through(dask, cluster)
    assert raised.value.phrase.key == key
    assert 10 <= len(results) < 80


def test_no_scheduler_is_a_sentence_and_nothing_else(top: Path) -> None:
    """In a process of its own: a client that finds nobody must not complain when it is thrown away either."""
    pytest.importorskip("distributed")
    impatient = (
        "import sys, byheart, exercises.classroom.cluster as c; c.PATIENCE = 0.3; "
        "sys.argv = ['byheart', 'class', *sys.argv[1:]]; byheart.main()"
    )
    for address in ("tcp://127.0.0.1:1", "nonsense://x", ""):
        command = [sys.executable, "-c", impatient, str(top), "--scheduler", address]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C"}
        ended = subprocess.run(
            command, env=environment, cwd=top.parent, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 2
        assert ended.stderr.startswith("Error: No Dask scheduler answers at")
        assert len(ended.stderr.splitlines()) == 1


def test_what_is_no_scheduler_is_not_waited_for(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody answers there, with nothing that a scheduler would say: the dashboard, for one."""
    pytest.importorskip("distributed")
    monkeypatch.setattr("exercises.classroom.cluster.PATIENCE", 1.0)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, pytest.raises(UseError) as raised:
        grade(top, "out", scheduler=f"tcp://127.0.0.1:{silent.getsockname()[1]}")
    assert raised.value.phrase.key == "class.no_scheduler"


def test_without_dask_the_remedy_is_told(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UseError) as raised:
        grade(top, "out", scheduler="tcp://127.0.0.1:1")
    assert "byheart[cluster]" in EN.phrase(raised.value.phrase)
