"""Causes: why customers leave, by worlds from which causes are taken out, shared out as Shapley values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.causes.causes_of_churn import CausesOfChurn
    from sim.studies.causes.causes_plan import CausesPlan


def _figures() -> Gallery:
    from sim.studies.causes.causes_figures import FIGURES

    return FIGURES


def _sentences(found: CausesOfChurn) -> list[str]:
    from sim.studies.causes.causes_words import sentences

    return sentences(found)


def _page(found: CausesOfChurn) -> str:
    from sim.studies.causes.causes_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How causes are shown."""


def _read() -> Callable[..., CausesPlan]:
    from sim.studies.causes.causes_plan import plan_causes

    return plan_causes


def _work() -> Work:
    from sim.studies.causes.causes import causes
    from sim.studies.causes.causes_summary import print_summary

    return causes, print_summary


def _begin(plan: CausesPlan, **_: Any) -> str:
    return say("{causes:,} causes, {planned:,} runs", causes=len(plan.players), planned=plan.planned)


_CAUSES = "A cause by name, or of your own as 'name: path=value, path=value'; as often as needed."

CAUSES = Command(
    "causes",
    "causes",
    "Tell why customers leave: how many by each cause.\n\n"
    "Causes are taken out of the world in every combination, with the same luck; their shares add up.",
    _work,
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
    read=_read,
    suffix="_causes",
    begin=_begin,
)
