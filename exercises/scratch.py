"""Removes what an attempt has left behind, however deep, wide or forbidding it made it."""

from __future__ import annotations

import os

__all__ = ["remove"]


def remove(top: str) -> None:
    """Remove a directory with everything in it; what cannot be removed stays.

    Directories are first moved up to the top: no path gets long and nothing recurses.
    """
    serial, prefix = 0, os.urandom(8).hex()
    try:
        os.rmdir(top)  # nearly always it is empty
        return
    except OSError:
        pending = [top]
    while pending:
        directory = pending.pop()
        for entry in _entries(directory):
            if entry.is_dir(follow_symlinks=False):
                serial += 1
                moved = os.path.join(top, f"{prefix}{serial}")
                if _does(os.rename, entry.path, moved):
                    pending.append(moved)
            else:
                _does(os.unlink, entry.path)
    for entry in _entries(top):
        _does(os.rmdir, entry.path)
    _does(os.rmdir, top)


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        os.chmod(directory, 0o700)
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []


def _does(act: object, *paths: str) -> bool:
    try:
        act(*paths)  # type: ignore[operator]
    except OSError:
        return False
    return True
