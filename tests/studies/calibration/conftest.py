"""The world at rest as a scenario, tables as text, and a fit as `sim calibrate` does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.model.scenario import Scenario
from sim.runs.evaluation import Evaluation
from sim.runs.execution.simulate import SimulationTask
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings
from sim.scenario import load_scenario
from sim.studies.calibration.fit import CalibrationResult
from sim.studies.calibration.fit_search import OwnLuck
from sim.studies.calibration.fit_to_data import fit_to_data
from sim.studies.calibration.targets import read_data

EVERYTHING_OFF = Path(__file__).resolve().parents[2] / "closed_forms" / "everything_off.yaml"


@pytest.fixture
def at_rest() -> Callable[..., Scenario]:
    """The world at rest with some parameters changed: `at_rest("run.periods=24")`."""
    return lambda *overrides: load_scenario(EVERYTHING_OFF, overrides).scenario


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """A table with that text."""

    def table(text: str) -> Path:
        file = tmp_path / "data.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return table


@pytest.fixture
def fit() -> Callable[..., CalibrationResult]:
    """Fit parameters of a scenario to a table, in process."""

    def run(data: Path, settings: CalibrationSettings, scenario: Scenario, axes: list[Axis]) -> CalibrationResult:
        tables, target = read_data(data, settings, scenario)
        task = SimulationTask(target.outputs, {(): scenario})
        evaluation = Evaluation(OwnLuck.of(task, 1), seed=1)
        return fit_to_data(tables, target, settings, scenario, axes, evaluation, at=task.scenario, name="test")

    return run
