"""What both Mesa models report: the main measures of the focal firm in the period that has just ended."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np

from sim.model.scenario import Scenario
from sim.results.series import FocalColumns

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


def _reporter(name: str) -> Callable[[Reporting], Any]:
    def report(model: Reporting) -> Any:
        just_ended: Any = SimpleNamespace(tallies=np.array(model.tallies[model.period - 1 : model.period]))
        return FocalColumns(model.parameters, just_ended)[name].item()

    return report


REPORTERS: dict[str, Callable[[Any], Any]] = {
    "seed": lambda model: model.seed,
    "period": lambda model: model.period - 1,
    **{name: _reporter(name) for name in REPORTED},
}
"""Column -> function of the model."""
