"""Shares: what each changed lever of a plan contributes to its difference from today, as Shapley values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.shares.shared_out import SharedOut
    from sim.studies.shares.shares_plan import SharesPlan


def _figures() -> Gallery:
    from sim.studies.shares.shares_figures import FIGURES

    return FIGURES


def _sentences(found: SharedOut) -> list[str]:
    from sim.studies.shares.shares_words import sentences

    return sentences(found)


def _page(found: SharedOut) -> str:
    from sim.studies.shares.shares_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How shares are shown."""


def _read() -> Callable[..., SharesPlan]:
    from sim.studies.shares.shares_plan import plan_shares

    return plan_shares


def _work() -> Work:
    from sim.studies.shares.share_out import shares
    from sim.studies.shares.shares_summary import print_summary

    return shares, print_summary


def _begin(plan: SharesPlan, **_: Any) -> str:
    return say("{levers:,} changed levers, {planned:,} runs", levers=len(plan.changed), planned=plan.planned)


_OUTPUTS = "What is shared out, by name; as often as needed."

_TOGETHER = "Parameters that are one lever, such as 'firm.desk.*'; as often as needed."

SHARES = Command(
    "shares",
    "shares",
    "Share out what a plan changes among its levers.\n\n"
    "What each changed lever contributes to the difference from today, with the same luck; the shares add up.",
    _work,
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
    read=_read,
    suffix="_shares",
    begin=_begin,
)
