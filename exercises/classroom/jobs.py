"""What there is to grade: one file for one exercise, and the key under which its result is kept."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from exercises.catalog import FOLDER, find

__all__ = ["Job", "Result", "crashed", "job_of", "version"]

Result = Mapping[
    str, Any
]  # the record of an exercise in `grade --format json`, its page's `section`, and `key`
HERE = Path(__file__).parents[1]


class Job(NamedTuple):
    """Everything that a grader has to know, on whatever machine it runs."""

    key: str
    exercise: str
    name: str  # of the file: its ending says whether it is a notebook
    source: bytes
    language: str
    seed: int
    version: str


def job_of(exercise: str, path: str, source: bytes, language: str, seed: int) -> Job:
    """The job, and its key: a file is graded again if it, the grader, the language or the seed changes."""
    suffix = ".ipynb" if path.lower().endswith(".ipynb") else ".py"
    name = Path(find(exercise).file_name).with_suffix(suffix).name
    about = json.dumps([version(), exercise, name, language, seed]).encode()
    key = hashlib.sha256(len(about).to_bytes(4, "big") + about + source).hexdigest()[:40]
    return Job(key, exercise, name, source, language, seed, version())


def crashed(job: Job, message: str) -> Result:
    """The result of a file that took its grader with it, each time."""
    exercise = find(job.exercise)
    return {
        "key": job.key,
        "id": job.exercise,
        "status": "crashed",
        "points": 0.0,
        "function": exercise.functions[0],
        "step": None,
        "mistakes": [],
        "message": message,
        "review": "",
        "seconds": 0.0,
        "seed": job.seed,
        "functions": dict.fromkeys(exercise.functions, "crashed"),
        "section": "",
    }


@functools.cache
def version() -> str:
    """What the grader consists of, as a short hash: reference, catalog, sentences and code."""
    import numpy as np

    found = hashlib.sha256(f"{sys.version_info[:2]} {np.__version__}".encode())
    sources = [*HERE.parent.glob("reference/*.py"), *FOLDER.glob("*.toml"), *HERE.glob("languages/*.toml")]
    sources += [*HERE.glob("*.py"), *HERE.glob("reports/*"), *HERE.glob("classroom/*.py")]
    for path in sorted(path for path in sources if path.is_file()):
        found.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()[:16]
