"""Balance: the shares and beliefs with which a scenario begins so that today stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work, on_or_off
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.balance.balance_plan import BalancePlan
    from sim.studies.balance.balanced import Balanced


def _sentences(found: Balanced) -> list[str]:
    from sim.studies.balance.balance_words import sentences

    return sentences(found)


def _page(found: Balanced) -> str:
    from sim.studies.balance.balance_page import page

    return page(found)


SHOWN = Presentation(sentences=_sentences, page=_page, card=study_card)
"""How a balance is shown."""


def _read() -> Callable[..., BalancePlan]:
    from sim.studies.balance.balance_plan import plan_balance

    return plan_balance


def _work() -> Work:
    from sim.studies.balance.balance import balance
    from sim.studies.balance.balance_summary import print_summary

    return balance, print_summary


def _begin(plan: BalancePlan, **_: Any) -> str:
    return say("{years} years of today, at most {planned:,} runs", years=plan.years, planned=plan.planned)


def _shortfall(found: Balanced, _: Path) -> str:
    from sim.studies.balance.balance_words import shortfall

    return shortfall(found)


BALANCE = Command(
    "balance",
    "balance",
    "Find a start from which today stays as it is.\n\n"
    "Shares of the firms and beliefs of customers that long runs settle at, as a scenario that extends the file.",
    _work,
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
    read=_read,
    suffix="_balance",
    begin=_begin,
    shortfall=_shortfall,
)
