"""The folder that keeps a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.studies import surfaces
from sim.studies.calibration.result import CalibrationResult
from sim.studies.calibration.scenario_file import write_scenario
from sim.studies.folder import plain, write_csv, write_json

FILES = ("ensemble.csv", "posterior.csv", "correlations.csv", "fit.csv", "summary.json", "calibrated.yaml")


def calibration_json(result: CalibrationResult) -> dict[str, Any]:
    """The findings as plain values, without anything that changes from call to call.

    The same content as `summary.json` and as `sim calibrate --json`.
    """
    return {
        "name": result.name, "question": result.question, "data": result.data, "sha256": result.sha256,
        "kind": result.kind, "trials": result.trials, "members": len(result.ensemble), "seed": result.seed,
        "verdict": result.goodness.verdict, "goodness": plain(asdict(result.goodness)),
        "sentences": list(result.sentences), "values": plain(dict(result.values)),
        "posterior": plain(result.posterior.to_dict(orient="records")),
        "correlations": plain(result.correlations.to_dict(orient="index")),
        "fit": plain(result.fit.to_dict(orient="records")),
    }  # fmt: skip


def write_calibration(
    result: CalibrationResult,
    folder: Path,
    *,
    base: Path | None = None,
    changes: Mapping[str, Any] | None = None,
    figures: bool = True,
    report: bool = True,
) -> None:
    """Write everything but the manifest into a folder; the same result gives the same bytes.

    Args:
        result: What was fitted.
        folder: Where; made where it is missing.
        base: The scenario file that was fitted, for `calibrated.yaml` to extend.
        changes: Parameters that the experiment sets, by path.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "ensemble.csv", result.ensemble)
    write_csv(folder / "posterior.csv", result.posterior)
    write_csv(folder / "correlations.csv", result.correlations.rename_axis("parameter").reset_index())
    write_csv(folder / "fit.csv", result.fit)
    write_json(folder / "summary.json", calibration_json(result))
    write_scenario(folder / "calibrated.yaml", result, base, changes or {})
    if figures:
        drawn = surfaces.plots_of("calibration")
        (folder / "figures").mkdir(exist_ok=True)
        for name in drawn.figures(result):
            figure = drawn.draw(name, result)
            for suffix in ("svg", "png"):
                surfaces.plots().save(figure, folder / "figures" / f"{name}.{suffix}")
    if report:
        page = surfaces.report_of("calibration").write_calibration_report(result)
        (folder / "report.html").write_text(page, encoding="utf-8")
