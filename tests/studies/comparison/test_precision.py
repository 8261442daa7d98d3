"""The sequential rule: its interval is as narrow as asked for, and covers the truth as often as it says."""

import math

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.market import Market, Run
from sim.model.movement import FLOWS_OUT
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.results.intervals import t_quantile
from sim.runs.precision import (
    MOST_REPLICATIONS,
    PILOT,
    PrecisionError,
    refuse_too_many,
    replications_needed,
)
from sim.runs.run import replication_seed
from sim.studies.comparison import compare as module
from sim.studies.comparison.compare import compare
from sim.studies.comparison.differences import Pilot, paired
from sim.vocabulary.errors import ScenarioError

SEQUENCES = 10_000


def coverage(draw, half_width, contrasts=1):
    """Share of artificial sequences whose interval covers 0, the true mean difference, and the mean of N."""
    rng = np.random.default_rng(11)
    covered, total = 0, 0
    for _ in range(SEQUENCES):
        pilot = draw(rng, (contrasts, PILOT))
        n = max(replications_needed(float(row.std(ddof=1)), PILOT, half_width) for row in pilot)
        values = pilot[0]
        while n > len(values):
            values = np.append(values, draw(rng, n - len(values)))
            n = replications_needed(float(values.std(ddof=1)), n, half_width)
        found = paired(np.zeros(n), values, Pilot(PILOT, float(pilot[0].std(ddof=1))))
        assert found.high - found.low <= 2.0 * half_width * (1 + 1e-12)
        covered += not found.excludes_zero
        total += n
    return covered / SEQUENCES, total / SEQUENCES


def normal(rng, shape):
    return rng.normal(size=shape)


def skewed(rng, shape):
    return rng.exponential(size=shape) - 1.0


@pytest.mark.parametrize("half_width", [0.1, 0.25])
def test_the_interval_covers_normal_differences_at_least_as_often_as_it_says(half_width):
    """At least 95%, and not wastefully more: limits 4 standard errors out, a false alarm in 30,000 each."""
    found, mean = coverage(normal, half_width)
    error = math.sqrt(0.95 * 0.05 / SEQUENCES)
    assert mean > 2 * PILOT
    assert 0.95 - 4.0 * error <= found <= 0.975


def test_where_the_pilot_is_enough_the_interval_is_the_usual_one():
    found, mean = coverage(normal, 5.0)
    assert mean == PILOT
    assert abs(found - 0.95) <= 4.0 * math.sqrt(0.95 * 0.05 / SEQUENCES)


def test_the_largest_of_several_contrasts_never_loses_coverage():
    found, _ = coverage(normal, 0.25, contrasts=3)
    assert found >= 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / SEQUENCES)


def test_skewed_differences_lose_little():
    """Exponential, skewness 2, far more than the model's differences have: 95% within a point."""
    found, _ = coverage(skewed, 0.15)
    assert 0.94 <= found <= 0.98


def test_looking_after_every_run_would_not_cover():
    """The check can fail: the rule that stops as soon as the interval is narrow enough covers less."""
    rng = np.random.default_rng(12)
    quantiles = np.array([math.nan, *(t_quantile(n) for n in range(1, 400))])
    covered = 0
    for _ in range(4000):
        values = rng.normal(size=400)
        sizes = np.arange(1, 401)
        means = np.cumsum(values) / sizes
        squares = np.cumsum(values**2) - sizes * means**2
        for n in range(3, 400):
            half = quantiles[n - 1] * math.sqrt(max(squares[n - 1], 0.0) / (n - 1) / n)
            if half <= 0.5:
                covered += abs(means[n - 1]) <= half
                break
    assert covered / 4000 < 0.93


def test_too_many_replications_are_refused_with_what_can_be_had():
    with pytest.raises(PrecisionError, match=r"needs about 40,000 replications.*ask for 0.002 or more"):
        refuse_too_many(40_000, PILOT, 0.001, "retention", "share")
    refuse_too_many(MOST_REPLICATIONS, PILOT, 0.001, "retention", "share")


def test_a_comparison_reaches_the_half_width_asked_for(worlds):
    found = compare(worlds, precision=0.01, threads=2)
    rows = found.differences[found.differences["figure"] == "retention"]
    assert len(rows) == 2
    assert ((rows["high"] - rows["low"]) / 2 <= 0.01 * (1 + 1e-9)).all()
    assert set(rows["interval"]) == {"two-stage (Stein 1945)"}
    assert found.replications > PILOT
    assert found.precision == ("retention", 0.01)
    assert compare(worlds, precision=0.01, threads=1).runs.equals(found.runs)


def test_more_than_are_run_stops_after_the_first_stage(worlds, monkeypatch):
    monkeypatch.setattr(module, "PILOT", 3)
    with pytest.raises(PrecisionError, match="as the first 3 show"):
        compare(worlds, precision=1e-9, threads=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"replications": 2, "precision": 0.1}, "exclude each other"),
        ({"precision": 0.0}, "above 0"),
        ({"precision": math.nan}, "above 0"),
        ({"replications": 1}, "2 to 10000"),
        ({"replications": 10_001}, "2 to 10000"),
        ({"figure": "retenton"}, "did you mean retention"),
        ({"seed": -1}, "seed"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_runs(worlds, arguments, words):
    with pytest.raises(ScenarioError, match=words):
        compare(worlds, **arguments)


def yearly_retention(scenario, seed):
    """Retention as the key figure has it, straight from the tallies: thousands of runs in seconds."""
    tables = Simulation(scenario, seed=seed, threads=1).run()
    active = np.append(tables.initial[0, :, O.active].sum(), tables.tallies[:, 0, :, O.active].sum(axis=1))
    left = tables.tallies[:, 0, :][:, :, [getattr(O, name) for name in FLOWS_OUT]].sum(axis=(1, 2))
    return float((1.0 - left.sum() / active[:-1].sum()) ** 52)


@pytest.mark.slow
def test_coverage_in_the_model():
    """Some 100 comparisons of a small world against the mean of 4,000 replications: at least 95%.

    The limit lies 4 standard errors below, a false alarm in 30,000.
    """
    small = Scenario(market=Market(customers=120), run=Run(periods=6, seed=1))
    small = set_path(small, "firm.systems.failure_scale", 4.0)
    other = set_path(small, "firm.desk.ease", 3.0)
    reference = compare([small, other], replications=2, threads=1).runs
    seeds = [replication_seed(1, number) for number in range(4000)]
    a, b = (np.array([yearly_retention(world, seed) for seed in seeds]) for world in (small, other))
    assert reference["retention"].tolist() == pytest.approx([a[0], b[0], a[1], b[1]])
    truth = float((b - a).mean())
    half_width = 1.96 * float((b - a).std(ddof=1)) / math.sqrt(30)
    covered, trials, at = 0, 0, 0
    while True:
        pilot = (b - a)[at : at + PILOT]
        done, n = 0, PILOT
        while n > done and at + n <= len(a):
            done = n
            n = max(done, replications_needed(float((b - a)[at : at + done].std(ddof=1)), done, half_width))
        if at + n > len(a):
            break
        found = paired(a[at : at + n], b[at : at + n], Pilot(PILOT, float(pilot.std(ddof=1))))
        covered += found.low <= truth <= found.high
        trials += 1
        at += n
    assert trials >= 60
    assert covered / trials >= 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / trials)
