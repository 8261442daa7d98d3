"""A fit that has not converged says so; one that has is left alone.

The search is made to go wrong on purpose: an ensemble away from the answer, two peaks, a climb that is cut short.
"""

from dataclasses import replace

import numpy as np
import pytest

from sim.runs.evaluation import Evaluation
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Factor
from sim.studies.calibration import climb
from sim.studies.calibration.convergence import TOLERANCE, check_convergence, most_runs
from sim.studies.calibration.fit_search import OwnLuck, Search
from sim.studies.calibration.prior import prior_of
from sim.studies.calibration.surveys import Survey

SEED = 3
TARGET = Survey(np.array([40.0, 2.3]), np.diag([0.25, 0.0004]), 4000.0, items=("mean", "spread"))


class Model:
    """Mean satisfaction and the logarithm of its spread as functions of the parameters, with luck; no simulation."""

    outputs = ("satisfaction_mean.end", "satisfaction_sd.end")

    def __init__(self, mean, log_spread=lambda values: 2.3):
        self.mean, self.log_spread, self.calls = mean, log_spread, []

    def __call__(self, values, seed, tick):
        self.calls.append((tuple(values.values()), seed))
        luck = np.random.default_rng(seed).standard_normal(2)
        return {
            "satisfaction_mean.end": self.mean(values) + 0.1 * luck[0],
            "satisfaction_sd.end": np.exp(self.log_spread(values) + 0.004 * luck[1]),
        }


def product():
    return Model(lambda values: 100 * values["a"] * values["b"], lambda values: 3 - values["b"])


def two_peaks():
    """The data are met at a = .2; at a = .8 the mean is three standard errors off, and worse around it."""
    return Model(lambda v: 40 + 100 * (v["a"] - 0.2) ** 2 if v["a"] < 0.5 else 41.5 + 100 * (v["a"] - 0.8) ** 2)


def searched(model, names="ab", **more):
    prior = prior_of([Axis(name, Factor(low=0.0, high=1.0), False, "number", 0.5) for name in names])
    evaluation = Evaluation(OwnLuck.of(model, SEED), seed=SEED)
    return Search(evaluation, prior, TARGET, trials=48, **more).run(), evaluation, prior


def checked(found, evaluation, prior):
    return check_convergence(found, evaluation, prior, found.sample.draw(64))


def test_a_search_that_is_right_has_converged():
    found, evaluation, prior = searched(product())
    judged = checked(found, evaluation, prior)
    assert judged.converged, judged.reasons
    one, other = judged.ends
    assert abs(one.log_likelihood - other.log_likelihood) < TOLERANCE
    for end in judged.ends:
        assert end.values["a"] == pytest.approx(4 / 7, abs=0.03)
        assert end.values["b"] == pytest.approx(0.7, abs=0.03)


def test_an_ensemble_away_from_the_answer_has_not():
    """Shifted by half a standard deviation of the prior: ends lie outside of its intervals, and are likelier."""
    found, evaluation, prior = searched(product())
    moved = replace(found, sample=replace(found.sample, scores=found.sample.scores + np.array([0.5, 0.0])))
    judged = checked(moved, evaluation, prior)
    assert not judged.converged
    assert judged.middle_behind > 100
    assert any("the ensemble's middle lies" in reason for reason in judged.reasons)
    assert any("half of the ensemble lies" in reason for reason in judged.reasons)
    assert any("ends at a = " in reason for reason in judged.reasons)


def test_an_ensemble_much_too_wide_has_not():
    found, evaluation, prior = searched(product())
    centre = found.sample.weights @ found.sample.scores
    spread = replace(found.sample, scores=centre + 8 * (found.sample.scores - centre))
    judged = checked(replace(found, sample=spread), evaluation, prior)
    assert any("half of the ensemble lies" in reason for reason in judged.reasons)


def test_two_peaks_of_which_one_is_lower():
    found, evaluation, prior = searched(two_peaks(), "a")
    judged = checked(found, evaluation, prior)
    assert not judged.converged
    assert sorted(round(end.values["a"], 1) for end in judged.ends) == [0.2, 0.8]
    assert any("from two starts end" in reason for reason in judged.reasons)


def test_a_climb_that_is_cut_short(monkeypatch):
    found = searched(product())
    monkeypatch.setattr(climb, "MOST_ROUNDS", 0)
    assert any("did not settle within" in reason for reason in checked(*found).reasons)


def test_a_parameter_that_the_data_say_nothing_of_does_no_harm():
    judged = checked(*searched(Model(lambda values: 100 * values["a"])))
    assert judged.converged, judged.reasons


def test_the_same_check_again_asks_for_the_same_runs():
    """A search that goes on finds the runs of the check as well; their luck is the same at every point."""
    model = product()
    found, evaluation, prior = searched(model)
    before = len(model.calls)
    judged = checked(found, evaluation, prior)
    seeds = {seed for _, seed in model.calls[before:]}
    done = len(model.calls)
    assert checked(found, evaluation, prior) == judged
    assert len(model.calls) == done
    assert len(seeds) == sum(judged.runs)
    assert done - before <= most_runs(2)
    assert checked(*searched(product())) == judged
