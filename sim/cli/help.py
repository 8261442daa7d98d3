"""The command line's own help in the language of the reader."""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import copy
from itertools import pairwise
from typing import Any

import typer

from sim.cli.usage_errors import speak_of_usage_errors
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say, translated
from sim.words.languages import VARIABLE

TYPERS_OWN = (
    "Options",
    "Commands",
    "Arguments",
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
)
"""Sentences of Typer that have a translation; its usage errors are told by `sim.cli.usage_errors`."""


def speak(arguments: Sequence[str]) -> None:
    """Choose the language that `--language` before the command names, in the environment: workers speak it too.

    Help is translated before the arguments are read, so this comes first.

    Args:
        arguments: Of the command line.
    """
    for word, after in pairwise((*arguments, "")):
        if not word.startswith("-"):
            return
        option, _, value = word.partition("=")
        if option == "--language":
            os.environ[VARIABLE] = value or after
            return


def called_alone(app: typer.Typer, arguments: Sequence[str]) -> typer.Typer:
    """The application with no command but the one that is called, where its name stands first; else all of it.

    To make all commands takes longer than to read a scenario, and only help and wrong names need them.

    Args:
        app: With all its commands.
        arguments: Of the command line.
    """
    alone = copy(app)
    alone.registered_commands = [each for each in app.registered_commands if each.name == next(iter(arguments), None)]
    return alone if alone.registered_commands else app


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc, valid-type]
    """Typer writes the word before a command's usage in English only."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, say("Usage: {command}", command="") if prefix is None else prefix)


class _Context(typer.Context):
    """What a command's help is written with."""

    formatter_class = _Formatter


def in_words(app: typer.Typer) -> Any:
    """The command of an application, with every help text translated, and how it ends at the end of its help.

    Texts are declared where commands are, when no language is known yet.

    Args:
        app: With all its commands.
    """
    typer.core._ = translated  # type: ignore[attr-defined, assignment]  # its own headings
    speak_of_usage_errors()
    command = typer.main.get_command(app)
    meanings = "; ".join(f"{status.value} {status.meaning}" for status in ExitStatus)
    command.epilog = say("Exit status: {meanings}.", meanings=meanings)
    _translate(command)
    return command


def _translate(command: Any) -> None:
    if command.help:
        command.help = translated(command.help)
    command.context_class = _Context
    command.options_metavar = say("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = say("COMMAND [ARGS]...")
    shown = command.get_help_option(typer.Context(command, help_option_names=["-h", "--help"]))
    for parameter in (*command.params, *([shown] if shown else [])):
        if getattr(parameter, "help", None):
            parameter.help = translated(parameter.help)
        if isinstance(getattr(parameter, "show_default", None), str):
            parameter.show_default = translated(parameter.show_default)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner)
