"""One job to one result, in whatever process or thread: each has a sandbox, warm from the first job on."""

from __future__ import annotations

import threading
from typing import Any

from exercises.catalog import find
from exercises.classroom.jobs import Job, Result, version
from exercises.language import speak
from exercises.sandbox import NoAttemptsError, Sandbox

__all__ = ["grade", "grade_here", "is_fit", "warm_up"]

_own = threading.local()


def grade(job: Job, sandbox: Sandbox) -> Result:
    """The result, ready for the ledger: plain strings and numbers."""
    from exercises.classroom.notebooks import grade_source
    from exercises.reports.html import section
    from exercises.reports.json import data

    language = speak(job.language)
    verdict = grade_source(job.name, job.source, find(job.exercise), sandbox, job.seed)
    record: dict[str, Any] = data([verdict], language)["exercises"][0]
    del record["file"]
    return {"key": job.key, **record, "section": section(verdict, language)}


def grade_here(job: Job) -> Result:
    """The same with this thread's own sandbox. What came from another version is not graded but said so."""
    if job.version != version():
        return {"key": job.key, "other_version": version()}
    return grade(job, _sandbox())


def is_fit(sandbox: Sandbox | None = None) -> bool:
    """Can attempts be run here at all? If not, no file is to blame for it."""
    if sandbox is None:
        with Sandbox() as own:
            return is_fit(own)
    try:
        with sandbox.attempt(b"", "nothing.py") as attempt:
            return attempt.loaded is not None
    except (NoAttemptsError, OSError):
        return False


def warm_up() -> bool:
    """Start this thread's sandbox, before anybody waits for it; whether it is fit."""
    return is_fit(_sandbox())


def _sandbox() -> Sandbox:
    if not hasattr(_own, "sandbox"):
        _own.sandbox = Sandbox()
    sandbox: Sandbox = _own.sandbox
    return sandbox
