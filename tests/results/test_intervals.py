import math

import pytest
from scipy import stats

from sim.results.intervals import mean_interval, t_quantile


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 10, 29, 99, 1000, 9999])
def test_quantiles_of_students_t_are_those_of_scipy(freedom):
    assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)
    assert t_quantile(freedom, 0.5) == pytest.approx(stats.t.ppf(0.75, freedom), rel=1e-9)


def test_an_interval_is_that_of_the_textbook():
    values = [4.1, 5.0, 4.6, 4.9]
    low, high = stats.t.interval(0.95, 3, loc=4.65, scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx((4.65, low, high))


def test_one_value_has_no_interval_and_none_has_no_mean():
    value, low, high = mean_interval([3.0])
    assert value == 3.0
    assert math.isnan(low)
    assert math.isnan(high)
    assert all(math.isnan(part) for part in mean_interval([]))


def test_a_ratio_that_one_run_does_not_have_is_left_out():
    assert mean_interval([1.0, math.nan, 3.0]) == mean_interval([1.0, 3.0])
