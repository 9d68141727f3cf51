"""What has been rendered before, by content.

A card that did not change, under rules that did not change, is not rendered again.

One file in the user's cache folder, named after everything that has a say in rendering (the code, the
reference, the catalog, the libraries). BYHEART_CACHE names another folder; BYHEART_CACHE=off switches it off.
Losing the file costs a second or two and nothing else.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LIBRARIES = ("numpy", "markdown-it-py", "mdit-py-plugins", "pygments")


def folder() -> Path | None:
    """Where the cache is, or None where there shall be none."""
    chosen = os.environ.get("BYHEART_CACHE", "")
    if chosen.lower() == "off":
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return (Path(base) if base else Path.home() / ".cache") / "byheart"


@functools.cache
def rules() -> str:
    """A hash of everything but the cards that decides what a rendered card is."""
    files = [*ROOT.glob("deck/*.py"), *ROOT.glob("reference/*.py"), ROOT / "exercises/catalog.py"]
    files += [*ROOT.glob("exercises/catalog/*.toml"), *ROOT.glob("exercises/languages/*.toml")]
    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}".encode())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def key(*parts: Any) -> str:
    """A key for what depends on these parts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


class Cache:
    """Values by key; those that nobody asked for are forgotten when it is saved."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.known: dict[str, Any] = {}
        self.used: dict[str, Any] = {}
        if path is not None:
            with contextlib.suppress(OSError, ValueError):
                self.known = json.loads(path.read_text(encoding="utf-8"))

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """The value under this name, made now if it is not known. It must be what JSON can hold."""
        if name not in self.used:
            self.used[name] = self.known[name] if name in self.known else make()
        return self.used[name]

    def save(self) -> None:
        """Write the file, if anything is new; where that cannot be, nothing is lost but time."""
        if self.path is None or all(name in self.known for name in self.used):
            return
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            for old in self.path.parent.glob("cards-*.json"):
                old.unlink()
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self.path.parent, delete=False
            ) as part:
                json.dump(self.used, part, ensure_ascii=False)
            Path(part.name).replace(self.path)
            self.known = dict(self.used)


@functools.cache
def shared() -> Cache:
    """The cache of this process."""
    place = folder()
    return Cache(None if place is None else place / f"cards-{rules()}.json")
