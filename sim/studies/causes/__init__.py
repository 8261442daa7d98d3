"""Causes: why customers leave, by worlds from which causes are taken out, shared out as Shapley values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command, Option
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.causes.causes_plan import CausesPlan

SHOWN = study_shown(__name__)
"""How causes are shown."""


def _begin(plan: CausesPlan, **_: Any) -> str:
    return say("{causes:,} causes, {planned:,} runs", causes=len(plan.players), planned=plan.planned)


_CAUSES = "A cause by name, or of your own as 'name: path=value, path=value'; as often as needed."

CAUSES = Command(
    "causes",
    "causes",
    "Tell why customers leave: how many by each cause.\n\n"
    "Causes are taken out of the world in every combination, with the same luck; their shares add up.",
    loaded_later(__name__, "causes:causes"),
    loaded_later(__name__, "causes_summary:print_summary"),
    asks=(
        Option("replications", int, "Runs with the same luck in every world.", 10, least=2, most=10_000),
        Option("years", int | None, "Length of the runs.", None, left_out="the scenario's own", least=1, most=100),
        Option(
            "causes",
            list[str] | None,
            _CAUSES,
            None,
            ("--cause",),
            left_out="failures, levels, slow_answers, bad_talk, rivals, price",
            metavar="CAUSE",
        ),
        Option("orders", int, "Orders in which more than six causes are taken out.", 20, least=4, most=10_000),
    ),
    read=loaded_later(__name__, "causes_plan:plan_causes"),
    suffix="_causes",
    begin=_begin,
)
