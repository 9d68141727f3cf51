"""What an attempt can see on Linux: a few trees of files, read-only, and a scratch directory of its own.

bubblewrap shows this view where it is installed; `exercises.namespaces` does the same by system calls.
"""

from __future__ import annotations

import os
from typing import NamedTuple

__all__ = ["DEVICES", "HOME", "SCRATCH_BYTES", "View", "outermost", "parents", "within"]

HOME = "/attempts"  # exists nowhere else, so it covers nothing
SCRATCH_BYTES = 256 << 20
DEVICES = ("null", "zero", "full", "random", "urandom")
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "passwd")
PATCHED = ("/nix/store", "/gnu/store")  # where such systems keep their libraries


class View(NamedTuple):
    """Trees that are seen, links as on this system, and what is covered up inside the trees."""

    trees: tuple[str, ...]
    links: tuple[tuple[str, str], ...]  # (target, path)
    hidden: tuple[str, ...]

    @classmethod
    def of(cls, needed: list[str], hidden: list[str]) -> View:
        """The system's libraries and the trees that Python needs, without those that are hidden."""
        places = [*SYSTEM, *(f"/etc/{name}" for name in ETC), *PATCHED]
        links = tuple((os.readlink(place), place) for place in places if os.path.islink(place))
        trees = [place for place in places if os.path.exists(place) and not os.path.islink(place)]
        seen = outermost(trees + [os.path.realpath(tree) for tree in needed] + needed)
        covered = [path for path in hidden if os.path.exists(path) and within(path, seen)]
        return cls(tuple(seen), links, tuple(covered))

    def bubblewrap(self, program: str, privileged: bool) -> list[str]:
        """The command line that shows this view to what follows on it."""
        command = [program, "--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
        command += [
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]
        if privileged:  # no user namespace: then the attempt can get a user id of its own
            for capability in ("SETUID", "SETGID", "KILL", "CHOWN", "DAC_OVERRIDE", "FOWNER"):
                command += ["--cap-add", f"CAP_{capability}"]
        else:
            command += ["--unshare-user"]
        for parent in sorted({parent for tree in self.trees for parent in parents(tree)}):
            command += ["--perms", "0755", "--dir", parent]  # for every user, also below a private home
        for tree in self.trees:
            command += ["--ro-bind", tree, tree]
        for target, path in self.links:
            command += ["--symlink", target, path]
        for path in self.hidden:
            command += ["--tmpfs", path] if os.path.isdir(path) else ["--ro-bind", "/dev/null", path]
        command += [
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--remount-ro",
            "/dev",
            "--size",
            str(SCRATCH_BYTES),
            "--tmpfs",
            HOME,
        ]
        return [*command, "--remount-ro", "/", "--chdir", HOME]


def parents(path: str) -> list[str]:
    parts = path.strip("/").split("/")[:-1]
    return ["/" + "/".join(parts[: n + 1]) for n in range(len(parts))]


def within(path: str, trees: list[str] | tuple[str, ...]) -> bool:
    return any(path == tree or path.startswith(tree.rstrip("/") + "/") for tree in trees)


def outermost(trees: list[str]) -> list[str]:
    """Without those that lie inside another, sorted."""
    kept: list[str] = []
    for tree in sorted(set(trees)):
        if not within(tree, kept):
            kept.append(tree)
    return kept
