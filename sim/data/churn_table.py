"""A table with a row for each customer: how long, and whether left; or the days of joining and leaving."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import numpy as np

from sim.data.calendar_dates import units_between
from sim.data.column_names import folded
from sim.data.life_table import Array, LifeTable
from sim.data.units import doubt_unit, longest, time_unit_words
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import say

FEWEST_LEAVERS = 5
FEWEST_CUSTOMERS = 10

STAYING = ("active", "retained", "stayed", "current", "aktiv", "activo", "alive", "stillthere")
"""Names of columns that tell who is still there, as `folded` writes them."""

FEWEST_DAYS, MUCH_MORE = 5, 4
"""From how many customers on a day is peculiar, and how many times as many as on others."""

LONG_BEFORE = 7305
"""Days, twenty years, by which no first customer came before the second."""

AT_ONCE = 0.1
"""Share of customers who left on their first day that is strange."""

MOST_SEGMENTS = 8
"""Segments that are told of one by one, the largest first."""


@dataclass(frozen=True)
class Tenures:
    """How long customers have stayed.

    Attributes:
        table: Where it comes from.
        unit: Of time.
        column: Our name of the column that the tenure comes from.
        tenure: In units, float64[n].
        left: Who has left; the others are censored, bool[n].
        weights: Customers that each row stands for, float64[n].
        entry: Tenure from which on each is watched, in units, float64[n]; 0 for those watched from their first day.
    """

    table: UsersTable
    unit: str
    column: str
    tenure: Array
    left: np.ndarray[tuple[int], np.dtype[np.bool_]]
    weights: Array
    entry: Array

    def life_table(self, per_step: float = 1.0) -> LifeTable:
        """At risk and leavers by steps of time.

        Who left with a tenure of t has left in the step that contains t (0 counts as the first); who is still there
        has stayed the whole steps up to t. Who is watched from a tenure of e on is at risk from the first step that
        begins then or later, and has told nothing of those before (Klein & Moeschberger 2003, section 4.6).

        Args:
            per_step: Units in one step.

        Raises:
            ScenarioError: If there are steps, before anybody leaves, in which nobody is watched.
        """
        steps = np.round(self.tenure / per_step, 9)
        ends = np.where(self.left, np.maximum(np.ceil(steps), 1.0), np.floor(steps)).astype(np.int64)
        before = np.minimum(np.ceil(np.round(self.entry / per_step, 9)).astype(np.int64), ends)
        count = int(ends.max()) + 1
        watched = self.left & (before < ends)
        gone = np.bincount(ends[watched], self.weights[watched], count).astype(np.float64)
        there = np.bincount(ends, self.weights, count) - np.bincount(before, self.weights, count)
        at_risk = np.maximum(np.cumsum(there[::-1])[::-1], 0.0)
        self._refuse_unwatched(at_risk[1:])
        times = np.arange(1.0, count) * per_step
        latest = int(np.argmax(self.tenure))
        return LifeTable(self.table, self.unit, self.column, times, at_risk[1:], gone[1:], latest)

    def _refuse_unwatched(self, at_risk: Array) -> None:
        """Refuse steps in which nobody is watched: no curve can be told across them."""
        empty = np.flatnonzero(at_risk <= 1e-9 * self.weights.sum())
        if self.entry.any() and len(empty):
            raise ScenarioError(
                say("nobody is watched in the unit of time that ends at {time}", time=empty[0] + 1),
                self.table.names["entry"],
                self.table.label,
                allowed=say("somebody at every tenure up to the longest"),
                hint=say("rows of customers who were watched from their first day tell of it"),
            )


def read_tenures(table: UsersTable, unit: str) -> Tenures:
    """From one row a customer: `tenure` in units and `churned`, or the dates `joined` and `left`.

    Args:
        table: Of the kind `churn`.
        unit: Of the tenure.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    if "tenure" in table.form:
        column = "tenure"
        tenure, left = table.numbers("tenure", low=0.0, high=longest(unit)), table.truths("churned")
        _doubt_name(table)
    else:
        column = "joined"
        tenure, left = _from_dates(table, unit)
    weights = _weights(table)
    entry = table.numbers("entry", low=0.0, high=longest(unit)) if "entry" in table else np.zeros(len(table))
    for row in np.flatnonzero(entry > tenure):
        table.complain(
            int(row),
            "entry",
            say("after the end of the tenure"),
            table.columns["entry"][row],
            say("at most {tenure:g}", tenure=tenure[row]),
        )
    table.check()
    if len(table) < FEWEST_CUSTOMERS or left.sum() < FEWEST_LEAVERS:
        raise ScenarioError(
            say("too little to learn from"),
            place=table.label,
            found=say("{customers} customers, {churned} of them left", customers=len(table), churned=int(left.sum())),
            allowed=say(
                "at least {fewest_customers} customers and {fewest_leavers} who left",
                fewest_customers=FEWEST_CUSTOMERS,
                fewest_leavers=FEWEST_LEAVERS,
            ),
        )
    table.repeated("customer")
    _tell(table, tenure, left, weights, unit)
    if "entry" in table:
        _tell_entry(table, entry, weights, unit)
    tell_segments(table, left, weights)
    return Tenures(table, unit, column, tenure, left, weights, entry)


def _from_dates(table: UsersTable, unit: str) -> tuple[Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    joined, gone = table.dates("joined"), table.dates("left", empty=True)
    exported = table.settings.exported
    table.check()
    days = [day for day in (*joined, *gone) if day is not None]
    if exported is None and None in gone:
        raise ScenarioError(
            say("until when were those customers who have not left? The day of the export is needed"),
            table.names["left"],
            f"{table.label}:{table.lines[gone.index(None)]}",
            "empty",
            hint=say(
                "say it: exported: {last} (the latest date in the table), or later; on the command line "
                "--read exported={last}",
                last=max(days),
            ),
        )
    tenure, left, later = np.zeros(len(table)), np.zeros(len(table), dtype=bool), 0
    for row, (start, told) in enumerate(zip(joined, gone, strict=True)):
        planned = exported is not None and told is not None and told > exported
        later += planned
        end = None if planned else told
        until: dt.date | None = end or exported
        if start is None or until is None:
            continue
        if until < start:
            table.complain(
                row,
                "left" if end is not None else "joined",
                say("before the day of joining") if end is not None else say("after the day of the export"),
                table.columns["left" if end is not None else "joined"][row],
                say("{day} or later", day=start) if end is not None else say("{day} or earlier", day=exported),
            )
            continue
        tenure[row], left[row] = units_between(start, until, unit), end is not None
    if tenure.max() > longest(unit):
        row = int(np.argmax(tenure))
        table.complain(row, "joined", say("too long ago"), table.columns["joined"][row], say("150 years at most"))
    table.check()
    if later:
        table.odd.say("{later:,} leave after the day of the export: they are taken as still there on it", later=later)
    _doubt_days(table, [day for day in joined if day is not None], max(days), int((left & (tenure == 0.0)).sum()))
    if exported is not None:
        table.about(say("exported")).say("{day}: whoever has no date of leaving was a customer then", day=exported)
    return tenure, left


def _doubt_name(table: UsersTable) -> None:
    """Say where the column of who has left is called by who is there, and nobody has said what its codes mean."""
    name = table.names["churned"]
    if folded(name).removeprefix("is") in STAYING and not table.settings.codes:
        table.odd.say(
            "{name!r} tells by its name who is still there, and yes was taken for left: `left:` and `stayed:` say "
            "what its codes mean",
            name=name,
        )


def _doubt_days(table: UsersTable, joined: list[dt.date], last: dt.date, at_once: int) -> None:
    """Say where days look like those of a system, and not of customers."""
    counts = Counter(joined)
    days, usual = sorted(counts), sorted(counts.values())[len(counts) // 2]
    first = days[0]
    many = counts[first] >= FEWEST_DAYS and counts[first] > MUCH_MORE * usual
    if len(days) >= FEWEST_DAYS and (many or (days[1] - first).days > LONG_BEFORE):
        table.odd.say(
            "{count:,} customers joined on {first}, the first day of all: a day that stands for none, or that of a "
            "new system? Then their tenure is not known",
            count=counts[first],
            first=first,
        )
    if at_once >= max(FEWEST_DAYS, AT_ONCE * len(joined)):
        table.odd.say("{count:,} customers left on the day they joined: were they tests, or orders?", count=at_once)
    exported = table.settings.exported
    if exported is not None and exported - last > last - first:
        table.odd.say(
            "nobody joined or left after {last}, long before the day of the export: is the table from then?", last=last
        )


def _weights(table: UsersTable) -> Array:
    """Customers for which each row stands; weights of a survey are scaled to what they are worth (Kish 1965)."""
    weights = np.ones(len(table))
    if "customers" in table:
        weights = table.numbers("customers", low=0.0, high=MOST, whole=True)
        table.about(say("counts")).say("each row stands for as many as {name!r} says", name=table.names["customers"])
    if "weight" in table:
        weights = weights * worth(table, weights)
    return weights


def worth(table: UsersTable, times: Array) -> Array:
    """The column `weight`, scaled so that the weighted sum is what as accurate equal ones would be: Kish's number.

    (sum n w)^2 / sum n w^2, where each row stands for n. Source: Kish 1965, section 11.7.
    """
    given = table.numbers("weight", low=0.0, high=1e12)
    table.check()
    if (times * given).sum() <= 0.0:
        table.complain(0, "weight", say("all weights are 0"), allowed=say("some above 0"))
        table.check()
    effective = (times * given).sum() ** 2 / (times * given**2).sum()
    table.about(say("weights")).say(
        "{name!r} from {low:g} to {high:g}: {rows:,.0f} are worth {effective:,.1f} with equal weights",
        name=table.names["weight"],
        low=given.min(),
        high=given.max(),
        rows=times.sum(),
        effective=effective,
    )
    return given * (effective / (times * given).sum())


def _tell(
    table: UsersTable, tenure: Array, left: np.ndarray[tuple[int], np.dtype[np.bool_]], weights: Array, unit: str
) -> None:
    total, gone = weights.sum(), weights[left].sum()
    if total < 1.0:
        table.complain(0, "customers" if "customers" in table else "weight", say("nobody is left"))
        table.check()
    table.about(say("customers")).say(
        "{total:,.7g}: {gone:,.7g} left ({share:.1%}), {still:,.7g} still there",
        total=total,
        gone=gone,
        share=gone / total,
        still=total - gone,
    )
    order = np.argsort(tenure)
    middle = tenure[order][np.searchsorted(np.cumsum(weights[order]), total / 2.0)]
    table.about(say("span")).say(
        "tenure {low:,.4g} to {high:,.5g} {unit}, median {middle:,.4g}",
        low=tenure.min(),
        high=tenure.max(),
        unit=time_unit_words(unit),
        middle=middle,
    )
    doubt = doubt_unit(tenure.max(), unit)
    if doubt:
        table.odd.append(doubt)
    if left.all():
        table.odd.say("everybody has left: are those who are still there in the table?")


def _tell_entry(table: UsersTable, entry: Array, weights: Array, unit: str) -> None:
    late = entry > 0.0
    table.about(say("late entry")).say(
        "{late:,.7g} of {total:,.7g} are watched only from a tenure of {low:,.4g} to {high:,.5g} {unit} on "
        "({name!r}), and tell nothing of the time before",
        late=weights[late].sum(),
        total=weights.sum(),
        low=entry[late].min() if late.any() else 0.0,
        high=entry.max(),
        unit=time_unit_words(unit),
        name=table.names["entry"],
    )


def tell_segments(table: UsersTable, left: np.ndarray[tuple[int], np.dtype[np.bool_]], weights: Array) -> None:
    """Say who is in which segment and left; where there are several, that they are taken together."""
    if "segment" not in table:
        return
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(table.columns["segment"]):
        rows.setdefault(text, []).append(row)
    some = sorted(rows, key=lambda name: -weights[rows[name]].sum())[:MOST_SEGMENTS]
    told = [
        say(
            "{name!r} {count:,.7g} ({share:.1%} left)",
            name=name,
            count=weights[rows[name]].sum(),
            share=(weights * left)[rows[name]].sum() / max(weights[rows[name]].sum(), 1e-300),
        )
        for name in some
    ]
    more = len(rows) - len(some)
    table.tell(say("segments"), ", ".join([*told, *([say("and {more} more", more=more)] if more else [])]))
    tell_together(table, some[0])


def tell_together(table: UsersTable, first: str = "") -> None:
    """Say that segments are taken together, where a table has several; `first` is one of them."""
    if "segment" not in table:
        return
    values = dict.fromkeys(table.columns["segment"])
    if len(values) > 1:
        table.odd.say(
            "the column {name!r} has {segments:,} values, and all are taken together where they are no segments of "
            "a scenario: only.{name}={first} chooses one",
            name=table.names["segment"],
            segments=len(values),
            first=first or next(iter(values)),
        )
