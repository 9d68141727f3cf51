"""click in the language of the person: help pages and usage errors from languages/*.toml.

A command's `help` is a key there ("grade" means help.grade, and help.grade_more for the long text).
"""

from __future__ import annotations

from typing import Any

import click

from exercises.language import Language, choose
from exercises.verdict import Phrase


def language_of(context: click.Context | None) -> Language:
    """The language that the command line asks for, else that of the study folder or the machine."""
    while context is not None:
        if isinstance(context.obj, Language):
            return context.obj
        context = context.parent
    return choose(None)


class _Localised(click.Command):
    """What a command and a group of commands share."""

    @property
    def key(self) -> str:
        return str(self.help)

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        language = language_of(context)
        names = {"[OPTIONS]": "help.usage_options", "[COMMAND] [ARGS]...": "help.usage_command"}
        pieces = [
            language.say(names[piece]) if piece in names else piece
            for piece in self.collect_usage_pieces(context)
        ]
        formatter.write_usage(context.command_path, " ".join(pieces), prefix=language.say("help.usage") + " ")

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        language = language_of(context)
        texts = [language.say(f"help.{self.key}")]
        if f"help.{self.key}_more" in language:
            keep_lines = ("\\b\n", "\b\n")  # what click wants before lines that are not to be filled
            texts.append(language.say(f"help.{self.key}_more").replace(*keep_lines))
        for text in texts:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(text)

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        language = language_of(context)
        rows = [row for each in self.get_params(context) if (row := _option_row(each, context, language))]
        if rows:
            with formatter.section(language.say("help.options")):
                formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(context, formatter)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands of a group in the order in which they are defined, each with its sentence."""
        assert isinstance(self, click.Group)
        language = language_of(context)
        rows = [(name, language.say(f"help.{command.help}")) for name, command in self.commands.items()]
        with formatter.section(language.say("help.commands")):
            formatter.write_dl(rows)


def _option_row(
    option: click.Parameter, context: click.Context, language: Language
) -> tuple[str, str] | None:
    record = option.get_help_record(context)
    if record is None or not isinstance(option, click.Option):
        return None
    names = record[0]
    own = {"--help": "help_option", "--version": "version_option"}
    key = own.get(option.opts[0], str(option.help))
    choices = ", ".join(map(str, getattr(option.type, "choices", ())))
    text = language.say(f"help.{key}", choices=choices)
    default = option.default if isinstance(option.default, str) and option.show_default else None
    remark = f" ({language.say('help.default', value=default)})" if default else ""
    return names, text + remark


class Command(_Localised):
    """A command whose help page is in the language of the person."""


class Group(_Localised, click.Group):
    """Commands, in the order in which they are defined."""

    command_class = Command

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.commands)


def phrase_of(error: click.ClickException) -> Phrase:
    """What click finds wrong with a command line, as one sentence of ours."""
    command = getattr(getattr(error, "ctx", None), "command_path", "byheart")
    if isinstance(error, click.NoSuchOption):
        return Phrase("error.no_option", {"option": error.option_name, "command": command})
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return Phrase(
            "error.missing_argument",
            {"argument": error.param.make_metavar(_context(error)), "command": command},
        )
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_value(error, command)
    if isinstance(error, click.UsageError) and isinstance(getattr(error.ctx, "command", None), click.Group):
        return _no_command(error)
    return Phrase("error.bad_usage", {"command": command})


def _context(error: click.UsageError) -> click.Context:
    return error.ctx or click.Context(click.Command("byheart"))


def _bad_value(error: click.BadParameter, command: str) -> Phrase:
    param = error.param
    assert param is not None
    option = max(param.opts, key=len)
    choices = getattr(param.type, "choices", None)
    value = getattr(error, "value", None)
    if not choices:
        return Phrase("error.bad_option", {"option": option, "command": command})
    return Phrase(
        "error.bad_choice", {"option": option, "choices": ", ".join(map(str, choices)), "value": value}
    )


def _no_command(error: click.UsageError) -> Phrase:
    assert error.ctx is not None
    assert isinstance(error.ctx.command, click.Group)
    word = next(iter([*getattr(error.ctx, "_protected_args", []), *error.ctx.args]), None) or _quoted(
        error.message
    )
    import difflib

    near: list[Any] = difflib.get_close_matches(word, list(error.ctx.command.commands), n=1)
    return (
        Phrase("error.no_command_near", {"word": word, "near": near[0]})
        if near
        else Phrase("error.no_command", {"word": word})
    )


def _quoted(message: str) -> str:
    """The word that click's message quotes."""
    return message.split("'")[1] if message.count("'") >= 2 else message
