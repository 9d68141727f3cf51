"""Single keys, without Enter."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def raw_keyboard() -> Iterator[Callable[[], str]]:
    """A function that waits for keys and returns them, "" at the end of input; then all is as before."""
    if sys.platform == "win32":
        import msvcrt

        yield msvcrt.getwch
        return
    import os
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield lambda: os.read(descriptor, 64).decode("utf-8", "replace")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
