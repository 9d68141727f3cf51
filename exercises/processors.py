"""Processors: a grader and the attempt beside it on two of them (Linux).

Each wakes the other with every message, and the kernel likes to put who is woken beside who wakes: then both
share one processor while another one idles, and a verdict takes half as long again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["apart"]

STAT = Path("/proc/thread-self/stat")
PROCESSOR = 36  # its place behind the name, which may hold anything but ends in the last bracket


@contextlib.contextmanager
def apart() -> Iterator[int | None]:
    """Stay on the processor that this thread runs on, and say which; None where there is no choice."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    here = _here() if len(allowed) > 1 else None
    if here is None or not _keep_to({here}):
        yield None
        return
    try:
        yield here
    finally:
        _keep_to(allowed)


def _keep_to(processors: set[int]) -> bool:
    try:
        os.sched_setaffinity(0, processors)
    except OSError:  # some containers do not let anybody choose
        return False
    return True


def _here() -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(STAT.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[PROCESSOR])
    return None
