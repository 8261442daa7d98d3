"""The figures of the cost of quality, in the order of its report."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.cost import draw_cost_items, draw_prevention

FIGURES = Gallery({"prevention": Drawing(draw_prevention.draw), "costs": Drawing(draw_cost_items.draw)})
