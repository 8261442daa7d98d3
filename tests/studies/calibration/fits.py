"""Fits to data that the model itself has made: python -m tests.studies.calibration.fits KIND FIRST LAST.

For each fit: parameters drawn from the prior, a market of 400 customers simulated with them (luck of its own) and asked
for a table of that kind, fitted by the program as a user's would be. Printed as JSON, a line a fit: for each parameter
the posterior's probability below the true value, uniform where the method is right (Talts, Betancourt, Simpson, Vehtari
& Gelman 2018), and why the program says that the fit has not converged, an empty list where it has.

The tables are the engine's. Where the world at rest has a closed form that other tests hold the engine to (attrition:
the shifted beta-geometric model), the runs that are fitted are drawn from that, with their luck: thousands a fit.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
from sim.runs.evaluation import Evaluation
from sim.runs.execution.simulate import SimulationTask
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.runs.experiment.points import PointValues
from sim.scenario import load_scenario
from sim.studies.calibration.convergence import check_convergence
from sim.studies.calibration.fit_search import OwnLuck, Search, one_thread
from sim.studies.calibration.prior import prior_of, to_cube
from sim.studies.calibration.targets import read_data
from tests.studies.calibration.test_telco import ClosedForm

EVERYTHING_OFF = Path(__file__).resolve().parents[2] / "closed_forms" / "everything_off.yaml"
COHORT, WORLD = 400, 2000
TRIALS = 40
OWN = 10_000_000
"""Seeds of the data begin here."""


class Kind(NamedTuple):
    """A kind of data: what is set, the prior, the settings, and a table from a world of that seed at the truth."""

    periods: int
    changes: tuple[str, ...]
    prior: dict[str, Factor]
    settings: CalibrationSettings
    table: Callable[[Kind, PointValues, int], str]
    closed_form: bool = False

    def world(self, customers: int) -> Scenario:
        """The world at rest, but for what this kind needs."""
        sizes = (f"market.customers={customers}", f"run.periods={self.periods}")
        return load_scenario(EVERYTHING_OFF, [*sizes, *self.changes]).scenario

    def seen(self, truth: PointValues, seed: int, outputs: tuple[str, ...]) -> list[float]:
        """What a market of 400 customers shows."""
        told = SimulationTask(outputs, {(): self.world(COHORT)})(truth, seed, lambda: None)
        return [told[name] for name in outputs]


def _survivors(kind: Kind, truth: PointValues, seed: int, step: int) -> list[int]:
    outputs = tuple(f"survival@{period}" for period in range(step, kind.periods + 1, step))
    return [COHORT, *(round(COHORT * share) for share in kind.seen(truth, seed, outputs))]


def retention(kind: Kind, truth: PointValues, seed: int) -> str:
    """Who is left after each year."""
    rows = enumerate(_survivors(kind, truth, seed, 12))
    return "time,survivors\n" + "".join(f"{year},{count}\n" for year, count in rows)


def churn(kind: Kind, truth: PointValues, seed: int) -> str:
    """A row a customer, each of whom was watched for 1 to 24 months."""
    left = -np.diff(_survivors(kind, truth, seed, 1))
    ends = np.repeat(np.arange(1, kind.periods + 2), [*left, COHORT - left.sum()])
    watched = np.random.default_rng(seed).integers(1, kind.periods + 1, COHORT)
    rows = zip(np.minimum(ends, watched), np.where(ends <= watched, "yes", "no"), strict=True)
    return "tenure,churned\n" + "".join(f"{tenure},{gone}\n" for tenure, gone in rows)


def complaints(kind: Kind, truth: PointValues, seed: int) -> str:
    """Complaints of each month."""
    counts = kind.seen(truth, seed, tuple(f"registered@{period}" for period in range(kind.periods)))
    return "period,complaints,customers\n" + "".join(f"{i},{count:.0f},{COHORT}\n" for i, count in enumerate(counts))


def movements(kind: Kind, truth: PointValues, seed: int) -> str:
    """Customers at the end of each month, and those lost and won in it."""
    names = [f"{column}@{month}" for month in range(kind.periods) for column in ("active", "departed", "joined")]
    rows = np.array(kind.seen(truth, seed, tuple(names))).reshape(kind.periods, 3)
    return "period,closing,lost,won\n" + "".join(
        f"{month},{there:.0f},{lost:.0f},{won:.0f}\n" for month, (there, lost, won) in enumerate(rows)
    )


def satisfaction(kind: Kind, truth: PointValues, seed: int) -> str:
    """The answers of all customers, 1 to 10."""
    world = Simulation(SimulationTask((), {(): kind.world(COHORT)}).scenario(truth), seed=seed)
    world.run()
    answers = np.rint(1 + world.state.satisfaction * 9 / 100).astype(int)
    return "overall\n" + "".join(f"{answer}\n" for answer in answers)


ATTRITION = {
    "customers.bonds.attrition_per_year": Factor(low=0.1, high=0.7),
    "customers.bonds.attrition_polarization": Factor(low=0.02, high=0.7),
}
COMPLAINING = (
    "customers.judgement.tolerance=0",
    "firm.systems.service.reliability=2",
    "firm.desk.agents=10000",
    "firm.desk.handling_hours=0",
    "customers.encounters.frequency_cv=0.5",
    "customers.encounters.purchases_per_year=6",
)
KINDS = {
    "retention": Kind(
        60,
        (),
        ATTRITION,
        CalibrationSettings(data="retention", unit="years", trials=TRIALS),
        retention,
        closed_form=True,
    ),
    "churn": Kind(
        24, (), ATTRITION, CalibrationSettings(data="churn", unit="months", trials=TRIALS), churn, closed_form=True
    ),
    "complaints": Kind(
        6,
        COMPLAINING,
        {
            "voice.complain_share": Factor(low=0.05, high=0.6),
            "customers.encounters.purchases_per_year": Factor(distribution="normal", mean=6, sd=1, low=3, high=9),
        },
        CalibrationSettings(data="complaints", unit="months", trials=TRIALS),
        complaints,
    ),
    "movements": Kind(
        24,
        ("firm.initial_share=0.5", "customers.bonds.attrition_polarization=0"),
        {
            "customers.bonds.attrition_per_year": Factor(low=0.1, high=0.7),
            "firm.strategy.advertising_hazard": Factor(low=0.05, high=0.6),
        },
        CalibrationSettings(data="movements", unit="months", trials=TRIALS),
        movements,
    ),
    "satisfaction": Kind(
        2,
        (),
        {
            "customers.judgement.initial_satisfaction": Factor(low=40, high=75),
            "customers.judgement.disposition_spread": Factor(low=5, high=15),
        },
        CalibrationSettings(data="satisfaction", scale="1-10", trials=TRIALS),
        satisfaction,
    ),
}


def one_fit(kind: Kind, number: int, folder: Path) -> tuple[list[float], list[str]]:
    """Draw, simulate, fit; the posterior's probability below each true value, and what speaks against convergence."""
    prior = prior_of([Axis(path, factor, False, "number", 0.3) for path, factor in kind.prior.items()])
    truth = prior.points(np.random.default_rng([20260101, number]).random((1, len(kind.prior))))[0]
    data, scenario = folder / f"{number}.csv", kind.world(WORLD)
    data.write_text(kind.table(kind, truth, OWN + number))
    _, target = read_data(data, kind.settings, scenario)
    task = ClosedForm(target.outputs) if kind.closed_form else SimulationTask(target.outputs, {(): scenario})
    evaluation = Evaluation(OwnLuck.of(task, number), seed=number)
    with one_thread():
        found = Search(evaluation, prior, target, trials=TRIALS, seed=number).run()
        convergence = check_convergence(found, evaluation, prior, found.sample.draw(kind.settings.members))
    values, weights = prior.parameters(to_cube(found.sample.scores)), found.sample.weights
    below = [float(weights[values[:, i] < truth[path]].sum()) for i, path in enumerate(prior.paths)]
    return below, list(convergence.reasons)


if __name__ == "__main__":
    which, first, last = KINDS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as name:
        for number in range(first, last):
            print(json.dumps(one_fit(which, number, Path(name))), flush=True)
