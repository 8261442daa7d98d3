"""Entries of a timeline that stand for several changes: ramps, series from a file, and what recurs, written out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.data.table_kinds import WHICHEVER
from sim.data.table_settings import TableSettings
from sim.model.market import Run
from sim.parameters.plain_words import shown, translate
from sim.parameters.timeline import period_of
from sim.scenario.calendar_names import month_named
from sim.scenario.document import Node
from sim.scenario.said_dates import Wanted, middle, moment, recurring
from sim.vocabulary.errors import Problem, Problems, ScenarioError
from sim.words import say

KEYS = ("at", "until", "set", "every", "ramp", "from", "read")
"""What may stand in an entry of a timeline."""

LINEAR = "linear"
_ENDS = ("from", "to")


@dataclass
class PlanEntry:
    """An entry of a timeline while it is written out.

    Attributes:
        node: As it stands in the file.
        key: `timeline.3`.
        run: Its calendar.
        base: Folder that a file named in it is relative to.
        fallback: Where messages point to if a node has no place.
        problems: What is wrong.
        doubts: What is probably not meant.
    """

    node: Node
    key: str
    run: Run
    base: Path
    fallback: str
    problems: Problems = field(default_factory=Problems)
    doubts: Problems = field(default_factory=Problems)

    def complain(self, problem: Problem, *keys: str) -> None:
        """Note a problem with the value under some keys."""
        node, name = self.node, self.key
        for key in keys:
            node = node.value.get(key, node) if isinstance(node.value, dict) else node
            name = f"{name}.{key}"
        where = str(node.mark or self.fallback)
        self.problems.append(problem if problem.place else problem.at(where, name))

    def when(self, name: str) -> int | dt.date | None:
        """What stands under `at` or `until`; None where nothing does, or where it is wrong and noted."""
        node = self.node.value.get(name)
        if node is None:
            return None
        if isinstance(node.value, str):
            try:
                return moment(node.value, self.run, until=name == "until")
            except ScenarioError as error:
                for problem in error.problems:
                    self.complain(replace(problem, hint=problem.hint or node.hint), name)
                return None
        return node.value  # numbers and dates; others are refused with the change

    def begin_of(self, when: Any) -> int | None:
        """The period of a time, or None if it is none."""
        whole = isinstance(when, int) and not isinstance(when, bool)
        return period_of(self.run, when) if whole or isinstance(when, dt.date) else None


def written_out(entry: PlanEntry) -> list[Node]:
    """The entry as changes that have only `at`, `until` and `set`.

    Returns:
        Nodes with the places of the entry; none with what is wrong noted in it.
    """
    keys = set(entry.node.value)
    kinds = [name for name in ("every", "ramp", "from") if name in keys]
    if len(kinds) > 1:
        entry.complain(Problem(say("is a ramp, recurs, or comes from a file"), found=", ".join(kinds)), kinds[1])
        return []
    if "read" in keys and "from" not in keys:
        entry.complain(Problem(say("says how a file is read, and there is no `from`")), "read")
        return []
    before = len(entry.problems)
    if kinds == ["every"]:
        changes = list(_recurring(entry))
    elif kinds == ["ramp"]:
        changes = list(_ramp(entry))
    elif kinds == ["from"]:
        changes = list(_series(entry))
    else:
        times = {name: _as(entry, name, entry.when(name)) for name in ("at", "until") if name in keys}
        changes = [Node({**times, "set": entry.node.value["set"]}, entry.node.mark, entry.node.key_mark)]
    return [] if len(entry.problems) > before else changes


def _as(entry: PlanEntry, name: str, value: Any) -> Node:
    node = entry.node.value.get(name, entry.node)
    return Node(value, node.mark, node.key_mark, node.hint)


def _change(entry: PlanEntry, begin: Any, end: Any, values: dict[str, Node]) -> Node:
    given = entry.node.value["set"]
    parts = {"at": _as(entry, "at", begin), "set": Node(values, given.mark, given.key_mark)}
    if end is not None:
        parts["until"] = _as(entry, "until", end)
    return Node(parts, entry.node.mark, entry.node.key_mark)


def _like(node: Node, value: Any) -> Node:
    return Node(value, node.mark, node.key_mark, node.hint)


# --- a ramp -----------------------------------------------------------------------------------------------------------


def _ramp(entry: PlanEntry) -> Iterator[Node]:
    """Equal steps, one a period, from the value at the beginning to the one at the end, which stays."""
    kind = entry.node.value["ramp"]
    if kind.value != LINEAR:
        entry.complain(Problem(say("no such ramp"), found=shown(kind.plain), allowed=LINEAR), "ramp")
    if "until" not in entry.node.value:
        entry.complain(Problem(say("a ramp needs `until`: when the last value is reached")))
    at, until = entry.when("at"), entry.when("until")
    begin, end = entry.begin_of(at), entry.begin_of(until)
    ways = {path: way for path, node in entry.node.value["set"].value.items() if (way := _way(entry, path, node))}
    if entry.problems:
        return
    if begin is None or end is None or end <= begin or begin >= entry.run.periods:
        # What is wrong with the times, or without effect, is told of the whole entry.
        yield _change(entry, at, until, {path: _like(node, last) for path, (node, _, last) in ways.items()})
        return
    steps = end - begin
    for step in range(min(steps, entry.run.periods - begin)):
        values = {
            path: _like(node, f"{step}/{steps} of the way {'' if first is None else f'from {first} '}to {last}")
            for path, (node, first, last) in ways.items()
            if step > 0 or first is not None
        }
        if values:
            yield _change(entry, begin + step, begin + step + 1, values)
    if end < entry.run.periods:
        yield _change(entry, end, None, {path: _like(node, last) for path, (node, _, last) in ways.items()})


def _way(entry: PlanEntry, path: str, node: Node) -> tuple[Node, Any, Any] | None:
    """Where a ramp begins, or None for the value of today, and where it ends."""
    value = node.value
    if isinstance(value, dict) and set(value) <= set(_ENDS) and "to" in value:
        ends = [None if name not in value else value[name].plain for name in _ENDS]
    else:
        ends = [None, node.plain]
    if any(isinstance(end, bool) or not isinstance(end, int | float | str | None) for end in ends) or ends[1] is None:
        entry.complain(
            Problem(
                say("no end of a ramp"),
                found=shown(node.plain),
                allowed=say("a number, +3%, or {{from: ..., to: ...}}"),
            ),
            "set",
            path,
        )
        return None
    return node, ends[0], ends[1]


# --- what recurs ------------------------------------------------------------------------------------------------------


def _recurring(entry: PlanEntry) -> Iterator[Node]:
    """A change for each stretch of periods in which the same recurs, within `at` and `until`."""
    wanted: list[Wanted] = []
    names = entry.node.value["every"]
    for name in names.value if isinstance(names.value, list) else [names]:
        said = re.split(r", ?| and ", name.plain) if isinstance(name.plain, str) else [name.plain]
        try:
            wanted += [recurring(one, entry.run) for one in said]
        except ScenarioError as error:
            for problem in error.problems:
                entry.complain(problem, "every")
    given = entry.node.value["set"].value
    by_month = {path: _by_month(node) for path, node in given.items()}
    begin, end = (entry.begin_of(entry.when(name)) for name in ("at", "until"))
    for name, found in (("at", begin), ("until", end)):
        if name in entry.node.value and found is None and not entry.problems:
            entry.complain(Problem(say("not a period"), found=shown(entry.node.value[name].plain)), name)
    if entry.problems:
        return
    first, last = max(begin or 0, 0), entry.run.periods if end is None else min(end, entry.run.periods)
    started: int | None = None
    held: dict[str, Node] = {}
    some = False
    for period in range(first, last + 1):
        values: dict[str, Node] = {}
        if period < last:
            day = middle(entry.run, period)
            if any(one(day) for one in wanted):
                values = {
                    path: months[day.month] if months is not None else given[path]
                    for path, months in by_month.items()
                    if months is None or day.month in months
                }
        if values == held:
            continue
        if held:
            some = True
            yield _change(entry, started, period, held)
        started, held = period, values
    if not some:
        where = str(entry.node.value["every"].mark or entry.fallback)
        entry.doubts.add(say("does not come in any period of the run, and has no effect"), entry.key, where)


def _by_month(node: Node) -> dict[int, Node] | None:
    """Values by month, where a group with the names of months stands for one value."""
    if not isinstance(node.value, dict) or not node.value:
        return None
    months = {month_named(name): child for name, child in node.value.items()}
    return None if None in months else {int(month or 0): child for month, child in months.items()}


# --- a series from a file ---------------------------------------------------------------------------------------------


def _series(entry: PlanEntry) -> Iterator[Node]:
    """A change for each row of a table, which holds until the next one's date; the last one stays."""
    from sim.data.value_series import read_series

    named = entry.node.value["from"]
    settings = TableSettings()
    if not isinstance(named.value, str) or not named.value.strip():
        entry.complain(Problem(say("not a file name"), found=shown(named.plain)), "from")
    if "read" in entry.node.value:
        try:
            settings = TableSettings.model_validate(entry.node.value["read"].plain)
        except ValidationError as error:
            for place, problem in translate(error):
                entry.complain(problem, "read", *(str(part) for part in place))
    for name in ("at", "until"):
        if name in entry.node.value:
            entry.complain(Problem(say("the dates come from the file")), name)
    given = entry.node.value["set"].value
    for path, node in given.items():
        if not isinstance(node.value, str):
            entry.complain(
                Problem(
                    say("no column of the file"),
                    found=shown(node.plain),
                    allowed=say(
                        "the name of a column, or `{whichever}` for the one of the parameter's name",
                        whichever=WHICHEVER,
                    ),
                ),
                "set",
                path,
            )
    if entry.problems:
        return
    file = entry.base / named.value
    try:
        series = read_series(file, {path: node.value for path, node in given.items()}, settings)
    except ScenarioError as error:
        for problem in error.problems:
            entry.complain(problem.at("", problem.key) if problem.place == str(file) else problem, "from")
        return
    where = str(named.mark or entry.fallback)
    entry.doubts += [Problem(sentence, f"{entry.key}.from", where) for sentence in series.odd]
    periods = [period_of(entry.run, when) for when in series.when]
    rows = [row for row, period in enumerate(periods) if period < entry.run.periods]
    aside = len(periods) - len(rows)
    early = [row for row in rows if periods[row] < 0]
    inside = [row for row in rows if periods[row] >= 0]
    kept = {0: early[-1]} if early and not (inside and periods[inside[0]] == 0) else {}
    kept |= {periods[row]: row for row in inside}  # of several in one period the last
    missed = aside + len(rows) - len(kept)
    if missed:
        words = say(
            "{missed} of {rows} rows have no effect: after the last period, or followed by another before it is over",
            missed=missed,
            rows=len(periods),
        )
        entry.doubts.add(words, f"{entry.key}.from", where)
    starts = sorted(kept)
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        values = {path: _like(node, series.values[path][kept[start]]) for path, node in given.items()}
        yield _change(entry, start, following, values)
