"""The figures of a run, in the order of its report."""

from __future__ import annotations

from sim.plots import (
    Drawing,
    Gallery,
    draw_customer_types,
    draw_gaps,
    draw_iceberg,
    draw_levels,
    draw_quality_cost,
    draw_retention,
    draw_satisfaction,
    draw_survival,
    draw_word_of_mouth,
)

FIGURES = Gallery(
    {
        "iceberg": Drawing(draw_iceberg.draw),
        "satisfaction": Drawing(draw_satisfaction.draw),
        "levels": Drawing(draw_levels.draw),
        "gaps": Drawing(draw_gaps.draw),
        "retention": Drawing(draw_retention.draw),
        "survival": Drawing(draw_survival.draw),
        "word_of_mouth": Drawing(draw_word_of_mouth.draw),
        "quality_cost": Drawing(draw_quality_cost.draw),
        "customer_types": Drawing(draw_customer_types.draw),
    }
)
