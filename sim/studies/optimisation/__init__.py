"""Choose levers under a budget, for the best expected value or the worst case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.presentation import Presentation

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


SHOWN = Presentation(_figures, _sentences, _page)
"""How an optimisation is shown."""
