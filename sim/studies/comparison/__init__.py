"""Compare scenarios under the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.presentation import Presentation

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.comparison.comparison import Comparison


def _figures() -> Gallery:
    from sim.studies.comparison.comparison_figures import FIGURES

    return FIGURES


def _sentences(comparison: Comparison) -> list[str]:
    from sim.studies.comparison.comparison_words import sentences

    return sentences(comparison)


def _page(comparison: Comparison) -> str:
    from sim.studies.comparison.comparison_page import page

    return page(comparison)


def _card(comparison: Comparison) -> str:
    from sim.studies.comparison.comparison_card import comparison_card

    return comparison_card(comparison)


SHOWN = Presentation(_figures, _sentences, _page, _card)
"""How a comparison is shown."""
