"""Fits to data that the model itself has made: python tests/studies/calibration/fits.py FIRST LAST.

For each fit: parameters drawn from the prior, the retention curve of 400 customers simulated with them (luck of its
own), fitted by the program as a user's would be. Printed as JSON: for each fit and parameter the posterior's
probability below the true value, uniform where the method is right (Talts, Betancourt, Simpson, Vehtari & Gelman 2018),
and why the program says that the fit has not converged, an empty list where it has.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from sim.model.scenario import Scenario
from sim.runs.evaluation import Evaluation
from sim.runs.execution.simulate import SimulationTask
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.scenario import load_scenario
from sim.studies.calibration.convergence import check_convergence
from sim.studies.calibration.fit_search import OwnLuck, Search, one_thread
from sim.studies.calibration.fit_to_data import read_data
from sim.studies.calibration.prior import prior_of, to_cube

EVERYTHING_OFF = Path(__file__).resolve().parents[2] / "closed_forms" / "everything_off.yaml"
YEARS = 5
COHORT, WORLD = 400, 2000
TRIALS = 40
SETTINGS = CalibrationSettings(data="retention", unit="years", trials=TRIALS)
PRIOR = prior_of(
    [
        Axis("customers.bonds.attrition_per_year", Factor(low=0.1, high=0.7), False, "number", 0.3),
        Axis("customers.bonds.attrition_polarization", Factor(low=0.02, high=0.7), False, "number", 0.3),
    ]
)


def world(customers: int) -> Scenario:
    """The world at rest with that many customers, ready for a task."""
    return load_scenario(EVERYTHING_OFF, [f"market.customers={customers}", f"run.periods={12 * YEARS}"]).scenario


def one_fit(number: int, folder: Path) -> tuple[list[float], list[str]]:
    """Draw, simulate, fit; the posterior's probability below each true value, and what speaks against convergence."""
    place = np.random.default_rng([20260101, number]).random((1, len(PRIOR.axes)))
    truth = PRIOR.points(place)[0]
    outputs = tuple(f"survival@{12 * year}" for year in range(1, YEARS + 1))
    seen = SimulationTask(outputs, {(): world(COHORT)})(truth, 10_000_000 + number, lambda: None)
    survivors = [COHORT, *(round(COHORT * seen[name]) for name in outputs)]
    data = folder / f"{number}.csv"
    data.write_text("time,survivors\n" + "".join(f"{year},{count}\n" for year, count in enumerate(survivors)))
    scenario = world(WORLD)
    _, target = read_data(data, SETTINGS, scenario)
    task = SimulationTask(target.outputs, {(): scenario})
    evaluation = Evaluation(OwnLuck.of(task, number), seed=number)
    with one_thread():
        found = Search(evaluation, PRIOR, target, trials=TRIALS, seed=number).run()
        convergence = check_convergence(found, evaluation, PRIOR, found.sample.draw(SETTINGS.members))
    sample = found.sample
    values = PRIOR.parameters(to_cube(sample.scores))
    below = [float(sample.weights[values[:, i] < truth[path]].sum()) for i, path in enumerate(PRIOR.paths)]
    return below, list(convergence.reasons)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps([one_fit(number, Path(name)) for number in range(int(sys.argv[1]), int(sys.argv[2]))]))
