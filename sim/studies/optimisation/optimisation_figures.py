"""The figures of an optimisation, in the order of its report."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.optimisation import draw_finalists, draw_front, draw_levers

FIGURES = Gallery(
    {
        "front": Drawing(draw_front.draw),
        "levers": Drawing(draw_levers.draw),
        "differences": Drawing(draw_finalists.draw),
    }
)
