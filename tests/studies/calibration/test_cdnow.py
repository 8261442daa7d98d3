"""CDNOW (`lifetimes`, MIT): purchases of 2,357 customers, fitted as `sim calibrate` does, end at the published optimum.

    pytest -n 0 -s -m slow tests/studies/calibration/test_cdnow.py

With all other rules off the simulator is the BG/NBD model, whose likelihood is known exactly (Fader, Hardie & Lee
2005): for the first 39 weeks they give r .243, alpha 4.414, a .793, b 2.426 and -9,582.4. The likeliest point must lie
within 2 units of that, and the intervals must hold it. The ordinary test does it with draws of that model instead,
which other tests hold the engine to (`tests/closed_forms/test_drop_out.py`).
"""

import datetime as dt
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from sim.data.read_table import read_table
from sim.data.repeat_buying import fitted, log_likelihood
from sim.data.table_kinds import TRANSACTIONS
from sim.data.table_settings import TableSettings
from sim.data.transactions import read_purchases
from sim.results.output_names import parts_of
from sim.runs.evaluation import Evaluation
from sim.runs.execution.simulate import SimulationTask
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.studies.calibration.convergence import check_convergence
from sim.studies.calibration.fit_search import OwnLuck, Search, one_thread
from sim.studies.calibration.goodness import posterior_table
from sim.studies.calibration.prior import prior_of
from sim.studies.calibration.targets import read_data

CDNOW = Path(find_spec("lifetimes").submodule_search_locations[0]) / "datasets" / "CDNOW_sample.txt"
WEEKS = dt.date(1997, 9, 30)
RATE, SPREAD = "customers.encounters.purchases_per_year", "customers.encounters.frequency_cv"
MEAN, UNEQUAL = "customers.drop_out.per_purchase", "customers.drop_out.polarization"
PRIOR = {
    RATE: Factor(low=1.0, high=8.0),
    SPREAD: Factor(low=0.8, high=4.0),
    MEAN: Factor(low=0.05, high=0.6),
    UNEQUAL: Factor(low=0.02, high=0.8),
}
STATED = 2.0
"""Units of log-likelihood below the exact optimum within which a fit must end."""


def published_names(values):
    """r, alpha (weeks), a, b of the parameters of a scenario."""
    size = 1 / values[UNEQUAL] - 1
    r = values[SPREAD] ** -2
    return np.array([r, 52 * r / values[RATE], values[MEAN] * size, (1 - values[MEAN]) * size])


def our_names(r, alpha, a, b):
    """The other way round."""
    return {RATE: 52 * r / alpha, SPREAD: r**-0.5, MEAN: a / (a + b), UNEQUAL: 1 / (1 + a + b)}


class Drawn:
    """Customers of the BG/NBD model: rates, chances and purchases are drawn one after the other."""

    def __init__(self, outputs, people=3000):
        self.outputs, self.people = outputs, people
        self.asked = [parts_of(name) for name in outputs]

    def __call__(self, values, seed, tick):
        r, alpha, a, b = published_names(values)
        luck = np.random.default_rng(seed)
        rate, chance = luck.gamma(r, 1 / alpha, self.people), luck.beta(a, b, self.people)
        last = np.ceil(np.log(luck.random(self.people)) / np.log1p(-np.clip(chance, 1e-12, 1 - 1e-12)))
        comes = luck.poisson(rate * 39)
        who = np.repeat(np.arange(self.people), comes)
        when = np.sort(luck.random(len(who)) * 39 + who * 39) - who * 39  # in order, of each customer
        before = np.arange(len(who)) - np.repeat(np.cumsum(comes) - comes, comes)
        who, when = who[before < last[who]], when[before < last[who]]
        found, known = [], {}
        for one in self.asked:
            if one.period not in known:
                seen = when < one.period
                latest = np.zeros(self.people, np.int64)  # counting from 1; 0 stands for never
                latest[who[seen]] = when[seen].astype(np.int64) + 1  # of several of one person the last one stays
                bought = np.bincount(who[seen], minlength=self.people)
                wide = one.period + 1
                counts = np.bincount(bought * wide + latest, minlength=(bought.max() + 1) * wide)
                known[one.period] = counts.reshape(-1, wide)
            group = one.buyers
            rows = known[one.period][group.least : None if group.most is None else group.most + 1]
            chosen = rows if group.first is None else rows[:, group.first + 1 : group.last + 2]
            found.append(float(chosen.sum()) / self.people)
        return dict(zip(self.outputs, found, strict=True))


def fit(at_rest, people, task_of, trials):
    """The search, its check, and the exact likelihood: how far below the optimum it ends, and what it says."""
    purchases = read_purchases(read_table(CDNOW, TRANSACTIONS, TableSettings(exported=WEEKS)))
    data = purchases.frequency, purchases.recency / 7, purchases.age / 7
    best = fitted(*data)
    scenario = at_rest(f"market.customers={people}", "run.period=week", "run.periods=39")
    settings = CalibrationSettings(data="transactions", exported=WEEKS, trials=trials)
    _, target = read_data(CDNOW, settings, scenario)
    believed = prior_of([Axis(path, factor, False, "number", factor.low) for path, factor in PRIOR.items()])
    evaluation = Evaluation(OwnLuck.of(task_of(target.outputs, scenario), 0), seed=0)
    began = time.process_time()
    with one_thread():
        found = Search(evaluation, believed, target, trials=settings.trials).run()
        judged = check_convergence(found, evaluation, believed, found.sample.draw(settings.members))
        rows = posterior_table(found, believed).set_index("parameter")
    assert judged.converged, judged.reasons
    likeliest = published_names(judged.likeliest)
    below = best.log_likelihood - float(log_likelihood(likeliest, *data).sum())
    exact = our_names(*best[:4])
    print(
        f"r {likeliest[0]:.3f}, alpha {likeliest[1]:.3f}, a {likeliest[2]:.3f}, b {likeliest[3]:.3f}: {below:.2f} below"
    )
    for path, value in exact.items():
        print(f"{path}: {rows.loc[path, 'low']:.3f} to {rows.loc[path, 'high']:.3f}, exact {value:.3f}")
    print(f"{time.process_time() - began:.0f} seconds of a core")
    return below, rows, exact


def check(below, rows, exact):
    assert below < STATED
    for path, value in exact.items():
        assert rows.loc[path, "low"] < value < rows.loc[path, "high"], path


def test_a_fit_of_purchases_ends_at_the_optimum(at_rest):
    """The search and its check with few trials, but without the engine."""
    check(*fit(at_rest, 3000, lambda outputs, _: Drawn(outputs), 60))


@pytest.mark.slow
def test_cdnow_by_the_engine(at_rest):
    check(*fit(at_rest, 3000, lambda outputs, scenario: SimulationTask(outputs, {(): scenario}), 120))


def test_what_is_drawn_is_what_the_engine_does(at_rest):
    """The mean of 4 runs of 3,000 people lies within 5 standard errors (12,000 people, both) in each of 40 groups."""
    scenario = at_rest("market.customers=3000", "run.period=week", "run.periods=39")
    _, target = read_data(CDNOW, CalibrationSettings(data="transactions", exported=WEEKS), scenario)
    values = our_names(0.243, 4.414, 0.793, 2.426)
    names = target.outputs[-40:]
    tasks = SimulationTask(names, {(): scenario}), Drawn(names)
    ours, theirs = (
        np.mean([list(task(values, seed, lambda: None).values()) for seed in range(4)], axis=0) for task in tasks
    )
    error = np.sqrt(2 * np.maximum(theirs * (1 - theirs), 1e-3) / 12_000)
    assert (np.abs(ours - theirs) < 5 * error).all()
