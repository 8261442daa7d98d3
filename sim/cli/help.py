"""The command line's own help in the language of the reader."""

from __future__ import annotations

from typing import Any

import typer

from sim.vocabulary.exit_status import ExitStatus
from sim.words import say, translated


def in_words(app: typer.Typer) -> Any:
    """The command of an application, with every help text translated, and how it ends at the end of its help.

    Texts are declared where commands are, when no language is known yet.

    Args:
        app: With all its commands.
    """
    command = typer.main.get_command(app)
    meanings = "; ".join(f"{status.value} {status.meaning}" for status in ExitStatus)
    command.epilog = say("Exit status: {meanings}.", meanings=meanings)
    _translate(command)
    return command


def _translate(command: Any) -> None:
    if command.help:
        command.help = translated(command.help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = translated(parameter.help)
        if isinstance(getattr(parameter, "show_default", None), str):
            parameter.show_default = translated(parameter.show_default)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner)
