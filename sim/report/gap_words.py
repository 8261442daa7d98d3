"""What customers miss most, and whether the firm's standard or its delivery falls short, in plain words."""

from __future__ import annotations

from sim.model.dimensions import Levels
from sim.results.result import Result
from sim.results.service_gaps import CUSTOMERS, DELIVERY, STANDARDS
from sim.words import say, translated

NOTICEABLE = 0.05
"""A gap from here on is told: less is rounded to nothing, points (1-7)."""


def gap_sentences(result: Result) -> list[str]:
    """Where the dimension falls short of which customers miss most; nothing where they miss nothing."""
    gaps = result.service_gaps.pivot_table("value", "dimension", "gap")
    if CUSTOMERS not in gaps or float(gaps[CUSTOMERS].min()) > -NOTICEABLE:
        return []
    worst = str(gaps[CUSTOMERS].idxmin())
    standards, delivery = float(gaps[STANDARDS][worst]), float(gaps[DELIVERY][worst])
    told = {
        "dimension": translated(Levels.model_fields[worst].title or ""),
        "missed": -float(gaps[CUSTOMERS][worst]),
        "standards": abs(standards),
        "delivery": abs(delivery),
    }
    if standards >= 0.0:
        return [
            say(
                "What customers miss most: {dimension}. They see {missed:.1f} points (of 1 to 7) less than they hold "
                "to be owed. The firm's standard is not lower than that: what they see is {delivery:.1f} points "
                "below it.",
                **told,
            )
        ]
    if delivery >= 0.0:
        return [
            say(
                "What customers miss most: {dimension}. They see {missed:.1f} points (of 1 to 7) less than they hold "
                "to be owed. The firm keeps its standard, which is {standards:.1f} points below that.",
                **told,
            )
        ]
    return [
        say(
            "What customers miss most: {dimension}. They see {missed:.1f} points (of 1 to 7) less than they hold to be "
            "owed. The firm's standard is {standards:.1f} points below that, and what they see {delivery:.1f} points "
            "below the standard.",
            **told,
        )
    ]
