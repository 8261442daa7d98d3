"""Advice: every lever of the firm, one at a time, over its practical range: what it does to profit, what to doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.advice.advice import Advice
    from sim.studies.advice.advice_plan import AdvicePlan


def _figures() -> Gallery:
    from sim.studies.advice.advice_figures import FIGURES

    return FIGURES


def _sentences(found: Advice) -> list[str]:
    from sim.studies.advice.advice_words import sentences

    return sentences(found)


def _page(found: Advice) -> str:
    from sim.studies.advice.advice_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How advice is shown."""


def _read() -> Callable[..., AdvicePlan]:
    from sim.studies.advice.advice_plan import plan_advice

    return plan_advice


def _work() -> Work:
    from sim.studies.advice.advice_summary import print_summary
    from sim.studies.advice.advise import advise

    return advise, print_summary


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
    _work,
    asks=(
        Option("replications", int, "Runs with the same luck at every step.", 10, least=2, most=10_000),
        Option("years", int, "Length of the runs.", 3, least=1, most=100),
        Option("steps", int, _STEPS, 2, least=1, most=20),
        Option("levers", list[str] | None, _LEVERS, None, left_out="all", metavar="GLOB"),
        Option("looks", int, _LOOKS, 6, least=1, most=12),
    ),
    read=_read,
    suffix="_advice",
    begin=_begin,
)
