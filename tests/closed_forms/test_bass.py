"""Bass diffusion on the complete mix: F(t) = (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t), p = .03, q = .38 (Bass 1969).

Advertising wins a prospect with hazard p; an adopter meets the firm at rate q and tells one person at random each
time, who adopts: hazard q F. Bass's year is set to a quarter of a calendar year, so that a month is a coarse period
and a day a fine one (rates are four times as high). Within a period talk lags behind adoption, which makes the
simulated curve a discrete one: F' = F + (1 - F)(1 - (1 - a)(1 - k/N)^(N F)); it tends to Bass's as the period
shrinks.

Tolerance: diffusion amplifies luck, so that the variance is not binomial. It comes from the linear noise
approximation of the discrete process, V' = J^2 V + (1 - F) h (1 - h) / N with J the derivative of the map, and a
test holds it against the spread of 60 replications. Comparisons ask for |z| < 6: a correct program fails one with
probability 2e-9 (a little more for the tails of an approximately normal variate).
"""

import math

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.market import PERIODS_PER_YEAR
from sim.model.rooms import O
from sim.scenario import load_scenario

P, Q, SPEED = 0.03, 0.38, 4.0
PUBLISHED = (0.0358, 0.0851, 0.1505, 0.2332, 0.3312, 0.4392, 0.5490, 0.6517)


def bass(t):
    decay = np.exp(-(P + Q) * np.asarray(t))
    return (1 - decay) / (1 + Q / P * decay)


def discrete(people, per_year, periods, chance_of_word):
    """Mean and variance of the share of adopters after each period; `chance_of_word`: words per adopter and period."""
    advertised = 1 - math.exp(-P * SPEED / per_year)
    share, variance, means, variances = 0.0, 0.0, [], []
    for _ in range(periods):
        spared = (1 - advertised) * math.exp(people * share * math.log1p(-chance_of_word / (people - 1)))
        slope = spared * (1 + (1 - share) * chance_of_word)
        variance = slope**2 * variance + (1 - share) * spared * (1 - spared) / people
        share += (1 - share) * (1 - spared)
        means.append(share)
        variances.append(variance)
    return np.array(means), np.array(variances)


def settings(period, people, years=8):
    per_year = PERIODS_PER_YEAR[period]
    return {
        "run.period": period,
        "run.periods": math.ceil(years / SPEED * per_year),
        "market.customers": people,
        "market.network.kind": "complete",
        "firm.initial_share": 0.0,
        "firm.strategy.advertising_hazard": 1 - math.exp(-P * SPEED),
        "customers.encounters.purchases_per_year": Q * SPEED,
        "talk.shares.satisfied": 1.0,
        "talk.reach.satisfied": 1.0,
        "talk.weak_adoption": 1.0,
    }


def talks(per_year):
    """Chance that an adopter has at least one encounter, and so a story, in a period."""
    return 1 - math.exp(-Q * SPEED / per_year)


def test_published_values():
    assert np.allclose(bass(np.arange(1, 9)), PUBLISHED, atol=5.1e-5)


def test_converges_as_the_period_shrinks(simulate, flow, closed_form):
    """The run follows the discrete curve of its period, and the discrete curve tends to Bass's in proportion to it."""
    compare = closed_form("Bass diffusion, complete mix", "Bass 1969", "p .03, q .38; a quarter counts as Bass's year")
    errors = {}
    for period, people in (("month", 200_000), ("week", 200_000), ("day", 50_000)):
        per_year = PERIODS_PER_YEAR[period]
        seen = flow(simulate(settings(period, people), seed=111), "active") / people
        mean, variance = discrete(people, per_year, seen.size, talks(per_year))
        years = SPEED * np.arange(1, seen.size + 1) / per_year
        for year in (1, 4, 8):
            k = int(np.searchsorted(years, year - 1e-9))
            about = f"F({years[k]:.2f}), {period}s, Bass {bass(years[k]):.4f}"
            compare(about, mean[k], seen[k], math.sqrt(variance[k]), show=year != 1)
        inside = years <= 8
        errors[period] = np.abs(mean - bass(years))[inside].max()
        largest = np.abs(seen - bass(years))[inside].max()
        assert largest < errors[period] + 6 * math.sqrt(variance[inside].max())
    assert 3.5 < errors["month"] / errors["week"] < 5.5, "the period shrinks 52/12 = 4.3 times, and so does the error"
    assert 6.0 < errors["week"] / errors["day"] < 8.0, "365/52 = 7.0 times"
    assert errors["day"] < 0.003


def test_published_values_extrapolated_to_no_period(simulate, flow, closed_form):
    """Days against the published table, once the lag of a day (below .003, from the discrete curve) is taken off."""
    compare = closed_form("Bass's F(1..8), days, lag taken off", "Bass 1969", "days, 100,000 people; a quarter a year")
    people, per_year = 100_000, 365
    seen = flow(simulate(settings("day", people), seed=112), "active") / people
    mean, variance = discrete(people, per_year, seen.size, talks(per_year))
    days = np.arange(1, seen.size + 1)
    for year, published in enumerate(PUBLISHED, start=1):
        day = year / SPEED * per_year
        at = lambda curve: float(np.interp(day, days, curve))  # noqa: B023, E731
        lag = at(mean) - float(bass(year))
        assert abs(lag) < 0.003
        compare(f"F({year}), published {published}", float(bass(year)), at(seen) - lag, math.sqrt(at(variance)))


def test_all_adopters_talk_in_every_period(simulate, flow, closed_form):
    """The same hazard the other way: everybody talks each month, to five people, who adopt with probability q / 60."""
    people, reach, months = 20_000, 5, 48
    word = Q / 12 / reach
    compare = closed_form("Bass diffusion, all adopters talk", "Bass 1969", "months, reach 5, b_w = q / 60, 4 years")
    changes = settings("month", people) | {
        "run.periods": months,
        "firm.strategy.advertising_hazard": 1 - math.exp(-P),
        "customers.encounters.purchases_per_year": 240.0,
        "talk.reach.satisfied": reach,
        "talk.weak_adoption": word,
    }
    tables = simulate(changes, seed=113)
    active = flow(tables, "active")
    assert (flow(tables, "told_positive")[1:] == reach * active[:-1]).all()
    share, variance = 0.0, 0.0
    for _ in range(months):
        spared = math.exp(-P / 12 + reach * people * share * math.log1p(-word / (people - 1)))
        variance = (spared * (1 + (1 - share) * reach * word)) ** 2 * variance + (1 - share) * spared * (
            1 - spared
        ) / people
        share += (1 - share) * (1 - spared)
    compare("F(4)", share, active[-1] / people, math.sqrt(variance))
    assert abs(share - bass(4)) < 0.008, "within the lag of half a month"


def test_variance_of_the_noise(scenario_file):
    """The linear noise approximation against 60 replications: chi-square, ratio of variances within 6 deviations."""
    people, replications = 5_000, 60
    scenario = load_scenario(scenario_file(settings("month", people))).scenario
    ends = [
        Simulation(scenario, seed=1000 + r, threads=1).run().tallies[-1, 0, 0, O.active] / people
        for r in range(replications)
    ]
    mean, variance = discrete(people, 12, 24, talks(12))
    assert np.var(ends, ddof=1) / variance[-1] == pytest.approx(1.0, abs=6 * math.sqrt(2 / (replications - 1)))
    assert abs(np.mean(ends) - mean[-1]) < 6 * math.sqrt(variance[-1] / replications)
