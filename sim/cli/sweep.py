"""`sim sweep`: a scenario at many points, with progress, kept whatever happens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.cli.study import StudyOptions
from sim.results.place import default_folder

if TYPE_CHECKING:
    from sim.studies.sweep.swept import Sweep

MOST_FAILURES_SHOWN = 3
MOST_POINTS_SHOWN = 20


@dataclass(frozen=True)
class Options(StudyOptions):
    """What the user asked for, as on the command line."""

    extend: bool
    retry_failed: bool


def run_sweep(options: Options) -> None:
    """Check everything, run the points, and tell.

    Raises:
        ScenarioError: Before anything is run or written: a bad file.
        FolderError: For a folder that is taken, cannot be written, or holds another study.
        SystemExit: Where runs failed, or after Ctrl-C or SIGTERM; what was done is kept.
    """
    from sim.studies.sweep.sweep import sweep

    plan = options.plan()
    folder = options.out or default_folder(plan.experiment.name)
    with options.kept("sim sweep", folder):
        with options.progress() as progress:
            found = sweep(
                plan,
                out=folder,
                extend=options.extend,
                retry_failed=options.retry_failed,
                progress=progress,
                **options.means,
            )
        if options.json:
            print(json.dumps(found.as_json(), indent=2, ensure_ascii=False, allow_nan=False))
        elif not options.quiet:
            _print(found)


def _print(found: Sweep) -> None:
    from rich import box

    from sim.cli.table import figure
    from sim.cli.terminal import Table
    from sim.results.outputs import output_label, output_unit

    console = printing.console()
    experiment = found.experiment
    console.print(experiment.question or experiment.name, style="bold", markup=False, highlight=False)
    head = found.first(MOST_POINTS_SHOWN)
    varying = [axis.path for axis in found.axes if axis.varies or head[axis.path].nunique() > 1] or found.factors
    shown = found.outputs[:4]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in varying:
        table.add_column(name.rsplit(".", 1)[-1], justify="right")
    for output in shown:
        table.add_column(output_label(output), justify="right")
    for point in head.to_dict(orient="records"):
        values = [f"{point[name]:.4g}" if isinstance(point[name], float) else str(point[name]) for name in varying]
        cells = [figure(point[output], output_unit(output, found.scenario)) for output in shown]
        table.add_row(*values, *cells)
    console.print(table)
    left = found.size - MOST_POINTS_SHOWN
    more = f"{left:,} more points, " if left > 0 else ""
    console.print(
        f"{more}{found.size:,} points, {found.counts.done + found.counts.failed:,} runs, means over replications; "
        f"all outputs: sim results {found.folder}", style="dim", markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    if found.counts.failed:
        console.print(f"{found.counts.failed:,} runs failed:", style="bold")
        for reason, count in list(found.reasons.items())[:MOST_FAILURES_SHOWN]:
            console.print(f"  {count:,} x {reason}", markup=False, highlight=False)
    console.print(f"digest {found.digest}", style="dim", highlight=False, soft_wrap=True)
