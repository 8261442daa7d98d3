"""Balance: the shares and beliefs with which a scenario begins so that today stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command, Option, on_or_off
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.balance.balance_plan import BalancePlan

SHOWN = study_shown(__name__, figures=False)
"""How a balance is shown."""


def _begin(plan: BalancePlan, **_: Any) -> str:
    return say("{years} years of today, at most {planned:,} runs", years=plan.years, planned=plan.planned)


BALANCE = Command(
    "balance",
    "balance",
    "Find a start from which today stays as it is.\n\n"
    "Shares of the firms and beliefs of customers that long runs settle at, as a scenario that extends the file.",
    loaded_later(__name__, "balance:balance"),
    loaded_later(__name__, "balance_summary:print_summary"),
    asks=(
        Option("replications", int, "Runs with independent luck of each start.", 10, least=2, most=10_000),
        Option("years", int, "Length of the runs.", 20, least=4, most=200),
        Option("rounds", int, "Starts that are tried after the file's own, at most.", 5, least=1, most=50),
        Option("warm_up", float | None, "Years that are lived before each run.", None, left_out="as in the file"),
    ),
    options=(
        Option("write", Path | None, "Write the balanced scenario here too (.yaml).", None),
        on_or_off("force", "With --write: replace a file that is there."),
    ),
    read=loaded_later(__name__, "balance_plan:plan_balance"),
    suffix="_balance",
    begin=_begin,
    shortfall=loaded_later(__name__, "balance_words:shortfall"),
)
