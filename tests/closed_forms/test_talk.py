"""Word of mouth: how many are told, and who adopts through talk.

A person talks in a period when at least one of a Poisson number of encounters makes a story: 1 - exp(-rate x share).
The number told has the mean reach. On an edge list where each prospect has exactly m weak and j strong ties that
talk, the share who adopt is 1 - (1 - a)(1 - b_w)^m (1 - b_s)^j (Goldenberg, Libai & Muller 2001). Each comparison
asks for |z| < 6: a correct program fails it with probability 2e-9.
"""

import math

import numpy as np
import pytest

PEOPLE = 50_000


@pytest.mark.parametrize("kind", ["complete", "small_world"])
def test_told_is_shares_times_reach(simulate, flow, closed_form, kind):
    share, reach, influencers, factor, periods = 0.3, 2.5, 0.1, 2.0, 4
    compare = closed_form("number told = talkers x reach", "East et al. 2007 (terms)", f"share .3, reach 2.5, {kind}")
    tables = simulate(
        {
            "run.periods": periods,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 12.0,
            "market.network.kind": kind,
            "market.network.mean_degree": 8,
            "market.network.rewiring": 0.0,
            "talk.shares.satisfied": share,
            "talk.reach.satisfied": reach,
            "customers.sociability.influencer_share": influencers,
            "customers.sociability.influencer_factor": factor,
        },
        seed=71,
    )
    n = PEOPLE * periods
    talks = 1 - math.exp(-share)
    talkers = flow(tables, "talkers_positive").sum()
    compare("talkers per person and month", talks, talkers / n, math.sqrt(talks * (1 - talks) / n))
    mean = talks * reach * (1 + influencers * (factor - 1))
    # told a month is 2 or 3, 5 by an influencer, and who is an influencer in one month is so in the others
    variance = n * (talks * ((1 - influencers) * 6.5 + influencers * 25.0) - mean**2)
    shared = influencers * (1 - influencers) * (talks * reach * (factor - 1)) ** 2
    variance += PEOPLE * periods * (periods - 1) * shared
    compare("told per person and month", mean, flow(tables, "told_positive").sum() / n, math.sqrt(variance) / n)
    assert flow(tables, "told_positive").sum() == flow(tables, "heard_positive").sum()


@pytest.mark.parametrize(("weak", "strong"), [(0, 0), (3, 0), (0, 2), (3, 2)])
def test_adoption_with_m_weak_and_j_strong_ties(simulate, flow, closed_form, tmp_path, weak, strong):
    people, yearly, b_weak, b_strong = 20_000, 0.5, 0.05, 0.2
    compare = closed_form("adoption by talk", "Goldenberg, Libai & Muller 2001", f"edge list, m = {weak}, j = {strong}")
    settings = {"run.periods": 1, "run.panel": people, "market.customers": people, "firm.initial_share": 0.5}
    customers = simulate(settings, seed=72).panel["supplier"] == 0  # a world at rest tells who is a customer
    talkers, prospects = np.flatnonzero(customers), np.flatnonzero(~customers)
    lines = ["source,target,strength"]
    for k, prospect in enumerate(prospects):
        for n in range(weak + strong):
            teller = talkers[(k * (weak + strong) + n) % talkers.size]
            lines.append(f"{prospect},{teller},{'weak' if n < weak else 'strong'}")
    (tmp_path / "ties.csv").write_text("\n".join(lines), encoding="utf-8")
    tables = simulate(
        {
            **settings,
            "market.network.kind": "edges",
            "market.network.file": "ties.csv",
            "customers.encounters.purchases_per_year": 240.0,
            "talk.shares.satisfied": 1.0,
            "talk.reach.satisfied": 1000.0,
            "talk.weak_adoption": b_weak,
            "talk.strong_adoption": b_strong,
            "firm.strategy.advertising_hazard": yearly,
        },
        seed=72,
    )
    assert flow(tables, "talkers_positive")[0] == talkers.size
    assert flow(tables, "told_positive")[0] == prospects.size * (weak + strong)
    exact = 1 - (1 - yearly) ** (1 / 12) * (1 - b_weak) ** weak * (1 - b_strong) ** strong
    seen = (flow(tables, "won_talk") + flow(tables, "won_advertising")).sum() / prospects.size
    compare("adopters per prospect", exact, seen, math.sqrt(exact * (1 - exact) / prospects.size))


def test_opinion_moves_towards_the_tone(simulate, flow, closed_form):
    """Everybody hears good words only, every month: opinion o' = o + s (1 - o), so 1 - (1 - s)^t."""
    people, s, months = 2_000, 0.15, 6
    compare = closed_form("opinion after talk", "exponential smoothing", "susceptibility .15, good words every month")
    tables = simulate(
        {
            "run.periods": months,
            "market.customers": people,
            "customers.encounters.purchases_per_year": 240.0,
            "market.network.kind": "small_world",
            "market.network.mean_degree": 8,
            "market.network.rewiring": 0.0,
            "talk.shares.satisfied": 1.0,
            "talk.reach.satisfied": 1000.0,
            "customers.sociability.opinion_susceptibility": s,
        },
        seed=73,
    )
    assert (flow(tables, "talkers_positive") == people).all()
    for month in (1, months):
        seen = flow(tables, "opinion_sum")[month - 1] / people
        compare.equal(f"after {month} months", 1 - (1 - s) ** month, seen, 2e-5)


@pytest.mark.parametrize(("period", "per_year", "years"), [("month", 12, 3), ("week", 52, 3), ("day", 365, 1)])
def test_opinions_by_the_word_fade(simulate, flow, closed_form, period, per_year, years):
    """Poisson words of tone 1, each a step s, then fading: m' = k (1 - q + q m), q = e^(-p s), k = e^(-lambda h).

    The mean after a long time is k (1 - q) / (1 - k q), and r s / (r s + lambda) as the period shrinks. Everybody tells
    one person at random with p = 1 - e^(-r h), so that the words heard are Poisson with mean p but for 1 / people; of
    the square, E (1 - s)^2n = e^(-p (1 - (1 - s)^2)).
    """
    people, rate, s, half_life = 10_000, 6.0, 0.1, 0.5
    compare = closed_form(
        "opinion by the word, fading", "Poisson words, exponential decay", f"{period}s, r 6, s .1, half-life .5"
    )
    tables = simulate(
        {
            "run.period": period,
            "run.periods": years * per_year,
            "market.customers": people,
            "customers.encounters.purchases_per_year": 2 * rate,
            "market.network.kind": "complete",
            "talk.shares.satisfied": 0.5,
            "talk.reach.satisfied": 1.0,
            "talk.weak_tie_weight": 1.0,
            "talk.opinion.by_the_word": True,
            "talk.opinion.half_life": 4.0,
            "talk.opinion.own_half_life": half_life,
            "customers.sociability.opinion_susceptibility": s,
        },
        seed=74,
    )
    word, kept = 1 - math.exp(-rate / per_year), 0.5 ** (1 / (per_year * half_life))
    first, second = math.exp(-word * s), math.exp(-word * (1 - (1 - s) ** 2))
    mean, square = 0.0, 0.0
    for _ in range(years * per_year):
        square = kept**2 * (1 - 2 * first * (1 - mean) + second * (1 - 2 * mean + square))
        mean = kept * (1 - first + first * mean)
    limit = rate * s / (rate * s + math.log(2) / half_life)
    seen = flow(tables, "opinion_sum")[-1] / people
    about = f"mean after {years} years, limit of short periods {limit:.4f}"
    compare(about, mean, seen, math.sqrt((square - mean**2) / people))
    if years > 1:
        assert mean == pytest.approx(kept * (1 - first) / (1 - kept * first), rel=0.01), "all but settled"
    if period == "day":
        assert kept * (1 - first) / (1 - kept * first) == pytest.approx(limit, rel=0.02)
