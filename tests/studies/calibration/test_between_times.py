"""Between the times of a curve: a smooth cumulative hazard, against scipy's and against a curve that is known."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator
from scipy.special import betaln

from sim.data.life_table import LifeTable
from sim.studies.calibration.between_times import monotone_slopes, parts_of
from sim.studies.calibration.box import Box
from sim.studies.calibration.durations import Durations, log_expit

EDGES = np.array([0.0, 1.0, 2.0, 4.0, 9.0, 20.0, 40.0])
ALPHA, BETA = 0.25, 0.75


def survival(months):
    """Of the shifted beta-geometric model: E[(1 - theta)^(t / 12)], theta beta distributed with these two."""
    return np.exp(betaln(ALPHA, BETA + np.asarray(months) / 12) - betaln(ALPHA, BETA))


def test_slopes_are_those_of_scipy():
    hazard = np.array([[0.9, 0.4, 0.5, 2.0, 0.1, 3.0], [0.2, 0.1, 0.1, 0.05, 0.02, 0.01]])
    spans = np.diff(EDGES)
    for row, slopes in zip(hazard, monotone_slopes(hazard / spans, spans), strict=True):
        curve = PchipInterpolator(EDGES, np.concatenate([[0.0], np.cumsum(row)]))
        assert slopes == pytest.approx(curve(EDGES, 1).clip(0.0), abs=1e-12)


def life_table(customers=5000.0):
    """Month by month of a cohort of which a hundredth is censored every month, leavers as expected."""
    risk, left = [], []
    kept = survival(np.arange(41))
    for month in range(40):
        risk.append(customers)
        left.append(customers * (1 - kept[month + 1] / kept[month]))
        customers = (customers - left[-1]) * 0.99
    return LifeTable(None, "months", "tenure", np.arange(1.0, 41.0), np.array(risk), np.array(left))


def target():
    found, places = life_table(), (EDGES[1:] - 1).astype(int).tolist()
    parts = parts_of(found, places, exact=False)
    widths, trials, left = found.merged(places, exact=False)
    return Durations(EDGES[1:], (1, 2, 4, 9, 20, 40), widths, trials, left, 2000.0, "months", np.zeros((3, 6)), parts)


def test_parts_hold_all_of_the_data():
    """At most six to an interval, each within it: months 10 to 20 in six, 21 to 40 in six."""
    parts = target().parts
    assert parts.owner.tolist() == [0, 1, 2, 2, *[3] * 5, *[4] * 6, *[5] * 6]
    assert parts.ticks.sum() == 40
    assert parts.leavers.sum() == pytest.approx(life_table().left.sum())
    assert parts.trials.sum() == pytest.approx(life_table().at_risk.sum())
    shares = parts.shares(np.full((1, 6), 0.3))
    assert parts.total(shares)[0] == pytest.approx(np.ones(6))


def test_a_hazard_that_falls_within_an_interval_is_no_misfit():
    """Likelihood at the true curve, of 5,000 customers: 2.2 below that by months; with constant hazards 14 below."""
    ours, found, kept = target(), life_table(), survival(EDGES)
    logits = np.log(kept[1:] / kept[:-1]) - np.log1p(-kept[1:] / kept[:-1])
    mine = ours.log_likelihood(logits[None, :], np.zeros((1, 6, 6)))[0]
    true = 1 - survival(np.arange(1, 41)) / survival(np.arange(40))
    exact = (found.left * np.log(true) + (found.at_risk - found.left) * np.log1p(-true)).sum()
    assert exact - 2.5 < mine < exact
    constant = -np.expm1(log_expit(logits) / ours.widths)
    flat = (ours.leavers * np.log(constant) + (ours.trials - ours.leavers) * np.log1p(-constant)).sum()
    assert flat < exact - 10


def test_slope_of_the_likelihood():
    """Of each interval's part by its own logit, by differences."""
    ours, logits = target(), np.array([[1.0, 2.0, 1.5, 0.7, 1.2, 0.3]])
    shares = ours.parts.shares(-log_expit(logits))
    slope = ours._density(logits, shares)[1]
    for j in range(6):
        step = np.zeros((1, 6))
        step[0, j] = 1e-5
        up, down = (ours._density(logits + sign * step, shares)[0].sum() for sign in (1, -1))
        assert slope[0, j] == pytest.approx((up - down) / 2e-5, rel=1e-5)


def test_runs_are_put_together_by_their_customers():
    """Three runs with 1, 0 and 2 leavers of 100 in one interval: 297 of 300 stay, then 10, 20, 30 of them leave."""
    ours = Durations(
        EDGES[1:3],
        (1, 2),
        np.ones(2),
        np.ones(2),
        np.ones(2),
        100.0,
        "months",
        np.zeros((3, 2)),
        parts_of(life_table(), [0, 1], exact=False),
    )
    stay = np.array([[99.0, 89.0], [100.0, 80.0], [98.0, 68.0]])
    go = np.array([[1.0, 10.0], [0.0, 20.0], [2.0, 30.0]])
    together = ours.averaged(np.log(stay + 0.5) - np.log(go + 0.5))
    assert together == pytest.approx(np.log([297.5 / 3.5, 237.5 / 60.5]))


def test_a_box_holds_a_sample_and_what_was_found():
    even = (np.arange(1000) + 0.5) / 1000
    cube = np.stack([0.4 + 0.2 * even, even[::-1]], axis=1)
    box = Box.around_sample(cube, np.full(1000, 1e-3), np.array([[0.7, 0.5]]))
    assert box.low == pytest.approx([0.25, 0.0], abs=2e-3)
    assert box.high == pytest.approx([0.85, 1.0], abs=2e-3)
    assert box.holds(np.array([[0.26, 0.5], [0.2, 0.5]])).tolist() == [True, False]


def test_the_first_box_leaves_out_what_is_hopeless():
    scores = np.array([[-3.9], [-1.0], [0.0], [1.0], [3.0]])
    box = Box.around_points(scores, np.array([-500.0, -25.0, 0.0, -29.0, -90.0]), 2.0)
    assert box.low[0] == pytest.approx(0.0668, abs=1e-4)  # a quarter of the distance beyond: -1.5
    assert box.high[0] == pytest.approx(0.9332, abs=1e-4)
