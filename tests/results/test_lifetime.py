"""Discounted lifetimes against sums by hand and SciPy's integrals; what the fit makes of cohorts of different age."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln

from sim.compiled import PLAIN
from sim.model.movement import CAUSES
from sim.results import likeliest_beta
from sim.results.beta_geometric import NOBODY_SEEN, BetaGeometric, Intervals, Likelihood, fit, intervals, log_survival
from sim.results.lifetime import Lifetimes, lifetimes_of, paid


def left_after(model, years, discount):
    """Discounted years of presence after so many years, by SciPy."""
    start = betaln(model.alpha, model.beta + years)

    def there(t):
        return math.exp(betaln(model.alpha, model.beta + years + t) - start) * (1 + discount) ** -t

    return sum(quad(there, low, high, limit=200)[0] for low, high in ((0, 3), (3, 30), (30, 400)))


def with_half(years, discount, n):
    return years + (1 - math.log(1 + discount) * years) / (2 * n)


MODEL = BetaGeometric(2.0, 9.0)


def lifetimes(**changed):
    """Two periods a year; a curve of two, then the model."""
    values = {"survival": np.array([1.0, 0.8, 0.5]), "newcomers": MODEL, "per_year": 2}
    return Lifetimes(**(values | changed))


def test_the_newly_won_by_hand():
    """Half a year each, at .21: 1 / 2 x 1.1^-.5 (1 + .8 / 1.1), and .5 / 1.21 of what the model has after a year."""
    beyond = with_half(left_after(MODEL, 1.0, 0.21), 0.21, 2)
    expected = 0.5 / math.sqrt(1.1) * (1 + 0.8 / 1.1) + 0.5 / 1.21 * beyond
    assert lifetimes().newly_won(0.21) == pytest.approx(expected, rel=1e-8)


def test_half_a_period_is_what_the_sum_has_more_than_the_integral():
    """Money for whole periods, twelve a year, of lifetimes with a constant hazard of .3: a geometric series."""
    n, force = 12, math.log(1.1)
    exact = 1.1 ** (-0.5 / n) / n / (1 - math.exp(-(0.3 + force) / n))
    assert paid(1 / (0.3 + force), 0.1, n) == pytest.approx(exact, rel=1e-4)
    assert abs(1 / (0.3 + force) - exact) > 0.01 * exact
    assert paid(math.inf, 0.0, 12) == math.inf


def test_discount_against_an_integral():
    assert MODEL.discounted_years(0.08) == pytest.approx(left_after(MODEL, 0.0, 0.08), rel=1e-8)


def test_undiscounted_lifetimes_are_finite_where_few_stay_for_ever():
    """Sum over t of S(t) is (a + b - 1) / (a - 1); the integral is half a year less, to second order."""
    assert BetaGeometric(3.0, 40.0).discounted_years(0.0) == pytest.approx(42 / 2 - 0.5, rel=1e-3)
    assert BetaGeometric(1.0, 40.0).discounted_years(0.0) == math.inf


def counted(model, years, people):
    """Intervals as expected of so many people who are watched for so many years, month by month."""
    edges = np.arange(12 * years + 1) / 12
    stay = people * np.exp(log_survival(model.alpha, model.beta, edges))
    return Intervals(edges, stay[:-1], -np.diff(stay))


def test_cohorts_of_different_age_are_told_apart():
    new, old = fit(counted(BetaGeometric(1.5, 6.0), 4, 1e6), counted(BetaGeometric(1.5, 11.0), 4, 1e6))
    assert (new.alpha, new.beta, old.beta) == pytest.approx((1.5, 6.0, 11.0), rel=0.01)


def test_customers_at_the_start_are_no_younger_than_the_newly_won():
    new, old = fit(counted(BetaGeometric(1.5, 9.0), 4, 1e6), counted(BetaGeometric(1.5, 6.0), 4, 1e6))
    assert new == old
    assert 6.0 < new.beta < 9.0


def test_one_cohort_alone_is_both():
    seen = counted(BetaGeometric(0.8, 3.0), 6, 1e6)
    for new, old in (fit(seen, NOBODY_SEEN), fit(NOBODY_SEEN, seen)):
        assert new == old
        assert (new.alpha, new.beta) == pytest.approx((0.8, 3.0), rel=0.01)


def test_censoring_within_an_interval_is_allowed_for():
    """Of 400 half are last seen after one period; of those at risk a tenth leaves in it, a fifth in the second."""
    left, stayed = np.array([[0, 40, 32]]), np.array([0, 200, 128])
    found = intervals(left, stayed, 1)
    assert found.trials.round(6).tolist() == [400.0, 160.0]
    late = intervals(left, stayed, 1, since=1)
    assert (late.edges.tolist(), late.left.tolist()) == ([1.0, 2.0], [32.0])
    assert intervals(left, stayed, 1, since=2) is NOBODY_SEEN


NOT_RENEWED = SimpleNamespace(all_segments=[])


def tables(leavers, stayers):
    """Counts of one firm, all causes in the first; nobody leaves the market."""
    by_cause = np.zeros((1, 2, len(CAUSES), len(leavers[0])), np.int64)
    by_cause[0, :, 0] = leavers
    return SimpleNamespace(scenario=NOT_RENEWED, leavers=by_cause, stayers=np.array([stayers], np.int64))


def test_a_known_constant_is_no_part_of_what_differs_between_people():
    """Of 1e6 people e^(-.25 t) S(t) are left: with the rate known, alpha and beta are found as without it.

    A rate for all discounts like interest: the lifetime is that without it at (1 + d) e^.25 - 1.
    """
    model = BetaGeometric(1.5, 6.0, 0.25)
    edges = np.arange(7.0)
    stay = 1e6 * np.exp(log_survival(1.5, 6.0, edges) - 0.25 * edges)
    found, _ = fit(Intervals(edges, stay[:-1], -np.diff(stay)), NOBODY_SEEN, 0.25)
    assert (found.alpha, found.beta, found.constant) == (
        pytest.approx(1.5, rel=2e-3),
        pytest.approx(6.0, rel=2e-3),
        0.25,
    )
    apart = BetaGeometric(1.5, 6.0).discounted_years(1.08 * math.exp(0.25) - 1.0)
    assert model.discounted_years(0.08) == pytest.approx(apart, rel=1e-9)
    assert model.aged(2.0).log_survival(np.array([1.0])) == pytest.approx(math.log(stay[3] / stay[2]), rel=1e-9)


def test_the_first_year_of_customers_at_the_start_says_nothing_of_the_newly_won():
    """What happens to everybody when a run begins, such as a new price, is not how long customers stay."""
    periods = 36
    calm = np.round(10_000 * 0.99 ** np.arange(periods) * 0.01).astype(int)
    shaken = calm.copy()
    shaken[:2] += 4_000
    new = np.concatenate([[0], np.round(2_000 * 0.98 ** np.arange(periods) * 0.02).astype(int)])
    stay = np.zeros((2, periods + 1), int)
    stay[0, periods], stay[1, 20] = 900, 3_000
    found = [lifetimes_of(tables([np.append(start, 0), new], stay), 12).newcomers for start in (calm, shaken)]
    assert found[0].alpha == pytest.approx(found[1].alpha, rel=0.2)
    assert found[0].beta == pytest.approx(found[1].beta, rel=0.2)


def test_without_newcomers_the_first_customers_are_taken_for_them():
    none = np.zeros(13, int)
    found = lifetimes_of(tables([np.append(np.full(12, 20), 0), none], [np.append(none[:-1], 400), none]), 12)
    assert found.survival.tolist() == pytest.approx([1 - 20 * k / 640 for k in range(13)])
    assert lifetimes_of(tables([none, none], [none, none]), 12) is None


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
@pytest.mark.parametrize("people", [2, 30, 3000])
def test_a_compiled_fit_is_the_same_to_the_last_bit(monkeypatch, people):
    """Cohorts so small that two places cannot be told apart by rounding, now and then or often, and such that can."""
    rng = np.random.default_rng(7)
    for _ in range(6):
        alpha, beta, periods = rng.uniform(0.5, 4.0), rng.uniform(0.5, 9.0), int(rng.integers(3, 60))
        cohorts = []
        for number in (people, people // 2):
            stay = np.minimum(rng.geometric(1 - (1 - rng.beta(alpha, beta, number)) ** (1 / 12)), periods + 1)
            leavers = np.bincount(stay, minlength=periods + 2)[: periods + 1]
            stayers = np.zeros(periods + 1, int)
            stayers[-1] = (stay > periods).sum()
            cohorts.append(intervals(leavers[None, :], stayers, 12))
        found = []
        for compiled in (False, True):
            monkeypatch.setattr("sim.results.beta_geometric.is_compiled", lambda compiled=compiled: compiled)
            found.append(fit(*cohorts, 0.03))
        assert found[0] == found[1]


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
@pytest.mark.parametrize("people", [3, 300, 30_000, 10**8])
def test_the_compiled_likelihood_is_nearer_to_the_exact_one_than_it_says(people):
    """At places all over those that a search may look at; a quarter of what it says is more than it was ever off."""
    rng, periods = np.random.default_rng(people), 60
    stay = np.exp(log_survival(rng.uniform(0.5, 4.0), rng.uniform(0.5, 9.0), np.arange(periods + 1) / 12))
    left = rng.poisson(people * (stay[:-1] - stay[1:]))
    stayers = np.zeros(periods + 1, int)
    stayers[-1] = round(people * stay[-1])
    exact = Likelihood(intervals(np.array([[0, *left]]), stayers, 12), 0.03)
    told = 0
    for _ in range(300):
        alpha = float(np.exp(rng.uniform(*np.log([0.02, 1000.0]))))
        one = float(np.log(alpha) + rng.uniform(*np.log([1e-4, 1e6])))
        stretch = np.array([one, one, one, one + 1.0])
        if likeliest_beta.likeliest_beta(exact.table, alpha, 0.5, 0, stretch) == -1:
            place, value, blur, _ = stretch.tolist()
            assert abs(value - exact(alpha, float(np.exp(place)))) < blur / 4
            told += 1
    assert told > 200


def test_few_fits_of_a_process_are_not_worth_compiling(monkeypatch):
    monkeypatch.setattr(likeliest_beta, "PLAIN", False)
    monkeypatch.setattr(likeliest_beta, "_is_kept", lambda: False)
    monkeypatch.setattr(likeliest_beta._Fits, "done", 0)
    monkeypatch.setattr(likeliest_beta._Fits, "compiled", False)
    asked = [likeliest_beta.is_compiled() for _ in range(30)]
    assert not any(asked[:20])
    assert asked[-1]
    monkeypatch.setattr(likeliest_beta._Fits, "done", 0)
    monkeypatch.setattr(likeliest_beta._Fits, "compiled", False)
    monkeypatch.setattr(likeliest_beta, "_is_kept", lambda: True)
    assert likeliest_beta.is_compiled()
