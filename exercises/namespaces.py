"""An attempt's namespaces without bubblewrap: the same view with plain system calls, if the kernel lets us.

Runs in the worker, before NumPy is loaded, while there is one thread. An attempt in here has no network, sees
only its own processes and the files of its view, and cannot signal anybody outside.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache

from exercises.view import DEVICES, HOME, SCRATCH_BYTES, View

__all__ = ["checked_syscall", "drop_capabilities", "enter", "prctl"]

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
OLD, NEW = "/old", "/new"
USER = 1000  # inside a user namespace; without capabilities it is nobody in particular


def enter(view: View, privileged: bool) -> None:
    """Move this process into namespaces with this view, as process 1 of them.

    Must be called while there is one thread. The calling process forks and only waits; the new one returns.
    Raises OSError where the kernel does not let us.
    """
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    _check(_libc().unshare(flags if privileged else flags | CLONE_NEWUSER))
    if not privileged:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{USER} {user} 1")
        _write("/proc/self/gid_map", f"{USER} {group} 1")
    _become_process_one()
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _build(view)
    _leave_everything_else()


def _become_process_one() -> None:
    """Process ids are per namespace from the next fork on: go on as the child, which dies with its parent."""
    child = os.fork()
    if child:
        os.closerange(0, 64)
        os.waitpid(child, 0)
        os._exit(0)
    prctl(PR_SET_PDEATHSIG, 9)


def _build(view: View) -> None:
    """A new root on a fresh file system in NEW, with the trees of the view bound into it from OLD."""
    _tmpfs("/tmp")  # any directory will do; what it covers is back as soon as this is the root
    os.mkdir("/tmp" + OLD)
    os.mkdir("/tmp" + NEW)
    _pivot("/tmp", "/tmp" + OLD)
    _tmpfs(NEW)
    for tree in view.trees:
        _bind(OLD + tree, NEW + tree)
    for target, path in view.links:
        os.makedirs(os.path.dirname(NEW + path), exist_ok=True)
        os.symlink(target, NEW + path)
    for path in view.hidden:
        _cover(NEW + path)
    for device in DEVICES:
        _bind(f"{OLD}/dev/{device}", f"{NEW}/dev/{device}", MS_NOSUID)
    os.mkdir(NEW + "/proc")
    _mount("proc", NEW + "/proc", "proc", MS_NOSUID | MS_NODEV)
    os.mkdir(NEW + HOME)
    _tmpfs(NEW + HOME)


def _leave_everything_else() -> None:
    """Make NEW the root, read-only but for the scratch directory; nothing of the old root can be reached."""
    _pivot(NEW, NEW)
    _check(_libc().umount2(b".", MNT_DETACH))
    _mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir(HOME)


def _pivot(new: str, old: str) -> None:
    os.chdir(new)
    _check(_libc().pivot_root(os.fsencode(new), os.fsencode(old)))
    if old != new:
        os.chdir("/")


def _tmpfs(target: str) -> None:
    _mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, f"size={SCRATCH_BYTES},mode=0755")


def _bind(source: str, target: str, flags: int = MS_NOSUID | MS_NODEV) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    _mount(source, target, None, MS_BIND | MS_REC)
    # what was locked when the mount was copied must stay as it was
    kept = os.statvfs(target).f_flag & (MS_NOSUID | MS_NODEV | 8 | 1024 | 2048)
    _mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | flags | kept)


def _cover(path: str) -> None:
    if os.path.isdir(path):
        _mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4096")
    else:
        _mount(OLD + "/dev/null", path, None, MS_BIND)


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    raw = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    _check(_libc().mount(raw[0], raw[1], raw[2], ctypes.c_ulong(flags), raw[3]))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def checked_syscall(number: int, *arguments: bytes | int | None) -> int:
    """syscall(2). Raises OSError where the kernel refuses."""
    plain = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result: int = _libc().syscall(ctypes.c_long(number), *plain)
    if result < 0:
        _check(result)
    return result


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def prctl(option: int, value: int = 0) -> None:
    """prctl(2) with one argument. Raises OSError where the kernel refuses."""
    _check(_libc().prctl(option, value, 0, 0, 0))


def drop_capabilities() -> None:
    """No capability is left to this process; with "no new privileges" set, none comes back."""
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()  # version 3, this process
    _check(_libc().capset(header, nothing))
