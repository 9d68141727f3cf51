"""`byheart kata ID`: an exercise written again from memory, graded at each save, on the clock.

An attempt is a save in which no hole is left. Par is the median time of the last five finished katas of this
exercise at this level; the first time, 20 seconds a line of the solution. The Anki button that it deserves:

    again   not finished
    hard    three attempts or more, or a known mistake on the way, or more than twice par
    good    finished otherwise
    easy    right at the first attempt, within par

The file is DIR/kata/ID.py, never the learner's own; the history is DIR/kata/history.json.
"""

from __future__ import annotations

import json
import statistics
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from exercises.catalog import Exercise, reference_functions
from exercises.handed_in import Examiner
from exercises.language import Language
from exercises.live import Event, Graded, Key, Live, Saved
from exercises.paper import Line, Span, Terminal, line, wrapped
from exercises.reports.text import report
from exercises.verdict import Phrase, Verdict
from exercises.watch import CLEAR, END_OF_INPUT, other_layouts
from exercises.workspace import Workspace, write

SECONDS_A_LINE = 20
N_FOR_PAR = 5
HARD_ATTEMPTS = 3
N_IN_TREND = 8
VERSION = 1


class Run(NamedTuple):
    """One kata as the history keeps it."""

    exercise: str
    level: str
    when: str  # local time, ISO 8601
    seconds: float
    attempts: int
    mistakes: tuple[str, ...]
    finished: bool
    button: str


class Judgement(NamedTuple):
    """The button that a run deserves, and why."""

    button: str
    why: Phrase


def judge(finished: bool, attempts: int, mistakes: int, seconds: float, par: float) -> Judgement:
    """The rule, as it is written at the top of this file."""
    if not finished:
        return Judgement("again", Phrase("kata.why_again"))
    if mistakes:
        return Judgement("hard", Phrase("kata.why_hard_mistake"))
    if attempts >= HARD_ATTEMPTS:
        return Judgement("hard", Phrase("kata.why_hard_attempts", {"n": attempts}))
    if seconds > 2 * par:
        return Judgement("hard", Phrase("kata.why_hard_slow"))
    if attempts == 1 and seconds <= par:
        return Judgement("easy", Phrase("kata.why_easy"))
    return Judgement("good", Phrase("kata.why_good_slow" if attempts == 1 else "kata.why_good"))


# ---------------------------------------------------------------- history


def history(workspace: Workspace) -> list[Run]:
    """All katas of this folder, oldest first; an unreadable history is an empty one."""
    try:
        records = json.loads((workspace.root / "kata" / "history.json").read_text(encoding="utf-8"))["runs"]
        return [Run(**{**record, "mistakes": tuple(record["mistakes"])}) for record in records]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def remember(workspace: Workspace, run: Run) -> None:
    """Add a run to the history."""
    runs: list[dict[str, Any]] = [each._asdict() for each in [*history(workspace), run]]
    text = json.dumps({"version": VERSION, "runs": runs}, ensure_ascii=False, indent=1) + "\n"
    write(workspace.root / "kata" / "history.json", text)


def finished_before(workspace: Workspace, exercise: Exercise, level: str) -> list[Run]:
    """The finished katas of this exercise at this level, oldest first."""
    return [
        run
        for run in history(workspace)
        if run.exercise == exercise.id and run.level == level and run.finished
    ]


def par_seconds(exercise: Exercise, before: list[Run]) -> float:
    """What this exercise takes its learner, or a guess from its length."""
    if before:
        return statistics.median(run.seconds for run in before[-N_FOR_PAR:])
    from reference.anatomy import body_of

    lines = [
        each for function in reference_functions(exercise).values() for each in body_of(function).splitlines()
    ]
    return SECONDS_A_LINE * sum(bool(each.strip()) and not each.strip().startswith("#") for each in lines)


def clock(seconds: float) -> str:
    """ "3:07", "1:02:00"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


# ---------------------------------------------------------------- the kata itself


def kata(
    workspace: Workspace,
    exercise: Exercise,
    level: str,
    examiner: Examiner,
    language: Language,
    terminal: Terminal,
) -> Run:
    """Lay out the scratch file, grade it at each save until it passes or its learner gives up, and judge."""
    from exercises.starters import starter_text

    path = workspace.root / "kata" / f"{exercise.id}.py"
    kept = workspace.back_up(path) if path.exists() else None
    write(path, starter_text(exercise, level, language))
    with Live(path.parent, examiner, terminal.is_screen, examiner.ahead) as live:
        attempt = Kata(workspace, exercise, level, path, live, language, terminal)
        attempt.begin(kept)
        with suppress(KeyboardInterrupt):
            for event in live.events():
                if not attempt.take(event):
                    break
        return attempt.end()


class Kata:
    """One kata under way."""

    def __init__(
        self,
        workspace: Workspace,
        exercise: Exercise,
        level: str,
        path: Path,
        live: Live,
        language: Language,
        terminal: Terminal,
    ) -> None:
        self.workspace, self.exercise, self.level, self.path = workspace, exercise, level, path
        self.live, self.language, self.terminal = live, language, terminal
        self.started = time.monotonic()
        self.finished_at: float | None = None
        self.attempts = 0
        self.mistakes: list[str] = []
        self.layout = other_layouts()
        self.before = finished_before(workspace, exercise, level)
        self.par = par_seconds(exercise, self.before)

    def begin(self, kept: Path | None) -> None:
        say = self.language.say
        why = (
            say("kata.par_own", n=len(self.before[-N_FOR_PAR:]))
            if self.before
            else say("kata.par_first", seconds=SECONDS_A_LINE)
        )
        before, _, _ = say("kata.start", path="\0").partition("\0")
        if self.terminal.is_screen:
            self.terminal.stream.write(CLEAR)
        title = self.exercise.say(self.language.code).title
        self.terminal.show(
            line(Span(say("kata.title", title=title), "strong")),
            line(before, Span(str(self.path), "accent", self.path)),
            say("kata.how" if self.live.has_keyboard else "kata.how_plain"),
            line(Span(say("kata.par", time=clock(self.par), why=why), "dim")),
            *([line(Span(say("kata.old_kept", path=kept), "dim"))] if kept else []),
        )

    def take(self, event: Event) -> bool:
        """One event; False when it is over."""
        if isinstance(event, Key):
            return self.layout.get(event.name.lower(), event.name.lower()) not in ("q", "", END_OF_INPUT)
        if isinstance(event, Saved) and self.path in event.paths and self.path.exists():
            self.live.submit(self.path)
        if isinstance(event, Graded):
            return self.graded(event.verdict, event.seconds)
        return True

    def graded(self, verdict: Verdict, seconds: float) -> bool:
        """A verdict; the clock stops at the save that passes, not when the grader is done with it."""
        if verdict.status != "unsolved":
            self.attempts += 1
        self.mistakes += [each for each in verdict.mistakes if each not in self.mistakes]
        now = time.monotonic() - seconds - self.started
        if self.terminal.is_screen:
            self.terminal.stream.write(CLEAR)
        passed = verdict.status == "passed"
        lines = report(verdict, self.language, self.terminal.width)
        if passed:
            self.finished_at = now
            lines = lines[:1]
        status = self.language.say("kata.attempt", n=self.attempts, time=clock(now))
        self.terminal.show(line(Span(status, "dim")), *lines, [])
        return not passed

    def end(self) -> Run:
        """Judge, remember, and say so."""
        finished = self.finished_at is not None
        seconds = self.finished_at if self.finished_at is not None else time.monotonic() - self.started
        judgement = judge(finished, self.attempts, len(self.mistakes), seconds, self.par)
        when = time.strftime("%Y-%m-%dT%H:%M:%S")
        run = Run(
            self.exercise.id,
            self.level,
            when,
            round(seconds, 1),
            self.attempts,
            tuple(self.mistakes),
            finished,
            judgement.button,
        )
        remember(self.workspace, run)
        self.terminal.show(*self.closing(run, judgement))
        return run

    def closing(self, run: Run, judgement: Judgement) -> list[Line]:
        say = self.language.say
        head = say(
            "kata.finished" if run.finished else "kata.gave_up", time=clock(run.seconds), n=run.attempts
        )
        lines = [line(Span(head, "strong"))]
        if run.mistakes:
            known = {mistake.id: mistake.text[self.language.code] for mistake in self.exercise.mistakes}
            words = "; ".join(known.get(name, name) for name in run.mistakes)
            lines += [
                line(each) for each in wrapped(say("kata.mistakes", mistakes=words), self.terminal.width)
            ]
        times = [clock(each.seconds) for each in self.before] + ([clock(run.seconds)] if run.finished else [])
        if len(times) > 1:
            lines.append(line(say("kata.trend", times=" → ".join(times[-N_IN_TREND:]))))
        before, _, _ = say("kata.button", button="\0").partition("\0")
        why = self.language.phrase(judgement.why)
        style = "bad" if run.button == "again" else "warn" if run.button == "hard" else "good"
        button = Span(say(f"kata.{run.button}"), style)
        return [*lines, [], line(before, button, Span(f"   ({say('kata.rule', why=why)})", "dim"))]
