"""Choose levers under a budget, for the best expected value or the worst case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.optimisation.optimisation import Optimisation


def _figures() -> Gallery:
    from sim.studies.optimisation.optimisation_figures import FIGURES

    return FIGURES


def _sentences(optimisation: Optimisation) -> list[str]:
    from sim.studies.optimisation.optimisation_words import answer

    return answer(optimisation)


def _page(optimisation: Optimisation) -> str:
    from sim.studies.optimisation.optimisation_page import page

    return page(optimisation)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How an optimisation is shown."""


def _work() -> Work:
    from sim.studies.optimisation.optimisation_summary import print_summary
    from sim.studies.optimisation.optimise import optimise

    return optimise, print_summary


def _shortfall(found: Optimisation, folder: Path) -> str:
    if found.best is not None:
        return ""
    return say("error: no choice meets all that is asked for; the nearest misses: {folder}", folder=folder)


OPTIMISE = Command(
    "optimise",
    "optimisation",
    "Choose levers under a budget, by the mean or the worst case.",
    _work,
    shortfall=_shortfall,
)
