"""Sweep: run a scenario at many points, keep every run, and describe how outputs respond."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.presentation import Presentation

if TYPE_CHECKING:
    from sim.plots import Gallery


def _figures() -> Gallery:
    from sim.studies.sweep.sweep_figures import FIGURES

    return FIGURES


SHOWN = Presentation(_figures)
"""How a sweep is shown."""
