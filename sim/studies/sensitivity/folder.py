"""The folder that keeps a sensitivity analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.results import surfaces
from sim.results.failures import besides_the_tables
from sim.results.folder import plain, whole_folder, write_json, write_manifest, write_parquet
from sim.results.manifest import scenario_hash
from sim.results.spreadsheet import write_csv
from sim.studies.sensitivity.result import Sensitivity

TABLES = ("indices", "luck", "effects", "dependence", "maps", "regions")

_OUTPUT, _FACTOR = "name of the output", "path of the factor"
_LIMITS = {"low": "95% interval, lower end", "high": "95% interval, upper end"}
_BINS = {
    **_LIMITS, "mean": "mean of the output in the bin", "points": "points in it",
    "blocks": "base samples or trajectories they belong to",
}  # fmt: skip
_COLUMNS: dict[str, dict[str, str]] = {
    "indices": {
        "output": _OUTPUT, "factor": _FACTOR, "with": "the other factor, of second order",
        "measure": "first_order, total, second_order (shares of variance); mu_star, mu, sigma (units of the output)",
        "value": "estimate", "low": "95% percentile interval of a bootstrap over base samples or trajectories",
        "high": "its upper end", "reason": "why there is no estimate",
    },
    "luck": {
        "output": _OUTPUT, "of_one_run": "share of the variance between single runs that is luck and not the point",
        "of_means": "share of the variance between points' means that is left-over luck",
        "blocks": "base samples or trajectories", "dropped": "of them, left out because a run failed",
    },
    "effects": {
        "factor": _FACTOR, "lever": "whether the firm decides it",
        "kind": "marginal (a small step), end (to an end of the range), switch (to another value of a list)",
        "start": "value at the first point", "stop": "value at the second point", "change": "stop minus start",
        "output": _OUTPUT, "effect": "mean paired difference, stop minus start", **_LIMITS,
        "per_unit": "effect for each unit of the factor", "per_unit_low": "its 95% interval, lower end",
        "per_unit_high": "upper end", "spending": "change in money spent a year, the lever's own cost included",
        "spending_low": "its 95% interval, lower end", "spending_high": "upper end",
        "per_money": "effect for each unit of money a year", "per_money_low": "Fieller's 95% interval, lower end",
        "per_money_high": "upper end", "pairs": "pairs of runs", "note": "why there is no effect per unit of money",
    },
    "dependence": {
        "output": _OUTPUT, "factor": _FACTOR, "bin": "number of the bin", "place": "its middle on the axis, 0 to 1",
        "at": "the factor's value there", **_BINS,
    },
    "maps": {
        "output": _OUTPUT, "factor": _FACTOR, "with": "the other factor", "place": "middle of the cell on the axis",
        "at": "the factor's value there", "with_place": "the same of the other factor", "with_at": "its value there",
        **_BINS,
    },
    "regions": {
        "condition": "what was asked", "factor": _FACTOR,
        "distance": "Kolmogorov-Smirnov distance; of texts and truth values half the sum of differences of shares",
        "p": "p-value of that distance, or of a chi-squared test", "p_holm": "corrected for the number of factors",
        "low": "lower end of the range that holds most of what meets it for the least of the rest; of texts the value",
        "high": "its upper end", "inside": "share of points in the range that meet it", "outside": "the same outside",
        "low_place": "lower end on the axis, 0 to 1", "high_place": "upper end on the axis",
        "met": "points that meet it", "points": "points", "reason": "why there is no answer",
    },
    "points": {
        "part": "design, or steps", "index": "number within the part", "block": "base sample or trajectory; -1: none",
        "point": "name of the point: equal values, equal names", "met": "whether it meets the condition",
    },
    "runs": {
        "part": "design, or steps", "index": "number of the point within the part", "point": "name of the point",
        "replication": "number of the replication; the same number is the same luck", "seed": "key of its luck",
        "status": "done or failed", "reason": "why it failed",
    },
}  # fmt: skip


def data_dictionary() -> pd.DataFrame:
    """Every column of every table but those named after outputs and factors: `table`, `column`, `meaning`.

    >>> data_dictionary()["table"].nunique()
    8
    """
    rows = [(table, column, said) for table, columns in _COLUMNS.items() for column, said in columns.items()]
    return pd.DataFrame(rows, columns=["table", "column", "meaning"])


def sensitivity_json(found: Sensitivity) -> dict[str, Any]:
    """The answer as plain values, without anything that changes from call to call.

    The same content as `summary.json` and as `sim sensitivity --json`.
    """
    experiment = found.experiment
    return {
        "schema_version": found.manifest.get("schema_version"),
        "version": found.manifest.get("version"),
        "experiment": experiment.name,
        "question": experiment.question,
        "scenario": found.scenario.name,
        "scenario_sha256": scenario_hash(found.scenario),
        "seed": found.scenario.run.seed,
        "method": found.method,
        "replications": found.replications,
        "runs": len(found.runs),
        "failed": found.failed,
        "factors": [
            {
                "path": axis.path,
                "role": "lever" if axis.lever else "uncertainty",
                "base": plain(axis.base),
                "unit": axis.unit,
            }
            for axis in found.axes
        ],
        **{name: plain(getattr(found, name).to_dict(orient="records")) for name in TABLES},
    }


def _write_all(found: Sensitivity, folder: Path, *, figures: bool, report: bool) -> None:
    for name in TABLES:
        table = getattr(found, name)
        if not table.empty:
            write_csv(folder / f"{name}.csv", table)
    write_parquet(folder / "points.parquet", found.points)
    write_parquet(folder / "runs.parquet", found.runs)
    write_csv(folder / "dictionary.csv", data_dictionary())
    write_json(folder / "summary.json", sensitivity_json(found))
    if figures:
        with besides_the_tables(folder / "figures"):
            _write_figures(found, folder / "figures")
    if report:
        with besides_the_tables(folder / "report.html"):
            page = surfaces.report_of("sensitivity").write_sensitivity_report(found)
            (folder / "report.html").write_text(page, encoding="utf-8")
    write_manifest(folder, found.manifest)


def _write_figures(found: Sensitivity, folder: Path) -> None:
    drawn = surfaces.plots_of("sensitivity")
    folder.mkdir()
    for name in drawn.available(found):
        for output in found.outputs[:1] if name == "regions" else found.outputs:
            figure = drawn.draw(name, found, output)
            file = name if name == "regions" else f"{name}_{output}"
            for suffix in ("svg", "png"):
                surfaces.plots().save(figure, folder / f"{file}.{suffix}")


def write_sensitivity(
    found: Sensitivity, directory: str | Path, *, force: bool = False, figures: bool = True, report: bool = True
) -> Path:
    """Write everything about an analysis into a folder of its own, which appears whole or not at all.

    Args:
        found: What to write.
        directory: The folder; it must not exist, or be empty, or (with `force`) hold earlier results.
        force: Replace earlier results.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.

    Returns:
        The folder's absolute path. It holds `indices.csv`, `luck.csv`, `effects.csv`, `dependence.csv`, `maps.csv`,
        `regions.csv` (with a condition), `points.parquet`, `runs.parquet`, `summary.json`, `dictionary.csv`,
        `manifest.json` and what was asked for. Only `manifest.json` carries the time.

    Raises:
        FolderError: If the folder is taken or cannot be written.
    """
    with whole_folder(directory, force=force) as partial:
        _write_all(found, partial, figures=figures, report=report)
    return Path(directory).expanduser().absolute()
