"""The short table at the end of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.parameters.labels import label
from sim.report.terminal import figure, say_where, tell, titled
from sim.scenario import Loaded
from sim.words import in_periods, plural, say, translated, written

if TYPE_CHECKING:
    import pandas as pd

# What the table shows; all key figures are in summary.json.
HEADLINES = (
    "satisfaction",
    "nps",
    "dissatisfied_share",
    "complaint_share",
    "seen_share",
    "retention",
    "silent_lost_ratio",
    "complainers_kept",
    "talk_ratio",
    "market_share",
    "margin",
    "lifetime_value",
    "quality_cost_share",
    "opportunity_measured",
)


def short(number: float) -> str:
    """A large number in three digits.

    >>> short(12_345_678), short(950)
    ('12.3 M', '950')
    """
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{written(number / size, '.3g')} {sign}"
    return written(number, ".3g")


def short_unit(unit: str) -> str:
    """The unit in a word; shares are printed as per cent and ratios need none.

    >>> short_unit("points (0-100)"), short_unit("EUR per customer"), short_unit("share of operating cost")
    ('points', 'EUR', '')
    """
    word = unit.split(maxsplit=1)[0] if unit else ""
    return "" if word in ("share", "ratio") else translated(word)


def print_summary(
    summary: pd.DataFrame, loaded: Loaded, folder: Path, *, seed: int, runs: int, notes: Sequence[str] = ()
) -> None:
    """Print the key figures with their intervals, the notes of presets, and where the results are.

    Args:
        summary: One row for each key figure: value, low, high, unit, label.
        loaded: The scenario.
        folder: Where the results were written.
        seed: The seed of the first run.
        runs: The number of runs.
        notes: What a reader must know of the run; empty ones are left out.
    """
    console = printing.console()
    scenario = loaded.scenario
    table = titled(
        translated(scenario.question) or scenario.name,
        plural(
            "{customers:,} people, {periods}, {n} run, seed {seed}; intervals over the runs",
            "{customers:,} people, {periods}, {n} runs, seed {seed}; intervals over the runs",
            runs,
            customers=scenario.market.customers,
            periods=in_periods(scenario.run.periods, scenario.run.period),
            seed=seed,
        ),
    )
    table.add_column(say("Key figure"))
    table.add_column(say("Value"), justify="right", no_wrap=True)
    table.add_column(say("Interval"), justify="right", style="dim", no_wrap=True)
    table.add_column(say("Unit"), style="dim", no_wrap=True)
    for name, row in summary.iterrows():
        if name not in HEADLINES:
            continue
        unit = str(row["unit"])
        low, high = figure(float(row["low"]), unit), figure(float(row["high"]), unit)
        table.add_row(
            str(row["label"]),
            figure(float(row["value"]), unit),
            "" if "-" in (low, high) else say("{low} to {high}", low=low, high=high),
            short_unit(unit),
        )
    console.print(table)
    for path, preset in loaded.presets:
        tell(console, f"{label(path)}: {preset.name}. {translated(preset.note)}", "dim")
    for note in filter(None, notes):
        tell(console, note)
    left = sum(name not in HEADLINES for name in summary.index)
    if left:
        tell(
            console,
            say("{left} more key figures: {folder}", left=left, folder=folder / "summary.json"),
            whole=True,
        )
    say_where(console, folder)
