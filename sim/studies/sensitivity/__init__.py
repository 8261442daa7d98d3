"""What matters: variance shares, elementary effects, effects per unit of money, dependence, and where things go wrong.

The statistics are functions of plain arrays; `sim.studies.sensitivity.analysis` applies them to an experiment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.presentation import Presentation

if TYPE_CHECKING:
    from sim.plots import Gallery
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


SHOWN = Presentation(_figures, _sentences, _page)
"""How an analysis is shown."""
