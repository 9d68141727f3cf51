"""The other process: imports NumPy once and forks for each attempt.

Started by `exercises.launch` with a socket on descriptor 0. The grader sends one byte and two descriptors for
an attempt; the fork that serves it keeps these two and nothing else: no attempt has a channel into another.
That fork is made ahead, while the grader is busy, and waits: never beside an attempt, only for the next one.
Where there is no fork, a worker serves one attempt over its pipes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import struct
import sys
import time
from typing import Any, NoReturn

from exercises import confine, landlock, namespaces, runner, scratch, wire
from exercises.view import HOME, View

__all__ = ["main"]

FORK, KILL = b"F", b"K"
READY, STARTED, ENDED, SWEPT = b"R", b"P", b"X", b"S"
REPORT = struct.Struct("<ciq")  # what, process or wait status, peak memory in KB
LENGTH = struct.Struct("<Q")
MOMENT_MS = 2  # without an order, before something is done ahead
# imported by NumPy or by learners sooner or later: better once than in each attempt
WARM = (
    "numpy.linalg", "numpy.random", "inspect", "traceback", "linecache", "ast", "dataclasses", "typing",
    "collections", "itertools", "functools", "math", "random", "time", "string", "operator", "copy", "abc",
    "enum", "warnings", "encodings.latin_1", "encodings.ascii", "encodings.utf_8_sig", "encodings.cp1251",
    "encodings.cp1252", "__future__", "contextlib", "types", "heapq", "bisect", "statistics", "unicodedata",
    "numpy.fft", "numpy.ma", "numpy.polynomial", "resource",
)  # fmt: skip

REHEARSAL = b"""
import numpy as np

def rehearsal(x):
    weights = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.where(x > 0, x @ np.swapaxes(weights, -1, -2), -np.inf) / weights.sum(axis=-1, keepdims=True)
"""


def main(settings: dict[str, Any]) -> NoReturn:
    """Serve until the grader hangs up."""
    confine_worker(settings)
    import numpy as np

    wire.encode(np.zeros(1))
    if settings["fork"]:
        Zygote(settings).serve()
    else:
        serve_once(settings)
    os._exit(0)


def confine_worker(settings: dict[str, Any]) -> None:
    """Whatever holds for the worker and all its attempts."""
    os.umask(0o022)
    if os.name == "posix":
        os.closerange(3, 1 << 16)
    if settings["strength"] == "namespaces":
        namespaces.enter(View(*settings["view"]), settings["privileged"])
    elif settings["strength"] == "landlock":
        landlock.supported()


# ---------------------------------------------------------------- one attempt


class Channel:
    """Frames of bytes over two descriptors."""

    def __init__(self, read: int, write: int) -> None:
        self.read, self.write = read, write
        self.owner = os.getpid()

    def receive(self) -> bytes | None:
        """The next frame, None when the grader has hung up."""
        head = self._exactly(LENGTH.size)
        return None if head is None else self._exactly(LENGTH.unpack(head)[0])

    def send(self, frame: bytes) -> None:
        data = memoryview(LENGTH.pack(len(frame)) + frame)
        while data:
            data = data[os.write(self.write, data) :]

    def _exactly(self, size: int) -> bytes | None:
        parts, missing = [], size
        while missing:
            part = os.read(self.read, min(missing, 1 << 20))
            if not part:
                return None
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def get_ready(channel: Channel, settings: dict[str, Any], scratch: str, user: int | None) -> confine.Watch:
    """Confine this process for an attempt, as far as it can be done before there is one."""
    send, leave = channel.send, os._exit

    def forged(what: str) -> NoReturn:
        send(wire.encode({"id": -1, "status": "forged", "detail": what[:500]}))
        leave(0)

    runner.open_output()
    if os.name == "posix":
        confine.reset_signals()
        confine.limit(settings["memory_mb"], settings["file_mb"], settings["processes"])
        confine.drop_privileges(user)
        if sys.platform == "darwin":
            confine.guard_memory(settings["memory_mb"])
        if settings["strength"] == "landlock":
            landlock.lock_in(View(*settings["view"]), scratch)
    for name in [name for name in sys.modules if name.partition(".")[0] == "exercises"]:
        del sys.modules[name]
    return confine.Watch(tuple(settings["protected"]), scratch, tuple(settings["packages"]), forged)


def serve_attempt(channel: Channel, watcher: confine.Watch) -> NoReturn:
    """Answer the grader's requests until it hangs up; runs in the attempt's own process."""
    send, leave, getpid, owner = channel.send, os._exit, os.getpid, os.getpid()
    request = wire.decode(channel.receive() or b"N")
    if request is None:
        leave(0)
    confine.keep_away(request["apart_from"])
    attempt = runner.Runner()
    attempt.offer(request["modules"], request["withheld"], watcher.forged)
    watcher.own_file = request["filename"]
    confine.watch(watcher)
    send(wire.encode({"id": -1, "status": "started"}))
    while request is not None:
        for answer in attempt.answers(request):
            if getpid() != owner:  # a fork of the learner's got here: it has nothing to say
                leave(0)
            send(wire.encode({"id": request["id"], **answer}))
        frame = channel.receive()
        request = None if frame is None else wire.decode(frame)
    leave(0)


def rehearse() -> None:
    """Do once what attempts do: memory shared with the worker is copied where it is first used."""
    import numpy as np

    attempt = runner.Runner()
    request = {"do": "load", "source": REHEARSAL, "filename": "", "withheld": ["rehearsal"] * 100}
    attempt.load(wire.decode(wire.encode(request)))
    wire.encode(attempt.signature("rehearsal"))
    for dtype in (np.float64, np.float32):
        wire.encode(attempt.call("rehearsal", {"x": wire.encode(np.ones((2, 3, 3), dtype))}, False))
    attempt.forget()


def serve_once(settings: dict[str, Any]) -> NoReturn:
    """Without fork: this process is the attempt. Requests on 0, answers on 1, its output on 2."""
    channel = Channel(os.dup(0), os.dup(1))
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    os.close(quiet)
    os.dup2(2, 1)
    for name in WARM:
        warm(name)
    serve_attempt(channel, get_ready(channel, settings, os.getcwd(), None))


def warm(name: str) -> None:
    with contextlib.suppress(ImportError):  # not every system has them all
        importlib.import_module(name)
    gc.freeze()  # an attempt's collector leaves these pages shared


# ---------------------------------------------------------------- many attempts


class Zygote:
    """Forks one attempt at a time, reports how it ended and leaves nothing of it alive."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.home = settings["home"]
        self.control = socket.socket(fileno=os.dup(0))
        self.is_first = os.getpid() == 1  # of a namespace: whoever is left is ours to kill
        self.user = self._unprivileged_user()
        self.child, self.count = 0, 0
        self.errand: socket.socket | None = None  # while there is one, the child waits on it for its attempt
        self.scratch = ""
        self.cold = list(WARM)
        self.settings["processes"] = self._process_ceiling()
        quiet = os.open(os.devnull, os.O_RDWR)
        os.dup2(quiet, 0)
        os.chdir(self.home)
        self._listen_for_ends()
        self.powers = _powers()
        if sys.platform == "linux":
            namespaces.prctl(namespaces.PR_SET_DUMPABLE, 0)  # no attempt reads or writes our memory
            namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)  # orphans of an attempt become ours
        self._report(READY)

    def serve(self) -> None:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(self.wake, select.POLLIN)
        while True:
            has_time = not self.child or (self.errand is not None and self.cold)
            events = poll.poll(MOMENT_MS if has_time else None)
            if not events:
                self._get_ready()
            for number, _ in events:
                if number == self.wake.fileno():
                    self.wake.recv(4096)
                    self._reap()
                elif not self._obey():
                    self._sweep()
                    if self.home != HOME:
                        scratch.remove(self.home)
                    return

    def _get_ready(self) -> None:
        """Do one thing ahead, as there is nothing else to do."""
        if not self.child:
            self._fork(ahead=True)
            return
        warm(self.cold.pop(0))
        if not self.cold:
            self._sweep()  # the next fork has all of this

    def _listen_for_ends(self) -> None:
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.wake, ring = socket.socketpair()
        self.wake.setblocking(False)
        ring.setblocking(False)
        self.ring = ring
        signal.set_wakeup_fd(ring.fileno(), warn_on_full_buffer=False)

    def _obey(self) -> bool:
        """Do what the grader asks; False when it has hung up."""
        order, descriptors, _, _ = socket.recv_fds(self.control, 1, 2)
        if not order:
            return False
        if order == FORK:
            self._hand_over(descriptors)
        else:
            self._sweep()
            self._report(SWEPT)
        return True

    def _hand_over(self, descriptors: list[int]) -> None:
        """Give the waiting child its attempt's descriptors; one that waits no more is replaced."""
        if self.errand is None:
            self._fork(ahead=False)
        assert self.errand is not None
        try:
            socket.send_fds(self.errand, [FORK], descriptors)
        except OSError:
            self._sweep()
            self._hand_over(descriptors)
            return
        self.errand.close()
        self.errand = None
        for each in descriptors:
            os.close(each)
        self._report(STARTED, self.child)

    def _fork(self, ahead: bool) -> None:
        """Make the process of the next attempt. Nothing of the last one is alive."""
        if _powers() != self.powers:
            os._exit(1)  # an attempt has meddled with us, as a process of the same user may: begin anew
        self.count += 1
        self.scratch = os.path.join(self.home, f"attempt{self.count}")
        os.mkdir(self.scratch, 0o700)
        if self.user is not None:
            os.chown(self.scratch, self.user, self.user)
        self.errand, theirs = socket.socketpair()
        self.child = os.fork()
        if self.child == 0:
            try:
                self._begin(theirs.fileno(), ahead)
            except BaseException as problem:
                os.write(2, f"{type(problem).__name__}: {problem}\n".encode())
            finally:
                os._exit(70)
        theirs.close()

    def _begin(self, errand: int, ahead: bool) -> None:
        """In the fork: a session, a directory, two descriptors as soon as they come; then the attempt."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        os.dup2(errand, 3)
        os.closerange(4, 256)
        os.chdir(self.scratch)
        os.environ.update(HOME=self.scratch, TMPDIR=self.scratch)
        if ahead:
            rehearse()
        channel = Channel(3, 3)
        watcher: confine.Watch | Exception
        try:
            watcher = get_ready(channel, self.settings, self.scratch, self.user)
        except Exception as problem:  # to be said where the grader hears it
            watcher = problem
        with socket.socket(fileno=3) as waiting:
            descriptors = socket.recv_fds(waiting, 1, 2)[1]
        if not descriptors:
            os._exit(0)  # never needed
        line, output = descriptors
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(line, 3, inheritable=False)
        os.closerange(4, 256)
        if isinstance(watcher, Exception):
            raise watcher
        serve_attempt(channel, watcher)

    def _reap(self, wait: bool = False) -> bool:
        """Collect who has ended; the attempt itself is worth a report. Whether nobody is left."""
        while True:
            try:
                process, status, usage = os.wait4(-1, 0 if wait and self.child else os.WNOHANG)
            except ChildProcessError:
                return True
            if process == 0:
                return False
            if process == self.child:
                self.child = 0
                if self.errand is not None:  # it never had an attempt
                    self.errand.close()
                    self.errand = None
                    continue
                self._report(ENDED, status, usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1))

    def _sweep(self) -> None:
        """Kill the attempt and all that it has started, and clear its directory."""
        self._kill_all()
        while not self._reap(wait=True):
            self._kill_all()
            for process in [] if self.is_first else _descendants():
                _kill(process)
            time.sleep(0.001)
        scratch.empty(self.home)

    def _kill_all(self) -> None:
        """What can be killed at once, with no gap for a fork to slip through, or the attempt's own group."""
        if self.errand is not None:
            _kill(self.child)
        if self.is_first:
            _kill(-1)
        elif self.user is not None:
            _kill_as(self.user)
        elif self.child:
            _kill(self.child)
            _kill_group(self.child)

    def _unprivileged_user(self) -> int | None:
        """A user id that nobody has, if we may give it to attempts and Python stays readable to it."""
        if not self.settings["privileged"] or not _world_readable():
            return None
        return 61184 + int(self.settings["salt"]) % 4000  # systemd keeps these for services of a moment

    def _process_ceiling(self) -> int:
        """How many processes and threads the attempt's user may have; 0 where a ceiling would hit others.

        Before Linux 5.14 the kernel counts those outside the namespace, too; elsewhere it always does.
        """
        allowed: int = self.settings["processes"]
        if sys.platform != "linux":
            return 0
        version = tuple(
            int("".join(filter(str.isdigit, part)) or 0) for part in os.uname().release.split(".")[:2]
        )
        alone = self.user is not None or (self.is_first and version >= (5, 14))
        return allowed if alone else allowed + _threads_of(os.getuid())

    def _report(self, what: bytes, value: int = 0, memory: int = 0) -> None:
        try:
            self.control.sendall(REPORT.pack(what, value, memory))
        except OSError:
            self._sweep()
            os._exit(0)


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except OSError:
        return


def _kill_group(process: int) -> None:
    try:
        os.killpg(process, signal.SIGKILL)
    except OSError:
        return


def _kill_as(user: int) -> None:
    """Kill all processes of a user at once: as one of them."""
    killer = os.fork()
    if killer == 0:
        os.setresuid(user, user, user)
        _kill(-1)
        os._exit(0)
    os.waitpid(killer, 0)


def _descendants() -> list[int]:
    """All processes below this one (Linux; elsewhere the attempt's own group has to do)."""
    parents: dict[int, int] = {}
    for name in os.listdir("/proc") if sys.platform == "linux" else []:
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    below, found = {os.getpid()}, []
    while more := [
        process for process, parent in parents.items() if parent in below and process not in below
    ]:
        below.update(more)
        found += more
    return found


def _powers() -> list[Any]:
    """The limits and the share of the processor that attempts inherit from this process."""
    import resource

    kinds = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
    powers: list[Any] = [resource.getrlimit(kind) for kind in sorted(set(kinds))]
    powers.append(os.getpriority(os.PRIO_PROCESS, 0))
    if sys.platform == "linux":
        powers += [os.sched_getaffinity(0), os.sched_getscheduler(0)]
    return powers


def _threads_of(user: int) -> int:
    """How many threads a user has on this machine; a guess where the system does not show them all."""
    total = 0
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                total += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return total


def _world_readable() -> bool:
    """Whether any user can read the standard library and NumPy."""
    import numpy as np

    for path in (os.path.dirname(os.__file__), os.path.dirname(np.__file__)):
        while True:
            if os.stat(path).st_mode & 0o005 != 0o005:
                return False
            if path == os.path.dirname(path):
                break
            path = os.path.dirname(path)
    return True
