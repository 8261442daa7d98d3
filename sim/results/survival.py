"""How long customers stay: Kaplan-Meier curves and the cumulative incidence of each cause of leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.model.market import PERIODS_PER_YEAR
from sim.model.movement import CAUSES, COHORTS
from sim.model.scenario import Scenario
from sim.results.intervals import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.tables import Tables

Counts = npt.NDArray[np.int64]
Curve = npt.NDArray[np.float64]

_TWO_SIDED = 1.959963984540054
"""Standard deviations on each side that hold 95% of a normal distribution."""


def at_risk(leavers: Counts, stayers: Counts) -> Counts:
    """Spells as a customer that last at least k periods, for each tenure k.

    Args:
        leavers: int64[causes, tenures]: spells that ended after k periods, by cause.
        stayers: int64[tenures]: spells still open after k periods when the run ended (censored).

    >>> at_risk(np.array([[0, 1, 0]]), np.array([0, 0, 2])).tolist()
    [3, 3, 2]
    """
    ends = leavers.sum(axis=0) + stayers
    return np.cumsum(ends[::-1])[::-1]


def kaplan_meier(leavers: Counts, stayers: Counts) -> Curve:
    """Share of spells that last longer than k periods: S(k) = prod over j <= k of (1 - d_j / n_j).

    Those censored at k count as at risk at k. NaN from the first tenure that nobody reached.
    Source: Kaplan & Meier 1958. Arguments as in `at_risk`.

    >>> kaplan_meier(np.array([[0, 1, 1]]), np.array([0, 1, 1])).tolist()
    [1.0, 0.75, 0.375]
    """
    risk = at_risk(leavers, stayers)
    hazard = leavers.sum(axis=0) / np.where(risk > 0, risk, 1)
    return np.where(risk > 0, np.cumprod(1.0 - hazard), np.nan)


def product_limits(risk: Curve | Counts, left: Curve | Counts) -> tuple[Curve, Curve]:
    """Pointwise 95% limits of a survival curve, from those at risk at each tenure and those of them who leave.

    Greenwood's variance on the scale of log(-log S), which keeps the limits within 0-1: S^exp(-z w) to S^exp(z w),
    where z = 1.96 and w^2 = sum over j <= k of d_j / (n_j (n_j - d_j)) / (log S)^2. NaN where all are left, or nobody
    is. Sources: Greenwood 1926; Kalbfleisch & Prentice 2002, section 1.4.

    >>> low, high = product_limits(np.array([4.0, 2.0]), np.array([1.0, 1.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.128, 0.011], [0.961, 0.808])
    """
    survival = np.cumprod(1.0 - left / np.where(risk > 0, risk, 1))
    survival = np.where(risk > 0, survival, np.nan)
    inside = (survival > 0.0) & (survival < 1.0)
    variance = np.cumsum(left / np.maximum(risk * (risk - left).astype(np.float64), 1.0))
    logarithm = np.log(np.where(inside, survival, 0.5))
    wide = np.exp(_TWO_SIDED * np.sqrt(variance) / -logarithm)
    return np.where(inside, np.exp(logarithm * wide), np.nan), np.where(inside, np.exp(logarithm / wide), np.nan)


def cumulative_incidence(leavers: Counts, stayers: Counts) -> Curve:
    """Share of spells ended by each cause within k periods, the other causes competing (Aalen-Johansen).

    F_c(k) = sum over j <= k of S(j-1) d_cj / n_j; survival and all incidences sum to 1. Source: Aalen & Johansen 1978.
    Arguments as in `at_risk`; returns float64[causes, tenures].

    >>> cumulative_incidence(np.array([[1, 0], [0, 1]]), np.array([0, 2])).tolist()
    [[0.25, 0.25], [0.0, 0.25]]
    """
    risk = at_risk(leavers, stayers)
    survival = np.nan_to_num(kaplan_meier(leavers, stayers))
    before = np.concatenate([[1.0], survival[:-1]])
    steps = before * leavers / np.where(risk > 0, risk, 1)
    return np.where(risk > 0, np.cumsum(steps, axis=1), np.nan)


def by_duration(leavers: Counts, stayers: Counts, cohort: str) -> tuple[Counts, Counts]:
    """The engine's counts by difference of period numbers, as counts by completed duration in periods.

    Customers at the start have been there since before period 0, so one who leaves in period k leaves within k + 1
    periods. Newcomers join at the end of a period: one who joins in period j and leaves in period j + k was there for
    k periods, and one who is still there when the run ends was last seen to stay one period before.

    Args:
        leavers: int64[causes, periods + 1], by period of leaving minus period of joining (0 for the first cohort).
        stayers: int64[periods + 1], by number of periods of the run minus period of joining.
        cohort: `initial` or `newcomers`.

    Returns:
        Both by completed duration, of the same shapes.
    """
    if cohort == "initial":
        return np.concatenate([np.zeros_like(leavers[:, :1]), leavers[:, :-1]], axis=1), stayers
    return leavers, np.concatenate([stayers[1:], np.zeros_like(stayers[:1])])


def build_survival(scenario: Scenario, tables: Sequence[Tables]) -> pd.DataFrame:
    """Survival of the focal firm's customers, all replications pooled.

    Returns:
        A row for each cohort (`initial`: customers at the start, their tenure counted from there; `newcomers`: who
        joined or came back later, each time anew) and tenure. Columns: `cohort`, `periods`, `years`,
        `at_risk`, `left`, `censored` (spells, summed over replications), `survival` with the 95% t-interval over
        replications `survival_low`, `survival_high` (cut to 0-1, NaN with one replication), and the cumulative
        incidence of each cause of leaving.
    """
    import pandas as pd

    per_year = PERIODS_PER_YEAR[scenario.run.period]
    leavers = np.stack([table.leavers[0] for table in tables])
    stayers = np.stack([table.stayers[0] for table in tables])
    frames = []
    for i, cohort in enumerate(COHORTS):
        each = [by_duration(leavers[r, i], stayers[r, i], cohort) for r in range(len(tables))]
        left = np.sum([pair[0] for pair in each], axis=0)
        open_ended = np.sum([pair[1] for pair in each], axis=0)
        risk = at_risk(left, open_ended)
        survival = kaplan_meier(left, open_ended)
        single = np.stack([kaplan_meier(*pair) for pair in each])
        limits = [mean_interval(column) for column in single.T]
        half = np.array([(limit.high - limit.low) / 2.0 for limit in limits])
        frame = pd.DataFrame(
            {
                "cohort": cohort,
                "periods": np.arange(len(risk)),
                "years": np.arange(len(risk)) / per_year,
                "at_risk": risk,
                "left": left.sum(axis=0),
                "censored": open_ended,
                "survival": survival,
                "survival_low": np.clip(survival - half, 0.0, 1.0),
                "survival_high": np.clip(survival + half, 0.0, 1.0),
            }
        )
        for cause, incidence in zip(CAUSES, cumulative_incidence(left, open_ended), strict=True):
            frame[cause] = incidence
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
