"""Calibration: from a user's own table to an ensemble of parameter values that fits it, and what stays unidentified."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import READING, Command, Option, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.data.users_table import UsersTable
    from sim.plots import Gallery
    from sim.runs.experiment.plan import ExperimentPlan
    from sim.studies.calibration.fit import CalibrationResult


def _figures() -> Gallery:
    from sim.studies.calibration.calibration_figures import FIGURES

    return FIGURES


def _sentences(result: CalibrationResult) -> tuple[str, ...]:
    return result.findings


def _page(result: CalibrationResult) -> str:
    from sim.studies.calibration.calibration_page import page

    return page(result)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How a calibration is shown."""


def _work() -> Work:
    from sim.studies.calibration.calibrate import calibrate
    from sim.studies.calibration.calibration_summary import print_summary

    return calibrate, print_summary


def _tables(plan: ExperimentPlan, data: Path, reading: Sequence[str] | None, kind: str | None) -> list[UsersTable]:
    from sim.studies.calibration.calibrate import tables_of

    return tables_of(plan, data, reading, kind)


def _begin(plan: ExperimentPlan, data: Path, reading: Sequence[str] | None, **_: Any) -> str:
    from sim.data.understood import understood

    return "\n".join(line for table in _tables(plan, data, reading, None) for line in understood(table).lines())


def _shortfall(result: CalibrationResult, _: Path) -> str:
    if result.converged:
        return ""
    return say(
        "not converged: no fit to {data} was found that holds; {reason}",
        data=result.data,
        reason=result.convergence.reasons[0],
    )


CALIBRATE = Command(
    "calibrate",
    "calibration",
    "Fit uncertain parameters to a table of yours.\n\n"
    "Gives an ensemble, how well it fits, what stays unidentified, and a calibrated scenario.",
    _work,
    options=(Option("data", Path, "Table to fit to.", metavar="data.csv"), READING),
    begin=_begin,
    shortfall=_shortfall,
    tables=_tables,
)
