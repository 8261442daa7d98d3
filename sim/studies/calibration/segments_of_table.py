"""Which segment of the scenario a table is of: as stated, or one after the other by the table's own column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.data.read_table import read_table, without_rows
from sim.data.table_kinds import FITTED
from sim.data.users_table import UsersTable
from sim.model.scenario import Scenario
from sim.parameters.plain_words import closest
from sim.runs.experiment.definition import FittedTable
from sim.vocabulary.errors import ScenarioError
from sim.words import listed, say


def read_by_segment(path: Path, settings: FittedTable, scenario: Scenario) -> list[tuple[UsersTable, str]]:
    """A table as it is, or in parts: the rows of each segment of the scenario, with its name.

    A column `segment` whose values are names of the scenario's segments parts the table. Where none of them is one, or
    the scenario has a single segment, all rows are taken together, and that is said.

    Args:
        path: The file.
        settings: How it is read; `segment` says which one all rows are of.
        scenario: What is fitted.

    Raises:
        ScenarioError: If there is no such segment, or some values are segments and others not.
    """
    names = [segment.name for segment in scenario.all_segments]
    kind = FITTED[settings.data]
    table = read_table(path, kind, settings)
    if settings.segment is not None:
        if settings.segment not in names:
            raise ScenarioError(
                say("no such segment"),
                "calibrate.segment",
                table.label,
                settings.segment,
                ", ".join(names),
                closest(settings.segment, names),
            )
        return [(_told(table, settings.segment), settings.segment)]
    if "segment" not in table or len(names) < 2:
        return [(table, "")]
    values = list(dict.fromkeys(table.columns["segment"]))
    meant = {value: next((name for name in names if name.casefold() == value.casefold()), "") for value in values}
    if not any(meant.values()):
        table.odd.say(
            "no value of {name!r} is a segment of the scenario ({segments}): all are compared with the whole firm",
            name=table.names["segment"],
            segments=listed(names),
        )
        return [(table, "")]
    _refuse_others(table, [value for value in values if not meant[value]], names)
    found = []
    for segment in [name for name in names if name in meant.values()]:
        rows = [row for row, value in enumerate(table.columns["segment"]) if meant[value] == segment]
        part = without_rows(read_table(path, kind, settings), rows)
        found.append((_told(part, segment), segment))
    return found


def _refuse_others(table: UsersTable, others: Sequence[str], names: Sequence[str]) -> None:
    """Refuse rows of no segment of the scenario: a fit would leave them out without a word."""
    for value in others:
        table.complain(
            table.columns["segment"].index(value),
            "segment",
            say("no segment of the scenario, as others here are"),
            value,
            ", ".join(names),
            say(
                "only.{name}=... chooses rows; such rows are left aside by missing: [{text!r}]",
                name=table.names["segment"],
                text=value,
            ),
        )
    table.check()


def _told(table: UsersTable, segment: str) -> UsersTable:
    table.of_segment = segment
    table.about(say("segment")).say("{segment}, compared with that segment of the scenario", segment=segment)
    return table
