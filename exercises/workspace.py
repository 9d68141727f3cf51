"""A study folder: where a learner's files live and what is remembered about them.

DIR/exercises/NN_<id>.py      one file an exercise; a file that was changed is never written over
DIR/backup/                   what a reset or a kata replaced
DIR/.byheart.json             language, level, and the state of each exercise by its last grading
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from exercises.catalog import Exercise, exercises, index
from exercises.errors import UseError
from exercises.language import speak
from exercises.verdict import Verdict

STATE_FILE = ".byheart.json"
VERSION = 1
DEFAULT_FOLDER = "study"


class Progress(NamedTuple):
    """What is known about an exercise: the status of its last grading ("" for none) and the mistakes then."""

    status: str = ""
    mistakes: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    hints: tuple[int, ...] = ()  # those that were asked for, in that order

    @property
    def solved(self) -> bool:
        return self.status == "passed"


class LaidOut(NamedTuple):
    """What laying out did: files added, untouched starters brought up to date, files left alone."""

    added: list[Path]
    refreshed: list[Path]
    kept: list[Path]


class Workspace:
    """One study folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """The study folder around `start` (else around the current folder, else ./study). Raises UseError."""
        here = (start or Path()).resolve()
        for folder in [here, *here.parents, here / DEFAULT_FOLDER]:
            if (folder / STATE_FILE).is_file():
                return cls(_near(folder))
        raise UseError("error.no_workspace", folder=str(start or Path().resolve()))

    @property
    def folder(self) -> Path:
        return self.root / "exercises"

    # ------------------------------------------------------------ what is remembered

    @property
    def language(self) -> str | None:
        return self._read().get("language")

    @property
    def level(self) -> str:
        return str(self._read().get("level", "guided"))

    def progress(self) -> dict[str, Progress]:
        """The progress in every exercise that has a file here or was graded."""
        known = self._read()["exercises"]
        return {name: _progress(record) for name, record in known.items() if isinstance(record, dict)}

    def record(self, verdict: Verdict, review: Iterable[str] = ()) -> None:
        """Remember the outcome of a grading; a solved exercise that no longer passes is pending again."""
        with self._changing() as state:
            entry = state["exercises"].setdefault(verdict.exercise, {})
            entry.update(status=verdict.status, mistakes=list(verdict.mistakes), review=list(review))

    def reveal_hint(self, exercise: Exercise) -> list[int]:
        """One more hint: the numbers of all that were asked for, the new one last.

        The hint that helps against the mistake made last comes first, then the others in order.
        """
        every = range(1, len(exercise.say("en").hints) + 1)
        with self._changing() as state:
            entry = state["exercises"].setdefault(exercise.id, {})
            seen = list(_progress(entry).hints)
            made = _progress(entry).mistakes
            advised = [each.hint for each in exercise.mistakes if each.id in made and each.hint]
            new = next((n for n in [*advised, *every] if n in every and n not in seen), None)
            entry["hints"] = seen if new is None else [*seen, new]
            return list(entry["hints"])

    # ------------------------------------------------------------ files

    def files(self) -> dict[str, Path]:
        """The file of each exercise that has one, in the order of exercises."""
        found = {name: path for path in exercise_files(self.folder) if (name := exercise_of(path))}
        return {exercise_id: found[exercise_id] for exercise_id in index() if exercise_id in found}

    def path_of(self, exercise: Exercise) -> Path:
        """Where the exercise's file is, or would be."""
        return self.files().get(exercise.id, self.folder / exercise.file_name)

    def lay_out(self, level: str, language: str) -> LaidOut:
        """Write the starters that are missing, and renew those that nobody has touched since."""
        result = LaidOut([], [], [])
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._changing() as state:
            state.update(language=language, level=level)
            for exercise in exercises():
                self._lay_out(exercise, state["starters"], result, level, language)
        return result

    def _lay_out(
        self, exercise: Exercise, starters: dict[str, str], result: LaidOut, level: str, language: str
    ) -> None:
        path, text = self.path_of(exercise), _starter(exercise, level, language)
        if not path.exists():
            result.added.append(path)
        elif fingerprint(path.read_bytes()) != starters.get(exercise.id):
            result.kept.append(path)
            return
        elif path.read_bytes() == text.encode():
            return
        else:
            result.refreshed.append(path)
        write(path, text)
        starters[exercise.id] = fingerprint(text.encode())

    def reset(self, exercise: Exercise, level: str | None = None) -> Path | None:
        """A fresh starter. What was there goes to backup/, and that place is returned (None if untouched)."""
        path, text = self.path_of(exercise), _starter(exercise, level or self.level, self.language or "en")
        with self._changing() as state:
            untouched = path.exists() and fingerprint(path.read_bytes()) == state["starters"].get(exercise.id)
            kept = self.back_up(path) if path.exists() and not untouched else None
            write(path, text)
            state["starters"][exercise.id] = fingerprint(text.encode())
            state["exercises"].pop(exercise.id, None)
        return kept

    def back_up(self, path: Path) -> Path:
        """Move a file to backup/ under a name of its own."""
        folder = self.root / "backup"
        folder.mkdir(exist_ok=True)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        names = [
            f"{path.stem}.{stamp}{path.suffix}",
            *(f"{path.stem}.{stamp}-{n}{path.suffix}" for n in range(2, 1000)),
        ]
        target = next(folder / name for name in names if not (folder / name).exists())
        path.replace(target)
        return target

    # ------------------------------------------------------------ the state file

    def _read(self) -> dict[str, Any]:
        """The state; an empty one where the file is missing or damaged."""
        try:
            found = json.loads((self.root / STATE_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        state = found if isinstance(found, dict) else {}
        parts = {name: state.get(name) for name in ("exercises", "starters")}
        return state | {name: part if isinstance(part, dict) else {} for name, part in parts.items()}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """The state to change; written in one move afterwards. Several processes may do this at once."""
        self.root.mkdir(parents=True, exist_ok=True)
        with _lock(self.root / f"{STATE_FILE}.lock"):
            state = self._read()
            try:
                yield state
            finally:
                text = json.dumps({"version": VERSION, **state}, indent=1, ensure_ascii=False)
                write(self.root / STATE_FILE, text + "\n")


# ---------------------------------------------------------------- files of exercises


def exercise_files(folder: Path) -> list[Path]:
    """The Python files of a folder whose names hold the id of an exercise, by name."""
    return [path for path in sorted(folder.glob("*.py")) if exercise_of(path)] if folder.is_dir() else []


def exercise_of(path: Path) -> str | None:
    """The exercise that a file name means, whatever number stands before it: the longest id in its name."""
    stem = re.sub(r"^\d+[_-]", "", path.stem)
    if stem in index():
        return stem
    inside = [name for name in index() if re.search(rf"(?<![a-z]){name}(?![a-z])", path.stem)]
    return max(inside, key=len, default=None)


def find_exercise(word: str) -> Exercise:
    """An exercise by its id, number or one of its functions. Raises UseError that suggests the nearest."""
    from exercises.catalog import find

    if word in index():
        return find(word)
    for exercise in exercises():
        if word in exercise.functions or (word.isdecimal() and int(word) == exercise.number):
            return exercise
    import difflib

    near = difflib.get_close_matches(word.lower(), index(), n=1, cutoff=0.5)
    if near:
        raise UseError("error.unknown_exercise_near", word=word[:60], near=near[0])
    raise UseError("error.unknown_exercise", word=word[:60])


def write(path: Path, text: str) -> None:
    """Write a file in one move, so that nobody ever sees half of it; UTF-8 and LF everywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)


def fingerprint(content: bytes) -> str:
    """Short enough to keep, long enough to tell files apart; line ends do not count (editors change them)."""
    import hashlib

    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def _starter(exercise: Exercise, level: str, language: str) -> str:
    from exercises.starters import starter_text  # loads NumPy and the reference

    return starter_text(exercise, level, speak(language))


def _progress(record: dict[str, Any]) -> Progress:
    return Progress(
        str(record.get("status", "")),
        tuple(map(str, _list(record, "mistakes"))),
        tuple(map(str, _list(record, "review"))),
        tuple(n for n in _list(record, "hints") if isinstance(n, int)),
    )


def _list(record: dict[str, Any], key: str) -> list[Any]:
    found = record.get(key)
    return found if isinstance(found, list) else []


def _near(folder: Path) -> Path:
    """The folder as seen from here where it lies below: short paths read better."""
    here = Path().resolve()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


@contextmanager
def _lock(path: Path, patience: float = 5.0) -> Iterator[None]:
    """Hold a lock file; one that is older than `patience` seconds was left behind and is taken over."""
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            try:
                if time.time() - path.stat().st_mtime > patience:
                    path.unlink(missing_ok=True)
            except OSError:
                pass
            time.sleep(0.002)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
