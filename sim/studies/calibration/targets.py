"""From a user's tables to what the search compares runs with, kind by kind, each of the firm or of a segment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.data.churn_table import read_tenures
from sim.data.cohorts import read_cohorts
from sim.data.complaint_series import read_counts
from sim.data.customer_movements import read_movements
from sim.data.read_table import read_table, without_rows
from sim.data.recommendations import read_recommendations
from sim.data.service_items import read_items
from sim.data.survey_answers import read_answers
from sim.data.table_kinds import FITTED, WITHOUT_UNIT
from sim.data.transactions import read_purchases
from sim.data.units import time_unit_words
from sim.data.users_table import UsersTable
from sim.model.scenario import Scenario
from sim.parameters.plain_words import closest
from sim.runs.experiment.definition import CalibrationSettings, FittedTable
from sim.studies.calibration.buying import buying_target
from sim.studies.calibration.categories import recommending_target
from sim.studies.calibration.counts import counts_target, movements_target
from sim.studies.calibration.durations import churn_target, retention_target
from sim.studies.calibration.several import together
from sim.studies.calibration.surveys import satisfaction_target, service_target
from sim.studies.calibration.target import Target
from sim.vocabulary.errors import Problems, ScenarioError
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


def target_of(table: UsersTable, settings: FittedTable, scenario: Scenario, segment: str, hold_out: float) -> Target:
    """What a table is to the search.

    Args:
        table: As it was read.
        settings: Kind of data and what belongs to it.
        scenario: What is fitted.
        segment: Segment of the scenario that it is of; empty for the whole firm.
        hold_out: Time at the end that is not fitted, of retention and churn.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    unit = f"{scenario.run.period}s"
    if settings.data not in WITHOUT_UNIT:
        unit = table.unit(unit, say("{unit}, the run's period: `unit:` says another", unit=time_unit_words(unit)))
    if settings.data == "retention":
        return retention_target(read_cohorts(table, unit, settings.customers), scenario, hold_out, segment)
    if settings.data == "churn":
        return churn_target(read_tenures(table, unit), scenario, hold_out, segment)
    if settings.data == "complaints":
        counts = read_counts(table, unit, settings.customers, stated=settings.unit is not None)
        return counts_target(counts, scenario, settings.complaints, segment)
    if settings.data == "movements":
        moved = read_movements(table, unit, stated=settings.unit is not None)
        return movements_target(moved, scenario, segment)
    if settings.data == "transactions":
        return buying_target(read_purchases(table), scenario, segment)
    if settings.data == "nps":
        return recommending_target(read_recommendations(table), scenario, segment)
    if settings.data == "servqual":
        return service_target(read_items(table), scenario, segment)
    return satisfaction_target(read_answers(table), scenario, segment)


def read_data(
    path: str | Path, settings: CalibrationSettings, scenario: Scenario, folder: Path | None = None
) -> tuple[list[UsersTable], Target]:
    """Read a user's tables as the settings say.

    Args:
        path: The file: CSV in any usual form, .xlsx or .parquet.
        settings: Kind of data and what belongs to it, with further tables.
        scenario: What is fitted.
        folder: That names of further tables are relative to; the current one if left out.

    Raises:
        ScenarioError: With file, line and column of what is wrong, of all tables.
    """
    found: list[tuple[UsersTable, Target]] = []
    problems = Problems()
    places = [Path(path), *((folder or Path()) / one.file for one in settings.also)]
    for place, one in zip(places, (settings, *settings.also), strict=True):
        try:
            found += _read(place, one, scenario, settings.hold_out if one is settings else 0.0)
        except ScenarioError as error:
            problems += error.problems
    problems.check()
    return [table for table, _ in found], together([target for _, target in found])


def _read(path: Path, settings: FittedTable, scenario: Scenario, hold_out: float) -> list[tuple[UsersTable, Target]]:
    return [
        (table, target_of(table, settings, scenario, segment, hold_out))
        for table, segment in read_by_segment(path, settings, scenario)
    ]
