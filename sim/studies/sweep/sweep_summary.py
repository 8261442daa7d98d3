"""The short table of the first points, at the end of `sim sweep`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console

from sim.parameters.labels import short_label
from sim.report.terminal import PrintedTable, figure, tell
from sim.results.amounts import value_shown
from sim.results.outputs import output_label, output_unit
from sim.results.place import ANSWER, REPORT
from sim.studies.sweep.sweep_words import headline
from sim.studies.sweep.swept import Sweep
from sim.words import plural, say, translated, written

MOST_FAILURES_SHOWN = 3
MOST_POINTS_SHOWN = 20
MOST_ROWS = 50
MOST_OUTPUTS_SHOWN = 4
"""As many of them as have room for their words."""


def _table(found: Sweep, head: pd.DataFrame, varying: Sequence[str], shown: Sequence[str]) -> PrintedTable:
    """What varies, and some of the outputs."""
    table, kind = PrintedTable(), type(found.scenario)
    for name in varying:
        table.add_column(short_label(name, varying, kind), justify="right")
    for output in shown:
        table.add_column(output_label(output), justify="right")
    for point in head.to_dict(orient="records"):
        values = [value_shown(point[name]) for name in varying]
        cells = [figure(point[output], output_unit(output, found.scenario)) for output in shown]
        table.add_row(*values, *cells)
    return table


def _varying(found: Sweep, head: pd.DataFrame) -> Sequence[str]:
    return [axis.path for axis in found.axes if axis.varies or head[axis.path].nunique() > 1] or found.factors


def shown_table(found: Sweep) -> PrintedTable:
    """What varies at each of the first points, and the means of the first outputs."""
    head = found.first(MOST_ROWS)
    return _table(found, head, _varying(found, head), found.outputs[:MOST_OUTPUTS_SHOWN])


def print_summary(found: Sweep, folder: Path, console: Console) -> None:
    """Print the first points with the means of their outputs, and what failed.

    Args:
        found: What was run.
        folder: Of the sweep.
        console: Where to print.
    """
    experiment = found.experiment
    tell(console, translated(experiment.question) or experiment.name, "bold")
    tell(console, f"{headline(found)}.")
    head = found.first(MOST_POINTS_SHOWN)
    varying = _varying(found, head)
    tables = [_table(found, head, varying, found.outputs[:count]) for count in range(MOST_OUTPUTS_SHOWN, 0, -1)]
    console.print(next((table for table in tables if table.fits(console)), tables[-1]))
    left = found.size - MOST_POINTS_SHOWN
    told = {"size": found.size, "done": found.counts.done + found.counts.failed, "folder": found.folder}
    tell(
        console,
        say(
            "{left:,} more points, {size:,} points, {done:,} runs, means over replications; all outputs: sim results "
            "{folder}",
            left=left,
            **told,
        )
        if left > 0
        else say("{size:,} points, {done:,} runs, means over replications; all outputs: sim results {folder}", **told),
        "dim",
        whole=True,
    )
    if found.counts.failed:
        console.print(plural("{n:,} run failed:", "{n:,} runs failed:", found.counts.failed), style="bold")
        for reason, count in list(found.reasons.items())[:MOST_FAILURES_SHOWN]:
            tell(console, f"  {written(count, ',')} x {reason}")
    report = folder / ANSWER / REPORT
    if report.is_file():
        tell(console, say("Report: {report}", report=report), whole=True)
    tell(console, say("digest {digest}", digest=found.digest), "dim", whole=True)
