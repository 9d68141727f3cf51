"""Files, signals and connections denied by the kernel without any namespace (Linux 5.13 and later).

For containers and hardened systems where no namespace can be had: any process may lock itself in with
Landlock, for good and with all its children. What the kernel does not deny stays open: TCP before 6.7,
signals to others before 6.12, and always datagrams and sockets that lie in the file system.
"""

from __future__ import annotations

import os
import struct

from exercises.namespaces import checked_syscall
from exercises.view import DEVICES, View, outermost, within

__all__ = ["lock_in", "supported"]

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on all processors
VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}  # since version
BIND_AND_CONNECT = 3  # TCP, since version 4
ABSTRACT_SOCKETS_AND_SIGNALS = 3  # since version 6


def supported() -> int:
    """The version of Landlock that the kernel has. Raises OSError where there is none."""
    return checked_syscall(CREATE_RULESET, None, 0, VERSION)


def lock_in(view: View, scratch: str) -> None:
    """From now on this process reads what is in the view and writes to its scratch directory only."""
    version = supported()
    rights = FILE_RIGHTS[max(since for since in FILE_RIGHTS if since <= version)]
    network = BIND_AND_CONNECT if version >= 4 else 0
    scope = ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = struct.pack("<QQQ", rights, network, scope)[:size]
    rules = checked_syscall(CREATE_RULESET, attributes, size, 0)
    for tree in view.trees:
        _allow(rules, tree, READ_DIR & rights)  # to list the names is harmless, to import is to list
        for part in _without(tree, view.hidden):
            _allow(rules, part, READ)
    for target, path in view.links:
        _allow(rules, os.path.join(os.path.dirname(path), target), READ)
    _allow(rules, "/proc", READ)  # other processes stay closed: the lock holds for ptrace, too
    for device in DEVICES:
        _allow(rules, f"/dev/{device}", READ_FILE | WRITE_FILE | (IOCTL | TRUNCATE) & rights)
    _allow(rules, scratch, rights)
    checked_syscall(RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= ~READ_DIR
    if rights:
        checked_syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("<Qi", rights, place), 0)
    os.close(place)


def _without(tree: str, hidden: tuple[str, ...]) -> list[str]:
    """The parts of a tree that are left when what is hidden in it is taken out."""
    if tree in hidden:
        return []
    inside = [path for path in hidden if within(path, [tree])]
    if not inside:
        return [tree]
    parts = [os.path.join(tree, name) for name in os.listdir(tree)]
    return [left for part in outermost(parts) for left in _without(part, tuple(inside))]
