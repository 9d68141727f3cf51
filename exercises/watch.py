"""`byheart watch`: one exercise on the screen, graded at each save, until its learner moves on.

Nothing jumps away by itself. The screen changes when a file is saved or a key is pressed, and a hint stays
until the exercise changes.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from exercises.catalog import Exercise, exercises, find, languages
from exercises.desk import bar, command, count_solved, listing, next_exercise, what_follows
from exercises.handed_in import Examiner
from exercises.hints import hint_block
from exercises.language import Language, speak
from exercises.live import Broken, Event, Graded, Key, Live, Saved, Waiting
from exercises.paper import Line, Span, Terminal, line, wrapped
from exercises.reports.text import report, short
from exercises.untrusted import one_line
from exercises.verdict import Verdict
from exercises.workspace import Progress, Workspace, exercise_of

CLEAR = "\x1b[H\x1b[2J"
END_OF_INPUT = "\x04"


def other_layouts() -> dict[str, str]:
    """The letters that lie on our keys in the keyboard layouts of all languages."""
    return {pair[0]: pair[1] for code in languages() for pair in speak(code).say("watch.layout").split()}


def watch(workspace: Workspace, examiner: Examiner, language: Language, terminal: Terminal) -> None:
    """Until q, Ctrl+C or the end of the terminal. The examiner also remembers the outcome."""
    with Live(workspace.folder, examiner, terminal.is_screen, examiner.ahead) as live:
        session = Watch(workspace, live, language, terminal)
        with suppress(KeyboardInterrupt):
            session.begin()
            for event in live.events():
                if not session.take(event):
                    break
        session.goodbye()


class Watch:
    """What is on the screen, and what each event does to it."""

    def __init__(self, workspace: Workspace, live: Live, language: Language, terminal: Terminal) -> None:
        self.workspace, self.live, self.language, self.terminal = workspace, live, language, terminal
        self.turn_to(next_exercise(workspace) or exercises()[0])
        self.verdict: Verdict | None = None
        self.seconds = 0.0
        self.message = ""
        self.listing = False
        self.asking_reset = False
        self.asked_next = False
        self.layout = other_layouts()
        self.solved_before = {name for name, progress in workspace.progress().items() if progress.solved}

    def turn_to(self, exercise: Exercise) -> None:
        """Have this exercise on the screen, none of its hints yet."""
        self.current, self.path, self.hints = exercise, self.workspace.path_of(exercise), list[int]()

    def begin(self) -> None:
        """Show the current exercise, and where it stands."""
        if not self.terminal.is_screen:
            self.terminal.show(self.language.say("watch.plain_start", folder=self.workspace.folder))
        self.open(self.current)

    def open(self, exercise: Exercise) -> None:
        """Turn to an exercise and grade it as it is."""
        self.turn_to(exercise)
        self.verdict, self.message = None, ""
        self.asked_next = self.listing = self.asking_reset = False
        if self.path.exists():
            self.live.submit(self.path)
        else:
            self.message = self.language.say("watch.gone")
        self.draw()

    def take(self, event: Event) -> bool:
        """One event; False when it is over."""
        if isinstance(event, Key):
            return self.press(event.name)
        if isinstance(event, Saved):
            self.saved(event.paths)
        elif isinstance(event, Graded):
            self.graded(event)
        elif isinstance(event, Broken):
            self.say(one_line(f"{type(event.error).__name__}: {event.error}"))
        elif isinstance(event, Waiting) and event.busy and self.verdict is None:
            self.say(self.language.say("watch.grading"))
        return True

    # ------------------------------------------------------------ files

    def saved(self, paths: tuple[Path, ...]) -> None:
        """Grade what was saved. One other file is where the learner went; several are an editor's doing."""
        ours = [path for path in paths if exercise_of(path)]
        own = [path for path in ours if exercise_of(path) == self.current.id]
        if not own and len(ours) == 1 and ours[0].exists():
            self.turn_to(find(exercise_of(ours[0]) or ""))
        self.listing = self.asking_reset = self.asked_next = False
        for path in ours:
            if path.exists():
                self.live.submit(path)
            elif path in own:
                self.say(self.language.say("watch.gone"))

    def graded(self, event: Graded) -> None:
        """A verdict: on the screen if it is the current exercise's, on a line if it is another's."""
        broke = event.verdict.status != "passed" and event.verdict.exercise in self.solved_before
        (self.solved_before.add if event.verdict.status == "passed" else self.solved_before.discard)(
            event.verdict.exercise
        )
        if event.verdict.exercise != self.current.id:
            self.say("".join(span.text for span in short(event.verdict, self.language, self.terminal.width)))
            return
        self.verdict, self.seconds, self.message = event.verdict, event.seconds, ""
        if broke:
            self.message = self.language.say("watch.broke")
        self.draw()

    # ------------------------------------------------------------ keys

    def press(self, key: str) -> bool:
        """One key; False for q and for a keyboard that is gone."""
        key = self.layout.get(key.lower(), key.lower())
        if key in ("q", "", END_OF_INPUT):
            return False
        if self.listing:
            self.listing = False
            self.draw()
        elif self.asking_reset:
            self.reset(key)
        elif key == "n":
            self.next()
        elif key == "h":
            self.hints = self.workspace.reveal_hint(self.current)
            self.draw()
        elif key == "l":
            self.listing = True
            self.draw()
        elif key == "r":
            self.asking_reset = True
            self.say(self.language.say("watch.reset_ask"))
        return True

    def next(self) -> None:
        """The next exercise that is not solved; from one that is not solved itself only when asked twice."""
        if not self.solved and not self.asked_next:
            self.asked_next = True
            self.say(self.language.say("watch.next_pending"))
            return
        later = next_exercise(self.workspace, after=self.current)
        if later is None:
            self.say(self.language.say("watch.all_done", total=len(exercises()), id=self.current.id))
        elif later.id == self.current.id:
            self.say(self.language.say("watch.last"))
        else:
            self.open(later)

    def reset(self, key: str) -> None:
        """The answer to the question that r asks."""
        self.asking_reset, self.message = False, ""
        if key != "y":
            self.draw()
            return
        kept = self.workspace.reset(self.current)
        self.open(self.current)
        self.say(
            self.language.say("watch.reset_done", path=kept)
            if kept
            else self.language.say("watch.reset_untouched")
        )

    @property
    def solved(self) -> bool:
        return self.workspace.progress().get(self.current.id, Progress()).solved

    # ------------------------------------------------------------ the screen

    def say(self, message: str) -> None:
        """A line under the rest."""
        self.message = message
        self.draw()

    def draw(self) -> None:
        """The whole screen anew; in a pipe, only what is new."""
        if not self.terminal.is_screen:
            self.append()
            return
        lines = self.list_screen() if self.listing else self.screen()
        self.terminal.stream.write(CLEAR)
        self.terminal.show(*lines)

    def append(self) -> None:
        """For a pipe: a verdict or a message, never the same twice."""
        if self.message:
            self.terminal.show(self.message)
        elif self.verdict is not None:
            self.terminal.show(*self.report(), [])

    def screen(self) -> list[Line]:
        language = self.language
        n, total = count_solved(self.workspace)
        title = self.current.say(language.code).title
        lines: list[Line] = [
            line(Span(language.say("watch.title", n=n, total=total), "dim"), f"   {bar(n, total)}"),
            line(Span(language.say("watch.current", number=self.current.number, title=title), "strong")),
            line("  ", Span(str(self.path), "accent", self.path)),
            [],
        ]
        lines += self.report() if self.verdict else [line(language.say("watch.waiting", path=self.path))]
        lines += self.hint_block()
        if self.message:
            lines += [[], *(line(Span(each, "warn")) for each in wrapped(self.message, self.terminal.width))]
        keys = language.say(
            "watch.keys_solved" if self.verdict and self.verdict.status == "passed" else "watch.keys"
        )
        took = language.say("watch.took", ms=self.seconds * 1000) if self.verdict else ""
        return [*lines, [], line(Span(keys, "accent"), Span(f"      {took}", "dim"))]

    def report(self) -> list[Line]:
        assert self.verdict is not None
        passed = self.verdict.status == "passed"
        following = what_follows(self.workspace, self.current, self.language) if passed else None
        return report(self.verdict, self.language, self.terminal.width, following)

    def hint_block(self) -> list[Line]:
        """The hints that were asked for here; they stay."""
        if not self.hints:
            return []
        return [[], *hint_block(self.current, self.hints, self.hints[-1], self.language, self.terminal.width)]

    def list_screen(self) -> list[Line]:
        *rows, space, count = listing(self.workspace, self.language)
        here, room = self.current.number - 1, max(self.terminal.height - 5, 5)
        first = max(0, min(here - room // 2, len(rows) - room))
        keys = line(Span(self.language.say("watch.list_keys"), "accent"))
        return [*rows[first : first + room], space, count, [], keys]

    def goodbye(self) -> None:
        n, total = count_solved(self.workspace)
        again = command("watch", self.workspace)
        self.terminal.show(self.language.say("watch.bye", n=n, total=total, command=again))
