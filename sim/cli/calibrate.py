"""`sim calibrate`: fit parameters to data, and say what the data tell and what they do not."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.cli.study import StudyOptions, print_json
from sim.results.place import ANSWER, default_folder

if TYPE_CHECKING:
    from sim.studies.calibration.fit import CalibrationResult


@dataclass(frozen=True)
class Options(StudyOptions):
    """What the user asked for, as on the command line."""

    data: Path
    report: bool


def calibrate_file(options: Options) -> None:
    """Check everything, search, write, and tell.

    Raises:
        ScenarioError: Before anything is computed or written: a bad experiment or a bad table.
        FolderError: Likewise, for a folder that cannot be written or holds another calibration.
        SystemExit: With status 1 if the search has not converged; everything is written all the same.
    """
    from sim.studies.calibration.study import calibrate

    plan = options.plan()
    folder = options.out or default_folder(plan.experiment.name)
    with options.kept(f"sim calibrate --data {shlex.quote(str(options.data))}", folder):
        with options.progress() as progress:
            result = calibrate(plan, options.data, out=folder, report=options.report, progress=progress,
                               **options.means)  # fmt: skip
        if options.json:
            print_json(result.as_json(), folder)
        elif not options.quiet:
            print_calibration(result, folder / ANSWER)
    if not result.converged:
        print(f"not converged: no fit to {result.data} was found that holds; {result.convergence.reasons[0]}",
              file=sys.stderr)  # fmt: skip
        raise SystemExit(1)


def print_calibration(result: CalibrationResult, folder: Path) -> None:
    """Print what is known of each parameter, the findings in sentences, and where the results are.

    Args:
        result: What was fitted.
        folder: Where it was written.
    """
    from rich import box
    from rich.text import Text

    from sim.cli.terminal import Table

    console = printing.console()
    table = Table(
        title=Text(result.question or f"{result.scenario.name} fitted to {result.data}"),
        title_justify="left",
        title_style="bold",
        caption=f"{result.trials} points simulated, ensemble of {len(result.ensemble)}, seed {result.seed}; "
        + ("intervals hold 95% of the ensemble" if result.converged else "not converged"),
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("Parameter", min_width=20)
    table.add_column("Median", justify="right", no_wrap=True)
    table.add_column("95% interval", justify="right", no_wrap=True)
    table.add_column("Before", justify="right", style="dim", no_wrap=True)
    table.add_column("Identified", no_wrap=True)
    for _, row in result.posterior.iterrows():
        table.add_row(
            str(row["parameter"]),
            f"{row['median']:.3g}" if result.converged else "–",
            f"{row['low']:.3g} to {row['high']:.3g}" if result.converged else "–",
            f"{row['prior_low']:.3g} to {row['prior_high']:.3g}",
            str(row["identified"]),
        )
    console.print(table)
    for sentence in result.sentences:
        console.print(sentence, markup=False, highlight=False)
    files = [folder / "calibrated.yaml", folder / "report.html"]
    named = ", ".join(str(file) for file in files if file.exists())
    console.print(f"Results: {named or folder}", markup=False, highlight=False, soft_wrap=True)
