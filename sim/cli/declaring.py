"""One way to declare a command: its options as data, and the function that does the work."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from sim.cli.ending import interruptible
from sim.studies.command import REQUIRED, Option


def declare(app: typer.Typer, name: str, help: str, options: Sequence[Option], work: Callable[..., Any]) -> None:
    """Add a command.

    Args:
        app: The command line.
        name: As typed.
        help: What it does; the first line for the list of all commands.
        options: In the order of its help; their names are the parameters of `work`.
        work: Does it; it should import what is heavy when it is called.
    """

    def command(**given: Any) -> None:
        work(**given)

    wrapped = interruptible(command)
    annotations = {option.name: Annotated[option.type, information(option)] for option in options}
    parameters = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if option.default is REQUIRED else option.default,
            annotation=annotations[option.name],
        )
        for option in options
    ]
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = annotations
    app.command(name, help=help)(wrapped)


def information(option: Option) -> Any:
    """What Typer is told of an option."""
    told: dict[str, Any] = {
        "help": option.help,
        "metavar": option.metavar,
        "min": option.least,
        "max": option.most,
        "autocompletion": option.completed,
    }
    if option.default is None or option.default is REQUIRED:
        told["show_default"] = option.left_out or False
    return typer.Argument(**told) if option.flags is None else typer.Option(*option.flags, **told)
