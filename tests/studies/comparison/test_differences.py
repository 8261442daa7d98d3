"""Intervals of paired differences and of what pairing saves: closed forms, and coverage by simulation."""

import math

import numpy as np
import pytest

from sim.results.intervals import fieller, holm, t_quantile
from sim.studies.comparison.differences import Pilot, paired, variance_ratio


def share_within(covered: int, trials: int, stated: float) -> bool:
    """Whether a coverage is the stated one: within 4 standard errors, a false alarm in 16,000."""
    return abs(covered / trials - stated) <= 4.0 * math.sqrt(stated * (1.0 - stated) / trials)


def test_a_paired_difference_is_the_t_interval_of_the_differences():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 12))
    scipy = pytest.importorskip("scipy.stats")
    expected = scipy.ttest_rel(b, a)
    found = paired(a, b)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)), rel=1e-9)


def test_pairs_with_a_value_that_is_not_there_are_left_out():
    found = paired(np.array([1.0, np.nan, 2.0, 3.0]), np.array([2.0, 1.0, np.inf, 5.0]))
    assert (found.n, found.value) == (2, 1.5)


def test_no_difference_at_all_is_no_difference():
    found = paired(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 4.0]))
    assert (found.value, found.low, found.high, found.p, found.excludes_zero) == (0.0, 0.0, 0.0, 1.0, False)
    assert variance_ratio(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 4.0])).value == math.inf


def test_a_difference_that_scatters_by_rounding_only_is_constant():
    a = np.array([1.0, 2.0, 3.0]) / 3.0
    found = paired(a, a + 0.1)
    assert found.low == found.high == found.value
    assert found.excludes_zero
    assert math.isinf(variance_ratio(a, a + 0.1).value)


def test_without_any_luck_there_is_no_ratio():
    assert math.isnan(variance_ratio(np.full(5, 0.3), np.full(5, 0.4)).value)


def test_the_ratio_is_the_sum_of_variances_over_that_of_the_difference():
    rng = np.random.default_rng(2)
    a = rng.normal(size=50)
    b = a + 0.1 * rng.normal(size=50)
    found = variance_ratio(a, b)
    assert found.value == pytest.approx((a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1))
    assert found.low < found.value < found.high


@pytest.mark.parametrize(("correlation", "spread"), [(0.0, 1.0), (0.95, 1.0), (0.9, 2.0), (-0.5, 0.7)])
@pytest.mark.parametrize("n", [5, 20])
def test_limits_of_the_ratio_cover_it_in_19_of_20_normal_samples(correlation, spread, n):
    rng = np.random.default_rng(3)
    trials = 4000
    covariance = correlation * spread
    truth = (1.0 + spread**2) / (1.0 + spread**2 - 2.0 * covariance)
    draws = rng.multivariate_normal([0.0, 1.0], [[1.0, covariance], [covariance, spread**2]], size=(trials, n))
    found = [variance_ratio(sample[:, 0], sample[:, 1]) for sample in draws]
    assert share_within(sum(item.low <= truth <= item.high for item in found), trials, 0.95)


@pytest.mark.parametrize("n", [5, 20])
def test_fiellers_limits_cover_the_ratio_of_means(n):
    """Where the denominator is far from 0 the limits are exact; 19 of 20."""
    rng = np.random.default_rng(4)
    trials = 4000
    draws = rng.multivariate_normal([30.0, 20.0], [[4.0, 1.0], [1.0, 1.0]], size=(trials, n))
    found = [fieller(sample[:, 0], sample[:, 1]) for sample in draws]
    assert not any(math.isnan(item.low) for item in found)
    assert share_within(sum(item.low <= 1.5 <= item.high for item in found), trials, 0.95)


def test_a_ratio_over_nearly_nothing_has_no_limits():
    found = fieller(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.5, 1.0]))
    assert math.isfinite(found.value)
    assert math.isnan(found.low)
    assert math.isnan(fieller(np.array([1.0, 2.0]), np.array([-1.0, 1.0])).value)


def test_holm_keeps_the_chance_of_any_error_at_five_per_cent():
    rng = np.random.default_rng(5)
    trials = 20_000
    wrong = sum(min(holm(p)) <= 0.05 for p in rng.uniform(size=(trials, 28)).tolist())
    assert share_within(wrong, trials, 1.0 - (1.0 - 0.05 / 28) ** 28)  # 4.9%: the first step decides


def test_holm_is_step_down():
    assert [p <= 0.05 for p in holm([0.01, 0.02, 0.04])] == [True, True, True]
    assert [p <= 0.05 for p in holm([0.01, 0.03, 0.04])] == [True, False, False]


def test_a_pilot_decides_the_interval():
    a, b = np.zeros(40), np.random.default_rng(6).normal(size=40)
    found = paired(a, b, Pilot(20, 2.0))
    assert found.high - found.low == pytest.approx(2.0 * t_quantile(19) * 2.0 / math.sqrt(40))
