"""From a table that was read to what the search compares runs with, kind by kind."""

from __future__ import annotations

from sim.data.churn_table import read_tenures
from sim.data.cohorts import read_cohorts
from sim.data.complaint_series import read_counts
from sim.data.recommendations import read_recommendations
from sim.data.service_items import read_items
from sim.data.survey_answers import read_answers
from sim.data.table_kinds import WITHOUT_UNIT
from sim.data.transactions import read_purchases
from sim.data.units import time_unit_words
from sim.data.users_table import UsersTable
from sim.model.scenario import Scenario
from sim.runs.experiment.definition import FittedTable
from sim.studies.calibration.buying import buying_target
from sim.studies.calibration.counts import complaints_target
from sim.studies.calibration.durations import churn_target, retention_target
from sim.studies.calibration.recommending import recommending_target
from sim.studies.calibration.service_survey import service_target
from sim.studies.calibration.survey import satisfaction_target
from sim.studies.calibration.target import Target
from sim.words import say


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
        return complaints_target(counts, scenario, settings.complaints, segment)
    if settings.data == "transactions":
        return buying_target(read_purchases(table), scenario, segment)
    if settings.data == "nps":
        return recommending_target(read_recommendations(table), scenario, segment)
    if settings.data == "servqual":
        return service_target(read_items(table), scenario, segment)
    return satisfaction_target(read_answers(table), scenario, segment)
