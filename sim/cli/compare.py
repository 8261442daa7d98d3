"""`sim compare`: scenarios under the same luck, from files to a folder, with a table that is read in ten seconds."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.cli.ending import ending
from sim.results.place import check_folder, default_folder

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison

SHOWN = (
    "retention",
    "satisfaction",
    "nps",
    "dissatisfied_share",
    "complaint_share",
    "complainers_kept",
    "silent_lost_ratio",
    "talk_ratio",
    "market_share",
    "customers",
    "revenue",
    "margin",
    "lifetime_value",
    "quality_cost_share",
)
"""What the table shows; all key figures are in differences.csv."""


@dataclass(frozen=True)
class Options:
    """What the user asked for, as on the command line."""

    files: tuple[Path, ...]
    replications: int | None
    precision: float | None
    figure: str
    seed: int | None
    out: Path | None
    workers: int | None
    force: bool
    report: bool
    json: bool
    quiet: bool


def compare_files(options: Options) -> None:
    """Check everything, run the worlds, write, and tell.

    Raises:
        ScenarioError: Before anything is computed or written: a bad file, or scenarios that cannot be compared.
        FolderError: Likewise, for a folder that cannot be written.
    """
    from sim.scenario import load_scenario
    from sim.studies.comparison.plan import check_count, prepare

    check_count(len(options.files))
    loaded = [load_scenario(file) for file in options.files]
    for warning in dict.fromkeys(warning for item in loaded for warning in item.warnings):
        print(f"warning: {warning}", file=sys.stderr)
    plan = prepare(loaded, options.seed)
    folder = options.out or default_folder("_against_".join([*reversed(plan.labels[1:]), plan.labels[0]])[:80])
    check_folder(folder, force=options.force)
    for note in plan.notes:
        print(f"note: {note}", file=sys.stderr)

    from sim.cli.study import print_json
    from sim.cli.study_progress import study_progress
    from sim.results.folder import write_folder
    from sim.studies.comparison.compare import compare

    with ending(str(folder / "runs.parquet")):
        with study_progress(quiet=options.quiet) as progress:
            comparison = compare(
                loaded,
                replications=options.replications,
                precision=options.precision,
                figure=options.figure,
                seed=options.seed,
                threads=options.workers,
                progress=progress,
            )
        write_folder(comparison, folder, force=options.force, report=options.report)
        if options.json:
            print_json(comparison.as_json(), folder)
        elif not options.quiet:
            print_comparison(comparison, folder)


def print_comparison(comparison: Comparison, folder: Path) -> None:
    """Print a table for each later scenario, then persons and money in a few sentences.

    Args:
        comparison: What was compared.
        folder: Where it was written.
    """
    from rich import box
    from rich.text import Text

    from sim.cli.table import figure
    from sim.cli.terminal import Table
    from sim.report.changes import plus_minus
    from sim.studies.comparison import comparison_words as words

    console = printing.console()
    first = comparison.labels[0]
    run = comparison.scenario.run
    for label in comparison.labels[1:]:
        table = Table(
            title=Text(comparison.scenarios[label].question or f"{label} against {first}"),
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        table.add_column("Key figure", min_width=22)
        table.add_column(Text(first), justify="right", min_width=9, max_width=15)
        table.add_column(Text(label), justify="right", min_width=9, max_width=15)
        table.add_column("Change ± 95%", justify="right", no_wrap=True)
        table.add_column("Sure", no_wrap=True)
        rows = comparison.differences[comparison.differences["scenario"] == label]
        for _, row in rows[rows["figure"].isin(SHOWN)].iterrows():
            table.add_row(
                row["label"],
                figure(row["first"], row["unit"]),
                figure(row["value"], row["unit"]),
                plus_minus(row),
                words.sure(row),
                style=None if row["excludes_zero"] else "dim",
            )
        console.print(table)
        for sentence in (*words.who(comparison, label), *words.costs_and_returns(comparison, label)):
            console.print(sentence, markup=False, highlight=False)
        console.print()
    console.print(
        f"{comparison.replications} runs of each world with the same luck, {run.periods} {run.period}s, seed "
        f"{comparison.seed}. pp: percentage points. Sure: {words.SURE} – stands among all figures looked at together; "
        f"{words.ALONE} – only its own interval excludes 0; {words.UNSURE} – cannot be told apart from no change.",
        style="dim",
        markup=False,
        highlight=False,
    )
    report = folder / "report.html"
    console.print(f"Results: {report if report.exists() else folder}", markup=False, highlight=False, soft_wrap=True)
