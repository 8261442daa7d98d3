"""Counts over time, of complaints or of customers lost and won, against the model's rate per customer.

Expected count of a stretch: rate x customers x units of time. The summary of a run is the logarithm of its rate. Counts
vary as the runs do: Poisson around a rate that itself varies (log-normally) from firm to firm by the luck of who its
customers are. How much, and how far the stretches of one firm vary together, is taken from the spread of the runs
around the smooth surface: variance = dispersion x mean, to first order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.data.count_series import CountSeries
from sim.data.customer_movements import CustomerMovements
from sim.data.units import time_unit_words
from sim.model.market import Run
from sim.model.scenario import Scenario
from sim.parameters.timeline import first_day, period_of
from sim.results.output_names import of_segment
from sim.studies.calibration.several import SeriesOfOne
from sim.studies.calibration.target import (
    Array,
    Target,
    against_data,
    customers_of,
    exchangeable,
    integrated,
    periods_per_unit,
    plainly,
    refuse_beyond,
)
from sim.words import day, period_word, periods_word, say

MOST_STRETCHES = 12

MOVED = ("departed", "joined")
"""What of the model is compared with customers lost and won."""


@dataclass(frozen=True)
class EventCounts(Target):
    """Counts of what happens to customers as a `Target`.

    Attributes:
        stretches: First period of each stretch and the first after it.
        counts: Events in each stretch, float64[m].
        exposure: Customers of the data times periods of the run, float64[m].
        column: What of the model is compared: `registered`, `complained`, `departed` or `joined`.
        customers: Customers that a run begins with.
        period: The run's unit of time.
        dispersion: Variance of a count over its mean, at least 1.
        shared: Correlation between stretches of the luck of a run.
        segment: Segment of the scenario that they are of; empty where they are of all customers.
    """

    stretches: tuple[tuple[int, int], ...]
    counts: Array
    exposure: Array
    column: str
    customers: float
    period: str
    dispersion: float = 1.0
    shared: float = 0.0
    segment: str = ""

    @property
    def outputs(self) -> tuple[str, ...]:
        """Events of every period, and customers: of movements also those, to tell who was there at its beginning.

        Of complaints, customers at the end of the first and the last period of each stretch.
        """
        if self.moves:
            columns = (*MOVED, "active")
            every = [period for first, after in self.stretches for period in range(first, after)]
            return of_segment([f"{column}@{period}" for column in columns for period in every], self.segment)
        flows = [f"{self.column}@{period}" for first, after in self.stretches for period in range(first, after)]
        stocks = [f"active@{period}" for first, after in self.stretches for period in sorted({first, after - 1})]
        return of_segment((*flows, *stocks), self.segment)

    @property
    def moves(self) -> bool:
        """Whether what is counted changes how many customers there are."""
        return self.column in MOVED

    @property
    def names(self) -> tuple[str, ...]:
        """One for each stretch."""
        return tuple(
            f"{period_word(self.period)} {first}"
            if after == first + 1
            else say("{periods} {first} to {last}", periods=periods_word(self.period), first=first, last=after - 1)
            for first, after in self.stretches
        )

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Logarithm of events per customer and period; half an event is added."""
        columns, rows = [], plainly(rows, self.segment)
        for first, after in self.stretches:
            counted = _summed(rows, self.column, first, after)
            if self.moves:
                departed, joined = (_summed(rows, column, first, after) for column in MOVED)
                there = _summed(rows, "active", first, after) + departed - joined
            else:
                there = (rows[f"active@{first}"] + rows[f"active@{after - 1}"]).to_numpy() / 2.0 * (after - first)
            columns.append(np.log(counted + 0.5) - np.log(np.maximum(there, after - first)))
        return np.stack(columns, axis=1)

    def noise(self, summaries: Array) -> Array:
        """Poisson: 1 / expected count of a run."""
        lengths = np.array([after - first for first, after in self.stretches])
        return 1.0 / np.maximum(np.exp(summaries) * self.customers * lengths, 0.5)

    def with_luck(self, scale: Array, correlation: Array) -> EventCounts:
        """Spread of the runs over that of Poisson counts, mean over the stretches, and what the stretches share."""
        return replace(self, dispersion=max(1.0, float(np.mean(scale))), shared=exchangeable(correlation))

    def _log_rate(self, summaries: Array) -> Array:
        """Logarithm of the mean rate: the mean logarithm of a varying rate lies below it by half its variance."""
        return np.minimum(summaries + 0.5 * np.minimum((self.dispersion - 1.0) * self.noise(summaries), 1.0), 50.0)

    def _expected(self, summaries: Array) -> Array:
        return np.maximum(np.exp(self._log_rate(summaries)) * self.exposure, 1e-9)

    def _luck(self, summaries: Array) -> tuple[Array, Array]:
        """Variance of the logarithm of a firm's rate: the part that stretches share, and the rest.

        Counts vary with dispersion / mean, of which 1 / mean is Poisson and shared by nobody: of the remaining
        (dispersion - 1) / mean a part shared x dispersion / (dispersion - 1) is common.
        """
        extra = np.minimum((self.dispersion - 1.0) / self._expected(summaries), 1.0)
        part = min(1.0, self.shared * self.dispersion / max(self.dispersion - 1.0, 1e-9))
        return part * extra, (1.0 - part) * extra

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """Poisson in each stretch; the luck of the rate and errors of the summaries are integrated out."""
        common, own = self._luck(summaries)
        together = np.sqrt(common)
        luck = together[:, :, None] * together[:, None, :] + own[:, :, None] * np.eye(own.shape[1])
        return integrated(self._density, self._log_rate(summaries) - 0.5 * (common + own), covariance + luck)

    def _density(self, log_rates: Array) -> tuple[Array, Array, Array]:
        logarithm = np.minimum(log_rates, 50.0) + np.log(self.exposure)
        expected = np.exp(logarithm)
        return self.counts * logarithm - expected, self.counts - expected, expected

    def sampling_variance(self, summaries: Array) -> Array:
        """Dispersion / expected count."""
        return self.dispersion / self._expected(summaries)

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """Counts of each stretch."""
        common, own = self._luck(summaries)
        luck = np.sqrt(common) * generator.standard_normal((len(summaries), 1))
        luck = luck + np.sqrt(own) * generator.standard_normal(summaries.shape) - 0.5 * (common + own)
        expected = np.minimum(self._expected(summaries) * np.exp(luck), 1e15)
        return generator.poisson(expected).astype(np.float64)

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Pearson's chi-square over the stretches."""
        expected = self._expected(summaries)
        counted = self.counts if data is None else data
        return ((counted - expected) ** 2 / (self.dispersion * expected)).sum(axis=-1)

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Events of each stretch per 1,000 customers and period, at the stretch's middle."""
        from scipy.special import gammaincinv

        scale = 1000.0 / self.exposure
        least = np.where(self.counts > 0.0, gammaincinv(np.maximum(self.counts, 1.0), 0.025), 0.0)
        observed = (self.counts * scale, least * scale, gammaincinv(self.counts + 1.0, 0.975) * scale)
        words = {
            "departed": say("customers lost per 1,000 and {period}", period=self.period),
            "joined": say("customers won per 1,000 and {period}", period=self.period),
        }.get(self.column, say("complaints per 1,000 customers and {period}", period=self.period))
        middles = [(first + after) / 2.0 for first, after in self.stretches]
        return against_data(words, middles, observed, self._expected(summaries) * scale, replicates * scale)


def movements_target(found: CustomerMovements, scenario: Scenario, segment: str = "") -> Target:
    """From customers lost, and won if they are counted, likewise; both are taken as independent.

    Raises:
        ScenarioError: As for counts.
    """
    series = {"departed": found.lost, "joined": found.won}
    targets = [counts_target(one, scenario, column, segment) for column, one in series.items() if one is not None]
    return targets[0] if found.won is None else SeriesOfOne(tuple(targets))


def counts_target(found: CountSeries, scenario: Scenario, column: str, segment: str = "") -> EventCounts:
    """From counts over time: the periods of the run in which they lie.

    Units that are finer than the run's period are put together into periods.

    Args:
        found: The counts.
        scenario: What is fitted.
        column: What of the model is compared: `registered`, `complained`, `departed` or `joined`.
        segment: Segment of the scenario that they are of; all customers if left out.

    Raises:
        ScenarioError: If the run begins after the data, or ends before them.
    """
    table, run = found.table, scenario.run
    factor = periods_per_unit(run, found.unit)
    begins, ends = _periods(found, run, factor)
    refuse_beyond(table, run, found.column, len(table) - 1, ends[-1])
    counts, exposure = list(found.counts), [
        there * (factor if factor < 1.0 else end - begin)
        for there, begin, end in zip(found.customers, begins, ends, strict=True)
    ]  # fmt: skip
    if factor < 1.0:
        begins, ends, counts, exposure = _grouped(begins, counts, exposure)
        table.about(say("grouped")).say(
            "{rows} {unit} are put together into {periods} {period} of the run",
            rows=len(table),
            unit=time_unit_words(found.unit),
            periods=len(begins),
            period=periods_word(run.period),
        )
    size = -(-len(begins) // MOST_STRETCHES)
    groups = [slice(first, first + size) for first in range(0, len(begins), size)]
    return EventCounts(
        stretches=tuple((begins[group][0], ends[group][-1]) for group in groups),
        counts=np.array([sum(counts[group]) for group in groups]),
        exposure=np.array([sum(exposure[group]) for group in groups]),
        column=column,
        customers=customers_of(scenario, segment),
        period=run.period,
        segment=segment,
    )


def _summed(rows: pd.DataFrame, column: str, first: int, after: int) -> Array:
    found: Array = rows[[f"{column}@{period}" for period in range(first, after)]].to_numpy().sum(axis=1)
    return found


def _grouped(
    begins: list[int], counts: list[float], exposure: list[float]
) -> tuple[list[int], list[int], list[float], list[float]]:
    """Rows of the same period together: first and following period, counts and exposure of each."""
    periods = sorted(set(begins))
    rows = {period: [row for row, begin in enumerate(begins) if begin == period] for period in periods}
    return (
        periods,
        [period + 1 for period in periods],
        [sum(counts[row] for row in rows[period]) for period in periods],
        [sum(exposure[row] for row in rows[period]) for period in periods],
    )


def _periods(found: CountSeries, run: Run, factor: float) -> tuple[list[int], list[int]]:
    """First period of each row, and the first after it.

    Raises:
        ScenarioError: If a row lies before the run.
    """
    table = found.table
    if not found.spans:
        if factor < 1.0:
            begins = [int((number + 0.5) * factor) for number in found.numbers]
            return begins, [begin + 1 for begin in begins]
        begins = [int(number * factor + 0.5) for number in found.numbers]
        return begins, [int((number + 1) * factor + 0.5) for number in found.numbers]
    first = found.spans[0][0]
    begins = [period_of(run, begin) for begin, _ in found.spans]
    for row, begin in enumerate(begins):
        if begin < 0:
            table.complain(
                row,
                found.column,
                say("before the run begins"),
                table.columns[found.column][row],
                say("from {start}", start=run.start),
                say(
                    "set: {{run.start: {first}}} lets it begin with the data; or, if dates are the last days of their "
                    "periods, stamps: end",
                    first=first,
                )
                if table.settings.stamps is None
                else say("set: {{run.start: {first}}} lets it begin with the data", first=first),
            )
    table.check()
    if factor <= 1.0:
        _tell_of_other_edges(found, run, begins, factor)
        return begins, [begin + 1 for begin in begins]
    ends = [period_of(run, end) for _, end in found.spans]
    return begins, [max(end, begin + 1) for begin, end in zip(begins, ends, strict=True)]


def _tell_of_other_edges(found: CountSeries, run: Run, begins: list[int], factor: float) -> None:
    """Say where the data's periods do not begin when the run's do."""
    table = found.table
    for row, (begin, _) in enumerate(found.spans):
        start, after = first_day(run, begins[row]), first_day(run, begins[row] + 1)
        if factor == 1.0 and begin != start:
            table.odd.say(
                "dates do not line up with the run's periods: {text!r} ({first} to {last}) is compared with "
                "{start} to {end}; set: {{run.start: {wanted}}} lines them up",
                text=table.columns[found.column][row],
                first=day(found.spans[row][0]),
                last=day(found.spans[row][1] - dt.timedelta(days=1)),
                start=day(start),
                end=day(after - dt.timedelta(days=1)),
                wanted=found.spans[0][0],
            )
            return
