"""How long customers stay: retention curves and churn tables, judged interval by interval.

What is shown as observed is the estimate of Kaplan and Meier, which assumes nothing between the times.

Between two times the model keeps a share r = exp(-H) of those who are still there. Of H a share s falls into a part of
the interval (`between_times`), the hazard in one of its w units is q = 1 - exp(-s H / w), and of E customer-units at
risk in the data d ended: log L = d log q + (E - d) log(1 - q). For a retention curve (one part, w = 1) that is exactly
the multinomial likelihood of the numbers who leave between its times (Fader & Hardie 2007), for a churn table the
censored likelihood of a smooth survival curve. The summary of a run is logit r.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.data.churn_table import Tenures
from sim.data.life_table import LifeTable
from sim.data.units import time_unit_words
from sim.data.users_table import UsersTable
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.results.survival import product_limits
from sim.studies.calibration.between_times import IntervalParts, parts_of
from sim.studies.calibration.forecast import Ahead, ahead, forecast_table
from sim.studies.calibration.target import (
    Array,
    Target,
    against_data,
    customers_of,
    integrated,
    periods_per_unit,
    plainly,
    refuse_beyond,
    tell_of_stock,
)
from sim.vocabulary.errors import ScenarioError
from sim.words import period_word, periods_word, say

MOST_INTERVALS, FEWEST_TIMES = 12, 2


def log_expit(x: Array) -> Array:
    """log(1 / (1 + exp(-x))) without overflow.

    >>> log_expit(np.array([0.0, -800.0])).round(4).tolist()
    [-0.6931, -800.0]
    """
    return -np.logaddexp(0.0, -x)


@dataclass(frozen=True)
class Durations(Target):
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
        parts: The data within the intervals.
        ahead: Times beyond them that are forecast.
        segment: Segment of the scenario whose customers they are; empty where they are of all segments.
    """

    times: Array
    periods: tuple[int, ...]
    widths: Array
    trials: Array
    leavers: Array
    customers: float
    unit: str
    observed: Array
    parts: IntervalParts
    ahead: Ahead | None = None
    segment: str = ""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The survival curve at the ends of the intervals, and at times that are forecast."""
        fitted = tuple(f"survival@{period}" for period in self.periods)
        return of_segment(fitted if self.ahead is None else (*fitted, *self.ahead.outputs), self.segment)

    @property
    def names(self) -> tuple[str, ...]:
        """One for each interval."""
        starts = (0.0, *self.times[:-1])
        return tuple(
            say("{unit} {low:g} to {high:g}", unit=self.unit, low=low, high=high)
            for low, high in zip(starts, self.times, strict=True)
        )

    @property
    def drawn(self) -> int:
        """Parts of the intervals."""
        return len(self.parts.trials)

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Logits of the shares kept in each interval, half a customer added to those who stay and who go."""
        # After the last of them has left, a curve has no value: none of the first customers is censored, so it is 0.
        survival = np.nan_to_num(rows[list(self.outputs[: len(self.periods)])].to_numpy(np.float64))
        before = np.concatenate([np.ones((len(survival), 1)), survival[:, :-1]], axis=1)
        stay, go = survival * self.customers, np.maximum(before - survival, 0.0) * self.customers
        return np.log(stay + 0.5) - np.log(go + 0.5)

    def noise(self, summaries: Array) -> Array:
        """Binomial: 1 / (n r (1 - r)), where n of the run's customers are left at the start of the interval."""
        kept = np.exp(log_expit(summaries))
        before = np.cumprod(np.concatenate([np.ones((len(kept), 1)), kept[:, :-1]], axis=1), axis=1)
        there = np.maximum(before * self.customers, 1.0)
        return 1.0 / np.maximum(there * kept * (1.0 - kept), 0.2)

    def averaged(self, summaries: Array) -> Array:
        """Logits of the shares kept by the customers of all runs together: where few leave, logits have a bias."""
        kept = np.exp(log_expit(summaries))
        here = np.full(kept.shape[:-1], self.customers)
        curve = []
        for share in np.moveaxis(kept, -1, 0):
            here = np.maximum(share * (here + 1.0) - 0.5, 0.0)
            curve.append(here.sum(axis=-1))
        stay = np.stack(curve, axis=-1)
        begun = np.full((*stay.shape[:-1], 1), self.customers * kept.shape[-2])
        go = np.maximum(np.concatenate([begun, stay[..., :-1]], axis=-1) - stay, 0.0)
        return np.log(stay + 0.5) - np.log(go + 0.5)

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """Binomial in each part of an interval, errors of the summaries integrated out."""
        shares = self.parts.shares(np.maximum(-log_expit(summaries), 1e-300))
        return integrated(lambda tried: self._density(tried, shares), summaries, covariance)

    def _cumulative(self, summaries: Array, shares: Array) -> Array:
        """Cumulative hazard of a unit of each part, float64[k, s]."""
        owner = self.parts.owner
        return np.maximum(-log_expit(summaries)[:, owner] * shares / self.parts.ticks, 1e-300)

    def _hazard(self, summaries: Array) -> Array:
        """Chance to leave in a unit of each part, kept off 0 and 1: float64[k, s]."""
        shares = self.parts.shares(np.maximum(-log_expit(summaries), 1e-300))
        return np.clip(-np.expm1(-self._cumulative(summaries, shares)), 1e-12, 1.0 - 1e-12)

    def _density(self, summaries: Array, shares: Array) -> tuple[Array, Array, Array]:
        parts = self.parts
        unit = self._cumulative(summaries, shares)
        go = np.maximum(-np.expm1(-unit), 1e-300)
        stayed, odds = parts.trials - parts.leavers, np.exp(-unit) / go
        bend = -np.exp(log_expit(-summaries))[:, parts.owner] * shares / parts.ticks  # of a unit's hazard, by the logit
        value = parts.total(parts.leavers * np.log(go) - stayed * unit)
        slope = parts.total((parts.leavers * odds - stayed) * bend)
        return value, slope, np.maximum(parts.total(parts.trials * odds * bend**2), 1e-300)

    def sampling_variance(self, summaries: Array) -> Array:
        """From the data's number of trials, by the expected information."""
        shares = self.parts.shares(np.maximum(-log_expit(summaries), 1e-300))
        return 1.0 / self._density(summaries, shares)[2]

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """Numbers who leave in each part of an interval, given those at risk."""
        trials = np.round(self.parts.trials).astype(np.int64)
        return generator.binomial(trials, self._hazard(summaries)).astype(np.float64)

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Pearson's chi-square over the intervals."""
        parts = self.parts
        left, hazard = parts.leavers if data is None else data, self._hazard(summaries)
        expected, spread = parts.trials * hazard, parts.trials * hazard * (1.0 - hazard)
        return (parts.total(left - expected) ** 2 / np.maximum(parts.total(spread), 1e-300)).sum(axis=-1)

    def forecast(self, rows: pd.DataFrame) -> pd.DataFrame | None:
        """What the members' runs say of times beyond the fitted data; see `forecast_table`."""
        if self.ahead is None:
            return None
        own = plainly(rows, self.segment)
        return forecast_table(self.ahead, float(self.times[-1]), float(self.observed[0][-1]), self.parts, own)

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Share of customers who stay longer than each time."""
        parts = self.parts

        def curve(hazard: Array) -> Array:
            logs = parts.total(np.log1p(-np.minimum(hazard, 1.0 - 1e-12)) * parts.ticks)
            return np.exp(np.cumsum(logs, axis=-1))

        predicted = curve(self._hazard(summaries))
        drawn = curve(replicates / np.maximum(np.round(parts.trials), 1.0))
        return against_data("share still a customer", self.times, self.observed, predicted, drawn)


def retention_target(found: LifeTable, scenario: Scenario, hold_out: float = 0.0, segment: str = "") -> Durations:
    """From cohorts: survivors at the times of the data, at most twelve of them.

    Times that are finer than the run's periods are compared at the ends of periods, by the nearest of them.

    Raises:
        ScenarioError: If the run ends before the data do.
    """
    table, factor = found.table, periods_per_unit(scenario.run, found.unit)
    whole = _there(found)
    found = _kept(whole, hold_out)
    gone = np.cumsum(found.left)
    places = _at_most(len(found.times), gone / max(gone[-1], 1.0))
    periods = _whole(found.times[places] * factor)
    if factor < 1.0 and (len(set(periods)) < len(periods) or periods[0] < 1):
        places = _nearest_to_periods(found.times * factor)
        places = [places[i] for i in _at_most(len(places), gone[places] / max(gone[-1], 1.0))] if places else []
        table.about(say("grouped")).say(
            "{rows} times in {unit} are compared at the ends of {count} {periods}, by the nearest of them",
            count=len(places),
            rows=len(found.times),
            unit=time_unit_words(found.unit),
            periods=periods_word(scenario.run.period),
        )
    if not places:
        raise _too_close(table, scenario, found.unit)
    return _target(found, scenario, places, whole, segment, exact=True)


def _there(found: LifeTable) -> LifeTable:
    """The intervals in which somebody is at risk."""
    some = found.at_risk > 0
    return replace(found, times=found.times[some], at_risk=found.at_risk[some], left=found.left[some])


def _nearest_to_periods(times: Array) -> list[int]:
    """For the end of each period the position of the time that lies nearest to it, within half a period."""
    found: dict[int, int] = {}
    for place, time in enumerate(times):
        period = int(time + 0.5)
        if period >= 1 and (period not in found or abs(time - period) < abs(times[found[period]] - period)):
            found[period] = place
    return sorted(found.values())


def _at_most(count: int, progress: Array) -> list[int]:
    """Positions of at most twelve of the rows, the last among them, with about equally many leavers between them."""
    if count <= MOST_INTERVALS:
        return list(range(count))
    goals = np.arange(1, MOST_INTERVALS) / MOST_INTERVALS
    found = {int(np.searchsorted(progress, goal)) for goal in goals}
    return sorted(found | {count - 1})


def churn_target(found: Tenures, scenario: Scenario, hold_out: float = 0.0, segment: str = "") -> Durations:
    """From customers with their tenures; those who have not left are censored.

    A unit that is finer than the run's period is put together into periods.

    Raises:
        ScenarioError: If the run ends before the data do.
    """
    factor = periods_per_unit(scenario.run, found.unit)
    step = 1.0
    if factor < 1.0:
        step = 1.0 / factor
        found.table.about(say("grouped")).say(
            "{unit} are put together into the run's {periods}, of {step:.4g} each",
            unit=time_unit_words(found.unit),
            periods=periods_word(scenario.run.period),
            step=step,
        )
    whole = found.life_table(step)
    life = _kept(whole, hold_out)
    last = len(life.times) - 1
    deaths = np.cumsum(life.left)
    goals = np.arange(1, MOST_INTERVALS) / MOST_INTERVALS * deaths[-1]
    ends = {int(np.searchsorted(deaths, goal - 1e-9)) for goal in goals} | {int(np.flatnonzero(life.left)[-1])}
    edges = sorted(ends)
    edges[-1] = max(edges[-1], last)
    return _target(life, scenario, edges, whole, segment, exact=False)


def _kept(whole: LifeTable, hold_out: float) -> LifeTable:
    """What is fitted: all but the end that is held out.

    Raises:
        ScenarioError: If too little remains.
    """
    if hold_out <= 0.0:
        return whole
    kept = whole.until(float(whole.times[-1]) - hold_out)
    if len(kept.times) < FEWEST_TIMES or kept.left.sum() <= 0.0:
        raise ScenarioError(
            say("holds out too much: hardly anything remains to be fitted"),
            "calibrate.hold_out",
            whole.table.label,
            f"{hold_out:g}",
            say("less than the data's {span:g} {unit}", span=whole.times[-1], unit=time_unit_words(whole.unit)),
        )
    return kept


def _target(
    found: LifeTable, scenario: Scenario, places: list[int], whole: LifeTable, segment: str, *, exact: bool
) -> Durations:
    """The intervals that end at these positions, compared with the run's periods."""
    table, factor = found.table, periods_per_unit(scenario.run, found.unit)
    times = found.times[places]
    tell_of_stock(table, scenario)
    held = whole.times > float(found.times[-1]) + 1e-9
    end = whole.times[-1] if held.any() else times[-1]
    refuse_beyond(table, scenario.run, found.column, found.latest, int(end * factor + 0.5))
    periods = _whole(times * factor)
    if len(set(periods)) < len(periods) or periods[0] < 1:
        raise _too_close(table, scenario, found.unit)
    widths, trials, left = found.merged(places, exact=exact)
    forecast = ahead(float(times[-1]), factor, scenario.run.periods, whole.times[held], _curve(whole)[:, held])
    customers = customers_of(scenario, segment)
    parts = parts_of(found, places, exact=exact)
    observed = _curve(found)[:, places]
    return Durations(
        times, tuple(periods), widths, trials, left, customers, found.unit, observed, parts, forecast, segment
    )


def _curve(life: LifeTable) -> Array:
    """Kaplan and Meier's estimate at the ends of all intervals, and its 95% limits, float64[3, m]."""
    survival = np.cumprod(1.0 - life.left / np.maximum(life.at_risk, 1e-300))
    return np.stack([survival, *product_limits(life.at_risk, life.left)])


def _too_close(table: UsersTable, scenario: Scenario, unit: str) -> ScenarioError:
    return ScenarioError(
        say("the times lie closer together than the run's periods"),
        place=table.label,
        found=unit,
        allowed=say("at least a {period} from one to the next", period=period_word(scenario.run.period)),
    )


def _whole(values: Sequence[float] | Array) -> list[int]:
    return [int(value + 0.5) for value in values]
