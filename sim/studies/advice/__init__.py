"""Advice: every lever of the firm, one at a time, over its practical range: what it does to profit, what to doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command, Option
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.advice.advice_plan import AdvicePlan

SHOWN = study_shown(__name__)
"""How advice is shown."""


def _begin(plan: AdvicePlan, **_: Any) -> str:
    return say("{turned_count:,} levers, {planned:,} runs", turned_count=len(plan.turned), planned=plan.planned)


_LEVERS = "Only levers of these names, such as 'firm.desk.*'; as often as needed."

_STEPS = "Values on each side of today's: the bound, half of the way to it, a quarter, ..."

_LOOKS = "Looks at what closing the desk does, each with twice as many runs, until it can be told from luck."

ADVICE = Command(
    "advice",
    "advice",
    "Turn every lever of the firm, and tell what to doubt.\n\n"
    "One at a time, over its practical range, with the same luck on both sides.",
    loaded_later(__name__, "advise:advise"),
    loaded_later(__name__, "advice_summary:print_summary"),
    asks=(
        Option("replications", int, "Runs with the same luck at every step.", 10, least=2, most=10_000),
        Option("years", int, "Length of the runs.", 3, least=1, most=100),
        Option("steps", int, _STEPS, 2, least=1, most=20),
        Option("levers", list[str] | None, _LEVERS, None, left_out="all", metavar="GLOB"),
        Option("looks", int, _LOOKS, 6, least=1, most=12),
    ),
    read=loaded_later(__name__, "advice_plan:plan_advice"),
    suffix="_advice",
    begin=_begin,
)
