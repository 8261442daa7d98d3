"""The scenario file that carries a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario import load_scenario
from sim.studies.calibration.result import CalibrationResult
from sim.studies.derived import derived_text


def scenario_text(result: CalibrationResult, folder: Path, base: Path | None, changes: Mapping[str, Any]) -> str:
    """The text of the file: values of the middle member, the section `calibration`, and what was fitted as comment.

    Args:
        result: What was fitted.
        folder: Where the file will stand.
        base: The scenario file that was fitted.
        changes: Parameters that the experiment sets, by path.
    """
    carried = {f"calibration.{key}": value for key, value in result.calibrated.calibration.model_dump().items()}
    values = {**changes, **result.values, **carried}
    return derived_text(result.calibrated, values, head=_head(result), folder=folder, base=base)


def write_scenario(path: Path, result: CalibrationResult, base: Path | None, changes: Mapping[str, Any]) -> None:
    """Write the file and read it again; see `scenario_text`."""
    path.write_text(scenario_text(result, path.parent, base, changes), encoding="utf-8")
    load_scenario(path)


def _head(result: CalibrationResult) -> list[str]:
    if not result.converged:
        return [
            f"NOT CONVERGED: a search for {result.scenario.name} fitted to {result.data} ({result.kind}).",
            "",
            "These are values that `sim calibrate` tried last, not a fit. Why, and what to try, stands in report.html.",
        ]
    return [
        f"{result.scenario.name}, fitted to {result.data} ({result.kind}) by `sim calibrate`.",
        "",
        "These are the values of the ensemble's middle member. One point is not what the data say: ensemble.csv holds",
        "all members, posterior.csv the intervals, report.html the fit; manifest.json says when this was done.",
        "",
        *(
            f"  {row['parameter']}: median {row['median']:.4g}, 95% interval {row['low']:.4g} to {row['high']:.4g}, "
            f"identified: {row['identified']}"
            for _, row in result.posterior.iterrows()
        ),
    ]
