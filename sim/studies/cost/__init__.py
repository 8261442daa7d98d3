"""Cost of quality: what prevention, appraisal, failures and customers never won cost, and where it is least."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.cost.cost_plan import CostPlan
    from sim.studies.cost.costed import CostOfQuality


def _figures() -> Gallery:
    from sim.studies.cost.cost_figures import FIGURES

    return FIGURES


def _sentences(found: CostOfQuality) -> list[str]:
    from sim.studies.cost.cost_words import sentences

    return sentences(found)


def _page(found: CostOfQuality) -> str:
    from sim.studies.cost.cost_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How the cost of quality is shown."""


def _read() -> Callable[..., CostPlan]:
    from sim.studies.cost.cost_plan import plan_cost

    return plan_cost


def _work() -> Work:
    from sim.studies.cost.cost import cost
    from sim.studies.cost.cost_summary import print_summary

    return cost, print_summary


def _begin(plan: CostPlan, **_: Any) -> str:
    return say("{worlds:,} worlds, {planned:,} runs", worlds=len(plan.patches), planned=plan.planned)


COST = Command(
    "cost",
    "cost",
    "Measure what quality costs, and where it costs least.\n\n"
    "Prevention, appraisal, failures, and the margin that never came, from worlds with the same luck.",
    _work,
    asks=(
        Option("replications", int, "Runs with the same luck in every world.", 10, least=2, most=10_000),
        Option("years", int | None, "Length of the runs.", None, left_out="the scenario's own", least=1, most=100),
        Option("steps", int, "Steps of prevention from nothing to plenty.", 10, least=3, most=100),
    ),
    read=_read,
    suffix="_cost",
    begin=_begin,
)
