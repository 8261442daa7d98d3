"""Shares: what each changed lever of a plan contributes to its difference from today, as Shapley values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command, Option
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.shares.shares_plan import SharesPlan

SHOWN = study_shown(__name__)
"""How shares are shown."""


def _begin(plan: SharesPlan, **_: Any) -> str:
    return say("{levers:,} changed levers, {planned:,} runs", levers=len(plan.changed), planned=plan.planned)


_OUTPUTS = "What is shared out, by name; as often as needed."

_TOGETHER = "Parameters that are one lever, such as 'firm.desk.*'; as often as needed."

SHARES = Command(
    "shares",
    "shares",
    "Share out what a plan changes among its levers.\n\n"
    "What each changed lever contributes to the difference from today, with the same luck; the shares add up.",
    loaded_later(__name__, "share_out:shares"),
    loaded_later(__name__, "shares_summary:print_summary"),
    asks=(
        Option("today", Path | None, "Today's file.", None, left_out="the file that the plan extends"),
        Option("replications", int, "Runs with the same luck in every world.", 10, least=2, most=10_000),
        Option("years", int | None, "Length of the runs.", None, left_out="today's own", least=1, most=100),
        Option(
            "outputs",
            list[str] | None,
            _OUTPUTS,
            None,
            ("--output",),
            left_out="profit, margin, customers, satisfaction",
            metavar="NAME",
        ),
        Option("together", list[str] | None, _TOGETHER, None, left_out="each by itself", metavar="GLOB"),
        Option("orders", int, "Orders in which more than six levers are taken.", 20, least=4, most=10_000),
    ),
    read=loaded_later(__name__, "shares_plan:plan_shares"),
    suffix="_shares",
    begin=_begin,
)
