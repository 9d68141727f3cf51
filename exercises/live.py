"""What happens while somebody works: saves, keys and verdicts, in one queue, in the order in which they come.

Three threads feed it: one listens to the folder, one to the keyboard, one grades. A save that comes while
another file is being graded waits for its turn and is not lost.
"""

from __future__ import annotations

import hashlib
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from exercises.keyboard import raw_keyboard
from exercises.verdict import Verdict

STEP_MS = 1  # how often the listener looks for more of the same burst: 1.5 % of a core, 2 ms until it tells
DEBOUNCE_MS = 40  # the longest that a burst of changes is collected
SETTLE_SECONDS = 0.06  # an empty file is given this long to be filled: many editors empty it first
ECHO_SECONDS = 0.3  # the same content again so soon is an echo of one save
ESCAPE = "\x1b"  # begins what arrows and the like send
SLOW_SECONDS = 0.5  # from here on one says that it is being graded
QUIET_SECONDS = 0.03  # time to draw a verdict, before anything is done ahead
AHEAD_SECONDS = 0.5  # of work for a save that may never come


class Saved(NamedTuple):
    """Files that were written, all at the same time."""

    paths: tuple[Path, ...]


class Key(NamedTuple):
    """A key that was pressed; "" when the keyboard is gone."""

    name: str


class Graded(NamedTuple):
    """A verdict, and the seconds since its file was seen to be saved."""

    path: Path
    verdict: Verdict
    seconds: float


class Broken(NamedTuple):
    """Grading itself failed; the error is ours and not the learner's."""

    path: Path
    error: Exception


class Waiting(NamedTuple):
    """Nothing happened for a moment."""

    busy: bool


Event = Saved | Key | Graded | Broken | Waiting
Grade = Callable[[Path], Verdict]
Ahead = Callable[[], Iterator[None]]


class Live:
    """The queue and its threads. Use it as a context manager."""

    def __init__(self, folder: Path, grade: Grade, keyboard: bool, ahead: Ahead = lambda: iter(())) -> None:
        """What `ahead` gives is worked through between two grades, as far as there is time."""
        self.folder = folder
        self._grade, self._ahead = grade, ahead
        self._keyboard = keyboard and sys.stdin.isatty()
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._jobs: queue.SimpleQueue[tuple[Path, float] | None] = queue.SimpleQueue()
        self._pending: set[Path] = set()
        self._lock = threading.Lock()
        self._busy = False
        self._stop = threading.Event()
        self._seen: dict[Path, tuple[str, float]] = {}
        self._stack = ExitStack()

    @property
    def has_keyboard(self) -> bool:
        return self._keyboard

    def __enter__(self) -> Live:
        listening = threading.Event()
        self._start(lambda: self._listen(listening))
        self._start(self._work)
        if self._keyboard:
            read = self._stack.enter_context(raw_keyboard())
            self._start(lambda: self._read_keys(read))
        listening.wait(5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._jobs.put(None)
        self._stack.close()

    def events(self) -> Iterator[Event]:
        """Everything that happens, for ever."""
        while True:
            try:
                yield self._events.get(timeout=SLOW_SECONDS)
            except queue.Empty:
                yield Waiting(self._busy)

    def submit(self, path: Path) -> None:
        """Have a file graded; one that is waiting already is graded once, as it is then."""
        with self._lock:
            if path not in self._pending:
                self._pending.add(path)
                self._jobs.put((path, time.monotonic()))

    # ------------------------------------------------------------ the threads

    @staticmethod
    def _start(work: Callable[[], None]) -> None:
        threading.Thread(target=work, daemon=True).start()

    def _listen(self, listening: threading.Event) -> None:
        from watchfiles import watch

        changes = watch(
            self.folder,
            watch_filter=lambda _, name: name.endswith(".py"),
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            rust_timeout=100,
            yield_on_timeout=True,
            stop_event=self._stop,
            recursive=False,
            raise_interrupt=False,
        )
        for burst in changes:
            listening.set()
            paths = tuple(sorted({self.folder / Path(name).name for _, name in burst}))
            news = tuple(path for path in paths if self._is_news(path))
            if news:
                self._events.put(Saved(news))

    def _is_news(self, path: Path) -> bool:
        """Not just an echo: editors write one save in several strokes."""
        content, now = _fingerprint(path), time.monotonic()
        before, when = self._seen.get(path, ("", 0.0))
        self._seen[path] = (content, now)
        return content != before or now - when > ECHO_SECONDS

    def _work(self) -> None:
        while (job := self._next_job()) is not None:
            path, since = job
            _let_settle(path)
            with self._lock:
                self._pending.discard(path)
                self._busy = True
            try:
                verdict = self._grade(path)
                self._events.put(Graded(path, verdict, time.monotonic() - since))
            except Exception as error:  # shown to the person; watching goes on
                self._events.put(Broken(path, error))
            self._busy = False

    def _next_job(self) -> tuple[Path, float] | None:
        """The next file to grade; until it comes, time is used."""
        with suppress(queue.Empty):
            return self._jobs.get(timeout=QUIET_SECONDS)
        until = time.monotonic() + AHEAD_SECONDS
        for _ in self._ahead():
            if not self._jobs.empty() or time.monotonic() > until:
                break
        return self._jobs.get()

    def _read_keys(self, read: Callable[[], str]) -> None:
        while not self._stop.is_set():
            keys = read()
            for name in [""] if not keys else [] if keys.startswith(ESCAPE) else keys:
                self._events.put(Key(name))
            if not keys:
                return


def _fingerprint(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _let_settle(path: Path) -> None:
    """Wait a moment for a file that is empty or away: the rest of the save is on its way."""
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        try:
            if path.stat().st_size:
                return
        except OSError:
            pass
        time.sleep(0.003)
