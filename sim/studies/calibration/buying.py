"""Purchases against those of a run's customers of the start: how often each bought again, and when last.

Customers are put together by how many repeat purchases they have and by the period of the last one, which is all that
the BG/NBD model takes of them (Fader, Hardie & Lee 2005); the shares of these groups are compared, for customers who
have been watched equally long. A run's customers of the start have just made their first purchase.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.data.transactions import Purchases
from sim.data.units import UNITS_PER_YEAR
from sim.engine.buyers import Buyers
from sim.model.market import PERIODS_PER_YEAR, Run
from sim.model.scenario import Scenario
from sim.results.output_names import BOUGHT, of_segment
from sim.studies.calibration.categories import Categories
from sim.studies.calibration.target import Array, customers_of, plainly
from sim.vocabulary.errors import ScenarioError
from sim.words import period_word, periods_word, say

MOST_AGES = 16
"""Spans for which customers have been watched that are told apart."""

MOST_GROUPS, BUYERS_A_GROUP = 4, 20
MOST_TIMES, BUYERS_A_TIME = 3, 15
"""Groups by number of purchases, and of each by the time of the last one; and how many customers a group needs."""

Whole = npt.NDArray[np.int64]

DAYS = {"day": 1.0, "week": 7.0}


class WatchedShare(NamedTuple):
    """Customers who have been watched for equally many periods: their share of all."""

    periods: int
    share: float


@dataclass(frozen=True)
class Buying(Categories):
    """Repeat purchases as a `Target`.

    Attributes:
        groups: Buyers of each category, the last period of the latest ones open.
        watched: For how long customers have been watched.
        period: The run's unit of time.
    """

    groups: tuple[Buyers, ...] = ()
    watched: tuple[WatchedShare, ...] = ()
    period: str = ""

    def _asked(self) -> Iterator[tuple[int, float, str]]:
        """Number of the category, weight, and output, for each span and category that there can be in it."""
        for watched in self.watched:
            for number, group in enumerate(self.groups):
                buyers = group
                if group.first is not None:
                    if group.first >= watched.periods:
                        continue
                    last = watched.periods - 1 if group.last is None else min(group.last, watched.periods - 1)
                    buyers = group._replace(last=last)
                yield number, watched.share, f"{BOUGHT}@{watched.periods}:{buyers}"

    @property
    def outputs(self) -> tuple[str, ...]:
        """Shares of the customers of the start who are such buyers."""
        return of_segment([name for _, _, name in self._asked()], self.segment)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all groups but the last."""
        return tuple(self._words(group) for group in self.groups[:-1])

    def _words(self, group: Buyers) -> str:
        if group.most == 0:
            return say("not bought again")
        times = str(group._replace(first=None, last=None))
        if group.last is None:
            return say(
                "repeat purchases: {times}, the last in {period} {first} or later",
                times=times,
                period=period_word(self.period),
                first=group.first,
            )
        return say(
            "repeat purchases: {times}, the last in {periods} {first} to {last}",
            times=times,
            periods=periods_word(self.period),
            first=group.first,
            last=group.last,
        )

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Logits of the groups."""
        own = plainly(rows, self.segment)
        shares = np.zeros((len(own), len(self.groups)))
        for number, weight, name in self._asked():
            shares[:, number] += weight * own[name].to_numpy(np.float64)
        return self._logits(shares)

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Share of each group."""
        return self._table([self._words(group) for group in self.groups], summaries, replicates)


def buying_target(found: Purchases, scenario: Scenario, segment: str = "") -> Buying:
    """From purchases: groups of customers, by repeat purchases and the period of the last one.

    Raises:
        ScenarioError: If the run is shorter than customers have been watched, or hardly anybody bought again.
    """
    run, table = scenario.run, found.table
    days = DAYS.get(run.period, UNITS_PER_YEAR["days"] / PERIODS_PER_YEAR[run.period])
    ages = np.round(found.age / days).astype(np.int64)
    seen = ages >= 1
    if not seen.all():
        left = int((~seen).sum())
        table.odd.plural(
            "{n:,} customer came too late to be watched for a {period}, and is left aside",
            "{n:,} customers came too late to be watched for a {period}, and are left aside",
            left,
            period=period_word(run.period),
        )
    times, ages = found.frequency[seen].astype(np.int64), ages[seen]
    last = np.minimum(np.ceil(found.recency[seen] / days).astype(np.int64) - 1, ages - 1)
    _refuse_short_run(found, run, int(ages.max(initial=0)))
    if (times > 0).sum() < BUYERS_A_TIME:
        raise ScenarioError(
            say("too little to learn from"),
            place=table.label,
            found=say("{customers} customers who bought again", customers=int((times > 0).sum())),
            allowed=say("at least {fewest_customers}", fewest_customers=BUYERS_A_TIME),
        )
    groups = _groups(times, last)
    counts = [int(_belong(group, times, last).sum()) for group in groups]
    watched = _watched(ages)
    table.about(say("compared")).say(
        "{groups} groups of customers by repeat purchases and the {period} of the last one, watched for {least} to "
        "{most} {periods}",
        groups=len(groups),
        period=period_word(run.period),
        periods=periods_word(run.period),
        least=watched[0].periods,
        most=watched[-1].periods,
    )
    return Buying(np.array(counts, np.float64), customers_of(scenario, segment), segment, groups, watched, run.period)


def _refuse_short_run(found: Purchases, run: Run, needed: int) -> None:
    if needed > run.periods:
        raise ScenarioError(
            say("the run ends before the data do: run.periods is {periods}", periods=run.periods),
            place=found.table.label,
            found=say(
                "customers who were watched for {needed} {periods}", needed=needed, periods=periods_word(run.period)
            ),
            allowed=say("run.periods of at least {needed}", needed=needed),
            hint=say("set: {{run.periods: {needed}}} in the experiment file", needed=needed),
        )


def _groups(times: Whole, last: Whole) -> tuple[Buyers, ...]:
    """Who has not bought again; then by number of purchases, and of each by when the last one was, equally many."""
    again = times[times > 0]
    wanted = int(np.clip(len(again) // BUYERS_A_GROUP, 1, MOST_GROUPS))
    ends = np.unique(np.quantile(again, np.arange(1, wanted) / wanted, method="lower")).tolist()
    found = [Buyers(0, 0)]
    for low, high in pairwise([0, *ends, None]):
        group = Buyers(int(low or 0) + 1, None if high is None else int(high))
        own = np.sort(last[_belong(group, times, last)])
        if not len(own):
            continue
        parts = int(np.clip(len(own) // BUYERS_A_TIME, 1, MOST_TIMES))
        edges = np.unique(np.quantile(own, np.arange(1, parts) / parts, method="lower")).astype(int).tolist()
        edges = [edge for edge in edges if edge < own[-1]]
        begins = [0, *(edge + 1 for edge in edges)]
        found += [group._replace(first=first, last=end) for first, end in zip(begins, [*edges, None], strict=True)]
    return tuple(found)


def _belong(group: Buyers, times: Whole, last: Whole) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    chosen = times >= group.least
    if group.most is not None:
        chosen &= times <= group.most
    if group.first is not None:
        chosen &= last >= group.first
    if group.last is not None:
        chosen &= last <= group.last
    return chosen


def _watched(ages: Whole) -> tuple[WatchedShare, ...]:
    """For how many periods customers have been watched; similar spans put together where there are many."""
    ordered = np.sort(ages)
    if len(np.unique(ordered)) > MOST_AGES:
        parts = np.array_split(ordered, MOST_AGES)
        ordered = np.concatenate([np.full(len(part), max(1, round(float(part.mean())))) for part in parts])
    spans, counts = np.unique(ordered, return_counts=True)
    return tuple(WatchedShare(int(span), float(count / len(ages))) for span, count in zip(spans, counts, strict=True))
