"""Calibration: from a user's own table to an ensemble of parameter values that fits it, and what stays unidentified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import READING, Command, Option
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.runs.experiment.plan import ExperimentPlan
    from sim.studies.calibration.fit import CalibrationResult

SHOWN = replace(study_shown(__name__), sentences=attrgetter("findings"))
"""How a calibration is shown."""


_TABLES = loaded_later(__name__, "calibrate:tables_of")


def _begin(plan: ExperimentPlan, data: Path, reading: Sequence[str] | None, **_: Any) -> str:
    from sim.data.understood import understood

    return "\n".join(line for table in _TABLES(plan, data, reading, None) for line in understood(table).lines())


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
    loaded_later(__name__, "calibrate:calibrate"),
    loaded_later(__name__, "calibration_summary:print_summary"),
    options=(Option("data", Path, "Table to fit to.", metavar="data.csv"), READING),
    begin=_begin,
    shortfall=_shortfall,
    tables=_TABLES,
)
