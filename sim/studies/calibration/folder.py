"""The folder that keeps a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.results import surfaces
from sim.results.failures import besides_the_tables
from sim.results.folder import plain, whole_folder, write_json, write_manifest
from sim.results.spreadsheet import write_csv
from sim.studies.calibration.result import CalibrationResult
from sim.studies.calibration.scenario_file import write_scenario


def calibration_json(result: CalibrationResult) -> dict[str, Any]:
    """The findings as plain values, without anything that changes from call to call.

    The same content as `summary.json` and as `sim calibrate --json`.
    """
    return {
        "name": result.name, "question": result.question, "data": result.data, "sha256": result.sha256,
        "kind": result.kind, "trials": result.trials, "members": len(result.ensemble), "seed": result.seed,
        "verdict": result.goodness.verdict, "converged": result.converged,
        "convergence": plain(asdict(result.convergence)), "goodness": plain(asdict(result.goodness)),
        "sentences": list(result.sentences), "values": plain(dict(result.values)),
        "posterior": plain(result.posterior.to_dict(orient="records")),
        "correlations": plain(result.correlations.to_dict(orient="index")) if result.converged else None,
        "fit": plain(result.fit.to_dict(orient="records")),
    }  # fmt: skip


def write_calibration(
    result: CalibrationResult,
    directory: str | Path,
    *,
    base: Path | None = None,
    changes: Mapping[str, Any] | None = None,
    force: bool = False,
    figures: bool = True,
    report: bool = True,
) -> Path:
    """Write everything about a calibration into a folder of its own, which appears whole or not at all.

    Args:
        result: What was fitted.
        directory: The folder; it must not exist, or be empty, or (with `force`) hold earlier results.
        base: The scenario file that was fitted, for `calibrated.yaml` to extend.
        changes: Parameters that the experiment sets, by path.
        force: Replace earlier results.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.

    Returns:
        The folder's absolute path. It holds `ensemble.csv`, `posterior.csv`, `correlations.csv`, `fit.csv`,
        `summary.json`, `calibrated.yaml`, `manifest.json` and what was asked for. Only `manifest.json` carries the
        time: all else is the same, byte for byte, for the same seed.

    Raises:
        FolderError: If the folder is taken or cannot be written.
    """
    with whole_folder(directory, force=force) as folder:
        write_csv(folder / "ensemble.csv", result.ensemble)
        write_csv(folder / "posterior.csv", result.posterior)
        write_csv(folder / "correlations.csv", result.correlations.rename_axis("parameter").reset_index())
        write_csv(folder / "fit.csv", result.fit)
        write_json(folder / "summary.json", calibration_json(result))
        write_scenario(folder / "calibrated.yaml", result, base, changes or {})
        if figures:
            with besides_the_tables(folder / "figures"):
                _write_figures(result, folder / "figures")
        if report:
            with besides_the_tables(folder / "report.html"):
                page = surfaces.report_of("calibration").write_calibration_report(result)
                (folder / "report.html").write_text(page, encoding="utf-8")
        write_manifest(folder, result.manifest)
    return Path(directory).expanduser().absolute()


def _write_figures(result: CalibrationResult, folder: Path) -> None:
    drawn = surfaces.plots_of("calibration")
    folder.mkdir()
    for name in drawn.figures(result):
        figure = drawn.draw(name, result)
        for suffix in ("svg", "png"):
            surfaces.plots().save(figure, folder / f"{name}.{suffix}")
