"""Retention: who of one or several cohorts is still there after each time."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.data.churn_table import tell_together
from sim.data.dated_times import number_dates, rows_by_cohort, turn_round
from sim.data.life_table import Array, LifeTable
from sim.data.units import doubt_unit, longest, time_unit_words
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import say, written

FEWEST_CUSTOMERS = 10

PERCENT = "percent"
APART = 10.0
"""How much larger the next one is than the largest share up to 1, where some are shares and others per cent."""


class Cohort(NamedTuple):
    """One cohort: its size, and survivors after rising times above 0."""

    name: str
    size: float
    times: Array
    survivors: Array
    rows: tuple[int, ...]


def read_cohorts(table: UsersTable, unit: str, customers: int | None) -> LifeTable:
    """From `time` with `survivors` or `share` and `customers`; with `cohort` of several; or from rates of leaving.

    Args:
        table: Of the kind `retention`.
        unit: Of the times.
        customers: Size of the cohort, where the table does not say.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    unit = number_dates(table, unit)
    if "survivors" in table.form and any("%" in text for text in table.columns["survivors"]):
        table.columns["share"], table.names["share"] = table.columns.pop("survivors"), table.names.pop("survivors")
        table.form = ("time", "share")
    times = table.numbers("time", low=0.0, high=longest(unit))
    if _newest_first(table, times):
        turn_round(table)
        times = times[::-1]
    if "survivors" not in table.form and "share" not in table.form:
        found = _from_rates(table, unit, times)
    else:
        cohorts = _cohorts(table, times, customers)
        found = LifeTable(table, unit, "time", *_pooled(table, cohorts), int(np.argmax(times)))
    tell_together(table)
    kept = float(np.prod(1.0 - found.left / np.maximum(found.at_risk, 1.0)))
    table.about(say("span")).say(
        "up to {last:g} {unit}: {kept:.1%} are still there", last=found.times[-1], unit=time_unit_words(unit), kept=kept
    )
    doubt = doubt_unit(float(found.times[-1]), unit)
    if doubt:
        table.odd.append(doubt)
    return found


def _newest_first(table: UsersTable, times: Array) -> bool:
    """Whether times fall from row to row throughout. Where some rise there was a slip, or are several cohorts."""
    steps = [times[row] - times[last] for rows in rows_by_cohort(table).values() for last, row in pairwise(rows)]
    return max(steps, default=0.0) < 0.0


def _survivors(table: UsersTable, sizes: Array | None) -> Array:
    if "survivors" in table.form:
        if "share" in table:
            table.odd.say("{name!r} is not used beside the survivors", name=table.names["share"])
        return table.numbers("survivors", low=0.0, high=MOST, whole=True)
    if sizes is None:
        raise ScenarioError(
            say("shares of how many customers? Without that nobody knows how sure the curve is"),
            "share",
            table.label,
            hint=say("give `calibrate: {{customers: 1000}}`, --read customers=1000, or a column `customers`"),
        )
    shares, whole = as_shares(table, "share", say("shares in per cent? Then scale: percent"))
    table.about(say("scale")).say("shares from 0 to {whole:g}", whole=whole)
    return np.round(shares * sizes)


def as_shares(table: UsersTable, column: str, hint: str) -> tuple[Array, float]:
    """A column as shares, and what the whole is written as; with `scale: percent` cells may have their sign or not."""
    ends = table.settings.scale_ends
    if table.settings.scale == PERCENT:
        table.columns[column] = [text.rstrip("% \u00a0\u202f") for text in table.columns[column]]
    whole = 1.0 if ends is None else ends[1]
    given = table.numbers(column, low=0.0, high=whole, hint=hint)
    some = given[given > 0.0]
    small, large = some[some <= 1.0], some[some > 1.0]
    if len(small) and len(large) and large.min() > APART * small.max():
        table.odd.say(
            "{name!r} holds {small:g} beside {large:g}: are some shares and others per cent?",
            name=table.names[column],
            small=small.max(),
            large=large.min(),
        )
    return given / whole, whole


def _cohorts(table: UsersTable, times: Array, customers: int | None) -> list[Cohort]:
    groups = rows_by_cohort(table)
    sizes = None if customers is None else np.full(len(table), float(customers))
    if "customers" in table:
        sizes = table.numbers("customers", low=FEWEST_CUSTOMERS, high=MOST, whole=True)
    survivors = _survivors(table, sizes)
    table.check()
    found = [_cohort(table, name, rows, times, survivors, sizes) for name, rows in groups.items()]
    table.check()
    cohorts = [cohort for cohort in found if cohort is not None and len(cohort.times)]
    sizes_told = [cohort.size for cohort in found if cohort is not None]
    if sum(sizes_told) < FEWEST_CUSTOMERS:
        raise ScenarioError(
            say("the cohort is too small"),
            place=table.label,
            found=say("{size:g} customers", size=sum(sizes_told)),
            allowed=say("at least {fewest_customers}", fewest_customers=FEWEST_CUSTOMERS),
        )
    if len(groups) == 1 and (not cohorts or len(cohorts[0].times) < 2):
        raise ScenarioError(say("too few rows"), place=table.label, found=str(len(table)), allowed=say("at least 3"))
    table.tell(
        say("customers"),
        say("{total:,.0f} in one cohort", total=sum(sizes_told))
        if len(sizes_told) == 1
        else say(
            "{total:,.0f} in {count} cohorts of {least:,.0f} to {most:,.0f}, fitted together",
            count=len(sizes_told),
            total=sum(sizes_told),
            least=min(sizes_told, default=0),
            most=max(sizes_told, default=0),
        ),
    )
    lone = len(groups) - len(cohorts)
    if lone:
        table.about(say("left aside")).plural(
            "{n} cohort with its first count only", "{n} cohorts with their first count only", lone
        )
    return cohorts


def _cohort(
    table: UsersTable, name: str, rows: list[int], times: Array, survivors: Array, sizes: Array | None
) -> Cohort | None:
    """One cohort, checked; None where something is wrong with it, which is noted."""
    column = "survivors" if "survivors" in table.form else "share"
    before, risen = len(table.problems), False
    for last, row in pairwise(rows):
        if times[row] <= times[last]:
            several = "" if "cohort" in table else say("several cohorts? columns: {{cohort: ...}} tells them apart")
            table.complain(
                row,
                "time",
                say("not later than the row before"),
                f"{times[row]:g}",
                say("above {time:g}", time=times[last]),
                several,
            )
        elif survivors[row] > survivors[last] and not risen:
            risen = True
            table.complain(
                row,
                column,
                say("rises: customers who left cannot be survivors again"),
                table.columns[column][row],
                say("at most {most}", most=table.columns[column][last]),
                say(
                    "a firm's count of customers, among whom new ones come meanwhile, is no cohort; if the table says "
                    "who left: columns: {{lost: ..., customers: ...}}"
                ),
            )
        if sizes is not None and sizes[row] != sizes[last]:
            table.complain(
                row,
                "customers",
                say("the cohort's size changes"),
                table.columns["customers"][row],
                say("the same number in every row"),
                say("or, with several cohorts, columns: {{cohort: ...}}"),
            )
    start, first = times[rows[0]] == 0.0, rows[0]
    if not start and sizes is None:
        table.complain(
            first,
            "time",
            say("does not begin with the whole cohort"),
            f"{times[first]:g}",
            say("0 in the first row"),
            say("or give `calibrate: {{customers: ...}}`"),
        )
    elif sizes is not None and (survivors[first] > sizes[first] or (start and survivors[first] != sizes[first])):
        whole = written(sizes[first], ",.12g") if column == "survivors" else "1"
        table.complain(
            first,
            column,
            say("not the whole cohort at time 0") if start else say("more survivors than customers"),
            table.columns[column][first],
            whole if start else say("at most {whole}", whole=whole),
        )
    if len(table.problems) > before:
        return None
    size = float(survivors[first] if sizes is None else sizes[first])
    used = rows[1:] if start else rows
    return Cohort(name, size, times[used], survivors[used], tuple(used))


def _pooled(table: UsersTable, cohorts: list[Cohort]) -> tuple[Array, Array, Array]:
    """Times, customers at risk and leavers of all cohorts together."""
    grid = np.unique(np.concatenate([cohort.times for cohort in cohorts]))
    at_risk, left = np.zeros(len(grid)), np.zeros(len(grid))
    for cohort in cohorts:
        skipped = np.setdiff1d(grid[: np.searchsorted(grid, cohort.times[-1])], cohort.times)
        if len(skipped):
            table.complain(
                cohort.rows[0],
                "time",
                say("cohort {name!r} has no row for {time:g}, which others have", name=cohort.name, time=skipped[0]),
                allowed=say("the same times in every cohort, from its first to its last"),
            )
            continue
        before = np.concatenate([[cohort.size], cohort.survivors[:-1]])
        at_risk[: len(before)] += before
        left[: len(before)] += before - cohort.survivors
    table.check()
    some = at_risk > 0
    return grid[some], at_risk[some], left[some]


def _from_rates(table: UsersTable, unit: str, times: Array) -> LifeTable:
    """Of those who are there at the beginning of a unit of time, the share or the number who leave in it."""
    there = table.numbers("customers", low=1.0, high=MOST)
    if "lost" in table.form:
        left = table.numbers("lost", low=0.0, high=MOST, whole=True)
        if "rate" in table:
            table.odd.say("{name!r} is not used beside the numbers who left", name=table.names["rate"])
    else:
        rates, whole = as_shares(table, "rate", say("rates in per cent? Then scale: percent"))
        table.about(say("scale")).say("rates from 0 to {whole:g}", whole=whole)
        left = np.round(rates * there)
        if len(rates) and whole == 1.0 and rates.min() > 0.3:
            table.odd.say(
                "more than {least:.0%} leave in every row: are the rates yearly, or in per cent (scale: percent)?",
                least=rates.min(),
            )
    table.check()
    for row in range(len(table)):
        if row and times[row] <= times[row - 1]:
            table.complain(
                row,
                "time",
                say("not later than the row before"),
                f"{times[row]:g}",
                say("above {time:g}", time=times[row - 1]),
            )
        if left[row] > there[row]:
            table.complain(
                row,
                "lost",
                say("more than were there"),
                table.columns["lost"][row],
                say("at most {most:,g}", most=there[row]),
            )
    table.check()
    if len(table) < 2:
        raise ScenarioError(say("too few rows"), place=table.label, found=str(len(table)), allowed=say("at least 2"))
    if times[0] == 0.0:  # numbered from 0: the first unit ends at 1
        times = times + 1.0
        table.about(say("time")).say(
            "numbered from 0: the row of 0 holds who left in the first of the {unit}", unit=time_unit_words(unit)
        )
    table.about(say("customers")).say(
        "{first:,g} at the beginning of the first row, {last:,g} of the last; {left:,g} left in all",
        first=there[0],
        last=there[-1],
        left=left.sum(),
    )
    return LifeTable(table, unit, "time", times, there, left, len(table) - 1)
