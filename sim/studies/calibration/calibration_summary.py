"""The short table of what a fit tells, at the end of `sim calibrate`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.parameters.labels import label
from sim.report.terminal import PrintedTable, tell, titled
from sim.results.place import REPORT
from sim.studies.calibration.fit import CalibrationResult
from sim.words import say, translated, written


def shown_table(result: CalibrationResult) -> PrintedTable:
    """What is known of each parameter."""
    counts = {"trials": result.trials, "members": len(result.ensemble), "seed": result.seed}
    table = titled(
        result.question or say("{name} fitted to {data}", name=result.scenario.name, data=result.data),
        say(
            "{trials} points simulated, ensemble of {members}, seed {seed}; intervals hold 95% of the ensemble",
            **counts,
        )
        if result.converged
        else say("{trials} points simulated, ensemble of {members}, seed {seed}; not converged", **counts),
    )
    table.add_column(say("Parameter"), min_width=20)
    table.add_column(say("Median"), justify="right", no_wrap=True)
    table.add_column(say("95% interval"), justify="right", no_wrap=True)
    table.add_column(say("Before"), justify="right", style="dim", no_wrap=True)
    table.add_column(say("Identified"), no_wrap=True)
    for _, row in result.posterior.iterrows():
        table.add_row(
            Text(label(str(row["parameter"]), type(result.scenario))),
            written(row["median"], ".3g") if result.converged else "–",
            say("{low:,.3g} to {high:,.3g}", low=row["low"], high=row["high"]) if result.converged else "–",
            say("{prior_low:,.3g} to {prior_high:,.3g}", prior_low=row["prior_low"], prior_high=row["prior_high"]),
            translated(str(row["identified"])),
        )
    return table


def print_summary(result: CalibrationResult, folder: Path, console: Console) -> None:
    """Print what is known of each parameter, the findings in sentences, and where the results are.

    Args:
        result: What was fitted.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(result))
    for sentence in result.sentences:
        tell(console, sentence)
    files = [folder / "calibrated.yaml", folder / REPORT]
    named = ", ".join(str(file) for file in files if file.exists())
    console.print(say("Results: {named}", named=named or folder), markup=False, highlight=False, soft_wrap=True)
