"""What matters: variance shares, elementary effects, effects per unit of money, dependence, and where things go wrong.

The statistics are functions of plain arrays; `sim.studies.sensitivity.analysis` applies them to an experiment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.runs.experiment.plan import ExperimentPlan

SHOWN = study_shown(__name__)
"""How an analysis is shown."""


def _begin(plan: ExperimentPlan, **_: Any) -> str:
    from sim.studies.sensitivity.analysis import runs_needed

    return say("{runs_needed:,} runs at most", runs_needed=runs_needed(plan.experiment, plan.axes))


SENSITIVITY = Command(
    "sensitivity",
    "sensitivity",
    "Find what matters most, and what a lever does for its money.\n\nBy Sobol or Morris indices.",
    loaded_later(__name__, "find_what_matters:sensitivity"),
    loaded_later(__name__, "sensitivity_summary:print_summary"),
    suffix="_what_matters",
    begin=_begin,
)
