"""The short table of what a fit tells, at the end of `sim calibrate`."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.text import Text

from sim.report.terminal import Table, say
from sim.studies.calibration.fit import CalibrationResult


def print_summary(result: CalibrationResult, folder: Path, console: Console) -> None:
    """Print what is known of each parameter, the findings in sentences, and where the results are.

    Args:
        result: What was fitted.
        folder: Where it was written.
        console: Where to print.
    """
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
        say(console, sentence)
    files = [folder / "calibrated.yaml", folder / "report.html"]
    named = ", ".join(str(file) for file in files if file.exists())
    console.print(f"Results: {named or folder}", markup=False, highlight=False, soft_wrap=True)
