"""Starts the worker process, as well protected as this system allows, without importing NumPy here.

The worker's own code goes to it as bytes over its first descriptor: nothing of this project has to be
visible where it runs.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from functools import cache
from importlib.machinery import PathFinder, SourceFileLoader
from typing import Any

from exercises import scratch
from exercises.view import HOME, View

__all__ = ["STRENGTHS", "Launch", "available"]

STRENGTHS = BUBBLEWRAP, NAMESPACES, LANDLOCK, PORTABLE = ("bubblewrap", "namespaces", "landlock", "portable")
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
OURS = ("reference", "exercises", "deck", "byheart")  # what an attempt may not import
HIDDEN = ("reference", "exercises", "deck", "tests", ".git", "byheart.py", "__pycache__")
PARTS = ("wire", "view", "scratch", "namespaces", "landlock", "confine", "runner", "worker")
THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR", "BLIS")
BOOT = """\
import marshal, os, sys, types
def read(size):
    data = b""
    while len(data) < size:
        data += os.read(0, min(size - len(data), 65536)) or os._exit(1)
    return data
settings, parts = marshal.loads(read(int.from_bytes(read(8), "little")))
sys.path += settings["path"]
sys.modules["exercises"] = package = types.ModuleType("exercises")
for name, code in parts:
    module = types.ModuleType("exercises." + name)
    sys.modules["exercises." + name] = module
    setattr(package, name, module)
    exec(code, module.__dict__)
sys.modules["exercises.worker"].main(settings)
"""


def available() -> list[str]:
    """The protections to try on this system, best first; BYHEART_SANDBOX names the only one to try."""
    asked = os.environ.get("BYHEART_SANDBOX")
    if asked in STRENGTHS:
        return [asked]
    if sys.platform != "linux":
        return [PORTABLE]
    return [*([BUBBLEWRAP] if _bubblewrap() else []), NAMESPACES, LANDLOCK, PORTABLE]


class Launch:
    """One worker process about to be: its command, its environment and what it is told."""

    def __init__(self, strength: str, limits: dict[str, int], protected: tuple[str, ...], fork: bool) -> None:
        self.strength = strength
        self.home = HOME if strength in (BUBBLEWRAP, NAMESPACES) else _temporary()
        hidden = [os.path.join(ROOT, name) for name in HIDDEN] + list(protected)
        privileged = hasattr(os, "geteuid") and os.geteuid() == 0
        view = None if strength == PORTABLE else View.of([*_python_trees(), *_packages()], hidden)
        self.command = [_python(), "-I", "-S", "-B", "-X", "utf8", "-c", BOOT]
        if strength == BUBBLEWRAP and view is not None:
            self.command = view.bubblewrap(_bubblewrap(), privileged) + self.command
        self.settings: dict[str, Any] = {
            **limits,
            "fork": fork,
            "home": self.home,
            "packages": OURS,
            "path": _packages(),
            "privileged": privileged,
            "protected": list({*hidden, *map(os.path.realpath, hidden)}),
            "salt": int.from_bytes(os.urandom(2), "little"),
            "strength": strength,
            "view": tuple(view) if strength in (NAMESPACES, LANDLOCK) and view is not None else None,
        }

    def start(self, **streams: Any) -> subprocess.Popen[bytes]:
        """The process, in a session of its own, with these standard streams and nothing else of ours."""
        return subprocess.Popen(
            self.command,
            cwd="/" if self.home == HOME else self.home,
            env=_environment(self.home),
            start_new_session=os.name == "posix",
            **streams,
        )

    def message(self) -> bytes:
        """What the worker reads first: its settings and its code."""
        body = marshal.dumps((self.settings, _code()))
        return len(body).to_bytes(8, "little") + body

    def clear(self) -> None:
        if self.home != HOME:
            scratch.remove(self.home)


def _bubblewrap() -> str:
    """Where the program is; empty where it is not."""
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return next((path for place in places if os.access(path := os.path.join(place, "bwrap"), os.X_OK)), "")


def _temporary() -> str:
    import tempfile  # slow to import, and only needed without namespaces

    return tempfile.mkdtemp(prefix="attempts-")


@cache
def _code() -> tuple[tuple[str, Any], ...]:
    """The worker's modules, compiled; from the cache on disk where Python keeps one."""
    names = [(part, os.path.join(HERE, f"{part}.py")) for part in PARTS]
    return tuple(
        (part, SourceFileLoader(f"exercises.{part}", path).get_code(f"exercises.{part}"))
        for part, path in names
    )


def _python() -> str:
    """The interpreter itself and not a virtual environment's launcher of it."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


@cache
def _packages() -> list[str]:
    """Where installed packages lie: never the current directory or the project's own."""
    spec = PathFinder.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the autograder needs NumPy: pip install numpy")
    home_of_numpy = os.path.dirname(os.path.dirname(spec.origin))
    installed = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    return list(dict.fromkeys([*installed, home_of_numpy]))


def _python_trees() -> list[str]:
    python = os.path.realpath(_python())
    return [sys.base_prefix, sys.base_exec_prefix, os.path.dirname(os.path.dirname(python))]


def _environment(home: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    fixed = {"PATH": "/usr/bin:/bin", "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"}
    return kept | fixed | {f"{name}_NUM_THREADS": "1" for name in THREADS}
