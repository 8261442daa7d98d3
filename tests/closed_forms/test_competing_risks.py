"""Two causes of leaving at once, brand switching as a Markov chain, choice among rivals, and an open population.

Every comparison asks for |z| < 6 with the exact variance: a correct program fails it with probability 2e-9.
"""

import math

import numpy as np
import pytest

from sim.model.movement import CAUSES

PEOPLE = 100_000
NATURAL, SWITCH = CAUSES.index("left_natural"), CAUSES.index("left_switch")


@pytest.mark.parametrize("period", ["month", "week"])
def test_shares_of_two_causes(simulate, rival, closed_form, period):
    """Natural attrition is drawn first, then the comparison: in a period h1 leave naturally and (1 - h1) h2 switch."""
    per_year = {"month": 12, "week": 52}[period]
    compare = closed_form("competing risks", "textbook", f"attrition .3, 2 reviews a year x .25, {period}s, 3 years")
    tables = simulate(
        {
            "run.period": period,
            "run.periods": 3 * per_year,
            "rivals": [rival()],
            "customers.bonds.attrition_per_year": 0.3,
            "customers.bonds.reviews_per_year": 2.0,
            "movement.switch_share": 0.25,
        },
        seed=31,
    )
    first = 1 - 0.7 ** (1 / per_year)
    second = (1 - first) * (1 - math.exp(-2.0 / per_year)) * 0.25
    hazard = first + second
    left = tables.leavers[0, 0]
    for years in (1, 3):
        gone = 1 - (1 - hazard) ** (years * per_year)
        for name, cause, part in (("natural", NATURAL, first), ("switching", SWITCH, second)):
            exact = part / hazard * gone
            seen = left[cause, : years * per_year].sum() / PEOPLE
            compare(f"{name} within {years} years", exact, seen, math.sqrt(exact * (1 - exact) / PEOPLE))


def test_brand_switching_is_a_markov_chain(simulate, rival, flow, closed_form):
    """Two firms, each customer switches with probability p in a period: share 1/2 + (s0 - 1/2)(1 - 2p)^t."""
    compare = closed_form("brand switching, two states", "Markov chain (textbook)", "4 reviews a year x .5, months")
    tables = simulate(
        {
            "run.periods": 24,
            "rivals": [rival(initial_share=0.1)],
            "firm.initial_share": 0.9,
            "customers.bonds.reviews_per_year": 4.0,
            "movement.switch_share": 0.5,
        },
        seed=32,
    )
    p = (1 - math.exp(-4 / 12)) * 0.5
    for month in (3, 24):
        exact = 0.5 + 0.4 * (1 - 2 * p) ** month
        seen = flow(tables, "active")[month - 1] / PEOPLE
        compare(f"share after {month} months", exact, seen, math.sqrt(exact * (1 - exact) / PEOPLE))


def test_choice_among_rivals_is_a_logit(simulate, rival, flow, closed_form):
    """Whoever leaves for a rival takes g with a share in proportion to exp(-4 price_g) (McFadden 1974)."""
    compare = closed_form("choice among rivals", "Luce 1959; McFadden 1974", "switch_share 1, prices .9 and 1.1")
    prices = (0.9, 1.1)
    tables = simulate(
        {
            "run.periods": 1,
            "rivals": [rival(f"rival {g}", price_index=prices[g]) for g in range(2)],
            "customers.bonds.reviews_per_year": 365.0,
            "movement.switch_share": 1.0,
            "movement.price": 4.0,
        },
        seed=33,
    )
    weights = np.exp(-4.0 * np.array(prices))
    left = flow(tables, "left_switch").sum()
    assert left == PEOPLE
    for g, exact in enumerate(weights / weights.sum()):
        seen = flow(tables, "won_switch", g + 1).sum() / left
        compare(f"to the rival at {prices[g]}", exact, seen, math.sqrt(exact * (1 - exact) / left))


def test_open_population_with_constant_inflow(simulate, flow, closed_form):
    """n newcomers a month become customers with chance a a month and leave with chance h: the stock tends to n / h.

    Whoever entered k months ago is a customer with P_k = sum a (1-a)^j (1-h)^(k-j); people are independent, so that
    the stock has mean sum n P_k and variance sum n P_k (1 - P_k). At equilibrium it is Little's law, n x 1/h.
    """
    yearly, inflow, months = 0.9, 3600, 240
    hazard, adoption = 1 - (1 - yearly) ** (1 / 12), 1 - 1e-6 ** (1 / 12)
    compare = closed_form(
        "open population, constant inflow", "Little 1961", "3,600 entrants a year, advertising .999999, attrition .9"
    )
    tables = simulate(
        {
            "run.periods": months,
            "market.customers": 1,
            "market.entrants_per_year": float(inflow),
            "firm.initial_share": 0.0,
            "firm.strategy.advertising_hazard": 0.999999,
            "customers.bonds.attrition_per_year": yearly,
        },
        seed=34,
    )
    entered, active = flow(tables, "entered"), flow(tables, "active")
    assert (entered == inflow // 12).all()
    chances = np.convolve(adoption * (1 - adoption) ** np.arange(months), (1 - hazard) ** np.arange(months))[:months]
    for month in (3, 12, months):
        of_each = np.append(np.repeat(chances[:month], inflow // 12), chances[month - 1])
        variance = (of_each * (1 - of_each)).sum()
        compare(f"customers after {month} months", of_each.sum(), active[month - 1], math.sqrt(variance))
    assert abs(inflow / 12 / hazard / of_each.sum() - 1) < 1e-3, "what is exact at the end is the equilibrium n / h"


def test_win_back_and_return_compete_on_their_own(simulate, rival, flow, closed_form):
    """Lapsed customers come back unasked with share r of their thoughts, or with share w of the offers made else.

    In a period: (1 - e^-c) r unasked, and min(1 - e^-k, what is left of the draw) w through an offer.
    """
    compare = closed_form("return of the lapsed", "textbook", "all switch in month 1, think 6 x .25, offers 3 x .4")
    settings = {
        "run.periods": 2,
        "rivals": [rival()],
        "customers.bonds.reviews_per_year": 365.0,
        "movement.switch_share": 1.0,
        "customers.bonds.returns_per_year": 6.0,
        "movement.return_share": 0.25,
        "firm.win_back.contacts_per_year": 3.0,
        "firm.win_back.acceptance_share": 0.4,
        "timeline": [{"at": 1, "set": {"customers.bonds.reviews_per_year": 0.0}}],
    }
    tables = simulate(settings, seed=35)
    lapsed = flow(tables, "lapsed")[0]
    for name, exact in (("returned", (1 - math.exp(-0.5)) * 0.25), ("won_back", (1 - math.exp(-0.25)) * 0.4)):
        seen = flow(tables, name)[1] / lapsed
        compare(name.replace("_", " "), exact, seen, math.sqrt(exact * (1 - exact) / lapsed))
