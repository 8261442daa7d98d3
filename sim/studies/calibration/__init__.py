"""Calibration: from a user's own table to an ensemble of parameter values that fits it, and what stays unidentified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.presentation import Presentation

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.calibration.fit import CalibrationResult


def _figures() -> Gallery:
    from sim.studies.calibration.calibration_figures import FIGURES

    return FIGURES


def _sentences(result: CalibrationResult) -> tuple[str, ...]:
    return result.findings


def _page(result: CalibrationResult) -> str:
    from sim.studies.calibration.calibration_page import page

    return page(result)


SHOWN = Presentation(_figures, _sentences, _page)
"""How a calibration is shown."""
