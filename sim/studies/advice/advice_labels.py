"""What the figures of advice state below, and how they count money."""

from __future__ import annotations

from sim.results.below_figures import standing_below
from sim.studies.advice.advice import Advice
from sim.studies.advice.levers import are_held
from sim.words import say


def foot(found: Advice) -> str:
    """What every figure states: n, kind of interval, seed, version."""
    people = found.scenario.market.customers
    return standing_below(
        found,
        say(
            "n = {replications} runs of {people:,} people at each step", replications=found.replications, people=people
        ),
        say("length in years: {years}", years=found.years),
        say("lines: 95% t-interval of the paired difference"),
    )


def base(found: Advice) -> tuple[float, str]:
    """What differences of profit are divided by, and the unit then: per cent of today's, where that is above zero.

    Else they are told in thousands of the currency, and so is what those bear who cannot leave.
    """
    row = found.line("profit")
    profit = 0.0 if row is None or are_held(found.scenario) else float(row["value"])
    if profit > 0.0:
        return profit / 100.0, say("% of today's")
    return 1000.0, say("thousand {currency}", currency=found.scenario.money.currency)
