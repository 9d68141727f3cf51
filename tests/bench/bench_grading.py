"""How fast a verdict is there: from cold, warm, while watching, and by way of pytest.

    python tests/bench/bench_grading.py [--runs 15] [--saves 60]

Cold times are of whole processes, `python -c "import numpy"` measured in turn with them, so that a busy
machine slows both; modules are compiled first, as `byheart start` does it. Warm is one right file in a
grader that runs already. Watching is measured from outside, on a terminal of its own: from the moment the
file is written to the moment the verdict is on the screen.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from exercises.catalog import find  # noqa: E402
from exercises.grader import grade_file  # noqa: E402
from exercises.head_start import compile_modules  # noqa: E402
from exercises.language import speak  # noqa: E402
from exercises.sandbox import Sandbox  # noqa: E402
from exercises.starters import solution_text  # noqa: E402
from exercises.workspace import Workspace  # noqa: E402

BYHEART = "import byheart; byheart.main()"  # what the installed command does
ID = "scaled_dot_product_attention"
NUMPY = 'python -c "import numpy"'
PAUSE = 0.5  # seconds between two saves: quicker than anybody types
CLEAR = b"\x1b[H\x1b[2J"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"}
for name in ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    ENVIRONMENT.pop(name, None)  # as on a learner's machine


def seconds(command: list[str], cwd: Path) -> float:
    """The time of a whole process."""
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, check=False)
    return time.perf_counter() - started


def cold_times(commands: dict[str, list[str]], cwd: Path, runs: int) -> dict[str, list[float]]:
    """The times of each command, in seconds; they take turns."""
    for command in commands.values():
        seconds(command, cwd)  # fills caches
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(seconds(command, cwd))
    return times


def warm_times(runs: int) -> list[float]:
    """One right file after another, with a breath between them: nobody saves a hundred times a second."""
    source, times = attempts(1)[0].encode(), []
    with Sandbox() as sandbox:
        for number in range(runs + 3):
            time.sleep(0.05)
            started = time.perf_counter()
            assert grade_file(source, ID, sandbox).status == "passed"
            if number >= 3:  # the first ones warm up
                times.append(time.perf_counter() - started)
    return times


def attempts(n: int) -> list[str]:
    """Right and wrong files by turns, no two alike."""
    right = solution_text(find(ID), speak("en"))
    wrong = right.replace("math.sqrt(q.shape[-1])", "1.0")
    assert right != wrong
    return [f"{wrong if number % 2 else right}\n# {number}\n" for number in range(n)]


def watch_times(study: Workspace, saves: int) -> list[float]:
    """From save to screen, a right file and a wrong one by turns."""
    terminal, inside = pty.openpty()
    command = [sys.executable, "-m", "byheart", "watch"]
    process = subprocess.Popen(
        command,
        cwd=study.root.parent,
        env={**ENVIRONMENT, "TERM": "xterm"},
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    try:
        _until_drawn(terminal, b"q quit")
        path = study.path_of(find(ID))
        times = []
        for number, text in enumerate(attempts(saves + 4)):
            time.sleep(PAUSE)
            _drain(terminal)
            path.write_text(text, encoding="utf-8")
            started = time.perf_counter()
            _until_drawn(terminal, b"seed")
            if number >= 4:  # the first ones warm up
                times.append(time.perf_counter() - started)
        return times
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def _until_drawn(terminal: int, text: bytes) -> None:
    """Read until a whole screen with this text has been drawn anew."""
    seen = b""
    while not (CLEAR in seen and text in seen.rpartition(CLEAR)[2] and b"quit" in seen.rpartition(CLEAR)[2]):
        if not select.select([terminal], [], [], 30)[0]:
            raise SystemExit("no verdict within 30 seconds")
        seen += os.read(terminal, 65536)


def _drain(terminal: int) -> None:
    """Read away what has been drawn so far."""
    while select.select([terminal], [], [], 0)[0]:
        os.read(terminal, 65536)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--saves", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = Workspace(Path(folder) / "study")
        study.lay_out("guided", "en")
        path = study.path_of(find(ID))
        path.write_text(attempts(1)[0], encoding="utf-8")
        python, name = sys.executable, str(path)
        plugin = ["-p", "exercises.pytest_plugin", "-q"]
        compile_modules()
        times = cold_times(
            {
                "python -c pass": [python, "-c", "pass"],
                NUMPY: [python, "-c", "import numpy"],
                "byheart grade FILE": [python, "-c", BYHEART, "grade", name],
                "pytest FILE (the same checks)": [python, "-m", "pytest", *plugin, name],
            },
            Path(folder),
            options.runs,
        )
        times["a file in a warm grader"] = warm_times(options.saves)
        watched = watch_times(study, options.saves)
        times["watch, save to screen"] = watched
        times["watch, save to screen, right"] = watched[0::2]
        times["watch, save to screen, wrong"] = watched[1::2]
    columns = ("median", "best", "9 in 10")
    print(f"{'ms':<32}" + "".join(f"{name:>9}" for name in columns) + f"{'x numpy':>10}{'best x':>8}")
    numpy = figures(times[NUMPY])
    for label, found in times.items():
        median, best, most = figures(found)
        shown = "".join(f"{value * 1e3:>9.1f}" for value in (median, best, most))
        print(f"{label:<32}{shown}{median / numpy[0]:>10.2f}{best / numpy[1]:>8.2f}")


def figures(times: list[float]) -> tuple[float, float, float]:
    """Median, best, and what 9 in 10 stay below."""
    return statistics.median(times), min(times), statistics.quantiles(times, n=10)[8]


if __name__ == "__main__":
    main()
