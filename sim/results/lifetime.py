"""How long the focal firm's customers stay, as far as a run saw it and beyond, and what lifetimes are worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.movement import COHORTS
from sim.results.beta_geometric import BetaGeometric, fit, intervals
from sim.results.survival import Curve, at_risk, by_duration, kaplan_meier

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.model.scenario import Scenario

FEWEST = 50
"""The curve is what was seen as long as so many were at risk, and beta-geometric from there on."""


def paid(years: float, discount: float, per_year: int) -> float:
    """Discounted years in which money comes in, from those in which somebody is there.

    Who leaves does so at the end of a period and has bought through it: half a period more, discounted to the time of
    leaving. Over all lifetimes that discount factor is 1 - ln(1 + d) x years, by parts.

    >>> round(paid(4.0, 0.1, 12), 4)
    4.0258
    """
    if not math.isfinite(years):
        return years
    return years + (1.0 - math.log1p(discount) * years) / (2.0 * per_year)


@dataclass(frozen=True)
class Lifetimes:
    """How long customers of the focal firm stay.

    Attributes:
        survival: Share of the newly won who stay longer than k periods, as far as it was seen: float64[n + 1], 1 at
        first. newcomers: The model of the newly won.
        per_year: Periods in a year.
    """

    survival: Curve
    newcomers: BetaGeometric
    per_year: int

    def newly_won(self, discount: float) -> float:
        """Years that a newly won customer is expected to stay, each discounted from the day of being won.

        The sum over periods of S(k) (1 + d)^-(k + 1/2)/n / n: who is there at the start of a period buys in it, on
        average in its middle. As far as the curve was seen it is the curve's, beyond that the model's.
        """
        periods = np.arange(len(self.survival))
        kept = self.survival * (1.0 + discount) ** (-periods / self.per_year)
        half = (1.0 + discount) ** (-0.5 / self.per_year) / self.per_year
        later = self.newcomers.aged(float(periods[-1]) / self.per_year).discounted_years(discount)
        return float(kept[:-1].sum() * half + kept[-1] * paid(later, discount, self.per_year))


def renewal_rate(scenario: Scenario) -> float:
    """Rate at which everybody leaves the market, per year: -ln(1 - renewal), a mean over people.

    >>> from sim.model.scenario import Scenario
    >>> round(renewal_rate(Scenario()), 4)
    0.0305
    """
    renewed = [(s.bonds.renewal_per_year, s.share) for s in scenario.all_segments if s.bonds.attrition_happens]
    return sum(-math.log1p(-yearly) * share for yearly, share in renewed)


def lifetimes_of(tables: Tables, per_year: int) -> Lifetimes | None:
    """Lifetimes of the focal firm's customers from a run's counts; None where there never were customers.

    Newcomers' tenures are known: they joined and left in the run, or are still there when it ends (censored). Customers
    at the start joined before it, nobody counted when; `fit` takes them for what they are. Both are fitted from their
    second year on (the second half of a shorter run): the first is seen, and what happens to newcomers alone would
    bend the tail. Who came back is newly won again. Where the run won nobody, its customers at the start are taken for
    newly won ones.
    """
    newcomers, initial = (
        by_duration(tables.leavers[0, i], tables.stayers[0, i], cohort)
        for cohort, i in (("newcomers", COHORTS.index("newcomers")), ("initial", COHORTS.index("initial")))
    )
    of_new = intervals(*newcomers, per_year)
    later = min(per_year, (len(initial[1]) - 1) // 2)
    of_old = intervals(*initial, per_year, since=later if of_new.left.size else 0)
    stayed_on = intervals(*newcomers, per_year, since=later)
    if of_new.left.size + of_old.left.size == 0:
        return None
    new, _ = fit(stayed_on if stayed_on.left.size else of_new, of_old, renewal_rate(tables.scenario))
    left, stayed = newcomers if of_new.left.size else initial
    enough = np.flatnonzero(at_risk(left, stayed) >= FEWEST)
    seen = int(enough[-1]) if enough.size else 0
    return Lifetimes(
        survival=kaplan_meier(left, stayed)[: seen + 1] if seen else np.ones(1),
        newcomers=new,
        per_year=per_year,
    )
