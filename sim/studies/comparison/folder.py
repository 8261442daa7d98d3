"""The folder that keeps a comparison."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from sim.results import surfaces
from sim.results.failures import besides_the_tables
from sim.results.folder import plain, whole_folder, write_json, write_manifest, write_parquet
from sim.results.keyfigures import KEY_FIGURES
from sim.results.manifest import scenario_hash
from sim.results.spreadsheet import write_csv
from sim.studies.comparison.money import MONEY_COLUMNS
from sim.studies.comparison.paths import PATH_COLUMNS
from sim.studies.comparison.persons import PERSON_COLUMNS
from sim.studies.comparison.result import Comparison

_DIFFERENCES = {
    "scenario": "name of the later scenario",
    "figure": "name of the key figure",
    "label": "the same in words",
    "unit": "unit of `first`, `value` and the difference",
    "first": "mean over replications in the first scenario",
    "value": "mean over replications in this scenario",
    "difference": "mean paired difference, this scenario minus the first",
    "low": "95% interval of the mean paired difference, lower end",
    "high": "95% interval of the mean paired difference, upper end",
    "excludes_zero": "whether that interval excludes 0",
    "excludes_zero_together": "whether 0 is excluded with 5% chance of any error in the whole table (Holm 1979)",
    "p": "two-sided p-value of the paired t-test",
    "n": "pairs of runs in which the figure has a value",
    "interval": "kind of the interval",
    "variance_ratio": "times as many replications as independent luck would need for the same interval; empty where "
    "neither scenario has luck in this figure, infinite where all luck cancels",
    "ratio_low": "its 95% interval, lower end; exact for normal values (Morgan 1939, Pitman 1939)",
    "ratio_high": "its 95% interval, upper end",
    "meaning": "what the figure says",
}
_RUNS = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0; the same number is the same luck",
    "seed": "key of its luck",
    "status": "done or failed",
    "reason": "why the run failed",
}
_PERSONS = dict(
    zip(
        PERSON_COLUMNS,
        (
            "name of the later scenario",
            "customers at the end in both, only_first, only_this, neither",
            "how the world without them lost them last: a cause, never_customer, or all",
            "how the world with them won them last: a way, from_start, or all",
            "people, or satisfaction_change of those in both",
            "unit of the value",
            "mean over replications",
            "95% t-interval, lower end",
            "95% t-interval, upper end",
            "replications",
        ),
        strict=True,
    )
)
_MONEY = dict(
    zip(
        MONEY_COLUMNS,
        (
            "name of the later scenario",
            "column of the series, or spending, net_present_value, return_on_spending",
            "revenue, cost, spending, margin or return",
            "the item in words",
            "unit of the amounts",
            "mean over replications in the first scenario, summed over the run",
            "the same in this scenario",
            "mean paired difference; of return_on_spending the ratio of two such differences, margin over spending",
            "95% t-interval, lower end; of the return Fieller's (Fieller 1954)",
            "the same, upper end",
            "whether the interval excludes 0",
            "pairs of runs",
            "why there is no interval",
        ),
        strict=True,
    )
)
_TRAJECTORIES = dict(
    zip(
        PATH_COLUMNS,
        (
            "name of the scenario",
            "yearly_loss (as a yearly rate), satisfaction, margin (as a yearly rate), cumulative_margin",
            "unit of the value",
            "first period of the stretch",
            "first period after it",
            "years since the start: the middle of the stretch, of cumulative_margin its end",
            "mean over replications",
            "95% t-interval, lower end",
            "95% t-interval, upper end",
            "mean paired difference to the first scenario",
            "its 95% t-interval, lower end",
            "its 95% t-interval, upper end",
            "replications with a value",
        ),
        strict=True,
    )
)


def data_dictionary(currency: str = "money") -> pd.DataFrame:
    """Every column of every table: `table`, `column`, `unit`, `meaning`.

    >>> int(data_dictionary()["table"].eq("money").sum())
    13
    """
    tables = {
        "differences": _DIFFERENCES, "runs": _RUNS, "persons": _PERSONS, "money": _MONEY, "trajectories": _TRAJECTORIES
    }  # fmt: skip
    rows = [(table, column, "", meaning) for table, columns in tables.items() for column, meaning in columns.items()]
    rows += [
        ("runs", figure.name, figure.unit.replace("money", currency), f"{figure.label}: {figure.meaning}")
        for figure in KEY_FIGURES
    ]
    rows += [
        ("changed", "path", "", "a parameter in which the scenarios differ, with `from` where the timeline changes it"),
        ("changed", "meaning", "", "what it means"),
        ("changed", "unit", "", "its unit"),
        ("changed", "(name of a scenario)", "", "its value there; - where there is no such entry"),
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values. JSON knows no infinity: a ratio that is one becomes the text `infinite`."""
    return [
        {str(key): "infinite" if isinstance(value, float) and math.isinf(value) else plain(value)
         for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]  # fmt: skip


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The answer as plain values, without anything that changes from call to call.

    The same content as `summary.json` and as `sim compare --json`.
    """
    manifest = comparison.manifest
    return {
        "schema_version": manifest.get("schema_version"),
        "version": manifest.get("version"),
        "scenarios": [
            {
                "label": label,
                "name": scenario.name,
                "question": scenario.question,
                "scenario_sha256": scenario_hash(scenario),
            }
            for label, scenario in comparison.scenarios.items()
        ],
        "seed": comparison.seed,
        "replications": comparison.replications,
        "interval": manifest.get("interval"),
        "precision": manifest.get("precision"),
        "notes": list(comparison.notes),
        "changed": _records(comparison.changed),
        "differences": _records(comparison.differences),
        "persons": _records(comparison.persons),
        "money": _records(comparison.money),
    }  # fmt: skip


def _write_all(comparison: Comparison, folder: Path, *, figures: bool, report: bool) -> None:
    for name in ("differences", "persons", "money", "changed"):
        write_csv(folder / f"{name}.csv", getattr(comparison, name))
    write_parquet(folder / "runs.parquet", comparison.runs)
    write_parquet(folder / "trajectories.parquet", comparison.trajectories)
    dictionary = data_dictionary(comparison.scenario.money.currency)
    write_csv(folder / "dictionary.csv", dictionary)
    write_json(folder / "dictionary.json", dictionary.to_dict(orient="records"))
    write_json(folder / "summary.json", comparison_json(comparison))
    if figures:
        with besides_the_tables(folder / "figures"):
            _write_figures(comparison, folder / "figures")
    if report:
        with besides_the_tables(folder / "report.html"):
            page = surfaces.report_of("comparison").write_comparison_report(comparison)
            (folder / "report.html").write_text(page, encoding="utf-8")
    write_manifest(folder, comparison.manifest)


def _write_figures(comparison: Comparison, folder: Path) -> None:
    drawn = surfaces.plots_of("comparison")
    folder.mkdir()
    for name in drawn.FIGURES:
        figure = drawn.draw(name, comparison)
        for suffix in ("svg", "png"):
            surfaces.plots().save(figure, folder / f"{name}.{suffix}")


def write_comparison(
    comparison: Comparison, directory: str | Path, *, force: bool = False, figures: bool = True, report: bool = True
) -> Path:
    """Write everything about a comparison into a folder of its own, which appears whole or not at all.

    Args:
        comparison: What to write.
        directory: The folder; it must not exist, or be empty, or (with `force`) hold earlier results.
        force: Replace earlier results.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.

    Returns:
        The folder's absolute path. It holds `differences.csv`, `persons.csv`, `money.csv`, `changed.csv`,
        `runs.parquet`, `trajectories.parquet`, `summary.json`, `dictionary.csv`, `dictionary.json`, `manifest.json` and
        what was asked for. Only `manifest.json` carries the time: all else is the same, byte for byte, for the same
        seed.

    Raises:
        FolderError: If the folder is taken or cannot be written.
    """
    with whole_folder(directory, force=force) as partial:
        _write_all(comparison, partial, figures=figures, report=report)
    return Path(directory).expanduser().absolute()
