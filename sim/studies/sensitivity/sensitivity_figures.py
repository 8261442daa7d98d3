"""The figures of a sensitivity analysis, in the order of its report."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.sensitivity import draw_dependence, draw_indices, draw_regions, draw_tornado
from sim.studies.sensitivity.sensitivity import Sensitivity


def _has_levers(found: Sensitivity) -> bool:
    return bool(found.effects["lever"].astype(bool).any())


FIGURES = Gallery(
    {
        "indices": Drawing(draw_indices.draw, each_output=True),
        "tornado": Drawing(draw_tornado.draw, each_output=True, has=_has_levers),
        "swing": Drawing(draw_tornado.draw_swing, each_output=True, has=lambda found: not found.effects.empty),
        "dependence": Drawing(draw_dependence.draw, each_output=True, has=lambda found: not found.dependence.empty),
        "map": Drawing(draw_dependence.draw_map, each_output=True, has=lambda found: not found.maps.empty),
        "regions": Drawing(draw_regions.draw, has=lambda found: not found.regions.empty),
    }
)
