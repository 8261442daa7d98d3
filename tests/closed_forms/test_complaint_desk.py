"""The complaint desk as a queue: Erlang C, Erlang A, Little's law, infinitely many agents, none at all.

Complaints arrive as a nearly Poisson stream (every encounter dissatisfies, everybody complains), handling is
exponential. A person has at most one complaint open and so at most one a period: there are many people for each
complaint, and the rate of encounters makes up for the rest.

Waiting times of successive complaints are correlated, so standard deviations come from the means of 100 (or 60)
batches of many relaxation times each: (seen - exact) / sd is t-distributed with 99 degrees of freedom, |t| < 6 fails
with probability 3e-8 (1e-7) for a correct program.
"""

import math

import numpy as np
import pytest

from sim.model.market import PERIODS_PER_YEAR


def erlang_c(arrivals, rate, agents):
    """Share who wait, and mean wait of all."""
    load = arrivals / rate
    last = load**agents / math.factorial(agents) * agents / (agents - load)
    waits = last / (sum(load**k / math.factorial(k) for k in range(agents)) + last)
    return waits, waits / (agents * rate - arrivals)


def erlang_a(arrivals, rate, agents, impatience):
    """Shares served, served after waiting, and mean wait of the served, from the birth-death chain M/M/c+M."""
    weights, most = [1.0], 400
    for k in range(1, most):
        weights.append(weights[-1] * arrivals / (min(k, agents) * rate + max(k - agents, 0) * impatience))
    chance = np.array(weights) / sum(weights)
    served, waited = chance[:agents].sum(), 0.0
    late = 0.0
    busy = agents * rate
    for ahead in range(most - agents):  # joins behind `ahead` others: served before patience ends?
        reaches = busy / (busy + (ahead + 1) * impatience)
        late += chance[agents + ahead] * reaches
        waited += chance[agents + ahead] * reaches * sum(1 / (busy + (k + 1) * impatience) for k in range(ahead + 1))
    return served + late, late / (served + late), waited / (served + late)


def caught(encounters, open_share):
    """Complaints per person and period: at most one, and none from those whose last complaint is still open."""
    return -math.expm1(-encounters) * (1 - open_share)


@pytest.fixture
def desk(simulate):
    """Run a desk: arrivals and service rates per unit of time, a unit being `unit` years.

    `in_system` is the mean number of open complaints, whose senders cannot complain again.
    """

    def run(arrivals, rate, agents, *, unit, period, years, people, in_system=0.0, patience=0.0, seed, **more):
        per_year = PERIODS_PER_YEAR[period]
        wanted = arrivals / unit / per_year / people  # complaints per person and period
        encounters = -math.log1p(-wanted / (1 - in_system / people))
        changes = {
            "run.period": period,
            "run.periods": round(years * per_year),
            "market.customers": people,
            "customers.encounters.purchases_per_year": encounters * per_year,
            "customers.judgement.tolerance": 0.0,
            "firm.systems.service.reliability": 1.0,
            "voice.complain_share": 1.0,
            "voice.headquarters_share": 1.0,
            "firm.desk.hours_per_year": 1000.0,
            "firm.desk.agents": agents * 10_000 / people,
            "firm.desk.handling_hours": 1000.0 * unit / rate,
            "firm.desk.patience_days": 365.0 * patience * unit,
        }
        return simulate(changes | {key.replace("__", "."): value for key, value in more.items()}, seed=seed)

    return run


@pytest.mark.parametrize(
    ("period", "people", "years"), [("month", 100_000, 20), ("week", 40_000, 20), ("day", 12_000, 10)]
)
def test_erlang_c(desk, flow, batch_mean, closed_form, period, people, years):
    """10,400 complaints a year: the desk runs in continuous time, the period makes no difference."""
    compare = closed_form("Erlang C", "textbook", f"arrivals 10, rate 1, 12 agents, {period}s, {years} years")
    share, mean = erlang_c(10, 1, 12)
    assert (round(share, 5), round(mean, 5)) == (0.44939, 0.22469)
    unit = 10 / 10_400
    tables = desk(10, 1, 12, unit=unit, period=period, years=years, people=people, in_system=10 * (mean + 1), seed=120)
    settled = PERIODS_PER_YEAR[period] // 4  # the desk begins empty
    started = flow(tables, "desk_started")[settled:]
    compare("P(wait)", share, *batch_mean(flow(tables, "desk_waited")[settled:], started))
    compare("mean wait", mean, *batch_mean(flow(tables, "desk_wait_days")[settled:] / 365 / unit, started))


def test_erlang_c_with_fewer_and_faster_agents(desk, flow, batch_mean, closed_form):
    compare = closed_form("Erlang C", "textbook", "arrivals 20, rate 4, 6 agents, weeks, 20 years")
    share, mean = erlang_c(20, 4, 6)
    assert (round(share, 5), round(mean, 5)) == (0.58752, 0.14688)
    unit = 20 / 10_400
    tables = desk(20, 4, 6, unit=unit, period="week", years=20, people=40_000, in_system=20 * (mean + 0.25), seed=126)
    started = flow(tables, "desk_started")[13:]
    compare("P(wait)", share, *batch_mean(flow(tables, "desk_waited")[13:], started))
    compare("mean wait", mean, *batch_mean(flow(tables, "desk_wait_days")[13:] / 365 / unit, started))


def test_erlang_c_converges_as_the_period_shrinks(simulate, flow, batch_mean, closed_form):
    """Few people who meet the firm often: one complaint a period at most loses some, the fewer the shorter the period.

    Each period is held against Erlang C at the arrivals that are left; these tend to all of them.
    """
    compare = closed_form(
        "Erlang C, the period shrinks", "textbook", "4,000 people, 1.3 encounters each a year, 20 years"
    )
    limit, mean = erlang_c(10, 1, 12)
    people, rate, lags = 4000, 1.3, []
    for period in ("month", "week", "day"):
        per_year = PERIODS_PER_YEAR[period]
        left = caught(rate / per_year, 10 * (mean + 1) / people) * per_year / rate
        tables = simulate(
            {
                "run.period": period,
                "run.periods": 20 * per_year,
                "market.customers": people,
                "customers.encounters.purchases_per_year": rate,
                "customers.judgement.tolerance": 0.0,
                "firm.systems.service.reliability": 1.0,
                "voice.complain_share": 1.0,
                "voice.headquarters_share": 1.0,
                "firm.desk.hours_per_year": 1000.0,
                "firm.desk.agents": 30.0,
                "firm.desk.handling_hours": 1000.0 * 10 / (people * rate),
            },
            seed=121,
        )
        exact, _ = erlang_c(10 * left, 1, 12)
        settled = per_year // 4
        waited, started = flow(tables, "desk_waited")[settled:], flow(tables, "desk_started")[settled:]
        compare(f"P(wait), {period}s, limit {limit:.5f}", exact, *batch_mean(waited, started, batches=60))
        lags.append(limit - exact)
    assert lags[0] > 3 * lags[1] > 6 * lags[2] > 0  # what stays: 12 of 4,000 people have a complaint open


@pytest.mark.parametrize(
    ("patience", "word", "how"),
    [(0.5, 0.0, "patience .5"), (0.375, 0.5, "patience .375, word while waiting: a day is felt as three quarters")],
)
def test_erlang_a(desk, flow, batch_mean, closed_form, patience, word, how):
    """Overloaded, with patience of half a service time: who gives up, who waits, how long."""
    compare = closed_form("Erlang A", "textbook (M/M/c+M)", f"arrivals 14, rate 1, 12 agents, {how}, weeks")
    served, waits, mean = erlang_a(14, 1, 12, 2.0)
    unit = 14 / (200 * 52)
    tables = desk(
        14,
        1,
        12,
        unit=unit,
        period="week",
        years=1000 / 52,
        people=40_000,
        patience=patience,
        seed=122,
        firm__waiting__word=word,
        firm__waiting__unfelt=0.5,
    )
    started, registered = flow(tables, "desk_started"), flow(tables, "registered")
    seen, sd = batch_mean(started[20:], registered[20:])
    compare("share served", served, seen, sd)
    seen, sd = batch_mean(flow(tables, "desk_waited")[20:], started[20:])
    compare("of them waited", waits, seen, sd)
    seen, sd = batch_mean(flow(tables, "desk_wait_days")[20:] / 365 / unit, started[20:])
    compare("mean wait of the served", mean, seen, sd)
    assert started.sum() + flow(tables, "unanswered").sum() >= registered.sum() - 200


def test_littles_law(desk, flow, batch_mean, closed_form):
    """Mean number of open complaints = complaints per time x mean time to the answer, queue and inquiry included."""
    compare = closed_form("Little's law at the desk", "Little 1961", "12 agents, load 10, inquiry of 2 units, weeks")
    unit = 10 / (200 * 52)
    tables = desk(
        10,
        1,
        12,
        unit=unit,
        period="week",
        years=1000 / 52,
        people=40_000,
        seed=123,
        firm__desk__investigation_days=2 * 365 * unit,
    )
    opened = flow(tables, "open_complaints")[20:].astype(float)
    length, sd = batch_mean(opened, np.ones_like(opened))
    per_unit = flow(tables, "registered")[20:].sum() / opened.size * 52 * unit
    time = flow(tables, "desk_answer_days")[20:].sum() / flow(tables, "desk_answered")[20:].sum() / 365 / unit
    compare("open = rate x time", per_unit * time, length, sd)
    waits = erlang_c(10, 1, 12)[1]
    compare("open = 10 (wait + 1 + 2)", 10 * (waits + 3), length, sd)


def test_as_many_agents_as_needed(desk, flow, batch_mean, closed_form):
    """M/M/infinity: nobody waits, the number in handling is Poisson with the load as mean and as variance."""
    compare = closed_form("M/M/infinity", "textbook", "200 agents, load 10, weeks")
    tables = desk(10, 1, 200, unit=10 / (200 * 52), period="week", years=1000 / 52, people=40_000, seed=124)
    assert flow(tables, "desk_waited").sum() == 0
    opened = flow(tables, "open_complaints")[20:].astype(float)
    mean, sd = batch_mean(opened, np.ones_like(opened))
    compare("mean number", 10.0, mean, sd)
    variance, sd = batch_mean((opened - 10) ** 2, np.ones_like(opened))
    compare("variance", 10.0, variance, sd)


def test_patience_without_agents(desk, flow, closed_form):
    """Nobody answers: each complaint ends after an exponential time, e^-t are still open."""
    people, patience = 100_000, 0.25
    compare = closed_form("patience without agents", "textbook", "no agents, patience a quarter, months")
    tables = desk(
        10,
        1,
        0,
        unit=1e-3,
        period="month",
        years=1,
        people=people,
        seed=125,
        patience=patience * 1e3,
        timeline=[{"at": 1, "set": {"customers.encounters.purchases_per_year": 0.0}}],
    )
    registered = flow(tables, "registered")[0]
    assert flow(tables, "desk_started").sum() == 0
    month = 1 / 12
    at_once = (1 - math.exp(-month / patience)) * patience / month  # open after the month in which they arrived
    for months in (1, 4, 12):
        exact = at_once * math.exp(-(months - 1) * month / patience)
        seen = flow(tables, "open_complaints")[months - 1] / registered
        compare(f"open after {months} months", exact, seen, math.sqrt(exact * (1 - exact) / registered))
    assert flow(tables, "unanswered").sum() == registered - flow(tables, "open_complaints")[-1]
