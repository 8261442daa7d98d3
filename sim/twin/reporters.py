"""What both Mesa models report: the main measures of the focal firm in the period that has just ended.

The definitions are those of `sim.results.measures`; a test holds both to each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.model.register import OBSERVABLES, O
from sim.vocabulary.observables import AMOUNT, FIXED_POINT

COSTS = (
    "goods_cost",
    "operation_cost",
    "service_cost",
    "overhead_cost",
    "advertising_cost",
    "welcome_cost",
    "win_back_cost",
    "internal_failure_cost",
    "failure_effect_cost",
    "warranty_cost",
    "complaint_cost",
    "compensation_cost",
    "prevention_cost",
    "appraisal_cost",
)

_SCALE = np.array([FIXED_POINT if row.form == AMOUNT else 1.0 for row in OBSERVABLES])


class Reporting(Protocol):
    """A model that reports: periods done, the seed, and the tallies of every period done."""

    period: int
    seed: int
    tallies: Any


def _total(model: Reporting) -> Any:
    """The tallies of the focal firm in the last period, over all segments, fixed point undone."""
    return model.tallies[model.period - 1][0].sum(axis=0)[: _SCALE.size] / _SCALE


def _over(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator else math.nan


def _count(*names: str) -> Callable[[Reporting], int]:
    places = [getattr(O, name) for name in names]
    return lambda model: int(model.tallies[model.period - 1][0][:, places].sum())


def _ratio(over: str, under: str) -> Callable[[Reporting], float]:
    top, bottom = getattr(O, over), getattr(O, under)
    return lambda model: _over(_total(model)[top], _total(model)[bottom])


def _nps(model: Reporting) -> float:
    total = _total(model)
    return 100.0 * _over(total[O.promoters] - total[O.detractors], total[O.active])


def _acsi(model: Reporting) -> float:
    total = _total(model)
    items = 1.0 + 9.0 * total[O.satisfaction_sum] / 100.0 / max(total[O.active], 1.0)
    items += (total[O.acsi_expectation_sum] + total[O.acsi_ideal_sum]) / max(total[O.active], 1.0)
    return 100.0 * float(items / 3.0 - 1.0) / 9.0 if total[O.active] else math.nan


def _market_share(model: Reporting) -> float:
    active = model.tallies[model.period - 1][:, :, O.active].sum(axis=1)
    return _over(active[0], active.sum())


def _margin(model: Reporting) -> float:
    total = _total(model)
    return float(total[O.revenue] - sum(total[getattr(O, name)] for name in COSTS))


REPORTERS: dict[str, Callable[[Any], Any]] = {
    "seed": lambda model: model.seed,
    "period": lambda model: model.period - 1,
    "active": _count("active"),
    "market_share": _market_share,
    "joined": _count(*FLOWS_IN),
    "departed": _count(*FLOWS_OUT),
    "satisfaction_mean": _ratio("satisfaction_sum", "active"),
    "acsi": _acsi,
    "nps": _nps,
    "encounters": _count("encounters"),
    "dissatisfied": _count("dissatisfied"),
    "silent": _count("silent"),
    "complained": _count("complained"),
    "registered": _count("registered"),
    "open_complaints": _count("open_complaints"),
    "told_positive": _count("told_positive"),
    "told_negative": _count("told_negative"),
    "revenue": lambda model: float(_total(model)[O.revenue]),
    "margin": _margin,
}
"""Column -> function of the model; names, units and meanings as in the data dictionary of a run."""
