"""Complaint counts over time against the model's rate of complaints per customer.

Expected count of a stretch: rate x customers x units of time. The summary of a run is the logarithm of its rate. Counts
vary as the runs do: Poisson around a rate that itself varies (log-normally) from firm to firm by the luck of who its
customers are. How much, and how far the stretches of one firm vary together, is taken from the spread of the runs
around the smooth surface: variance = dispersion x mean, to first order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.model.scenario import Scenario
from sim.parameters.timeline import period_of
from sim.studies.calibration.span import UNITS_PER_YEAR, longest, periods_per_unit, refuse_beyond
from sim.studies.calibration.target import Array, exchangeable, integrated, quantiles
from sim.studies.calibration.users_table import MOST, Table
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import period_word, periods_word, say

if TYPE_CHECKING:
    import pandas as pd

MOST_STRETCHES = 12
FEWEST_ROWS = 3
FEWEST_COMPLAINTS = 5

DAYS_PER_YEAR = 365
"""Most complaints that a customer can be thought to make in a year, on average over all: one every day."""


@dataclass(frozen=True)
class Counts:
    """Complaint counts as a `Target`.

    Attributes:
        stretches: First period of each stretch and the first after it.
        counts: Complaints in each stretch, float64[m].
        exposure: Customers of the data times periods of the run, float64[m].
        column: `registered` or `complained`: what of the model is compared.
        customers: Customers that a run begins with.
        period: The run's unit of time.
        dispersion: Variance of a count over its mean, at least 1.
        shared: Correlation between stretches of the luck of a run.
    """

    stretches: tuple[tuple[int, int], ...]
    counts: Array
    exposure: Array
    column: str
    customers: float
    period: str
    dispersion: float = 1.0
    shared: float = 0.0

    @property
    def outputs(self) -> tuple[str, ...]:
        """Complaints of every period, and customers at the end of the first and the last period of each stretch."""
        flows = [f"{self.column}@{period}" for first, after in self.stretches for period in range(first, after)]
        stocks = [f"active@{period}" for first, after in self.stretches for period in sorted({first, after - 1})]
        return (*flows, *stocks)

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
        """Logarithm of complaints per customer and period; half a complaint is added."""
        columns = []
        for first, after in self.stretches:
            counted = rows[[f"{self.column}@{period}" for period in range(first, after)]].to_numpy().sum(axis=1)
            there = (rows[f"active@{first}"] + rows[f"active@{after - 1}"]).to_numpy() / 2.0
            columns.append(np.log(counted + 0.5) - np.log(np.maximum(there, 1.0) * (after - first)))
        return np.stack(columns, axis=1)

    def noise(self, summaries: Array) -> Array:
        """Poisson: 1 / expected count of a run."""
        lengths = np.array([after - first for first, after in self.stretches])
        return 1.0 / np.maximum(np.exp(summaries) * self.customers * lengths, 0.5)

    def with_luck(self, scale: Array, correlation: Array) -> Counts:
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
        drawn: Array = generator.poisson(expected).astype(np.float64)
        return drawn

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Pearson's chi-square over the stretches."""
        expected = self._expected(summaries)
        counted = self.counts if data is None else data
        total: Array = ((counted - expected) ** 2 / (self.dispersion * expected)).sum(axis=-1)
        return total

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Complaints of each stretch per 1,000 customers and period, at the stretch's middle."""
        import pandas as pd
        from scipy.special import gammaincinv

        scale = 1000.0 / self.exposure
        predicted, _, _ = quantiles(self._expected(summaries) * scale)
        _, low, high = quantiles(replicates * scale)
        least = np.where(self.counts > 0.0, gammaincinv(np.maximum(self.counts, 1.0), 0.025), 0.0)
        return pd.DataFrame(
            {
                "quantity": say("complaints per 1,000 customers and {period}", period=self.period),
                "x": [(first + after) / 2.0 for first, after in self.stretches],
                "observed": self.counts * scale,
                "observed_low": least * scale,
                "observed_high": gammaincinv(self.counts + 1.0, 0.975) * scale,
                "predicted": predicted,
                "low": low,
                "high": high,
            }
        )


def complaints_target(table: Table, scenario: Scenario, unit: str | None, customers: int | None, column: str) -> Counts:
    """From counts over time: `period` (whole numbers from 0) or `date`, `complaints`, and `customers` or their number.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    run = scenario.run
    unit = unit or f"{run.period}s"
    factor = periods_per_unit(run, unit)
    if factor < 1.0:
        raise ScenarioError(
            Problem(
                say("the data are finer than the run's periods"),
                "calibrate.unit",
                table.label,
                unit,
                say("{periods} or longer", periods=periods_word(run.period)),
            )
        )
    counted = table.numbers("complaints", low=0.0, whole=True)
    starts = _starts(table, scenario, unit, factor)
    if "customers" in table:
        there = table.numbers("customers", low=1.0, high=MOST)
    elif customers is not None:
        there = np.full(len(table), float(customers))
    else:
        raise ScenarioError(
            Problem(
                say("complaints of how many customers?"),
                "complaints",
                table.label,
                hint=say("give `calibrate: {{customers: 1000}}` or a column `customers`"),
            )
        )
    table.check()
    _plausible(table, counted, there, unit)
    if len(table) < FEWEST_ROWS or counted.sum() < FEWEST_COMPLAINTS:
        raise ScenarioError(
            Problem(
                say("too little to learn from"),
                place=table.label,
                found=say("{rows} rows, {counted:g} complaints", rows=len(table), counted=counted.sum()),
                allowed=say(
                    "at least {fewest_rows} rows and {fewest_complaints} complaints",
                    fewest_rows=FEWEST_ROWS,
                    fewest_complaints=FEWEST_COMPLAINTS,
                ),
            )
        )
    ends = [int((start + 1) * factor + 0.5) for start in starts]
    begins = [int(start * factor + 0.5) for start in starts]
    refuse_beyond(table, run, "period" if "period" in table else "date", len(table) - 1, ends[-1])
    size = -(-len(starts) // MOST_STRETCHES)
    groups = [range(first, min(first + size, len(starts))) for first in range(0, len(starts), size)]
    return Counts(
        stretches=tuple((begins[group[0]], ends[group[-1]]) for group in groups),
        counts=np.array([counted[list(group)].sum() for group in groups]),
        exposure=np.array([sum(there[i] * (ends[i] - begins[i]) for i in group) for group in groups]),
        column=column,
        customers=scenario.market.customers * scenario.firm.initial_share,
        period=run.period,
    )


def _plausible(table: Table, counted: Array, there: Array, unit: str) -> None:
    """Refuse more complaints than the customers could make: one a day each."""
    most = np.floor(there * DAYS_PER_YEAR / UNITS_PER_YEAR[unit])
    for row in np.flatnonzero(counted > most):
        table.complain(
            int(row),
            "complaints",
            say("more complaints than {customers:,.12g} customers make", customers=there[row]),
            table.columns["complaints"][row],
            say("at most {most:,.12g}, one per customer and day", most=most[row]),
        )
    table.check()


def _starts(table: Table, scenario: Scenario, unit: str, factor: float) -> list[int]:
    """Number of each row's unit of time since the start of the run; they follow each other without a gap."""
    if "period" in table:
        column, found = (
            "period",
            [int(value) for value in table.numbers("period", low=0.0, high=longest(unit), whole=True)],
        )
    elif "date" in table:
        column = "date"
        if factor != 1.0:
            raise ScenarioError(
                Problem(
                    say("dates need a unit equal to the run's period"),
                    table.names["date"],
                    table.label,
                    unit,
                    f"{scenario.run.period}s",
                    hint=say("number the rows in a column `period` instead"),
                )
            )
        found = [period_of(scenario.run, date) for date in table.dates("date")]
    else:
        raise ScenarioError(Problem(say("no such column"), "period", table.label, allowed=say("period, or date")))
    table.check()
    for row, start in enumerate(found):
        if start < 0:
            table.complain(
                row,
                column,
                say("before the run begins"),
                table.columns[column][row],
                say("from {start}", start=scenario.run.start),
            )
        elif row and start != found[row - 1] + 1:
            table.complain(
                row,
                column,
                say("does not follow the row before"),
                table.columns[column][row],
                say("one row for every period, in order"),
            )
    table.check()
    return found
