"""By Heart's own source: as files to carry along, and as a place to install it from."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import exercises

__all__ = ["origin", "source_files"]

ROOT = Path(exercises.__file__).parents[1]
PACKAGES = ("reference", "exercises", "deck")
BESIDE = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-CARDS", "byheart.py")


def source_files() -> Iterator[tuple[str, bytes]]:
    """Everything that pip needs to install this version, by path."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not re.search(r"(?:^|/)(?:__pycache__|\.)", name):
                yield name, path.read_bytes()
    beside = {name: (ROOT / name).read_bytes() for name in BESIDE if (ROOT / name).is_file()}
    if b'name = "byheart"' not in beside.get("pyproject.toml", b""):  # installed: it stayed behind
        beside["pyproject.toml"] = _pyproject().encode()
    beside.setdefault("README.md", b"# By Heart\n")
    yield from sorted(beside.items())


def _pyproject() -> str:
    """How to build it, from what pip knows of the installed version."""
    requirements = importlib.metadata.requires("byheart") or []
    needed = [requirement for requirement in requirements if "extra ==" not in requirement]
    return f"""\
[build-system]
requires = ["hatchling>=1.25"]
build-backend = "hatchling.build"

[project]
name = "byheart"
version = "{importlib.metadata.version("byheart")}"
requires-python = ">=3.11"
dependencies = {json.dumps(needed)}

[project.scripts]
byheart = "byheart:main"

[project.entry-points.pytest11]
byheart = "exercises.pytest_plugin"

[tool.hatch.build.targets.wheel]
only-include = {json.dumps([*PACKAGES, "byheart.py"])}
"""


def origin() -> str | None:
    """Where pip can install this very version from, as a requirement; None where that is not known."""
    return _from_pip() or _from_git()


def _from_pip() -> str | None:
    """What pip wrote down when it installed from a repository."""
    try:
        told = importlib.metadata.distribution("byheart").read_text("direct_url.json")
        about = json.loads(told or "{}")
        return _requirement(about["url"], about["vcs_info"]["commit_id"])
    except (importlib.metadata.PackageNotFoundError, ValueError, LookupError):
        return None


def _from_git() -> str | None:
    """What git knows of the clone that this runs from."""
    if not (ROOT / ".git").exists():
        return None
    try:
        url, commit = _git("remote", "get-url", "origin"), _git("rev-parse", "HEAD")
    except (OSError, subprocess.SubprocessError):
        return None
    return _requirement(url, commit)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=True, timeout=10
    ).stdout.strip()


def _requirement(url: str, commit: str) -> str | None:
    """The line for requirements.txt: over https, and never with somebody's password in it."""
    scp = re.fullmatch(r"(?:ssh://)?git@([\w.-]+)[:/](.+)", url)
    parts = urlsplit(f"https://{scp[1]}/{scp[2]}" if scp else url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    plain = urlunsplit(("https", parts.hostname, parts.path, "", ""))
    return f"byheart @ git+{plain}@{commit}"
