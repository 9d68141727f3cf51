"""Watching: every save is graded, none is lost, and the screen stays where its learner is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import byheart
from exercises.catalog import exercises, find
from exercises.language import speak
from exercises.live import Broken, Event, Graded, Live, Saved
from exercises.paper import Terminal, plain
from exercises.sandbox import Limits
from exercises.starters import solution_text
from exercises.verdict import Verdict
from exercises.watch import Watch, other_layouts
from exercises.workspace import Workspace

ROOT = Path(byheart.__file__).parent
PATIENCE = 20.0  # seconds: machines that run tests are busy
WRONG = "import numpy as np\n\ndef softmax(x, axis=-1):\n    e = np.exp(x)\n    return e / e.sum()\n"


def solution(exercise: str) -> str:
    return solution_text(find(exercise), speak("en"))


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "study")
    made.lay_out("guided", "en")
    return made


# ---------------------------------------------------------------- the queue


def verdict_on(path: Path) -> Verdict:
    """A grader that reports what it read."""
    return Verdict("softmax", str(path), "failed", 0.0, output=path.read_text(encoding="utf-8"))


def until(live: Live, enough: Callable[[list[Event]], bool]) -> list[Event]:
    """The events up to the moment when there are enough of them."""
    seen: list[Event] = []
    deadline = time.monotonic() + PATIENCE
    for event in live.events():
        seen.append(event)
        if enough(seen):
            return seen
        assert time.monotonic() < deadline, seen
        if isinstance(event, Saved):
            for path in event.paths:
                live.submit(path)
    raise AssertionError


def outputs(events: list[Event]) -> list[str]:
    return [event.verdict.output for event in events if isinstance(event, Graded)]


def test_a_save_during_a_run_is_graded_afterwards(tmp_path: Path) -> None:
    running, go_on = threading.Event(), threading.Event()

    def slow(path: Path) -> Verdict:
        seen = verdict_on(path)
        running.set()
        go_on.wait(PATIENCE)
        return seen

    path, other = tmp_path / "a.py", tmp_path / "b.py"
    with Live(tmp_path, slow, keyboard=False) as live:
        path.write_text("first", encoding="utf-8")
        live.submit(path)
        assert running.wait(PATIENCE)
        path.write_text("second", encoding="utf-8")
        other.write_text("third", encoding="utf-8")
        until(
            live,
            lambda seen: {name for e in seen if isinstance(e, Saved) for name in e.paths} >= {path, other},
        )
        live.submit(path)
        live.submit(other)
        go_on.set()
        found = outputs(until(live, lambda seen: {"second", "third"} <= set(outputs(seen))))
    assert found[0] == "first"


def test_what_is_done_ahead_does_not_keep_a_save_waiting(tmp_path: Path) -> None:
    pieces, stopped = [], threading.Event()

    def endless() -> Iterator[None]:
        try:
            while True:
                pieces.append(time.monotonic())
                yield
        finally:
            stopped.set()

    path = tmp_path / "a.py"
    path.write_text("first", encoding="utf-8")
    with Live(tmp_path, verdict_on, keyboard=False, ahead=endless) as live:
        for text in ("first", "second"):
            path.write_text(text, encoding="utf-8")
            live.submit(path)
            until(live, lambda seen, text=text: text in outputs(seen))  # type: ignore[misc]
            assert stopped.wait(PATIENCE)  # with nobody waiting, after a while
            stopped.clear()
        n_pieces = len(pieces)
        time.sleep(0.1)
        assert len(pieces) == n_pieces > 2


def test_the_last_of_many_quick_saves_is_graded(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    with Live(tmp_path, verdict_on, keyboard=False) as live:
        for number in range(50):
            path.write_text(str(number), encoding="utf-8")
            time.sleep(0.004)
        assert outputs(until(live, lambda seen: "49" in outputs(seen)))[-1] == "49"


def test_editors_that_write_a_new_file_and_rename_it(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("old", encoding="utf-8")
    with Live(tmp_path, verdict_on, keyboard=False) as live:
        for number in range(3):
            draft = tmp_path / "a.py~"
            draft.write_text(f"new {number}", encoding="utf-8")
            draft.replace(path)
            until(live, lambda seen, number=number: f"new {number}" in outputs(seen))  # type: ignore[misc]


def test_a_file_that_is_emptied_before_it_is_filled_is_graded_full(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("old", encoding="utf-8")
    with Live(tmp_path, verdict_on, keyboard=False) as live:
        path.write_text("", encoding="utf-8")
        live.submit(path)
        time.sleep(0.01)
        path.write_text("full", encoding="utf-8")
        assert outputs(until(live, lambda seen: "full" in outputs(seen)))[0] == "full"


def test_other_files_are_not_news(tmp_path: Path) -> None:
    with Live(tmp_path, verdict_on, keyboard=False) as live:
        (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
        (tmp_path / ".a.py.swp").write_text("x", encoding="utf-8")
        (tmp_path / "a.py").write_text("y", encoding="utf-8")
        seen = until(live, lambda seen: any(isinstance(event, Saved) for event in seen))
    assert {path.name for event in seen if isinstance(event, Saved) for path in event.paths} == {"a.py"}


def test_an_error_of_ours_does_not_end_the_watch(tmp_path: Path) -> None:
    def faulty(path: Path) -> Verdict:
        if path.name == "a.py":
            raise RuntimeError("ours")
        return verdict_on(path)

    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with Live(tmp_path, faulty, keyboard=False) as live:
        live.submit(tmp_path / "a.py")
        live.submit(tmp_path / "b.py")
        seen = until(live, lambda seen: bool(outputs(seen)))
    assert any(isinstance(event, Broken) for event in seen)


def test_keys_work_on_other_keyboard_layouts() -> None:
    assert {other_layouts()[letter] for letter in "трдкйн"} == set("nhlrqy")


# ---------------------------------------------------------------- on a terminal


class Screen:
    """`byheart watch` on a terminal of its own: keys go in, the screen as it is now comes out."""

    def __init__(self, cwd: Path, *arguments: str, width: int = 100) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "en_US.UTF-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "byheart", *arguments],
            cwd=cwd,
            env={
                name: value
                for name, value in environment.items()
                if name not in ("COLUMNS", "NO_COLOR", "LC_ALL")
            },
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        self.raw = ""

    def read(self, seconds: float) -> None:
        import select

        if select.select([self.terminal], [], [], seconds)[0]:
            try:
                self.raw += os.read(self.terminal, 65536).decode("utf-8", "replace")
            except OSError:
                time.sleep(seconds)

    @property
    def now(self) -> str:
        """What stands there, without colours and links."""
        last = self.raw.rpartition("\x1b[H\x1b[2J")[2]
        return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\", "", last)

    def wait(self, text: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while text not in self.now:
            assert time.monotonic() < deadline, f"no {text!r} in:\n{self.now}"
            self.read(0.05)
        return self.now

    def press(self, key: str) -> None:
        os.write(self.terminal, key.encode())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture
def screen(study: Workspace) -> Iterator[Screen]:
    pytest.importorskip("pty", reason="Windows has no pseudo-terminals of this kind")
    made = Screen(study.root.parent, "watch")
    yield made
    made.close()


def test_a_session_on_a_terminal(study: Workspace, screen: Screen) -> None:
    softmax = study.path_of(find("softmax"))
    total = len(exercises())
    shown = screen.wait("There is still a hole in softmax")
    assert f"0 of {total} solved" in shown
    assert "study/exercises/01_softmax.py" in shown
    assert "\x1b]8;;file://" in screen.raw

    screen.press("h")
    screen.wait("Hint 1 of")
    softmax.write_text(WRONG, encoding="utf-8")
    screen.wait("Your code behaves exactly like")
    screen.wait("Hint 1 of")  # it stays until the exercise changes

    screen.press("n")
    screen.wait("staying here")
    softmax.write_text(solution("softmax"), encoding="utf-8")
    shown = screen.wait("checks passed")
    assert f"1 of {total} solved" in shown
    assert "Exercise 1:" in shown  # it never jumps away by itself
    time.sleep(0.3)
    screen.read(0.1)
    assert "Exercise 1:" in screen.now

    screen.press("n")
    shown = screen.wait("Exercise 2:")
    assert "Hint" not in shown
    screen.press("l")
    shown = screen.wait("any key: back")
    assert find("attend").say("en").title in shown
    screen.press("x")
    screen.wait("Exercise 2:")

    softmax.write_text(WRONG, encoding="utf-8")  # the learner went back there
    shown = screen.wait("pending again")
    assert "Exercise 1:" in shown
    assert f"0 of {total} solved" in shown

    softmax.write_text("def softmax(x, axis=-1):\n    return (\n", encoding="utf-8")
    screen.wait("SyntaxError at your line 2")
    softmax.write_text("", encoding="utf-8")
    screen.wait("The file is empty")

    screen.press("r")
    screen.wait("y yes")
    screen.press("x")
    screen.wait("Exercise 1:")
    assert softmax.read_text(encoding="utf-8") == ""
    screen.press("r")
    screen.wait("y yes")
    screen.press("y")
    screen.wait("There is still a hole in softmax")
    assert "..." in softmax.read_text(encoding="utf-8")

    screen.press("q")
    screen.wait("Next time: byheart watch")
    assert screen.process.wait(PATIENCE) == 0


def test_the_terminal_is_given_back_as_it_was(study: Workspace, screen: Screen) -> None:
    import termios

    before = termios.tcgetattr(screen.terminal)
    screen.wait("n next")
    deadline = time.monotonic() + PATIENCE
    while termios.tcgetattr(screen.terminal)[3] == before[3] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert termios.tcgetattr(screen.terminal)[3] != before[3]
    screen.process.send_signal(signal.SIGINT)
    screen.wait("Next time")
    assert screen.process.wait(PATIENCE) == 0
    assert termios.tcgetattr(screen.terminal)[3] == before[3]


def test_saving_all_files_does_not_jump(study: Workspace, screen: Screen) -> None:
    screen.wait("There is still a hole in softmax")
    for name in ("attend", "softmax", "masks"):
        study.path_of(find(name)).write_text(solution(name), encoding="utf-8")
    shown = screen.wait("checks passed")
    assert "Exercise 1:" in shown or "Exercise 2:" in shown or "Exercise 5:" in shown
    deadline = time.monotonic() + PATIENCE
    while sum(each.solved for each in study.progress().values()) < 3:
        assert time.monotonic() < deadline
        screen.read(0.05)


def test_quitting_does_not_wait_for_an_attempt_that_hangs(study: Workspace, screen: Screen) -> None:
    screen.wait("n next")
    study.path_of(find("softmax")).write_text(
        "def softmax(x, axis=-1):\n    while True: pass\n", encoding="utf-8"
    )
    screen.read(0.5)
    screen.read(0.5)
    started = time.monotonic()
    screen.press("q")
    screen.process.wait(PATIENCE)
    assert time.monotonic() - started < Limits().seconds - 2


def test_in_a_pipe_it_still_grades_each_save(study: Workspace) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "byheart", "watch"],
        cwd=study.root.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        for text, says in (
            (None, "There is still a hole in softmax"),
            (WRONG, "known mistake"),
            (solution("softmax"), "checks passed"),
        ):
            if text is not None:
                study.path_of(find("softmax")).write_text(text, encoding="utf-8")
            deadline = time.monotonic() + PATIENCE
            while says not in "".join(lines).replace("these mistakes made together", "known mistake"):
                assert time.monotonic() < deadline, "".join(lines)
                time.sleep(0.02)
        assert "\x1b" not in "".join(lines)
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("current", ["softmax", "sampling", "tiled_attention"])
def test_the_list_fits_the_window_around_the_current_exercise(
    study: Workspace, current: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Terminal, "height", 24)
    watching = Watch(study, None, speak("en"), Terminal())  # nothing is graded here
    watching.current = find(current)
    lines = plain(watching.list_screen()).splitlines()
    assert len(lines) < 24
    assert any(f" {current} " in row for row in lines)
