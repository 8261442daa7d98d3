"""The parts of the search against exact values, and the search itself: deterministic, replayable, honest."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.runs.evaluation import Evaluation
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Factor
from sim.runs.run import replication_seed
from sim.studies.calibration import fit_search
from sim.studies.calibration.climb import MOST_SHARED, SHARED, Climb
from sim.studies.calibration.emulator import fit_surface
from sim.studies.calibration.fit_search import CalibrationError, OwnLuck, Search
from sim.studies.calibration.posterior import sample_posterior
from sim.studies.calibration.prior import prior_of, to_cube
from sim.studies.calibration.surveys import Survey
from sim.vocabulary.errors import ScenarioError


def axis(path, low=0.0, high=1.0, **more):
    return Axis(path, Factor(low=low, high=high, **more), False, "number", 0.5)


class Model:
    """Mean satisfaction 100 a b and the logarithm of its spread 3 - b, with luck; no simulation."""

    outputs = ("satisfaction_mean.end", "satisfaction_sd.end")

    def __init__(self, sd=1.0, fails=lambda values: False):
        self.sd, self.fails, self.calls = sd, fails, []

    def __call__(self, values, seed, tick):
        self.calls.append((tuple(values.values()), seed))
        if self.fails(values):
            raise ValueError("no such world")
        luck = np.random.default_rng(seed).standard_normal(2)
        a, b = values["a"], values["b"]
        return {
            "satisfaction_mean.end": 100 * a * b + self.sd * luck[0],
            "satisfaction_sd.end": math.exp(3 - b + 0.02 * self.sd * luck[1]),
        }


TARGET = Survey(np.array([40.0, 2.3]), np.diag([0.25, 0.0004]), 400.0, items=("mean", "spread"))
PRIOR = prior_of([axis("a"), axis("b")])


def search(model, prior=PRIOR, **more):
    return Search(Evaluation(OwnLuck.of(model, 3), seed=3), prior, TARGET, trials=48, **more)


def exact_moments():
    """Mean and standard deviation of a and b in the exact posterior, on a grid."""
    grid = (np.arange(1500) + 0.5) / 1500
    a, b = np.meshgrid(grid, grid, indexing="ij")
    log = -0.5 * ((100 * a * b - 40) ** 2 / 0.25 + (3 - b - 2.3) ** 2 / 0.0004)
    weights = np.exp(log - log.max())
    weights /= weights.sum()
    means = [float((weights * x).sum()) for x in (a, b)]
    return means, [float(np.sqrt((weights * (x - mean) ** 2).sum())) for x, mean in zip((a, b), means, strict=True)]


def test_search_finds_the_exact_posterior():
    """Means within a third of a standard deviation, standard deviations within a quarter: the rest is luck."""
    sample = search(Model(sd=0.2)).run().sample
    values = PRIOR.parameters(to_cube(sample.scores))
    means, sds = exact_moments()
    for i in range(2):
        mean = sample.weights @ values[:, i]
        sd = math.sqrt(sample.weights @ (values[:, i] - mean) ** 2)
        assert abs(mean - means[i]) < sds[i] / 3
        assert 0.75 < sd / sds[i] < 1.25


def test_same_seed_same_points_and_other_seed_others():
    models = [Model(), Model(), Model()]
    samples = [search(models[0], seed=1).run().sample, search(models[1], seed=1).run().sample]
    search(models[2], seed=2).run()
    assert models[0].calls == models[1].calls
    assert (samples[0].weights == samples[1].weights).all()
    assert models[0].calls != models[2].calls


def test_a_search_that_was_stopped_goes_the_same_way():
    """It asks for the same points as one that was not stopped: resuming is asking once more."""

    class Stopping(Model):
        def __call__(self, values, seed, tick):
            if len(self.calls) == 30:
                self.calls.append("stop")
                raise KeyboardInterrupt
            return super().__call__(values, seed, tick)

    whole = Model()
    expected = search(whole).run().sample
    model = Stopping()
    evaluation = Evaluation(OwnLuck.of(model, 3), seed=3)
    with pytest.raises(KeyboardInterrupt):
        Search(evaluation, PRIOR, TARGET, trials=48).run()
    again = Search(evaluation, PRIOR, TARGET, trials=48).run().sample
    assert set(model.calls) - {"stop"} == set(whole.calls)
    assert (again.scores == expected.scores).all()
    assert (again.weights == expected.weights).all()


SHARED_LUCK = {replication_seed(3, SHARED + number) for number in range(MOST_SHARED)}


def own(model):
    """Calls of the points that have luck of their own, which are all but those of climbs."""
    return [(point, seed) for point, seed in model.calls if seed not in SHARED_LUCK]


def test_every_point_has_luck_of_its_own():
    model = Model()
    search(model).run()
    calls = own(model)
    assert len({point for point, _ in calls}) == 48
    assert len({seed for _, seed in calls}) == len(calls)
    assert len(calls) < len(model.calls)


def test_the_two_climbs_begin_at_different_points(monkeypatch):
    """Also where the best point from which one begins lies far from its end, and so is the best far from there."""
    starts = []

    class Away(Climb):
        def __init__(self, ground, start, numbers):
            starts.append(tuple(start))
            super().__init__(ground, start, numbers)

        def climb(self, region=1.0):
            self.ends = np.stack([-np.sign(self.scores[0])] * 2)
            return self

    monkeypatch.setattr(fit_search, "Climb", Away)
    search(Model()).run()
    assert len(set(starts)) == 2


def test_some_failed_runs_are_left_out_and_counted():
    found = search(Model(fails=lambda values: values["a"] < 0.1 and values["b"] < 0.5)).run()
    assert found.runs.failed > 0
    assert found.runs.reason == "ValueError: no such world"
    assert len(found.runs.summaries) == 48 - found.runs.failed


def test_most_failed_runs_end_the_search_with_the_reason():
    with pytest.raises(CalibrationError, match="runs cannot be used; the first: ValueError: no such world"):
        search(Model(fails=lambda values: values["a"] > 0.3)).run()


@pytest.mark.parametrize(("first", "last"), [(16, 27), (38, 48)])
def test_a_late_batch_that_fails_as_a_whole_does_not_end_the_search(first, last):
    """The first and the last of the three rounds: few of all points."""
    whole, model = Model(), Model()
    search(whole).run()
    order = list(dict.fromkeys(point for point, _ in own(whole)))
    if first == 16:
        failing = set(order[first:last])
        model.fails = lambda values: tuple(values.values()) in failing
    else:
        model.fails = lambda values: len({point for point, _ in own(model)}) > first
    found = search(model).run()
    assert found.runs.failed > 0
    assert found.runs.failed % (last - first) == 0
    assert len(found.runs.summaries) == 48 - (last - first)


def test_members_most_of_which_fail_are_no_ensemble():
    """They are judged by themselves: what the answer rests on cannot be made good by what was tried on the way."""
    model = Model()
    seeker = search(model)
    seeker.run()
    model.fails = lambda values: True
    with pytest.raises(CalibrationError, match="4 of 4 runs cannot be used; the first: ValueError: no such world"):
        seeker.simulate(np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]]))


def test_constraints_cut_the_prior():
    prior = prior_of([axis("a"), axis("b")], lambda values: values["a"] < values["b"])
    model = Model()
    found = search(model, prior).run()
    assert all(a < b + 1e-6 for (a, b), _ in model.calls)
    cube = to_cube(found.sample.scores[found.sample.weights > 1e-9])
    assert (cube[:, 0] < cube[:, 1]).all()


def test_constraints_that_leave_nothing():
    prior = prior_of([axis("a"), axis("b")], lambda values: values["a"] > 2.0)
    with pytest.raises(CalibrationError, match="less than a thousandth"):
        search(Model(), prior).run()


def test_what_cannot_be_fitted():
    listed = Axis("x.y", Factor(values=[1.0, 2.0]), False, "number", 1.0)
    with pytest.raises(ScenarioError, match=r"uncertainties\.x\.y: cannot be fitted"):
        prior_of([listed])
    with pytest.raises(ScenarioError, match="nothing to fit"):
        prior_of([])


@pytest.mark.parametrize("dimensions", [1, 3, 6])
def test_importance_sampling_of_a_normal_posterior(dimensions):
    """Prior N(0, I), data y = z + noise of sd s: posterior N(y / (1 + s^2), s^2 / (1 + s^2))."""
    seen, sd = np.linspace(2.0, -1.5, dimensions), np.geomspace(0.02, 0.5, dimensions)
    sample = sample_posterior(lambda z: -0.5 * (((z - seen) / sd) ** 2).sum(axis=1), dimensions, count=4096, seed=4)
    exact_sd = sd / np.sqrt(1 + sd**2)
    error = (sample.weights @ sample.scores - seen / (1 + sd**2)) / exact_sd
    spread = np.sqrt(sample.weights @ (sample.scores - sample.weights @ sample.scores) ** 2) / exact_sd
    assert sample.effective > 800
    assert np.abs(error).max() < 6 / math.sqrt(sample.effective)
    assert np.abs(spread - 1).max() < 6 / math.sqrt(2 * sample.effective)


def test_importance_sampling_finds_both_of_two_modes():
    """Two narrow modes of equal weight, ten standard deviations apart: each gets half."""

    def log_likelihood(z):
        return np.logaddexp(-0.5 * ((z[:, 0] - 1) / 0.1) ** 2, -0.5 * ((z[:, 0] + 1) / 0.1) ** 2)

    sample = sample_posterior(log_likelihood, 2, count=4096, seed=5)
    assert sample.weights[sample.scores[:, 0] > 0].sum() == pytest.approx(0.5, abs=0.05)


def test_surface_knows_its_error():
    """Of 2,000 predictions between noisy runs of a curved function, 85 to 99% lie within their own 95% limits.

    Rather less than 95%, since the surface's own parameters are taken for known.
    """
    dice = np.random.default_rng(11)
    inside = []
    for _ in range(10):
        cube, probe = dice.random((60, 2)), dice.random((200, 2))

        def truth(x):
            return np.sin(4 * x[:, 0]) * (1 + x[:, 1] ** 2)

        noise = np.exp(dice.standard_normal(60) * 0.5) * 0.01
        surface = fit_surface(cube, truth(cube) + np.sqrt(noise) * dice.standard_normal(60), 3.0 * noise)
        mean, variance = surface.predict(probe)
        inside.append(np.abs(truth(probe) - mean) < 1.96 * np.sqrt(variance))
    assert 0.85 < np.mean(inside) < 0.99


def test_prior_scores_are_normal():
    prior = prior_of([axis("a", low=1.0, high=100.0, scale="log"), axis("b")])
    cube = to_cube(np.random.default_rng(2).standard_normal((5000, 2)))
    values = prior.parameters(cube)
    assert stats.kstest(np.log10(values[:, 0]) / 2, "uniform").pvalue > 1e-6
    rounded = pd.DataFrame(prior.points(cube[:50]))
    assert np.abs(rounded.to_numpy() / values[:50] - 1).max() < 1e-6
