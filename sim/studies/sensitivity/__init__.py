"""What matters: variance shares, elementary effects, effects per unit of money, dependence, and where things go wrong.

The statistics are functions of plain arrays; `sim.studies.sensitivity.analysis` applies them to an experiment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.runs.experiment.plan import ExperimentPlan
    from sim.studies.sensitivity.sensitivity import Sensitivity


def _figures() -> Gallery:
    from sim.studies.sensitivity.sensitivity_figures import FIGURES

    return FIGURES


def _sentences(found: Sensitivity) -> list[str]:
    from sim.studies.sensitivity.sensitivity_words import sentences

    return sentences(found)


def _page(found: Sensitivity) -> str:
    from sim.studies.sensitivity.sensitivity_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How an analysis is shown."""


def _work() -> Work:
    from sim.studies.sensitivity.find_what_matters import sensitivity
    from sim.studies.sensitivity.sensitivity_summary import print_summary

    return sensitivity, print_summary


def _begin(plan: ExperimentPlan, **_: Any) -> str:
    from sim.studies.sensitivity.analysis import runs_needed

    return say("{runs_needed:,} runs at most", runs_needed=runs_needed(plan.experiment, plan.axes))


SENSITIVITY = Command(
    "sensitivity",
    "sensitivity",
    "Find what matters most, and what a lever does for its money.\n\nBy Sobol or Morris indices.",
    _work,
    suffix="_what_matters",
    begin=_begin,
)
