"""The figure of a sweep."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.sweep import draw_response

FIGURES = Gallery({"response": Drawing(draw_response.draw, each_output=True)})
