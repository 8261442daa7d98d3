"""The figures of a comparison, in the order of its report."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.comparison import (
    draw_assumptions,
    draw_differences,
    draw_lever_shares,
    draw_money,
    draw_paths,
    draw_persons,
)

FIGURES = Gallery(
    {
        "differences": Drawing(draw_differences.draw),
        "shares": Drawing(draw_lever_shares.draw, has=draw_lever_shares.has),
        "assumptions": Drawing(draw_assumptions.draw, has=draw_assumptions.has),
        "yearly_loss": Drawing(draw_paths.draw_yearly_loss),
        "satisfaction": Drawing(draw_paths.draw_satisfaction),
        "persons": Drawing(draw_persons.draw),
        "money": Drawing(draw_money.draw),
        "payback": Drawing(draw_paths.draw_payback),
    }
)
