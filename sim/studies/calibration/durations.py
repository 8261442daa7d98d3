"""How long customers stay: retention curves and churn tables, judged interval by interval.

What is shown as observed is the estimate of Kaplan and Meier, which assumes nothing between the times.

Between two times the model keeps a share r of those who are still there; of E customer-units at risk in the data, d
ended. With a constant hazard q = 1 - r^(1/w) in an interval of w units, log L = d log q + (E - d) log(1 - q): for a
retention curve (w = 1 interval) exactly the multinomial likelihood of the numbers who leave between its times (Fader &
Hardie 2007), for a churn table the censored likelihood of a survival curve that is log-linear between the times. The
summary of a run is logit r.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.scenario import Scenario
from sim.results.survival import Counts, kaplan_meier, kaplan_meier_limits
from sim.studies.calibration.span import longest, periods_per_unit, refuse_beyond
from sim.studies.calibration.target import Array, integrated, quantiles
from sim.studies.calibration.users_table import MOST, Table
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import period_word, say, written

if TYPE_CHECKING:
    import pandas as pd

MOST_INTERVALS = 12
FEWEST_LEAVERS = 5
FEWEST_CUSTOMERS = 10


def log_expit(x: Array) -> Array:
    """log(1 / (1 + exp(-x))) without overflow.

    >>> log_expit(np.array([0.0, -800.0])).round(4).tolist()
    [-0.6931, -800.0]
    """
    return -np.logaddexp(0.0, -x)


@dataclass(frozen=True)
class Durations:
    """Retention curve or churn table as a `Target`.

    Attributes:
        times: End of each interval in the data's units, float64[m].
        periods: The same in the run's periods, whole numbers.
        widths: Units in each interval that count as one trial each, float64[m].
        trials: Customer-units at risk in each interval, float64[m].
        leavers: Customers who left in each interval, float64[m].
        customers: Customers that a run begins with.
        unit: The data's unit of time.
        observed: Kaplan and Meier's estimate of the share who stay longer than each time, and its 95% limits,
            float64[3, m]; see `sim.results.survival`.
    """

    times: Array
    periods: tuple[int, ...]
    widths: Array
    trials: Array
    leavers: Array
    customers: float
    unit: str
    observed: Array

    @property
    def outputs(self) -> tuple[str, ...]:
        """The survival curve at the ends of the intervals."""
        return tuple(f"survival@{period}" for period in self.periods)

    @property
    def names(self) -> tuple[str, ...]:
        """One for each interval."""
        starts = (0.0, *self.times[:-1])
        return tuple(
            say("{unit} {low:g} to {high:g}", unit=self.unit, low=low, high=high)
            for low, high in zip(starts, self.times, strict=True)
        )

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Logits of the shares kept in each interval, half a customer added to those who stay and who go."""
        # After the last of them has left, a curve has no value: none of the first customers is censored, so it is 0.
        survival = np.nan_to_num(rows[list(self.outputs)].to_numpy(np.float64))
        before = np.concatenate([np.ones((len(survival), 1)), survival[:, :-1]], axis=1)
        stay, go = survival * self.customers, np.maximum(before - survival, 0.0) * self.customers
        logits: Array = np.log(stay + 0.5) - np.log(go + 0.5)
        return logits

    def noise(self, summaries: Array) -> Array:
        """Binomial: 1 / (n r (1 - r)), where n of the run's customers are left at the start of the interval."""
        kept = np.exp(log_expit(summaries))
        before = np.cumprod(np.concatenate([np.ones((len(kept), 1)), kept[:, :-1]], axis=1), axis=1)
        there = np.maximum(before * self.customers, 1.0)
        return 1.0 / np.maximum(there * kept * (1.0 - kept), 0.2)

    def with_luck(self, scale: Array, correlation: Array) -> Durations:
        """The same: the user's customers come and go one by one, whatever the luck of the runs."""
        return self

    def _hazard(self, summaries: Array) -> Array:
        """Hazard q = 1 - r^(1/w), kept off 0 and 1."""
        hazard = -np.expm1(log_expit(summaries) / self.widths)
        return np.clip(hazard, 1e-12, 1.0 - 1e-12)

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """Binomial in each interval, errors of the summaries integrated out."""
        return integrated(self._density, summaries, covariance)

    def _density(self, summaries: Array) -> tuple[Array, Array, Array]:
        log_stay = log_expit(summaries) / self.widths
        go = np.maximum(-np.expm1(log_stay), 1e-300)
        slope_of_log = np.exp(log_expit(-summaries)) / self.widths
        stayed = self.trials - self.leavers
        value = self.leavers * np.log(go) + stayed * log_stay
        slope = (stayed - self.leavers * np.exp(log_stay) / go) * slope_of_log
        return value, slope, 1.0 / self.sampling_variance(summaries)

    def sampling_variance(self, summaries: Array) -> Array:
        """From the data's number of trials, by the delta method from log(1 - q) to logit r."""
        hazard = self._hazard(summaries)
        gone = np.clip(1.0 - np.exp(log_expit(summaries)), 1e-12, 1.0)
        return hazard / (1.0 - hazard) / self.trials * (self.widths / gone) ** 2

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """Numbers who leave in each interval, given those at risk."""
        drawn: Array = generator.binomial(self.trials.astype(np.int64), self._hazard(summaries)).astype(np.float64)
        return drawn

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Pearson's chi-square over the intervals."""
        left = self.leavers if data is None else data
        hazard = self._hazard(summaries)
        distance = (left - self.trials * hazard) ** 2 / (self.trials * hazard * (1.0 - hazard))
        total: Array = distance.sum(axis=-1)
        return total

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Share of customers who stay longer than each time."""
        import pandas as pd

        def curve(hazard: Array) -> Array:
            survival: Array = np.exp(np.cumsum(np.log1p(-np.minimum(hazard, 1.0 - 1e-12)) * self.widths, axis=-1))
            return survival

        predicted, _, _ = quantiles(curve(self._hazard(summaries)))
        _, low, high = quantiles(curve(replicates / self.trials))
        share, share_low, share_high = self.observed
        return pd.DataFrame(
            {
                "quantity": "share still a customer",
                "x": self.times,
                "observed": share,
                "observed_low": share_low,
                "observed_high": share_high,
                "predicted": predicted,
                "low": low,
                "high": high,
            }
        )


def retention_target(table: Table, scenario: Scenario, unit: str | None, customers: int | None) -> Durations:
    """From a retention curve: `time` with `survivors`, or `share` with the size of the cohort.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    unit = unit or f"{scenario.run.period}s"
    times = table.numbers("time", low=0.0, high=longest(unit))
    column = "survivors" if "survivors" in table else "share"
    if column not in table:
        raise ScenarioError(
            Problem(say("no such column"), "survivors", table.label, allowed=say("survivors, or share"))
        )
    size = _cohort(table, customers)
    if column == "survivors":
        survivors = table.numbers("survivors", low=0.0, high=MOST, whole=True)
    elif size is None:
        raise ScenarioError(
            Problem(
                say("shares of how many customers? Without that nobody knows how sure the curve is"),
                "share",
                table.label,
                hint=say("give `calibrate: {{customers: 1000}}` or a column `customers`"),
            )
        )
    else:
        survivors = np.round(table.numbers("share", low=0.0, high=1.0) * size)
    table.check()
    _falling(table, times, survivors)
    start = times[0] == 0.0
    if not start and size is None:
        raise ScenarioError(
            Problem(
                say("does not begin with the whole cohort"),
                table.names["time"],
                f"{table.label}:{table.lines[0]}",
                f"{times[0]:g}",
                say("0 in the first row"),
                hint=say("or give `calibrate: {{customers: ...}}`"),
            )
        )
    if size is None:
        size = float(survivors[0])
    elif survivors[0] > size or (start and survivors[0] != size):
        whole = written(size, ",.12g") if column == "survivors" else "1"
        table.complain(
            0,
            column,
            say("not the whole cohort at time 0") if start else say("more survivors than customers"),
            table.columns[column][0],
            whole if start else say("at most {whole}", whole=whole),
        )
        table.check()
    if start:
        times, survivors = times[1:], survivors[1:]
    if len(times) < 2:
        raise ScenarioError(
            Problem(say("too few rows"), place=table.label, found=str(len(table)), allowed=say("at least 3"))
        )
    if size < FEWEST_CUSTOMERS:
        raise ScenarioError(
            Problem(
                say("the cohort is too small"),
                place=table.label,
                found=say("{size:g} customers", size=size),
                allowed=say("at least {fewest_customers}", fewest_customers=FEWEST_CUSTOMERS),
            )
        )
    gone = (size - survivors) / max(size - survivors[-1], 1.0)
    kept = _at_most(len(times), gone)
    times, survivors = times[kept], survivors[kept]
    before = np.concatenate([[size], survivors[:-1]])
    some = before > 0
    before, survivors = before[some], survivors[some]
    gone, still = (before - survivors).astype(np.int64), np.zeros(len(before), np.int64)
    still[-1] = int(survivors[-1])
    return _target(
        table,
        scenario,
        unit,
        "time",
        times[some],
        np.ones(len(before)),
        before,
        before - survivors,
        _observed(gone, still),
    )


def _cohort(table: Table, customers: int | None) -> float | None:
    """Size of the cohort, as a column or the settings say; None if neither does."""
    if "customers" not in table:
        return None if customers is None else float(customers)
    cohort = table.numbers("customers", low=FEWEST_CUSTOMERS, high=MOST, whole=True)
    if cohort.min() != cohort.max():
        row = int(np.argmax(cohort != cohort[0]))
        table.complain(
            row,
            "customers",
            say("the cohort's size changes"),
            table.columns["customers"][row],
            say("the same number in every row"),
        )
    table.check()
    return float(cohort[0])


def _falling(table: Table, times: Array, survivors: Array) -> None:
    for row in range(1, len(table)):
        if times[row] <= times[row - 1]:
            table.complain(
                row,
                "time",
                say("not later than the row before"),
                f"{times[row]:g}",
                say("above {time:g}", time=times[row - 1]),
            )
        elif survivors[row] > survivors[row - 1]:
            column = "survivors" if "survivors" in table else "share"
            table.complain(
                row,
                column,
                say("rises: customers who left cannot be survivors again"),
                table.columns[column][row],
                say("at most {most}", most=table.columns[column][row - 1]),
            )
    table.check()


def _at_most(count: int, progress: Array) -> list[int]:
    """Positions of at most twelve of the rows, the last among them, with about equally many leavers between them."""
    if count <= MOST_INTERVALS:
        return list(range(count))
    goals = np.arange(1, MOST_INTERVALS) / MOST_INTERVALS
    found = {int(np.searchsorted(progress, goal)) for goal in goals}
    return sorted(found | {count - 1})


def churn_target(table: Table, scenario: Scenario, unit: str | None) -> Durations:
    """From one row a customer: `tenure` in units and `churned`; those who have not left are censored.

    One who left with a tenure of t has left in the t-th unit (tenure 0 counts as the first); one still there has
    stayed t whole units.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    unit = unit or f"{scenario.run.period}s"
    tenure, churned = table.numbers("tenure", low=0.0, high=longest(unit)), table.truths("churned")
    table.check()
    if len(table) < FEWEST_CUSTOMERS or churned.sum() < FEWEST_LEAVERS:
        raise ScenarioError(
            Problem(
                say("too little to learn from"),
                place=table.label,
                found=say(
                    "{customers} customers, {churned} of them left",
                    customers=len(table),
                    churned=int(churned.sum()),
                ),
                allowed=say(
                    "at least {fewest_customers} customers and {fewest_leavers} who left",
                    fewest_customers=FEWEST_CUSTOMERS,
                    fewest_leavers=FEWEST_LEAVERS,
                ),
            )
        )
    ends = np.where(churned, np.maximum(np.ceil(tenure), 1.0), np.floor(tenure))
    deaths = np.sort(ends[churned])
    goals = np.quantile(deaths, np.arange(1, MOST_INTERVALS) / MOST_INTERVALS, method="inverted_cdf")
    edges = np.unique(np.concatenate([goals, [deaths[-1], ends.max()]]))
    if len(edges) > 1 and edges[-1] == ends.max() > deaths[-1]:
        edges = np.delete(edges, -2)
    starts = np.concatenate([[0.0], edges[:-1]])
    spent = np.clip(ends[:, None] - starts, 0.0, edges - starts).sum(axis=0)
    left = np.array([np.sum((deaths > low) & (deaths <= high)) for low, high in zip(starts, edges, strict=True)])
    count = int(ends.max()) + 1
    curve = _observed(*(np.bincount(ends[some].astype(np.int64), minlength=count) for some in (churned, ~churned)))
    return _target(
        table,
        scenario,
        unit,
        "tenure",
        edges,
        edges - starts,
        spent,
        left.astype(np.float64),
        curve[:, edges.astype(np.int64)],
    )


def _observed(gone: Counts, still: Counts) -> Array:
    """Share who stay longer, its lower and its upper limit, by those who leave and those who are censored."""
    return np.stack([kaplan_meier(gone[None, :], still), *kaplan_meier_limits(gone[None, :], still)])


def _target(
    table: Table,
    scenario: Scenario,
    unit: str,
    column: str,
    times: Array,
    widths: Array,
    trials: Array,
    leavers: Array,
    observed: Array,
) -> Durations:
    factor = periods_per_unit(scenario.run, unit)
    latest = int(np.argmax([float(text) for text in table.columns[column]]))
    refuse_beyond(table, scenario.run, column, latest, int(times[-1] * factor + 0.5))
    periods = _whole(times * factor)
    if len(set(periods)) < len(periods) or periods[0] < 1:
        raise ScenarioError(
            Problem(
                say("the times lie closer together than the run's periods"),
                place=table.label,
                found=unit,
                allowed=say("at least a {period} from one to the next", period=period_word(scenario.run.period)),
            )
        )
    customers = scenario.market.customers * scenario.firm.initial_share
    return Durations(times, tuple(periods), widths, trials, leavers, customers, unit, observed)


def _whole(values: Sequence[float] | Array) -> list[int]:
    return [int(value + 0.5) for value in values]
