"""The front door: the command line. The only file that knows both the deck and the exercises.

Commands delegate; what is heavy to import is imported where it is used, so that `byheart grade` starts fast.
"""

# ruff: noqa: E402  (the worker starts before the other imports, and shares their time)

from __future__ import annotations

import sys

from exercises import head_start

head_start.begin(sys.argv)

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from exercises.catalog import LANGUAGES_FOLDER, CatalogError, languages
from exercises.errors import UseError
from exercises.language import Language, choose
from exercises.localised import Group, phrase_of
from exercises.paper import Terminal, line, use_utf8
from exercises.sandbox import NoAttemptsError
from exercises.workspace import DEFAULT_FOLDER, Workspace, find_exercise

VERSION = "1.0.0"
LEVELS = ("guided", "outline", "blank")
FORMATS = ("text", "json", "junit", "gradescope", "html")
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
ANYWHERE = click.Path(path_type=Path)


def main() -> None:
    """Run a command; every error of use is one sentence on stderr and exit status 2."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: threads only cost time
    use_utf8()
    language = choose(_asked_language(sys.argv[1:]), _remembered_language(sys.argv[1:]))
    try:
        status = cli.main(prog_name="byheart", standalone_mode=False, obj=language)
    except click.ClickException as error:
        status = _complain(language, language.phrase(phrase_of(error)))
    except UseError as error:
        status = _complain(language, language.phrase(error.phrase))
    except NoAttemptsError as error:
        status = _complain(language, language.say("error.no_attempts", why=error))
    except CatalogError as error:
        status = _complain(language, str(error))
    except (click.Abort, KeyboardInterrupt):
        status = _complain(language, language.say("error.interrupted"))
    except BrokenPipeError:
        status = 0
        sys.stderr.close()
    except OSError as error:
        if error.filename is None:
            raise
        status = _complain(
            language, language.say("error.cannot_write", path=error.filename, why=error.strerror)
        )
    sys.exit(status if isinstance(status, int) else 0)


def _complain(language: Language, sentence: str) -> int:
    Terminal(sys.stderr).show(language.say("error.title", message=sentence))
    return 2


def _asked_language(arguments: list[str]) -> str | None:
    """What --lang says, needed before click has read the command line."""
    for n, word in enumerate(arguments):
        if word == "--lang" and n + 1 < len(arguments):
            return arguments[n + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _remembered_language(arguments: list[str]) -> str | None:
    """The language of the study folder that the command line names, else of the one here."""
    named = [Path(word) for word in arguments if not word.startswith("-") and os.path.exists(word)]  # noqa: PTH110
    for folder in [*named[:1], Path()]:
        try:
            return Workspace.find(folder).language
        except (UseError, OSError):
            continue
    return None


def _workspace(folder: Path | None) -> Workspace:
    return Workspace.find(folder)


def _any_workspace() -> Workspace | None:
    try:
        return Workspace.find()
    except UseError:
        return None


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _language_option(**settings: Any) -> Decorator:
    choices = sorted(path.stem for path in LANGUAGES_FOLDER.glob("*.toml"))
    return click.option(
        "--lang", "lang", type=click.Choice(choices), expose_value=False, help="opt_lang", **settings
    )


def _dir_option() -> Decorator:
    return click.option("--dir", "folder", type=FOLDER, help="opt_dir")


# ---------------------------------------------------------------- the door itself


@click.group(cls=Group, invoke_without_command=True, help="main", add_help_option=True)
@click.version_option(VERSION, prog_name="byheart", message="%(prog)s %(version)s")
@_language_option()
@click.pass_context
def cli(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        from exercises.desk import where_you_are

        Terminal().show(*where_you_are(_any_workspace(), context.obj))


@cli.command(help="start")
@click.argument("folder", metavar="[DIR]", type=ANYWHERE, default=Path(DEFAULT_FOLDER))
@click.option("--level", type=click.Choice(LEVELS), help="opt_level")
@click.option("--for-class", is_flag=True, help="opt_for_class")
@click.option("--notebooks", is_flag=True, help="opt_notebooks")
@_language_option()
@click.pass_obj
def start(language: Language, folder: Path, level: str | None, for_class: bool, notebooks: bool) -> None:
    from exercises.desk import welcome

    if folder.is_file():
        raise UseError("error.start_is_file", path=folder)
    if for_class:
        from exercises.classroom.handing_out import hand_out

        Terminal().show(*hand_out(folder, level, language, notebooks))
        return
    workspace, terminal = Workspace(folder), Terminal()
    renewed = any(folder.glob("attention-*.apkg"))
    laid_out = workspace.lay_out(level or workspace.level, language.code)
    if notebooks:
        from exercises.classroom.notebooks import lay_out

        n = len(lay_out(folder / "notebooks", level or workspace.level, language))
        terminal.show(language.say("class.notebooks", folder=folder / "notebooks", n=n))
    decks = _build_decks(folder, None, language, terminal)
    head_start.compile_modules()
    terminal.show(*welcome(workspace, decks, renewed, laid_out, language))


# ---------------------------------------------------------------- cards


@cli.command(help="deck")
@click.option(
    "--lang",
    "which",
    type=click.Choice([*languages(), "all"]),
    default="all",
    show_default=True,
    help="opt_deck_lang",
)
@click.option("--out", type=ANYWHERE, default=Path(), help="opt_out_dir")
@click.option("--check", is_flag=True, help="opt_deck_check")
@click.pass_obj
def deck(language: Language, which: str, out: Path, check: bool) -> int:
    terminal = Terminal()
    if check:
        return _check_deck(language, terminal)
    for path in _build_decks(out, None if which == "all" else [which], language, terminal):
        terminal.show(language.say("deck.written", path=path, size=_size(path)))
    terminal.show(language.say("deck.how"))
    return 0


@cli.command(help="preview")
@click.option("--out", type=FILE, default=Path("preview.html"), help="opt_out_page")
@_language_option()
@click.pass_obj
def preview(language: Language, out: Path) -> None:
    from deck import preview as page
    from deck.errors import DeckError
    from exercises.progress import progress_bar

    try:
        with progress_bar(language.say("start.building"), Terminal()) as on_progress:
            page.write(out, _own_first(language), on_progress)
    except DeckError as error:
        raise UseError("error.deck", message=error) from None
    Terminal().show(language.say("deck.preview", path=out))


@cli.command(help="book")
@click.option("--out", type=FILE, default=Path("book.html"), help="opt_out_page")
@_language_option()
@click.pass_obj
def book(language: Language, out: Path) -> None:
    from deck import book as page
    from deck.errors import DeckError
    from exercises.progress import progress_bar

    terminal = Terminal()
    try:
        with progress_bar(language.say("book.building"), terminal) as on_progress:
            page.write(out, _own_first(language), on_progress)
    except DeckError as error:
        raise UseError("error.deck", message=error) from None
    except OSError as error:
        raise UseError("error.cannot_write", path=out, why=error.strerror) from None
    terminal.show(language.say("book.written", path=out))


def _own_first(language: Language) -> list[str]:
    """All languages, the reader's first: a page opens in that one."""
    return sorted(languages(), key=lambda code: code != language.code)


def _build_decks(out: Path, which: list[str] | None, language: Language, terminal: Terminal) -> list[Path]:
    from deck.build import build
    from deck.errors import DeckError
    from exercises.progress import progress_bar

    try:
        with progress_bar(language.say("start.building"), terminal) as on_progress:
            return build(out, which, on_progress)
    except DeckError as error:
        raise UseError("error.deck", message=error) from None


def _check_deck(language: Language, terminal: Terminal) -> int:
    from deck import check

    problems = check.run()
    if not problems:
        terminal.show(language.say("deck.checked"))
        return 0
    terminal.show(language.say("error.deck_check", n=len(problems)), *(f"  {each}" for each in problems))
    return 1


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 2**20:.1f} MB"


# ---------------------------------------------------------------- exercises


@cli.command("list", help="list")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="opt_format",
)
@_language_option()
@_dir_option()
@click.pass_obj
def list_(language: Language, form: str, folder: Path | None) -> None:
    from exercises.desk import listing, listing_data

    workspace = _workspace(folder) if folder else _any_workspace()
    if form == "json":
        import json

        Terminal().show(
            json.dumps(
                {"version": 1, "exercises": listing_data(workspace, language)}, ensure_ascii=False, indent=2
            )
        )
        return
    Terminal().show(*listing(workspace, language))


@cli.command(help="grade")
@click.argument("paths", metavar="[PATH ...]", nargs=-1, type=ANYWHERE)
@click.option("--only", metavar="ID", multiple=True, help="opt_only")
@click.option("--seed", type=click.IntRange(min=0), help="opt_seed")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="opt_format"
)
@click.option("--out", type=FILE, help="opt_out_file")
@_language_option()
@click.pass_obj
def grade(
    language: Language,
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    seed: int | None,
    form: str,
    out: Path | None,
) -> int:
    from exercises.grade_command import run_grading

    wanted = {find_exercise(word).id for word in only}
    return run_grading(list(paths), wanted, seed, form, out, language)


@cli.command(help="watch")
@click.argument("folder", metavar="[DIR]", required=False, type=ANYWHERE)
@_language_option()
@click.pass_obj
def watch(language: Language, folder: Path | None) -> None:
    workspace = _workspace(folder)
    with head_start.sandbox() as sandbox:
        from exercises import watch as watching
        from exercises.handed_in import Examiner

        watching.watch(workspace, Examiner(sandbox), language, Terminal())


@cli.command(help="kata")
@click.argument("exercise", metavar="ID")
@click.option("--level", type=click.Choice(LEVELS), default="blank", show_default=True, help="opt_level")
@_language_option()
@_dir_option()
@click.pass_obj
def kata(language: Language, exercise: str, level: str, folder: Path | None) -> int:
    found, workspace = find_exercise(exercise), _workspace(folder)
    with head_start.sandbox() as sandbox:
        from exercises import kata as practice
        from exercises.handed_in import Examiner

        run = practice.kata(workspace, found, level, Examiner(sandbox, found.id), language, Terminal())
    return 0 if run.finished else 1


@cli.command(help="hint")
@click.argument("exercise", metavar="ID")
@click.option("--all", "everything", is_flag=True, help="opt_hint_all")
@_language_option()
@_dir_option()
@click.pass_obj
def hint(language: Language, exercise: str, everything: bool, folder: Path | None) -> None:
    from exercises.hints import hint_lines

    found = find_exercise(exercise)
    workspace = _workspace(folder) if folder else _any_workspace()
    terminal = Terminal()
    terminal.show(*hint_lines(found, workspace, language, terminal.width, everything))


@cli.command(help="reset")
@click.argument("exercise", metavar="ID")
@click.option("--level", type=click.Choice(LEVELS), help="opt_level")
@_dir_option()
@_language_option()
@click.pass_obj
def reset(language: Language, exercise: str, level: str | None, folder: Path | None) -> None:
    found, workspace = find_exercise(exercise), _workspace(folder)
    kept = workspace.reset(found, level)
    Terminal().show(language.say("reset.done", path=workspace.path_of(found)))
    if kept is not None:
        Terminal().show(language.say("reset.kept", path=kept))


@cli.command(help="solution")
@click.argument("exercise", metavar="ID")
@click.option("--out", type=FILE, help="opt_out_file")
@_language_option()
@click.pass_obj
def solution(language: Language, exercise: str, out: Path | None) -> None:
    from exercises.hints import show_code
    from exercises.starters import solution_text
    from exercises.workspace import write

    text = solution_text(find_exercise(exercise), language)
    if out is None:
        show_code(text, Terminal())
        return
    write(out, text)
    Terminal().show(line(language.say("solution.written", path=out)))


@cli.command(help="train")
@click.option(
    "--task", type=click.Choice(["copy", "reverse"]), default="reverse", show_default=True, help="opt_task"
)
@click.option("--out", type=ANYWHERE, default=Path(), help="opt_out_dir")
@_language_option()
@click.pass_obj
def train(language: Language, task: str, out: Path) -> None:
    from exercises.train_command import run_training

    run_training(task, out, language.code)


# ---------------------------------------------------------------- a class


@cli.command("class", help="class")
@click.argument("submissions", metavar="[SUBMISSIONS]", required=False, type=ANYWHERE)
@click.option("--out", type=FOLDER, default=Path("graded"), help="opt_class_out")
@click.option("--only", metavar="ID", multiple=True, help="opt_only")
@click.option("--seed", type=click.IntRange(min=0), help="opt_class_seed")
@click.option("--scheduler", metavar="ADDRESS", help="opt_scheduler")
@click.option("--workers", type=click.IntRange(1, 256), help="opt_workers")
@click.option("--make-gradescope", "archive", metavar="FILE", type=FILE, help="opt_make_gradescope")
@_language_option()
@click.pass_obj
def class_(
    language: Language,
    submissions: Path | None,
    out: Path,
    only: tuple[str, ...],
    seed: int | None,
    scheduler: str | None,
    workers: int | None,
    archive: Path | None,
) -> int:
    wanted = frozenset(find_exercise(word).id for word in only)
    if archive is not None:
        from exercises.classroom.gradescope import make_gradescope

        make_gradescope(archive, wanted, language)
        Terminal().show(language.say("class.made_gradescope", path=archive, size=_size(archive)))
        return 0
    if submissions is None:
        raise UseError("class.nothing_asked")
    from exercises.classroom.command import Asked, run_class

    return run_class(Asked(submissions, out, wanted, seed, scheduler, workers), language, Terminal())


if __name__ == "__main__":
    main()
