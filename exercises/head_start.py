"""The worker, started before anything else: it imports NumPy while we load click, NumPy and the rest.

What a cold verdict takes is mostly imports in two processes; this lets them happen side by side.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import sys
from collections.abc import Sequence

from exercises.sandbox import NoAttemptsError, Sandbox

COMMANDS = frozenset({"grade", "watch", "kata"})

_early: list[Sandbox] = []


def begin(arguments: Sequence[str]) -> None:
    """Start a worker if this command line is going to need one."""
    if COMMANDS.intersection(arguments[1:4]) and "--help" not in arguments:
        with contextlib.suppress(NoAttemptsError):  # to be said later, when somebody can listen
            _early.append(Sandbox())
        gc.disable()  # loading modules leaves no garbage, and looking for it costs milliseconds
        atexit.register(_end)


def loaded() -> None:
    """All modules are there: from now on garbage is looked for, but not among them."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def compile_modules() -> None:
    """Write bytecode for the project's own modules, once, so that every later command starts faster.

    A clone installed with `pip install -e` has none. Where it cannot be written, nothing happens.
    """
    import compileall
    from pathlib import Path

    if sys.implementation.cache_tag is not None:
        for package in ("reference", "exercises", "deck"):
            compileall.compile_dir(Path(__file__).parents[1] / package, quiet=2)


def sandbox() -> Sandbox:
    """The early one, to be used and closed; a new one where there is none."""
    return _early.pop() if _early else Sandbox()


def _end() -> None:
    """Close the worker if the command did not come so far, and leave the garbage to the system."""
    while _early:
        _early.pop().close()
    gc.freeze()
