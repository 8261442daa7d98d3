"""A study from its experiment file to its folder: the command of every kind that keeps its runs."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import printing
from sim.cli.ending import CommandEnding, end_interrupted, ending, look_into, tell
from sim.cli.options import RULES, asked_by
from sim.cli.study_progress import study_progress
from sim.results.place import ANSWER, LEDGER, default_folder
from sim.studies.command import REQUIRED, Command, typed
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from sim.runs.experiment.plan import ExperimentPlan


def run_study(
    command: Command,
    *,
    file: Path,
    rules: Sequence[Path] | None,
    out: Path | None,
    json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    """Check everything, do the runs, conclude, write, and tell.

    Args:
        command: Of the kind of study.
        file: The experiment, or whatever the command reads.
        rules: Files with rules from outside.
        out: Folder of the study.
        json: Print the answer as JSON.
        quiet: Print nothing.
        given: What else the command asks, and what else the study's function takes.

    Raises:
        ScenarioError: Before anything is run or written: a bad experiment, or a bad table.
        FolderError: Likewise, for a folder that cannot be written, or holds something else.
        SystemExit: Where runs failed or no answer holds, which is written all the same; after Ctrl-C or SIGTERM, with
            what was done kept.
    """
    asked = {option.name: given.pop(option.name) for option in asked_by(command)}
    plan = _plan(command, file, rules or (), asked)
    folder = out or default_folder(plan.experiment.name + command.suffix)
    begins = command.begin(plan, **given)
    if begins and not quiet:
        print(begins, file=sys.stderr)
    values = {**given, **asked}
    needed = [option for option in command.options if option.default is REQUIRED or option.again]
    repeated = [*needed, *asked_by(command)]
    words = [word for option in repeated for word in typed(option, values[option.name])]
    words += typed(RULES, rules)
    from sim.plots.savings import loaded_meanwhile

    with _kept(shlex.join(["sim", command.name, *words]), file, folder) as end:
        with study_progress(quiet=quiet) as progress, loaded_meanwhile(bool(given.get("report"))):
            found = command.work(plan, out=folder, progress=progress, **given)
        concluded = folder / ANSWER if command.concludes else folder
        end.add(command.shortfall(found, concluded))
        show_answer(found, folder, command.summary, json=json, quiet=quiet, tables=concluded)


def _plan(command: Command, file: Path, rules: Sequence[Path], asked: Mapping[str, Any]) -> ExperimentPlan:
    """What is studied; its warnings go to standard error.

    Raises:
        ScenarioError: If the file is not right, or what is asked of it.
    """
    from sim.runs.experiment.reader import read_experiment

    read = command.read or read_experiment
    plan = read(file, rules=rules, **asked)
    printing.print_warnings(plan.warnings)
    return plan


@contextmanager
def _kept(command: str, file: Path, folder: Path) -> Iterator[CommandEnding]:
    """The work of a study, whose runs are kept however it ends, and an end that tells what failed.

    Args:
        command: The command with whatever else it needs, such as `sim calibrate --data ours.csv`.
        file: The experiment.
        folder: Of the study.

    Yields:
        What takes note of failures; the answer is printed within.

    Raises:
        SystemExit: With status 1 where anything failed, 130 after Ctrl-C, 143 after SIGTERM.
    """
    try:
        with ending(look_into(folder)) as end:
            yield end
    except KeyboardInterrupt as interruption:
        if not (folder / LEDGER).is_file():
            raise
        words = shlex.join([str(file), "--out", str(folder), "--resume"])
        raise end_interrupted(interruption, f"{command} {words}") from None
    except ExitVoiceError as error:
        if error.exit_status != ExitStatus.FAILED or not (folder / LEDGER).is_file():
            raise
        tell(say("error: {error}; the runs are kept, see: {look}", error=error, look=look_into(folder)))
        raise SystemExit(int(ExitStatus.FAILED)) from None


def show_answer(
    answer: Any,
    folder: Path,
    summary: Callable[[Any, Path, Console], None],
    *,
    json: bool,
    quiet: bool,
    tables: Path | None = None,
) -> None:
    """Print what came out: as JSON, as a short table, or not at all.

    Args:
        answer: What was found.
        folder: Where it is kept.
        summary: Prints the short table, see `Command`.
        json: Print JSON instead.
        quiet: Print no table.
        tables: Folder of its tables, if that is another.
    """
    if json:
        print(printing.shown_json({**answer.as_json(), "folder": str(folder)}))
    elif not quiet:
        summary(answer, tables or folder, printing.console())
