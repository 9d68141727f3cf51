"""Hostile submissions, each under every protection that this system offers.

Each file in tests/hostile says at its top which verdicts will do (`# expect:`), how it ends (`# detail:`) and
where it may run at all (`# where:`; some would harm the machine without namespaces). Each is asked for
softmax. After each: an honest attempt on the same worker passes, nothing of theirs runs, no file has changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exercises.launch import STRENGTHS
from exercises.sandbox import Limits, Outcome, Sandbox

HERE = Path(__file__).parent
FILES = sorted(path for path in (HERE / "hostile").glob("*.py") if path.name != "conftest.py")
LIMITS = Limits(seconds=0.5, load_seconds=1.0, memory_mb=320)
HONEST = b"""
import os
import numpy as np
for folder in ("/dev/shm", "/tmp", "/var/tmp", "/dev", "/run", "..", "/attempts"):
    assert not os.path.exists(f"{folder}/hostile-was-here"), folder
from reference import twice
def softmax(x, axis=-1):
    e = np.exp(twice(x) - twice(x).max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
"""
OFFERED = {"reference": "def twice(x): return 2 * x"}
DAEMON = b"%d" % (4_000_000 + os.getpid())  # how long ours sleep, and nobody else
RNG = np.random.default_rng(0)
INPUTS = [RNG.normal(size=shape) for shape in ((3, 4), (3, 4), (2, 5))]


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def header(path: Path, field: str) -> list[str]:
    found = re.search(rf"# {field}: (.*?)\r?$", path.read_bytes()[:500].decode("latin-1"), re.MULTILINE)
    return found[1].split() if found else []


@pytest.fixture(scope="module", params=[name for name in STRENGTHS if os.name == "posix"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, strength=request.param) as started:
        try:
            assert started.strength == request.param
        except RuntimeError:
            pytest.skip(f"no {request.param} on this system")
        yield started


def verdict(sandbox: Sandbox, path: Path) -> tuple[str, Outcome]:
    """What a grader says of this file as a solution of softmax, and the outcome that decided."""
    source = path.read_bytes().replace(b"4242", DAEMON)
    with sandbox.attempt(source, str(path), OFFERED) as attempt:
        outcomes = [attempt.loaded]
        if outcomes[0].status == "returned":
            if (
                attempt.signature("softmax") is None
                and attempt.call("softmax", {"x": INPUTS[0]}).status == "raised"
            ):
                return "error", outcomes[0]
            outcomes += attempt.calls("softmax", [{"x": x} for x in INPUTS])
    for x, outcome in zip([None, *INPUTS], outcomes, strict=False):
        if outcome.status != "returned":
            return {"raised": "error", "refused": "failed"}.get(outcome.status, outcome.status), outcome
        if x is not None and (outcome.changed or not is_close(outcome.value, softmax(x))):
            return "failed", outcome
    return "passed", outcomes[-1]


def is_close(value: object, expected: np.ndarray) -> bool:
    return (
        type(value) is np.ndarray
        and value.shape == expected.shape
        and value.dtype == np.float64
        and bool(np.all(np.abs(value - expected) <= 1e-9))
    )


def runs_under(strength: str, path: Path) -> bool:
    """Some files would harm the machine without namespaces; a clock is the same under every protection."""
    if path.stem.startswith("hang_") and strength in ("namespaces", "landlock"):
        return False
    return strength in (header(path, "where") or STRENGTHS)


CASES = [(strength, path) for strength in STRENGTHS for path in FILES if runs_under(strength, path)]

# between the strongest and the weakest there are protections that few machines fall back on
BETWEEN = dict.fromkeys(("namespaces", "landlock"), (pytest.mark.slow,))


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
@pytest.mark.parametrize(
    ("sandbox", "path"),
    [
        pytest.param(strength, path, id=f"{strength}-{path.stem}", marks=BETWEEN.get(strength, ()))
        for strength, path in CASES
    ],
    indirect=["sandbox"],
)
def test_hostile(sandbox: Sandbox, path: Path) -> None:
    with sandbox.attempt(HONEST, "honest.py", OFFERED) as attempt:
        assert attempt.loaded.status == "returned"
        before, running = snapshot(), descendants()
    status, outcome = verdict(sandbox, path)
    assert status in header(path, "expect"), outcome
    assert " ".join(header(path, "detail")) in outcome.detail
    assert snapshot() == before
    with sandbox.attempt(HONEST, "honest.py", OFFERED) as attempt:
        honest = attempt.call("softmax", {"x": INPUTS[0]})
        assert len(descendants()) <= len(running)  # a worker that was lost has been replaced
    assert honest.status == "returned", honest
    assert is_close(honest.value, softmax(2 * INPUTS[0]))


def test_twenty_megabytes_of_source(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    path.write_bytes(b"x = 1\n" * ((20 << 20) // 6))
    assert verdict(sandbox, path)[0] in ("error", "timeout", "crashed")


def snapshot() -> dict[str, tuple[int, int]]:
    """The files at which the suite aims, with their times and sizes."""
    root = HERE.parent
    targets = [*FILES, *Path(np.__file__).parent.iterdir(), root / "reference" / "attention.py"]
    assert not (root / "hostile-was-here").exists()
    conftest = HERE / "conftest.py"
    assert not conftest.exists() or "# passed" not in conftest.read_text(encoding="utf-8")
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in targets if path.is_file()}


def descendants() -> set[int]:
    """Every process below this one, and the suite's daemons wherever they went."""
    parents, found = {}, set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            if b"sleep\x00" + DAEMON in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:
            continue
        if state != "Z":
            parents[int(folder.name)] = int(parent)
    below = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in below} - below:
        below |= more
    return found | below
