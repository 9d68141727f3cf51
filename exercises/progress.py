"""A progress bar for what takes longer than a moment; nothing in pipes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from exercises.paper import Terminal

OnProgress = Callable[[int, int], None]


@contextmanager
def progress_bar(title: str, terminal: Terminal) -> Iterator[OnProgress | None]:
    """Gives the function to call with (how many are done, of how many); the bar is gone afterwards."""
    if not terminal.is_screen:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
