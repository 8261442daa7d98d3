"""From the engine's int64 tallies to one tidy table: a row for each replication, period, firm and segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.model.market import PERIODS_PER_YEAR
from sim.model.rooms import O, observables_of
from sim.model.scenario import Scenario
from sim.results.measures import BY_NAME, MARKET, RUNNING_COSTS, AnyArray, add_measures
from sim.vocabulary.observables import AMOUNT, FIXED_POINT, Observable

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.tables import Tables

ALL = "all"
"""Name of the rows that sum over segments, where there are several."""

OTHER_COSTS = (*RUNNING_COSTS, "prevention_cost", "appraisal_cost")


def total_segment(scenario: Scenario) -> str:
    """Name of the segment rows that hold the whole firm.

    The only segment's own name; `all` where there are several; `(all)` where one of several is called `all`.

    >>> total_segment(Scenario())
    'everyone'
    """
    names = [segment.name for segment in scenario.all_segments]
    if len(names) == 1:
        return names[0]
    return ALL if ALL not in names else f"({ALL})"


def period_starts(scenario: Scenario) -> npt.NDArray[np.datetime64]:
    """First day of each period: datetime64[ms]. Months start on the day of `run.start`, or on their last day.

    >>> [str(day)[:10] for day in period_starts(Scenario())[:2]]
    ['2026-01-05', '2026-01-12']
    """
    start, count = scenario.run.start, np.arange(scenario.run.periods)
    if scenario.run.period != "month":
        days = np.datetime64(start, "D") + (count * (1 if scenario.run.period == "day" else 7)).astype("timedelta64[D]")
        return days.astype("datetime64[ms]")
    months = np.datetime64(start, "M") + count.astype("timedelta64[M]")
    last = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    same_day = months.astype("datetime64[D]") + np.timedelta64(start.day - 1, "D")
    return np.minimum(same_day, last).astype("datetime64[ms]")


def _scale(observables: Sequence[Observable]) -> npt.NDArray[np.float64]:
    return np.array([FIXED_POINT if row.form == AMOUNT else 1.0 for row in observables])


def _with_total(tallies: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Append the sum over segments (axis -2) where there are several."""
    if tallies.shape[-2] == 1:
        return tallies
    return np.concatenate([tallies, tallies.sum(axis=-2, keepdims=True)], axis=-2)


def contribution_before_failure_costs(tallies: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Revenue minus all costs except those of failures, in fixed point, over the last axis of the tallies.

    The failure costs left out are internal failure, effects of felt failures, warranty, complaint handling and
    compensation. The measured opportunity cost is the difference of this amount between two worlds.
    """
    costs = sum(tallies[..., getattr(O, name)] for name in OTHER_COSTS)
    return tallies[..., O.revenue] - costs


def build_series(
    scenario: Scenario,
    tables: Sequence[Tables],
    without_failures: Sequence[Tables] | None = None,
    *,
    numbers: Sequence[int] | None = None,
) -> pd.DataFrame:
    """The tidy table of all replications.

    Args:
        scenario: What was run.
        tables: One for each replication.
        without_failures: The same worlds, with the same luck, without failures of the focal firm; or None.
        numbers: Numbers of the replications, where they are not 0, 1, 2, ...

    Returns:
        Columns: `replication`, `seed`, `period`, `date` (first day of the period), `years` (since the start, at the
        end of the period), `firm`, `segment`; `active_start`; every tally under its own name with the fixed point
        undone; `opportunity_measured` (NaN where not measured, and for rivals); and all derived measures of
        `sim.results.measures`. Rows with segment `all` sum over segments, where there are several.
    """
    import pandas as pd

    firms = [firm.name for firm in scenario.firms]
    segments = [segment.name for segment in scenario.all_segments]
    if len(segments) > 1:
        segments.append(total_segment(scenario))
    periods = scenario.run.periods
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    dates = period_starts(scenario)
    rows_a_period = len(firms) * len(segments)
    observables = observables_of(scenario)

    frames = []
    for position, table in enumerate(tables):
        number = position if numbers is None else numbers[position]
        tallies = _with_total(table.tallies)
        initial = _with_total(table.initial)
        values = tallies.reshape(-1, len(observables)) / _scale(observables)
        frame = pd.DataFrame(
            {
                "replication": np.full(len(values), number, dtype=np.int64),
                "seed": np.full(len(values), table.seed, dtype=np.uint64),
                "period": np.repeat(np.arange(periods), rows_a_period),
                "date": np.repeat(dates, rows_a_period),
                "years": np.repeat(np.arange(1, periods + 1) / per_year, rows_a_period),
                "firm": np.tile(np.repeat(firms, len(segments)), periods),
                "segment": np.tile(segments, periods * len(firms)),
            }
        )
        before = np.concatenate([initial[None, ..., O.active], tallies[:-1, ..., O.active]])
        counts = {
            row.name: values[:, i].astype(np.int64) if row.form != AMOUNT else values[:, i]
            for i, row in enumerate(observables)
        }
        missed = np.full(tallies.shape[:3], np.nan)
        if without_failures is not None:
            other = _with_total(without_failures[position].tallies)
            gap = contribution_before_failure_costs(other) - contribution_before_failure_costs(tallies)
            missed[:, 0, :] = gap[:, 0, :] / FIXED_POINT
        counts["opportunity_measured"] = missed.ravel()
        frames.append(pd.concat([frame.assign(active_start=before.ravel()), pd.DataFrame(counts)], axis=1))
    return add_measures(pd.concat(frames, ignore_index=True), per_year)


def of_focal(series: pd.DataFrame, scenario: Scenario) -> npt.NDArray[np.bool_]:
    """Which rows are those of the focal firm as a whole."""
    chosen = (series["firm"] == scenario.firm.name) & (series["segment"] == total_segment(scenario))
    return chosen.to_numpy(bool)


def focal(series: pd.DataFrame, scenario: Scenario, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The rows of the focal firm as a whole: one for each replication and period, in that order.

    `columns` are those that are needed, all if left out; there are some three hundred.
    """
    among = series if columns is None else series[columns]
    return among[of_focal(series, scenario)].reset_index(drop=True)


class FocalColumns(Mapping[str, AnyArray]):
    """The columns of the focal firm as a whole, or of one of its segments, in one run, each made when it is asked for.

    Of a rival likewise, by the number of the firm.

    They are those of `focal(build_series(...))`, equal to the last bit, and much faster where few are needed.

    Args:
        scenario: What was run.
        tables: The run.
        without_failures: The same world without failures of the focal firm, or None.
        segment: Number of a segment; None for the firm as a whole.
        firm: Number of the firm; 0 is the focal one.

    Attributes:
        asked: Names that have been asked for, by whoever asked or by a measure that needs them.
    """

    def __init__(
        self,
        scenario: Scenario,
        tables: Tables,
        without_failures: Tables | None = None,
        *,
        segment: int | None = None,
        firm: int = 0,
    ) -> None:
        self._tables, self._without, self._firm = tables, without_failures, firm
        self._segments = slice(None) if segment is None else slice(segment, segment + 1)
        own = tables.tallies[:, firm, self._segments]
        self._tallies = np.ascontiguousarray(own.sum(axis=1).T)  # [observables, periods]
        self._per_year = PERIODS_PER_YEAR[scenario.run.period]
        self._observables = observables_of(scenario)
        self._places = {row.name: place for place, row in enumerate(self._observables)}
        self._known: dict[str, AnyArray] = {}
        self.asked = self._known.keys()

    def __getitem__(self, name: str) -> AnyArray:
        if name not in self._known:
            self._known[name] = self._column(name)
        return self._known[name]

    def _column(self, name: str) -> AnyArray:
        if name in BY_NAME:
            return BY_NAME[name].compute(self, self._per_year)
        if name in self._places:
            column: AnyArray = self._tallies[self._places[name]]
            return column / FIXED_POINT if self._observables[self._places[name]].form == AMOUNT else column
        tallies = self._tables.tallies
        if name == MARKET:
            return tallies[:, :, self._segments, O.active].sum(axis=(1, 2))
        if name == "active_start":
            before = self._tables.initial[self._firm, self._segments, O.active].sum()
            return np.concatenate([[before], self["active"][:-1]])
        if name == "years":
            return np.arange(1, len(tallies) + 1) / self._per_year
        if name == "opportunity_measured":
            if self._without is None or self._firm != 0:
                return np.full(len(tallies), np.nan)
            gap = contribution_before_failure_costs(self._without.tallies) - contribution_before_failure_costs(tallies)
            return gap[:, 0, self._segments].sum(axis=1) / FIXED_POINT
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter((*self._places, "active_start", "years", "opportunity_measured", *BY_NAME))

    def __len__(self) -> int:
        return len(self._places) + 3 + len(BY_NAME)
