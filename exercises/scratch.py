"""Removes what an attempt has left behind, however deep, wide or forbidding it made it."""

from __future__ import annotations

import os

__all__ = ["empty", "remove"]


def remove(top: str) -> None:
    """Remove a directory with everything in it; what cannot be removed stays."""
    if not _does(os.rmdir, top):  # nearly always it is empty
        _unlock(top)
        empty(top)
        _does(os.rmdir, top)


def empty(top: str) -> None:
    """Remove everything in a directory.

    Directories are first moved up to the top: no path gets long and nothing recurses.
    """
    serial, prefix = 0, os.urandom(8).hex()
    pending = [top]
    while pending:
        directory = pending.pop()
        for entry in _entries(directory):
            if entry.is_dir(follow_symlinks=False):
                serial += 1
                moved = os.path.join(top, f"{prefix}{serial}")
                _unlock(entry.path)
                if _does(os.rename, entry.path, moved):
                    pending.append(moved)
            else:
                _does(os.unlink, entry.path)
    for entry in _entries(top):
        _does(os.rmdir, entry.path)


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []


def _unlock(directory: str) -> None:
    _does(os.chmod, directory, 0o700)


def _does(act: object, *arguments: str | int) -> bool:
    try:
        act(*arguments)  # type: ignore[operator]
    except OSError:
        return False
    return True
