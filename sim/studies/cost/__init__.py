"""Cost of quality: what prevention, appraisal, failures and customers never won cost, and where it is least."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command, Option
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.cost.cost_plan import CostPlan

SHOWN = study_shown(__name__)
"""How the cost of quality is shown."""


def _begin(plan: CostPlan, **_: Any) -> str:
    return say("{worlds:,} worlds, {planned:,} runs", worlds=len(plan.patches), planned=plan.planned)


COST = Command(
    "cost",
    "cost",
    "Measure what quality costs, and where it costs least.\n\n"
    "Prevention, appraisal, failures, and the margin that never came, from worlds with the same luck.",
    loaded_later(__name__, "cost:cost"),
    loaded_later(__name__, "cost_summary:print_summary"),
    asks=(
        Option("replications", int, "Runs with the same luck in every world.", 10, least=2, most=10_000),
        Option("years", int | None, "Length of the runs.", None, left_out="the scenario's own", least=1, most=100),
        Option("steps", int, "Steps of prevention from nothing to plenty.", 10, least=3, most=100),
    ),
    read=loaded_later(__name__, "cost_plan:plan_cost"),
    suffix="_cost",
    begin=_begin,
)
