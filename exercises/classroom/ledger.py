"""What has been graded, one JSON object a line: only appended to, so that a kill costs at most the last line.

The first line holds the seed with which the whole class is asked. Results stay in the file; only where each
begins is kept in memory.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import TracebackType

from exercises.classroom.jobs import Result
from exercises.errors import UseError

__all__ = ["Ledger"]


class Ledger:
    """The results by key. Opening it cuts off a line that was being written when somebody pulled the plug."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._places: dict[str, int] = {}
        self.seed: int | None = None
        self._file = os.fdopen(
            os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644), "r+b"
        )
        self._lock(path)
        end = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            self._note(line, end)
            end += len(line)
        self._file.truncate(end)

    def _lock(self, path: Path) -> None:
        """Nobody else writes here until this process ends, however it ends. (Windows does without.)"""
        if sys.platform == "win32":
            return
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise UseError("class.busy", path=path.parent) from None

    def _note(self, line: bytes, place: int) -> None:
        """Remember where a result is; a damaged line is as good as none."""
        try:
            record = json.loads(line)
        except ValueError:
            return
        if isinstance(record, dict) and isinstance(record.get("key"), str) and "section" in record:
            self._places[record["key"]] = place
        elif isinstance(record, dict) and isinstance(record.get("seed"), int):
            self.seed = record["seed"]

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, key: str) -> Result:
        self._file.seek(self._places[key])
        found: Result = json.loads(self._file.readline())
        return found

    def begin(self, seed: int) -> None:
        """Write down the seed."""
        self.seed = seed
        self._append({"seed": seed})

    def add(self, result: Result) -> None:
        """Keep a result; it is in the file when this returns."""
        self._places[result["key"]] = self._append(result)

    def _append(self, record: Result) -> int:
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(record, ensure_ascii=True).encode() + b"\n")
        self._file.flush()
        return place

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
