"""People of the start that a user's table knows: its names as numbers of the scenario, its times as periods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compiled import PLAIN, kernel
from sim.data.table_settings import settings_under
from sim.data.units import UNITS_PER_YEAR
from sim.model.contexts import Environment
from sim.model.market import PERIODS_PER_YEAR
from sim.model.person import NOBODY
from sim.model.population import be_known
from sim.model.scenario import Scenario
from sim.parameters.plain_words import closest
from sim.parameters.timeline import period_of
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import counted, plural, say

if TYPE_CHECKING:
    from sim.data.people_table import PeopleFile, PeopleTable

KNOWN = np.dtype([("segment", "i2"), ("supplier", "i2"), ("spend", "f8"), ("periods", "i8"), ("satisfaction", "f8")])
"""What may be known of a person; what is not known is negative, and drawn by the model."""

NEARLY = 1e-9
"""What a whole number of periods may be short of by rounding."""


@dataclass(frozen=True)
class PeopleOfTable:
    """People of a table.

    Attributes:
        rows: KNOWN[n]; the first of them is person 0.
        remarks: What is to be said even where all is well.
    """

    rows: Any
    remarks: tuple[str, ...]


def people_file(scenario: Scenario, base_dir: Path | None) -> PeopleFile | None:
    """The table of people that a scenario names, or None.

    Raises:
        ScenarioError: If what is said of it is none of the settings of a table.
    """
    people = scenario.market.people
    if people.file is None:
        return None
    said = {"scale": people.scale} if people.scale else {}
    settings = settings_under("market.people.read", people.read, **said)
    from sim.data.people_table import PeopleFile  # few runs have a table

    return PeopleFile((base_dir or Path()) / people.file, settings)


def known_people(scenario: Scenario, base_dir: Path | None = None) -> PeopleOfTable | None:
    """The people of the table that a scenario names, in its terms; None where it names none.

    Args:
        scenario: With `market.people.file`.
        base_dir: Folder that the file is relative to.

    Raises:
        ScenarioError: If the table is not right, or does not fit the scenario, with everything that is wrong.
    """
    file = people_file(scenario, base_dir)
    if file is None:
        return None
    from sim.data.people_table import read_people  # few runs have a table

    table = read_people(file.path, file.settings)
    count, market = len(table.ids), scenario.market
    problems, remarks = [], list(table.remarks)
    if count > market.customers:
        problems.append(
            Problem(
                say("more people in the table than in the market"),
                place=table.label,
                found=counted(count),
                allowed=say("at most {people:,}", people=market.customers),
                hint=say("market: {{customers: {people}}}", people=count),
            )
        )
    if scenario.run.settling.years:
        problems.append(
            Problem(
                say("people of a table cannot be drawn from a world that has settled"),
                "market.people.file",
                hint=say("run: {{settling: {{years: 0}}}}"),
            )
        )
    rows = np.zeros(count, KNOWN)
    for name in ("spend", "satisfaction"):
        column = getattr(table, name)
        rows[name] = -1.0 if column is None else np.where(np.isnan(column), -1.0, column)
    rows["segment"] = _segments(scenario, table, problems, remarks)
    rows["supplier"] = _suppliers(scenario, table, problems, remarks)
    rows["periods"] = _periods(scenario, table, problems)
    if problems:
        raise ScenarioError(problems)
    remarks += _left_open(table, count, market.customers)
    return PeopleOfTable(rows.view(np.recarray) if PLAIN else rows, tuple(remarks))


def _segments(scenario: Scenario, table: PeopleTable, problems: list[Problem], remarks: list[str]) -> Any:
    if table.segment is None:
        return -1
    if not scenario.segments:
        remarks.append(say("the table's segments are left aside: the scenario has none"))
        return -1
    return _numbered(table, "segment", table.segment, [one.name for one in scenario.segments], -1, problems)


def _suppliers(scenario: Scenario, table: PeopleTable, problems: list[Problem], remarks: list[str]) -> Any:
    if table.firm is None:
        remarks.append(say("the table has no column `firm`: all are customers of {firm}", firm=scenario.firm.name))
        return 0
    return _numbered(table, "firm", table.firm, [firm.name for firm in scenario.firms], NOBODY, problems)


def _numbered(
    table: PeopleTable, column: str, texts: Sequence[str], names: Sequence[str], empty: int, problems: list[Problem]
) -> list[int]:
    """Names as numbers; one that the scenario does not know is told where it stands first."""
    numbers = {name.casefold(): number for number, name in enumerate(names)} | {"": empty}
    told: set[str] = set()
    for text, line in zip(texts, table.lines, strict=True):
        if text.casefold() not in numbers and text not in told:
            told.add(text)
            what = (
                say("no such segment in the scenario") if column == "segment" else say("no such firm in the scenario")
            )
            near = closest(text, names)
            problems.append(Problem(what, column, f"{table.label}:{line}", repr(text), ", ".join(names), near))
    return [numbers.get(text.casefold(), empty) for text in texts]


def _periods(scenario: Scenario, table: PeopleTable, problems: list[Problem]) -> Any:
    """Whole periods for which they have been customers at the start; -1 where that is not known."""
    run = scenario.run
    if table.joined is not None:
        found = []
        for day, line in zip(table.joined, table.lines, strict=True):
            since = -1 if day is None else -period_of(run, day)
            if day is not None and day > run.start:
                problems.append(
                    Problem(
                        say("joined after the run begins"),
                        "joined",
                        f"{table.label}:{line}",
                        str(day),
                        say("{start} at the latest", start=run.start),
                        hint=say("run.start is the day of the export"),
                    )
                )
            found.append(since)
        return found
    if table.tenure is None:
        return -1
    rate = PERIODS_PER_YEAR[run.period] / UNITS_PER_YEAR[scenario.market.people.tenure_unit]
    return [-1 if math.isnan(time) else math.floor(time * rate + NEARLY) for time in table.tenure.tolist()]


def _left_open(table: PeopleTable, count: int, everybody: int) -> list[str]:
    """What the table does not say, and the model draws."""
    names = (say("segment"), say("spend"), say("tenure"), say("satisfaction"))
    given = (table.segment, table.spend, table.tenure if table.joined is None else table.joined, table.satisfaction)
    missing = [name for name, column in zip(names, given, strict=True) if column is None]
    words = []
    if missing:
        words.append(say("not in the table and drawn by the model: {names}", names=", ".join(missing)))
    if count < everybody:
        words.append(
            plural(
                "{n:,} person of the market is not in the table, and drawn by the model",
                "{n:,} people of the market are not in the table, and drawn by the model",
                everybody - count,
            )
        )
    return words


@kernel
def begin_as_known(state: Any, known: Any, environment: Environment, seed: int, low: int, high: int) -> None:
    """Whoever of rows `low` to `high` stands in a user's table is the person of that row of it."""
    for i in range(low, min(high, known.shape[0])):
        be_known(state, i, known, i, environment, seed)
