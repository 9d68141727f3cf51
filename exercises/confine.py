"""What an attempt may do: its limits, its identity, and the alarm that rings when it reaches for the answer.

Runs in the attempt's own process, before any line of the learner's. Limits and identity are enforced by the
kernel. The alarm (an audit hook) is not: it catches who tries the door, and where there are no namespaces
it is all there is in front of the files.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from exercises import namespaces
from exercises.view import parents, within

__all__ = ["Watch", "drop_privileges", "keep_away", "limit", "reset_signals", "watch"]

CPU_SECONDS = 600  # a last resort: the grader's own clock comes long before
OPEN_FILES = 128


def limit(memory_mb: int, file_mb: int, processes: int) -> None:
    """Ceilings of memory, file size, processes, open files and processor time (POSIX)."""
    import resource

    _lower(resource.RLIMIT_AS, memory_mb << 20)
    _lower(resource.RLIMIT_FSIZE, file_mb << 20)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_CPU, CPU_SECONDS)
    _lower(resource.RLIMIT_CORE, 0)
    if processes:
        _lower(resource.RLIMIT_NPROC, processes)


def _lower(which: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (ceiling, ceiling))
    except (OSError, ValueError):  # macOS refuses some of them
        return


def guard_memory(memory_mb: int, every: float = 0.02) -> None:
    """Kill this process when it has grown too large: for macOS, which does not enforce RLIMIT_AS."""
    import resource
    import threading

    unit = 1 if sys.platform == "darwin" else 1024

    def look() -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < memory_mb << 20:
            time.sleep(every)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=look, daemon=True).start()


def drop_privileges(user: int | None) -> None:
    """Become `user` (only root can) and give up for good what would bring power back (Linux)."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    if sys.platform == "linux":
        namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
        namespaces.drop_capabilities()
        namespaces.prctl(namespaces.PR_SET_PDEATHSIG, signal.SIGKILL)  # it does not outlive the worker


def keep_away(processor: int | None) -> None:
    """Leave this processor to the grader, if there is another (Linux)."""
    others = os.sched_getaffinity(0) - {processor} if processor is not None else set()
    with contextlib.suppress(OSError):  # some containers do not let anybody choose
        if others:
            os.sched_setaffinity(0, others)


# ---------------------------------------------------------------- the alarm

_MUTATES_FILES = {
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "os.setxattr": 1,
    "os.removexattr": 1,
}  # fmt: skip - event: how many of its first arguments are paths
_LOOKS = {"os.chdir", "os.listdir", "os.scandir", "ctypes.dlopen", "sqlite3.connect"}
_STARTS = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.spawn"}
_NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}
_POWERS = {
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_open",
    "pidfd_send_signal",
    "kill",
    "killpg",
    "syscall",
    "open",
    "open64",
    "openat",
    "openat64",
    "fopen",
    "fopen64",
}  # fmt: skip - C functions that no exercise needs


class Watch:
    """Judges audit events. `forged(what)` is called, and must not return, when one reaches for the grader."""

    def __init__(
        self,
        protected: tuple[str, ...],
        scratch: str,
        packages: tuple[str, ...],
        forged: Callable[[str], NoReturn],
    ) -> None:
        self.protected = protected
        self.parents = {parent for path in protected for parent in parents(path)}
        self.own_file = ""  # the attempt's, as soon as it has a name
        self.writable = (os.path.realpath(scratch), "/dev")
        self.packages = frozenset(packages)
        self.forged = forged
        self.judges: dict[str, Callable[[str, tuple[Any, ...]], None]] = {
            "open": self.opens, "import": self.imports, "os.kill": self.kills, "os.killpg": self.kills,
            "resource.prlimit": self.kills,
            "ctypes.dlsym": self.calls_c, "os.fwalk": self.looks,
        }  # fmt: skip
        self.judges |= dict.fromkeys(_MUTATES_FILES, self.mutates)
        self.judges |= dict.fromkeys(_LOOKS, self.looks)
        self.judges |= dict.fromkeys(_STARTS, self.starts)
        self.judges |= dict.fromkeys(_NETWORK, self.connects)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        judge = self.judges.get(event)
        if judge is not None:
            judge(event, arguments)

    def opens(self, event: str, arguments: tuple[Any, ...]) -> None:
        path, flags = arguments[0], arguments[2]
        if isinstance(path, int):
            return
        self.keep_out(path)
        if isinstance(flags, int) and flags & (
            os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        ):
            self.keep_in(path)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """As the first of the finders: importlib raises no event."""
        self.imports("import", (name,))

    def imports(self, event: str, arguments: tuple[Any, ...]) -> None:
        name = str(arguments[0])
        if name.partition(".")[0] in self.packages:
            self.forged(f"imports {name}")

    def mutates(self, event: str, arguments: tuple[Any, ...]) -> None:
        for path in arguments[: _MUTATES_FILES[event]]:
            if not isinstance(path, int):
                self.keep_out(path)
                self.keep_in(path)

    def looks(self, event: str, arguments: tuple[Any, ...]) -> None:
        if arguments and isinstance(arguments[0], str | bytes | os.PathLike):
            self.keep_out(arguments[0])

    def starts(self, event: str, arguments: tuple[Any, ...]) -> None:
        text = repr(arguments)[:100_000]
        for path in self.protected:
            if path in text:
                self.forged(f"starts a program on {path}")

    def connects(self, event: str, arguments: tuple[Any, ...]) -> None:
        raise PermissionError("an attempt has no network")

    def kills(self, event: str, arguments: tuple[Any, ...]) -> None:
        target = arguments[0]
        own = os.getpgid(0) if event == "os.killpg" else os.getpid()
        if target in (0, own) or (target > 0 and self.is_ours(target)):
            return
        self.forged(f"{event}({target})")

    def is_ours(self, target: int) -> bool:
        try:
            return os.getsid(target) == os.getsid(0)
        except OSError:
            return False

    def calls_c(self, event: str, arguments: tuple[Any, ...]) -> None:
        if arguments[1] in _POWERS:
            self.forged(f"calls {arguments[1]}")

    def keep_out(self, path: Any) -> None:
        """Nothing of the project's own is read or written, through whatever link."""
        if not isinstance(path, str | bytes | os.PathLike):
            return
        given = os.fsdecode(path)
        real = os.path.realpath(given)
        if self.own_file in (real, given):
            return
        if within(real, self.protected) or (not os.path.lexists(real) and self.is_ours_from_elsewhere(given)):
            self.forged(f"reaches for {given[:200]}")
        if self.is_foreign_process(real):
            self.forged(f"reaches for {given[:200]}")

    def is_ours_from_elsewhere(self, given: str) -> bool:
        """Whether a relative path leads to something protected from one of its parents, as with `dir_fd`."""
        if os.path.isabs(given):
            return False
        return any(within(os.path.normpath(start + os.sep + given), self.protected) for start in self.parents)

    def is_foreign_process(self, path: str) -> bool:
        parts = path.split("/")
        named = len(parts) > 3 and parts[1] == "proc" and parts[2].isdigit() and int(parts[2]) != os.getpid()
        return named and parts[3] in ("mem", "fd", "environ", "maps", "root", "cwd", "map_files", "task")

    def keep_in(self, path: Any) -> None:
        """Only the scratch directory is written to."""
        if not isinstance(path, str | bytes | os.PathLike):
            return
        real = os.path.realpath(os.fsdecode(path))
        if not within(real, self.writable):
            raise PermissionError(f"an attempt writes to its working directory only, not to {real[:200]}")


def watch(watcher: Watch) -> None:
    """Ring the alarm from now on; nothing can take a hook out again, or find it easily."""
    sys.meta_path.insert(0, watcher)
    sys.addaudithook(watcher)
    gc.freeze()


def reset_signals() -> None:
    """Every signal as Python sets it up, whatever the worker has done with it."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
