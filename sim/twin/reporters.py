"""What both Mesa models report: the main measures of the focal firm in the period that has just ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sim.model.market import PERIODS_PER_YEAR
from sim.model.register import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.results.measures import BY_NAME, MARKET, AnyArray
from sim.vocabulary.observables import AMOUNT, FIXED_POINT

REPORTED = (
    "active",
    "market_share",
    "joined",
    "departed",
    "satisfaction_mean",
    "acsi",
    "nps",
    "encounters",
    "dissatisfied",
    "silent",
    "complained",
    "registered",
    "open_complaints",
    "told_positive",
    "told_negative",
    "revenue",
    "margin",
)
"""Names, units and meanings are those of the data dictionary of a run."""


class Reporting(Protocol):
    """A model that reports: periods done, the seed, what it simulates, and the tallies of every period done."""

    period: int
    seed: int
    parameters: Scenario
    tallies: Any


class Columns(dict[str, AnyArray]):
    """What was counted of the focal firm in a period, by name, and measures as they are asked for."""

    def __init__(self, tally: Any, per_year: int) -> None:
        super().__init__()
        mine = tally[0].sum(axis=0)
        for place, row in enumerate(OBSERVABLES):
            self[row.name] = mine[place] / FIXED_POINT if row.form == AMOUNT else mine[place]
        self[MARKET] = tally[:, :, O.active].sum()
        self._per_year = per_year

    def __missing__(self, name: str) -> AnyArray:
        self[name] = BY_NAME[name].compute(self, self._per_year)
        return self[name]


def _reporter(name: str) -> Callable[[Reporting], Any]:
    def report(model: Reporting) -> Any:
        columns = Columns(model.tallies[model.period - 1], PERIODS_PER_YEAR[model.parameters.run.period])
        return columns[name].item()

    return report


REPORTERS: dict[str, Callable[[Any], Any]] = {
    "seed": lambda model: model.seed,
    "period": lambda model: model.period - 1,
    **{name: _reporter(name) for name in REPORTED},
}
"""Column -> function of the model."""
