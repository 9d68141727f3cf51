"""`byheart train`: the small encoder-decoder learns to copy or to reverse, before one's eyes, in seconds.

Leaves three pictures behind: the loss, the learning rate, and what one head looks at.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.errors import UseError
from exercises.language import speak
from exercises.launch import THREADS
from exercises.paper import Terminal
from exercises.progress import progress_bar
from exercises.workspace import write

if TYPE_CHECKING:
    from exercises.train_run import Run


def run_training(task: str, out: Path, language: str) -> Run:
    """Train, say how well it went, and leave the pictures in the folder `out`."""
    _one_thread()
    from exercises.train_run import LESSON, N_UNSEEN, learn, names, pictures

    words, terminal = speak(language), Terminal()
    if out.exists() and not out.is_dir():
        raise UseError("error.start_is_file", path=out)
    with progress_bar(words.say(f"train.learning_{task}"), terminal) as on_progress:
        run = learn(LESSON._replace(task=task), on_progress)
    paths = [out / name for name in ("loss.svg", "learning_rate.svg", "attention.svg")]
    try:
        for path, picture in zip(paths, pictures(run, words), strict=True):
            write(path, picture)
    except OSError as error:
        raise UseError("error.cannot_write", path=out, why=error.strerror or error) from None
    source, _ = run.example
    terminal.show(
        words.say("train.accuracy", percent=100 * run.accuracy, n=N_UNSEEN),
        words.say("train.example", source=" ".join(names(source)), said=" ".join(names(run.said))),
        words.say(
            "train.seconds", n=len(run.losses), seconds=run.seconds, loss=run.losses[-1], floor=run.floor
        ),
        words.say("train.pictures", paths="  ".join(str(path) for path in paths)),
    )
    return run


def _one_thread() -> None:
    """Ask NumPy for one thread, before it is loaded: on matrices this small several only wait."""
    for library in THREADS:
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
