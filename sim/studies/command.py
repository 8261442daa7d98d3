"""What a kind of study tells the command line: its command, its own options, and what is done with them.

Nothing here, nor in the package of a kind, loads anything heavy: `sim --help` reads all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.data.users_table import UsersTable
    from sim.runs.experiment.plan import ExperimentPlan

REQUIRED: Any = ...
"""Default of an option that must be given."""


@dataclass(frozen=True)
class Option:
    """An option of a command, or an argument.

    Attributes:
        name: Of the parameter of the function that does the work.
        type: Of its value.
        help: A sentence.
        default: `REQUIRED`, or its value where it is left out.
        flags: As typed; from the name if empty. None makes it an argument.
        left_out: Where the default is None: what is taken then, in words.
        metavar: What stands for its value in the help.
        least: Smallest number allowed.
        most: Largest number allowed.
        completed: For tab completion: what may follow what is typed so far, with its meaning.
        again: Whether to go on with a study takes the same.
    """

    name: str
    type: Any
    help: str
    default: Any = REQUIRED
    flags: tuple[str, ...] | None = ()
    left_out: str = field(default="", kw_only=True)
    metavar: str | None = field(default=None, kw_only=True)
    least: int | None = field(default=None, kw_only=True)
    most: int | None = field(default=None, kw_only=True)
    completed: Callable[[str], list[tuple[str, str]]] | None = field(default=None, kw_only=True)
    again: bool = field(default=False, kw_only=True)


def typed(option: Option, value: Any) -> list[str]:
    """An option as it is typed, once for each of its values; nothing where it has its default.

    >>> typed(Option("years", int, "Years.", 3), 5), typed(Option("years", int, "Years.", 3), 3)
    (['--years', '5'], [])
    """
    if value == option.default:
        return []
    flag = option.flags[0] if option.flags else f"--{option.name.replace('_', '-')}"
    return [text for single in (value if isinstance(value, list) else [value]) for text in (flag, str(single))]


def on_or_off(name: str, help: str, *flags: str) -> Option:
    """An option that is on or off, and off if left out."""
    return Option(name, bool, help, default=False, flags=flags or (f"--{name.replace('_', '-')}",))


READING = Option(
    "reading",
    list[str] | None,
    "How the table is to be read, as often as needed; see docs/data.md.",
    None,
    ("--read",),
    metavar="KEY=VALUE",
    again=True,
)
"""Of every command to which a user brings a table."""


def _says_nothing(*_: Any, **__: Any) -> str:
    return ""


@dataclass(frozen=True)
class Command:
    """The command of a kind of study that does many runs for a file and keeps them in a folder.

    Attributes:
        name: As typed after `sim`.
        kind: What the manifest of its folder calls it, and what a user calls it who reads that.
        help: What it does; the first line for the list of all commands.
        work: Does it: called with the plan and `out`, `workers`, `engine`, `dask`, `resume`, `progress`, its own
            options by name, and with `report` if `concludes`.
        summary: Prints a short table: called with the answer, the folder of it, a console.
        options: Its own; those that must be given stand before all others.
        asks: Options that say what is studied, where that is not all in the file; to go on takes the same.
        read: Of a command that reads a scenario: called with its path, `rules`, `overrides` (as every such command
            takes them) and `asks` by name, it gives the plan. None reads an experiment file.
        suffix: Of the folder's name if none is given: it is named after the experiment.
        concludes: Whether it ends with an answer beside its runs, in `analysis/`, with figures and a page.
        begin: What is said before anything is run. Called with the plan, and by name with what the study's function is
            given besides.
        shortfall: Why there is no answer that holds, as a line for standard error; empty where there is one. Called
            with the answer and the folder of it.
        tables: Of a kind that studies a user's tables: reads them as a plan has them read. Called with the plan, the
            table that is named, how it is to be read, and what kind of table it must be, None for any.
    """

    name: str
    kind: str
    help: str
    work: Callable[..., Any]
    summary: Callable[..., None]
    options: Sequence[Option] = field(default=(), kw_only=True)
    asks: Sequence[Option] = field(default=(), kw_only=True)
    read: Callable[..., ExperimentPlan] | None = field(default=None, kw_only=True)
    suffix: str = field(default="", kw_only=True)
    concludes: bool = field(default=True, kw_only=True)
    begin: Callable[..., str] = field(default=_says_nothing, kw_only=True)
    shortfall: Callable[[Any, Path], str] = field(default=_says_nothing, kw_only=True)
    tables: Callable[..., Sequence[UsersTable]] | None = field(default=None, kw_only=True)
