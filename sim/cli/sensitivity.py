"""`sim sensitivity`: what matters, from an experiment file to a folder, with a table that is read in ten seconds."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.cli.study import StudyOptions, print_json
from sim.results.place import ANSWER, default_folder

if TYPE_CHECKING:
    from sim.studies.sensitivity.sensitivity import Sensitivity

_NAMED = 3


@dataclass(frozen=True)
class Options(StudyOptions):
    """What the user asked for, as on the command line."""

    report: bool


def find_what_matters(options: Options) -> None:
    """Check everything, run, write, and tell.

    Raises:
        ScenarioError: Before anything is run or written: a bad file.
        FolderError: Likewise, for a folder that cannot be written, or holds something else.
    """
    from sim.studies.sensitivity.analysis import runs_needed
    from sim.studies.sensitivity.study import sensitivity

    plan = options.plan()
    folder = options.out or default_folder(f"{plan.experiment.name}_what_matters")
    if not options.quiet:
        print(f"{runs_needed(plan.experiment, plan.axes):,} runs at most", file=sys.stderr)
    with options.kept("sim sensitivity", folder):
        with options.progress() as progress:
            found = sensitivity(plan, out=folder, report=options.report, progress=progress, **options.means)
        if options.json:
            print_json(found.as_json(), folder)
        elif not options.quiet:
            print_sensitivity(found, folder / ANSWER)


def print_sensitivity(found: Sensitivity, folder: Path) -> None:
    """Print the factors that matter most for each output, then what money buys.

    Args:
        found: What matters.
        folder: Where the answer was written.
    """
    from rich import box
    from rich.text import Text

    from sim.cli.terminal import Table
    from sim.results.outputs import output_label, output_unit
    from sim.studies.sensitivity import sensitivity_words as words

    console = printing.console()
    sobol = found.method == "sobol"
    table = Table(
        title=Text(found.experiment.question or f"{found.experiment.name}: what matters"),
        title_justify="left",
        title_style="bold",
        caption="share of variance that the factor takes part in, with its 95% interval"
        if sobol
        else "mean change as the factor goes through its range, with its 95% interval",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    longest = max((len(name) for name in found.factors), default=0)
    table.add_column("Output", max_width=22)
    table.add_column("Matters most", min_width=min(longest, 36))
    table.add_column("Total" if sobol else "Mean size", justify="right")
    for output in found.outputs:
        unit = output_unit(output, found.scenario)
        ranked = found.ranked(output).head(_NAMED)
        if ranked.empty:
            reason = found.indices[found.indices["output"] == output]["reason"].iloc[0]
            table.add_row(Text(output_label(output)), Text(str(reason), style="dim"), "")
        for place, (_, row) in enumerate(ranked.iterrows()):
            table.add_row(
                Text("" if place else output_label(output)), Text(str(row["factor"])),
                Text(words.size(found, row, unit)),
                end_section=place == len(ranked) - 1,
            )  # fmt: skip
    console.print(table)
    for output in found.outputs[:1]:
        lines = words.for_money(found, output)
        if lines:
            console.print(f"{output_label(output)}, for the next {words.sum_of_money(found)}:", markup=False)
        for line in lines:
            console.print(f"  {line}", markup=False, highlight=False)
    for line in words.where(found):
        console.print(line, markup=False, highlight=False)
    if found.failed:
        console.print(f"{found.failed:,} of {len(found.runs):,} runs failed; see the report", markup=False)
    report = folder / "report.html"
    console.print(f"Results: {report if report.exists() else folder}", markup=False, highlight=False, soft_wrap=True)
