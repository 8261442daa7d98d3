"""How the worlds go over time: retention, satisfaction and margin by stretches, means kept and no single run."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.results.declared_tables import column_names
from sim.results.intervals import t_quantile
from sim.results.measures import TallyColumns

Values = npt.NDArray[np.float64]

MOST_STRETCHES = 30
"""Short periods are put together, so that a curve has no more points than this."""

MEASURES = ("yearly_loss", "satisfaction", "margin", "cumulative_margin")
UNITS = ("share", "points (0-100)", "money per year", "money")


def stretches(scenario: Scenario) -> npt.NDArray[np.int64]:
    """First periods of the stretches, and the number of periods at the end: int64[stretches + 1].

    >>> stretches(Scenario())[[0, 1, -1]].tolist()
    [0, 4, 104]
    """
    size = math.ceil(scenario.run.periods / MOST_STRETCHES)
    return np.append(np.arange(0, scenario.run.periods, size), scenario.run.periods).astype(np.int64)


def path(columns: TallyColumns, scenario: Scenario) -> Values:
    """One run of the focal firm by stretches: float64[MEASURES, stretches].

    `yearly_loss`: 1 - (product of 1 - loss)^(1/years), a share; `satisfaction`: mean over customers and periods;
    `margin`: of the stretch, as a yearly rate; `cumulative_margin`: since the start, at the end of the stretch.
    """
    edges = stretches(scenario)
    starts, sizes = edges[:-1], np.diff(edges)
    per_year = PERIODS_PER_YEAR[scenario.run.period]

    def summed(values: Values) -> Values:
        return np.asarray(np.add.reduceat(values, starts), np.float64)

    stays = np.log((1.0 - columns["loss"]).clip(min=1e-12))
    margin = columns["margin"]
    active = summed(columns["active"])
    satisfaction = summed(columns["satisfaction_sum"])
    mean = np.divide(satisfaction, active, out=np.full(len(starts), np.nan), where=active > 0)
    return np.stack(
        [
            1.0 - np.exp(summed(stays) / sizes * per_year),
            mean,
            summed(margin) / sizes * per_year,
            np.cumsum(margin)[edges[1:] - 1],
        ]
    )


class Moments:
    """Mean and scatter of arrays that come one by one; values that are not finite are left out, cell by cell.

    Source: Welford 1962.

    >>> seen = Moments((1,))
    >>> for value in (1.0, 2.0, 3.0):
    ...     seen.add(np.array([value]))
    >>> [round(float(limit[0]), 3) for limit in seen.interval()]
    [2.0, -0.484, 4.484]
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.n = np.zeros(shape, np.int64)
        self.mean = np.zeros(shape)
        self._squares = np.zeros(shape)

    def add(self, values: Values) -> None:
        """One more array."""
        known = np.isfinite(values)
        self.n += known
        step = np.where(known, values - self.mean, 0.0)
        self.mean += step / np.maximum(self.n, 1)
        self._squares += np.where(known, step * (values - self.mean), 0.0)

    def interval(self) -> tuple[Values, Values, Values]:
        """Means and limits of their 95% t-intervals; NaN where there are no values, or one only."""
        mean = np.where(self.n > 0, self.mean, np.nan)
        half = np.full(mean.shape, np.nan)
        for n in np.unique(self.n[self.n > 1]):
            here = self.n == n
            half[here] = t_quantile(int(n) - 1) * np.sqrt(self._squares[here] / (n - 1) / n)
        return mean, mean - half, mean + half


class Paths:
    """Means of the paths of all worlds, and of their differences to the first, in flat memory.

    Args:
        scenarios: By label, the first one first.
    """

    def __init__(self, scenarios: dict[str, Scenario]) -> None:
        self._scenarios = scenarios
        self._first = next(iter(scenarios))
        shapes = {label: (len(MEASURES), len(stretches(item)) - 1) for label, item in scenarios.items()}
        self._own = {label: Moments(shape) for label, shape in shapes.items()}
        period = scenarios[self._first].run.period
        self._differences = {
            label: Moments(shapes[label])
            for label, item in scenarios.items()
            if label != self._first and item.run.period == period
        }

    def add(self, paths: Sequence[Values]) -> None:
        """The paths of one replication, in the order of the scenarios."""
        for label, found in zip(self._scenarios, paths, strict=True):
            self._own[label].add(found)
            if label in self._differences:
                self._differences[label].add(found - paths[0])

    def table(self, currency: str) -> pd.DataFrame:
        """A row for each scenario, measure and stretch.

        Columns `scenario`, `measure`, `unit`, `from_period`, `until_period` (exclusive), `years` (the middle; of
        `cumulative_margin` the end), `value`, `low`, `high` (95% t-interval), `difference` to the first scenario with
        its paired interval `difference_low`, `difference_high` (NaN for the first, and where periods have another
        length), `n`.
        """
        frames, names = [], column_names("trajectories", beside=__name__)
        for label, scenario in self._scenarios.items():
            edges = stretches(scenario)
            per_year = PERIODS_PER_YEAR[scenario.run.period]
            mean, low, high = self._own[label].interval()
            nothing = np.full(mean.shape, np.nan)
            found = self._differences[label].interval() if label in self._differences else (nothing, nothing, nothing)
            for row, (measure, unit) in enumerate(zip(MEASURES, UNITS, strict=True)):
                middle = (edges[:-1] + edges[1:]) / 2.0 if measure != "cumulative_margin" else edges[1:]
                cells = (
                    label,
                    measure,
                    unit.replace("money", currency),
                    edges[:-1],
                    edges[1:],
                    middle / per_year,
                    mean[row],
                    low[row],
                    high[row],
                    *(limit[row] for limit in found),
                    self._own[label].n[row],
                )
                frames.append(pd.DataFrame(dict(zip(names, cells, strict=True))))
        return pd.concat(frames, ignore_index=True)
