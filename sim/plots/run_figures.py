"""The figures of a run, in the order of its report."""

from __future__ import annotations

from sim.plots import (
    Drawing,
    Gallery,
    customer_types,
    gaps,
    iceberg,
    levels,
    quality_cost,
    retention,
    satisfaction,
    survival,
    word_of_mouth,
)

FIGURES = Gallery(
    {
        "iceberg": Drawing(iceberg.draw),
        "satisfaction": Drawing(satisfaction.draw),
        "levels": Drawing(levels.draw),
        "gaps": Drawing(gaps.draw),
        "retention": Drawing(retention.draw),
        "survival": Drawing(survival.draw),
        "word_of_mouth": Drawing(word_of_mouth.draw),
        "quality_cost": Drawing(quality_cost.draw),
        "customer_types": Drawing(customer_types.draw),
    }
)
