"""`sim data`: how a table is understood, before anything is fitted to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.cli.printing import shown_json
from sim.data.table_settings import TableSettings


def show_data(
    *, file: Path, kind: str | None, experiment: Path | None, reading: Sequence[str] | None, json: bool
) -> None:
    """Read a table, and print how it was understood; arguments as on the command line.

    Raises:
        ScenarioError: With everything that is wrong with the table, the experiment or the settings.
    """
    from sim.data.describe import describe, guessed_kind
    from sim.data.understood import understood
    from sim.runs.experiment.table_options import with_options

    if experiment is not None:
        from sim.runs.experiment.reader import read_experiment
        from sim.studies.kinds import COMMANDS

        plan = read_experiment(experiment)
        [tables] = [command.tables for command in COMMANDS if command.tables is not None]
        found = [understood(table) for table in tables(plan, file, reading, kind)]
    else:
        said = with_options(TableSettings(), reading or ())
        found = [describe(file, kind or guessed_kind(file, said), said)]
    if json:
        first, *others = (one.as_json() for one in found)
        print(shown_json({**first, "also": others} if others else first))
    else:
        print("\n".join(line for one in found for line in one.lines()))
