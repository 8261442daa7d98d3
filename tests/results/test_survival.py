import numpy as np
import pytest
from scipy import stats

from sim.model.movement import CAUSES, FLOWS_OUT
from sim.results.survival import at_risk, by_duration, cumulative_incidence, kaplan_meier, product_limits


@pytest.fixture(params=range(5))
def spells(request):
    luck = np.random.default_rng(request.param)
    leavers = luck.integers(0, 9, size=(5, 24))
    stayers = luck.integers(0, 5, size=24)
    return leavers, stayers


def test_kaplan_meier_is_that_of_scipy(spells):
    leavers, stayers = spells
    durations = np.arange(24)
    data = stats.CensoredData(
        uncensored=np.repeat(durations, leavers.sum(axis=0)).astype(float),
        right=np.repeat(durations, stayers).astype(float),
    )
    theirs = stats.ecdf(data).sf.evaluate(durations.astype(float))
    ours = kaplan_meier(leavers, stayers)
    known = at_risk(leavers, stayers) > 0
    assert ours[known] == pytest.approx(theirs[known], abs=1e-12)


def test_kaplan_meier_of_the_remissions_of_leukaemia_is_as_published():
    """The 21 patients on 6-MP of Freireich et al. 1963, ties and censored ones among them, as any textbook has them.

    S and its standard error at 6, 7, 10, 13, 16, 22 and 23 weeks; limits on the scale of log(-log S) at 10 weeks.
    """
    weeks = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23])
    censored = np.array([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    leavers, stayers = np.bincount(weeks, minlength=36)[None, :], np.bincount(censored, minlength=36)
    at = [6, 7, 10, 13, 16, 22, 23]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    errors = np.array([0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135])
    found = kaplan_meier(leavers, stayers)[at]
    assert found == pytest.approx(published, abs=6e-4)
    low, high = (limit[at] for limit in product_limits(at_risk(leavers, stayers), leavers.sum(axis=0)))
    wide = 1.959964 * errors / found / -np.log(found)
    assert low == pytest.approx(found ** np.exp(wide), abs=3e-3)
    assert high == pytest.approx(found ** np.exp(-wide), abs=3e-3)


def test_survival_and_incidences_sum_to_one(spells):
    leavers, stayers = spells
    total = kaplan_meier(leavers, stayers) + cumulative_incidence(leavers, stayers).sum(axis=0)
    assert total[~np.isnan(total)] == pytest.approx(1.0)


def test_incidences_of_two_constant_hazards_are_the_closed_form():
    periods, p, q = 40, 0.01, 0.03
    there = 1e15 * (1 - p - q) ** np.arange(periods)
    leavers = np.round(np.stack([p * there, q * there])).astype(np.int64)
    leavers = np.concatenate([np.zeros((2, 1), np.int64), leavers], axis=1)
    stayers = np.zeros(periods + 1, np.int64)
    stayers[-1] = round(1e15 * (1 - p - q) ** periods)
    t = np.arange(periods + 1)
    survival = (1 - p - q) ** t
    assert kaplan_meier(leavers, stayers) == pytest.approx(survival)
    expected = np.stack([p / (p + q) * (1 - survival), q / (p + q) * (1 - survival)])
    assert cumulative_incidence(leavers, stayers) == pytest.approx(expected)


def test_nobody_is_known_beyond_the_last_spell():
    survival = kaplan_meier(np.array([[0, 1, 0, 0]]), np.array([0, 0, 1, 0]))
    assert survival[:3] == pytest.approx([1.0, 0.5, 0.5])
    assert np.isnan(survival[3])


def test_durations_count_only_periods_in_which_a_customer_could_leave():
    leavers, stayers = np.array([[3, 2, 0, 0]]), np.array([0, 0, 0, 5])
    first, open_ended = by_duration(leavers, stayers, "initial")
    assert first.tolist() == [[0, 3, 2, 0]]
    assert at_risk(first, open_ended).tolist() == [10, 10, 7, 5]
    # Three periods; one joins at the end of period 0, has periods 1 and 2 to leave in, and does not.
    _, open_ended = by_duration(np.zeros((1, 4), int), np.array([0, 0, 0, 1]), "newcomers")
    assert open_ended.tolist() == [0, 0, 1, 0]


def test_every_departure_of_a_run_is_in_the_curves(result, scenario):
    assert CAUSES == FLOWS_OUT
    focal = result.series[(result.series["firm"] == scenario.firm.name) & (result.series["segment"] == "all")]
    assert result.survival["left"].sum() == focal["departed"].sum()
    last = focal[focal["period"] == scenario.run.periods - 1]
    newcomers_of_last_period = last["joined"].sum()
    assert result.survival["censored"].sum() == last["active"].sum()
    assert newcomers_of_last_period <= result.survival.query("cohort == 'newcomers' and periods == 0")["censored"].sum()


def test_curves_of_the_first_cohort_start_with_all_customers(result, scenario):
    first = result.survival[result.survival["cohort"] == "initial"].iloc[0]
    focal = result.series[(result.series["firm"] == scenario.firm.name) & (result.series["segment"] == "all")]
    assert first["at_risk"] == focal.loc[focal["period"] == 0, "active_start"].sum()
    assert first["survival"] == 1.0
