"""The timeline of a scenario, laid out as stretches of periods with constant parameters."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from sim.model.dimensions import DIMENSIONS
from sim.model.market import MOST_PERIODS, Run
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import assign, get_path, is_preset, leaves, locate, set_path, validated
from sim.parameters.plain_words import Place, information, registry_path
from sim.vocabulary.errors import Problem, Problems, ScenarioError
from sim.words import say

__all__ = [
    "PERFECT_ANSWERS",
    "WITHOUT_FAILURES",
    "Patch",
    "check_change",
    "counterfactuals",
    "first_day",
    "get_path",
    "period_of",
    "phases",
    "promises_kept",
    "set_path",
    "span",
]


Patch = Mapping[str, Any]
"""Parameters by path, with the values that they have in another world than the scenario's."""

WITHOUT_FAILURES: Patch = {"firm.systems.failure_scale": 0.0}
"""The world in which no service of the focal firm fails."""

PERFECT_ANSWERS: Patch = {
    **{
        f"firm.desk.{name}": 1.0
        for name in (
            "answer_share",
            "resolution_share",
            "front_line_resolution",
            "compensation",
            "apology",
            "follow_up",
        )
    },
    "firm.desk.agents": 1000.0,
    "firm.desk.handling_hours": 0.0,
    "firm.desk.apology_hours": 0.0,
    "firm.desk.investigation_days": 0.0,
    "firm.desk.patience_days": 0.0,
}
"""The world in which every complaint is resolved at once, with apology, full compensation and a call."""


def first_day(run: Run, period: int) -> dt.date:
    """The date on which a period begins: weeks have 7 days, months are calendar months.

    >>> first_day(Run(period="month", start=dt.date(2026, 1, 31)), 1)
    datetime.date(2026, 2, 28)

    Raises:
        OverflowError: If the date lies beyond the year 9999.
    """
    if run.period != "month":
        return run.start + dt.timedelta(days=period * (7 if run.period == "week" else 1))
    month = run.start.month - 1 + period
    year = run.start.year + month // 12
    if year > dt.MAXYEAR:
        raise OverflowError(say("date value out of range"))
    month = month % 12 + 1
    return dt.date(year, month, min(run.start.day, calendar.monthrange(year, month)[1]))


def period_of(run: Run, when: int | dt.date) -> int:
    """The number of the period in which a date lies (negative before the start); a number stands for itself.

    >>> period_of(Run(start=dt.date(2026, 1, 5)), dt.date(2026, 1, 14))
    1
    """
    if isinstance(when, int):
        return when
    if run.period != "month":
        return (when - run.start).days // (7 if run.period == "week" else 1)
    months = (when.year - run.start.year) * 12 + when.month - run.start.month
    return months - 1 if when < first_day(run, months) else months


def span(run: Run, change: Change) -> tuple[int, int | None]:
    """First period of a change and the first period after it (none: the change stays).

    A dated change takes effect in the period that contains its date, and ends in the period that contains `until`.

    Raises:
        ScenarioError: If the change begins before the run, ends before it begins, or lies beyond any run.
    """
    begin = period_of(run, change.at)
    for name, when in (("at", change.at), ("until", change.until)):
        if isinstance(when, int) and when > MOST_PERIODS:
            raise ScenarioError(
                say("no run lasts so long"),
                name,
                found=str(when),
                allowed=say("a period from 0 to {most_periods:,}", most_periods=MOST_PERIODS),
            )
    if begin < 0:
        raise ScenarioError(
            say("begins before the run"),
            "at",
            found=str(change.at),
            allowed=say("0 or {start} at the earliest", start=run.start),
        )
    if change.until is None:
        return begin, None
    end = period_of(run, change.until)
    if end <= begin:
        try:
            earliest = say(
                "period {begin} or {first_day} at the earliest", begin=begin + 1, first_day=first_day(run, begin + 1)
            )
        except OverflowError:  # a change that begins at the end of the calendar
            earliest = say("period {begin} at the earliest", begin=begin + 1)
        raise ScenarioError(
            say("ends before it has lasted one period"), "until", found=str(change.until), allowed=earliest
        )
    return begin, end


def check_change(scenario: Scenario, change: Change) -> list[Problem]:
    """What is wrong with the paths of a change: unknown, or fixed before the first period.

    Returns:
        Problems whose key is the path as the user wrote it; none where all is well.
    """
    tree, kind = scenario.model_dump(), type(scenario)
    found = Problems()
    for path, value in change.set.items():
        try:
            _, section = locate(tree, path, kind)
            for leaf, _ in leaves(path, value, section):
                place, _ = locate(tree, leaf, kind)
                info = information(registry_path(place), kind)
                if info is not None and info.setup:
                    found.add(
                        say("cannot change during a run: it shapes the population before the first period"),
                        leaf,
                        hint=say("set it outside the timeline"),
                    )
        except ScenarioError as error:
            found += error.problems
    if all(is_preset(path) for path in change.set):
        found.add(
            say("a change to a preset must carry the preset's values"),
            next(iter(change.set)),
            hint=say("load the scenario from a file, which writes them in"),
        )
    return found


def phases(
    scenario: Scenario, patch: Patch | None = None, today: Scenario | None = None
) -> tuple[tuple[int, Scenario], ...]:
    """Lay out the timeline as stretches of constant parameters.

    A warm-up is a stretch of its own before period 0, in which neither the timeline nor the patch holds.

    Changes that hold at the same time are applied in the order in which they began (those of one period in the order
    of the list), so the latest wins; when a temporary change ends, whatever lies beneath it comes back. Changes after
    the last period are left out.

    Args:
        scenario: A loaded scenario; its own parameters are those of period 0.
        patch: Parameters by path that hold in every period that is counted, whatever the timeline says: a
            counterfactual world.
        today: What holds in the warm-up, if not the scenario itself: worlds that are compared share it.

    Returns:
        Pairs of first period and scenario, the first at period 0, or at minus the length of the warm-up.

    Raises:
        ScenarioError: If a path is unknown or fixed before the first period, a value is not allowed, or a change
            ends before it begins.

    >>> cut = Change(at=10, until=20, set={"firm.desk.ease": -1.0})
    >>> [(start, stretch.firm.desk.ease) for start, stretch in phases(Scenario(timeline=[cut]))]
    [(0, 0.0), (10, -1.0), (20, 0.0)]
    """
    spans: list[tuple[int, int, int | None, Change]] = []
    problems = check_change(scenario, Change(at=0, set=dict(patch))) if patch else []
    for index, change in enumerate(scenario.timeline):
        here = f"timeline.{index}"
        try:
            spans.append((*span(scenario.run, change)[:1], index, span(scenario.run, change)[1], change))
        except ScenarioError as error:
            problems += [problem.at(here) for problem in error.problems]
        problems += [problem.at(here) for problem in check_change(scenario, change)]
    if problems:
        raise ScenarioError(problems)
    spans.sort(key=lambda item: item[:2])
    last = scenario.run.periods
    starts = {0} | {item[0] for item in spans} | {item[2] for item in spans if item[2] is not None}
    before = scenario.run.warm_up
    laid_out = [(-before, today or scenario)] if before else []
    for start in sorted(start for start in starts if start < last):
        active = [item for item in spans if item[0] <= start and (item[2] is None or start < item[2])]
        stretch = _with_changes(scenario, active) if active else scenario
        for path, value in (patch or {}).items():
            stretch = set_path(stretch, path, value)
        if not laid_out or laid_out[-1][1] != stretch:
            laid_out.append((start, stretch))
    return tuple(laid_out)


def promises_kept(scenario: Scenario) -> Patch:
    """The world in which the focal firm delivers on every dimension at least what it promises at any time of the run.

    >>> scenario = set_path(Scenario(), "firm.strategy.promise.tangibles", 5.8)
    >>> promises_kept(scenario)["firm.systems.service.tangibles"]
    5.8
    """
    stretches = [stretch.firm for _, stretch in phases(scenario)]
    return {
        f"firm.systems.service.{name}": max(
            max(getattr(firm.systems.service, name), getattr(firm.strategy.promise, name)) for firm in stretches
        )
        for name in DIMENSIONS
    }


def counterfactuals(scenario: Scenario) -> dict[str, Patch]:
    """The worlds that a run is compared with, by name: the same people with the same luck and a better focal firm.

    >>> list(counterfactuals(Scenario()))
    ['without_failures']
    """
    worlds: dict[str, Patch] = {}
    if scenario.money.measure_opportunity_cost:
        worlds["without_failures"] = WITHOUT_FAILURES
    if scenario.money.measure_quality_worlds:
        worlds |= {"promises_kept": promises_kept(scenario), "perfect_answers": PERFECT_ANSWERS}
    return worlds


def _with_changes(scenario: Scenario, active: list[tuple[int, int, int | None, Change]]) -> Scenario:
    tree = scenario.model_dump()
    names: dict[Place, str] = {}
    for _, index, _, change in active:
        for path, value in change.set.items():
            for place in assign(tree, path, value, type(scenario)):
                names[place] = f"timeline.{index}.set.{path}"
    return validated(tree, names, type(scenario))
