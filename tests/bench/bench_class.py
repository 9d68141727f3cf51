"""How many submissions a second: a whole class at once, and one pytest process each.

    python tests/bench/bench_class.py [--students 60] [--exercises 5] [--memory]

The same files both times, no two alike, a third of them wrong, as many processes at a time as there are
processors. `byheart class` is timed as a person waits for it: from its start to the last page written; pytest
makes the same checks, by way of By Heart's own plugin. The two take turns, a third of pytest's files and the
whole class, so that a machine that is busy for a while is busy for both.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from exercises.catalog import Exercise, find  # noqa: E402
from exercises.classroom.pool import cores  # noqa: E402
from exercises.language import speak  # noqa: E402
from exercises.starters import solution_text  # noqa: E402

ROUNDS = 3
IDS = (
    "softmax",
    "attend",
    "mask_scores",
    "scaled_dot_product_attention",
    "layer_norm",
    "cross_entropy",
    "adam",
    "rotary",
)
WRONG = {
    "softmax": ("axis=axis", "axis=-1"),
    "scaled_dot_product_attention": ("math.sqrt(q.shape[-1])", "1.0"),
}
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "OPENBLAS_NUM_THREADS": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "LANG": "en_US.UTF-8",
}


def submissions(folder: Path, n_students: int, n_exercises: int) -> list[Path]:
    """Study folders of students, every third with the mistakes that we know how to make here."""
    paths = []
    for student in range(n_students):
        home = folder / f"student-{student:04d}"
        for name in IDS[:n_exercises]:
            paths.append(_submission(home, find(name), student))  # noqa: PERF401 - it also writes
        (home / ".byheart.json").write_text('{"version": 1, "language": "en"}', encoding="utf-8")
    return paths


def _submission(home: Path, exercise: Exercise, student: int) -> Path:
    text = solution_text(exercise, speak("en"))
    if student % 3 == 0 and exercise.id in WRONG:
        right, wrong = WRONG[exercise.id]
        assert right in text, f"the solution of {exercise.id} is written in another way now"
        text = text.replace(right, wrong)
    path = home / "exercises" / exercise.file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n# {student}\n", encoding="utf-8")
    return path


def class_seconds(folder: Path, out: Path) -> float:
    """The time of `byheart class`."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "byheart", "class", str(folder), "--out", str(out), "--seed", "1"]
    started = time.perf_counter()
    subprocess.run(command, env=ENVIRONMENT, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def pytest_seconds(paths: list[Path]) -> float:
    """The time of one pytest process a file, one a processor at a time."""

    def run(path: Path) -> None:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "exercises.pytest_plugin", str(path)]
        subprocess.run(command, env=ENVIRONMENT, cwd=path.parent, check=False, capture_output=True)

    started = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(run, paths))
    return time.perf_counter() - started


def memory(folder: Path, n_students: int, n_exercises: int) -> float:
    """The largest process of grading that many, in MB."""
    submissions(folder / "class", n_students, n_exercises)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    class_seconds(folder / "class", folder / "out")
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(before, after) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--exercises", type=int, default=5)
    parser.add_argument(
        "--memory", action="store_true", help="only the largest process, for 1 and 10 times as many"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.memory:
            for factor in (1, 10):
                n = factor * options.students
                size = memory(folder / str(factor), n, options.exercises)
                print(f"{n * options.exercises:>6} submissions: largest process {size:.0f} MB")
            return
        paths = submissions(folder / "class", options.students, options.exercises)
        own, theirs = 0.0, 0.0
        for part in range(ROUNDS):
            own += class_seconds(folder / "class", folder / "out")
            theirs += pytest_seconds(paths[part::ROUNDS])
    rates = {"byheart class": ROUNDS * len(paths) / own, "pytest, one process each": len(paths) / theirs}
    print(f"{f'{len(paths)} submissions, {cores()} processors':<36}{'a second':>10}")
    for label, rate in rates.items():
        print(f"{label:<36}{rate:>10.1f}")
    print(
        f"{'byheart class is faster':<36}{rates['byheart class'] / rates['pytest, one process each']:>8.1f} x"
    )


if __name__ == "__main__":
    main()
