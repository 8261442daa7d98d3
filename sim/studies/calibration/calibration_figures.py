"""The figures of a calibration, in the order of its report; `identification` needs two parameters and a fit."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.calibration import draw_fit, draw_identification, draw_posterior
from sim.studies.calibration.fit import CalibrationResult


def _has_pairs(result: CalibrationResult) -> bool:
    return len(result.values) > 1 and result.converged


FIGURES = Gallery(
    {
        "fit": Drawing(draw_fit.draw),
        "posterior": Drawing(draw_posterior.draw),
        "identification": Drawing(draw_identification.draw, has=_has_pairs),
    }
)
