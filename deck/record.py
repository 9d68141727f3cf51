"""The committed record: when the content of each note last changed.

A note's modification time moves only when its content does. So an update replaces the notes that are new,
and leaves a user's edits and tags on all others alone.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

FILE = Path(__file__).parent / "record.json"
GUIDS = Path(__file__).parent / "guids.txt"

Entry = tuple[str, int]  # content, seconds since 1970


@functools.cache
def read(path: Path = FILE) -> Mapping[str, Entry]:
    """key -> (content, date). Empty where there is no record yet."""
    if not path.exists():
        return {}
    entries: dict[str, Entry] = {
        key: (content, date) for key, (content, date) in json.loads(path.read_text(encoding="utf-8")).items()
    }
    return entries


def dates(record: Mapping[str, Entry] | None = None) -> Callable[[str, str], int]:
    """What says when a content last changed: the record, or else the date of the sources."""
    known = read() if record is None else record

    def modified(key: str, content: str) -> int:
        recorded, date = known.get(key, ("", 0))
        return date if recorded == content else max(date + 1, sources_changed())

    return modified


@functools.cache
def sources_changed() -> int:
    """When any file that cards come from last changed on this machine; never in the future."""
    root = Path(__file__).parent.parent
    files = [path for folder in ("deck", "exercises", "reference") for path in (root / folder).rglob("*.*")]
    newest = max(path.stat().st_mtime for path in files if path.suffix in (".py", ".toml", ".html", ".css"))
    return min(int(newest), int(time.time()))


def updated(old: Mapping[str, Entry], contents: Mapping[str, str], now: int) -> dict[str, Entry]:
    """The record after a look at all contents: the unchanged keep their dates, the gone stay remembered."""
    fresh = {
        key: old[key] if key in old and old[key][0] == content else (content, now)
        for key, content in contents.items()
    }
    return dict(sorted({**old, **fresh}.items()))


def write(record: Mapping[str, Entry], path: Path = FILE) -> None:
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in record.items())
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    read.cache_clear()
