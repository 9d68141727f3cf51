"""What the commands say about a study folder: where you are, what there is, what to do next."""

from __future__ import annotations

import re
from pathlib import Path

from exercises.catalog import Exercise, contents, exercises, find
from exercises.errors import UseError
from exercises.language import Language
from exercises.paper import Line, Span, line
from exercises.workspace import LaidOut, Progress, Workspace

MARKS = {"passed": ("✓", "good"), "": ("·", "dim"), "unsolved": ("·", "dim")}
DECKS = "attention-*.apkg"


def next_exercise(workspace: Workspace, after: Exercise | None = None) -> Exercise | None:
    """The first exercise that is not solved, behind `after` if possible; None when all are."""
    progress = workspace.progress()
    pending = [each for each in contents() if not progress.get(each.id, Progress()).solved]
    behind = [each for each in pending if after is None or each.number > after.number]
    return next((find(each.id) for each in behind or pending), None)


def to_practise(workspace: Workspace) -> Exercise:
    """The exercise whose last kata is longest ago; those that never had one come first."""
    from exercises.kata import history

    last = {run.exercise: run.when for run in history(workspace)}
    return find(min(contents(), key=lambda each: (last.get(each.id, ""), each.number)).id)


def what_follows(workspace: Workspace, exercise: Exercise, language: Language) -> Line:
    """After a pass: the next exercise with a path to click, or, when all is done, a kata."""
    later = next_exercise(workspace, after=exercise)
    if later is None:
        return line(language.say("report.next_done", id=to_practise(workspace).id))
    path, title = workspace.path_of(later), later.say(language.code).title
    sentence = language.say("report.next_exercise", number=later.number, title=title, path="\0")
    before, _, after = sentence.partition("\0")
    return line(before, Span(str(path), "accent", path), after)


def count_solved(workspace: Workspace) -> tuple[int, int]:
    """How many exercises are solved, of how many."""
    progress = workspace.progress()
    return sum(progress.get(each.id, Progress()).solved for each in contents()), len(contents())


def bar(n: int, total: int, width: int = 20) -> str:
    """Progress as a bar; full only when everything is solved."""
    full = n * width // total if total else 0
    return "█" * full + "░" * (width - full)


def command(verb: str, workspace: Workspace) -> str:
    """The command as it is to be typed here: the folder is named where it would not be found."""
    try:
        found = Workspace.find().root.resolve() == workspace.root.resolve()
    except UseError:
        found = False
    return f"byheart {verb}" if found else f"byheart {verb} {_typed(workspace.root)}"


def _typed(path: Path) -> str:
    """The path as one word of a command line, in sh, PowerShell and cmd alike."""
    return str(path) if re.fullmatch(r"[\w./\\:~-]+", str(path)) else f'"{path}"'


# ---------------------------------------------------------------- byheart list


def listing(workspace: Workspace | None, language: Language) -> list[Line]:
    """All exercises in order with their state; the next one is pointed at."""
    progress = workspace.progress() if workspace else {}
    upcoming = next_exercise(workspace) if workspace else None
    width = max(len(each.id) for each in exercises())
    lines = [
        _row(each, progress.get(each.id, Progress()), each == upcoming, width, language)
        for each in exercises()
    ]
    n = sum(progress.get(each.id, Progress()).solved for each in exercises())
    return [*lines, [], line(language.say("list.title", n=n, total=len(exercises())))]


def _row(exercise: Exercise, progress: Progress, upcoming: bool, width: int, language: Language) -> Line:
    mark, style = MARKS.get(progress.status, ("✗", "bad"))
    pointer = Span("→ ", "accent") if upcoming else Span("  ")
    title = exercise.say(language.code).title
    remark = "" if progress.status in MARKS else f"   {language.say(f'status.{progress.status}')}"
    name = Span(f"{exercise.id:<{width}}", "strong" if upcoming else "")
    return line(
        pointer, Span(mark, style), f" {exercise.number:>2}  ", name, f"  {title}", Span(remark, "dim")
    )


def listing_data(workspace: Workspace | None, language: Language) -> list[dict[str, object]]:
    """The same for programs."""
    progress = workspace.progress() if workspace else {}
    files = workspace.files() if workspace else {}
    return [
        {
            "number": each.number,
            "id": each.id,
            "title": each.say(language.code).title,
            "functions": list(each.functions),
            "needs": list(each.needs),
            "file": str(files[each.id]) if each.id in files else None,
            "state": "passed" if progress.get(each.id, Progress()).solved else "pending",
            "status": progress.get(each.id, Progress()).status or None,
        }
        for each in exercises()
    ]


# ---------------------------------------------------------------- byheart


def where_you_are(workspace: Workspace | None, language: Language) -> list[Line]:
    """Decks, exercises solved, the next one, what to review."""
    title = line(Span(language.say("here.title"), "strong"))
    if workspace is None:
        return [
            title,
            [],
            line(language.say("here.nothing")),
            [],
            line(Span(language.say("here.help"), "dim")),
        ]
    n, total = count_solved(workspace)
    decks = sorted(workspace.root.glob(DECKS))
    names = ", ".join(str(path) for path in decks)
    lines: list[Line] = [
        title,
        [],
        line(
            language.say("here.decks", paths=names)
            if decks
            else language.say("here.no_decks", folder=workspace.root)
        ),
        line(language.say("here.solved", n=n, total=total, bar=bar(n, total))),
        *_next_lines(workspace, language),
    ]
    topics = dict.fromkeys(
        topic for each in workspace.progress().values() if not each.solved for topic in each.review
    )
    if topics:
        lines.append(line(language.say("here.review", search=search(list(topics)[:4]))))
    return [*lines, [], line(Span(language.say("here.help"), "dim"))]


def _next_lines(workspace: Workspace, language: Language) -> list[Line]:
    exercise = next_exercise(workspace)
    if exercise is None:
        return [line(language.say("here.all_solved", id=to_practise(workspace).id))]
    path = workspace.path_of(exercise)
    before, _, _ = language.say(
        "here.next", number=exercise.number, title=exercise.say(language.code).title, path="\0"
    ).partition("\0")
    how = language.say("here.next_how", command=command("watch", workspace), id=exercise.id)
    return [line(before, Span(str(path), "accent", path)), line(Span(how, "dim"))]


def search(topics: list[str]) -> str:
    """What to type into Anki's search box to see the cards of these topics."""
    return " or ".join(f"tag:byheart::{topic}" for topic in topics)


# ---------------------------------------------------------------- byheart start


def welcome(
    workspace: Workspace, decks: list[Path], renewed: bool, laid_out: LaidOut, language: Language
) -> list[Line]:
    """What was made and where, and what to do next."""
    paths = ", ".join(str(path) for path in decks)
    made = [language.say("start.decks_new" if renewed else "start.decks", paths=paths)] if decks else []
    made.append(_exercises_line(workspace, laid_out, language))
    if laid_out.refreshed:
        made.append(language.say("start.refreshed", n=len(laid_out.refreshed)))
    if laid_out.kept:
        made.append(language.say("start.kept", n=len(laid_out.kept)))
    return [
        *(line(each) for each in made),
        [],
        line(Span(language.say("start.next"), "strong")),
        *_to_do(workspace, decks, language),
    ]


def _exercises_line(workspace: Workspace, laid_out: LaidOut, language: Language) -> str:
    n_before = len(workspace.files()) - len(laid_out.added)
    key = "added" if not n_before else "more" if laid_out.added else "same"
    return language.say(f"start.exercises_{key}", folder=workspace.folder, n=len(laid_out.added))


def _to_do(workspace: Workspace, decks: list[Path], language: Language) -> list[Line]:
    own = [path for path in decks if path.stem.endswith(f"-{language.code}")] or decks
    lines = [_with_path(language, "start.import_deck", own[0])] if own else []
    exercise = next_exercise(workspace)
    if exercise is None:
        return [*lines, line("  " + language.say("start.all_solved", id=to_practise(workspace).id))]
    lines.append(_with_path(language, "start.open_first", workspace.path_of(exercise)))
    before, _, _ = language.say("start.watch", command="\0").partition("\0")
    return [*lines, line("  " + before, Span(command("watch", workspace), "accent"))]


def _with_path(language: Language, key: str, path: Path) -> Line:
    """A sentence with a path in it that can be clicked."""
    before, _, after = language.say(key, path="\0").partition("\0")
    return line("  " + before, Span(str(path), "accent", path), after)
