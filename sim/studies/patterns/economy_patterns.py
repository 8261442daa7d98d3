"""Patterns of what holds customers, and of what they pay: captives, spurious loyalty, higher prices."""

from __future__ import annotations

from sim.studies.patterns import measured as m
from sim.studies.patterns.patterns_table import ABOVE_0, BELOW_0, Pattern, PatternGroup

ECONOMY: tuple[PatternGroup, ...] = (
    PatternGroup(
        "Bonds",
        "Complaints per dissatisfying encounter where nobody can leave, against the baseline; customers held by "
        "barriers at the end (ODD, 7.15) where switching costs .9, against .1. Two years.",
        (
            Pattern(
                "captives_complain",
                "captives complain more than the free",
                "Hirschman 1970 (sign)",
                "percentage points",
                ABOVE_0,
                m.difference(m.per_world("all captive", m.complaining), m.per_world("baseline", m.complaining)),
            ),
            Pattern(
                "spurious_rises",
                "spurious loyalty rises with switching cost",
                "Dick & Basu 1994 (concept)",
                "percentage points",
                ABOVE_0,
                m.difference(
                    m.per_world("switching is hard", m.spurious), m.per_world("switching is easy", m.spurious)
                ),
            ),
        ),
    ),
    PatternGroup(
        "A higher price",
        "Satisfaction at the end of two years of the very people who are customers in both worlds, with the same luck: "
        "at a price index a tenth and three tenths above today's, from the first day, against today's.",
        (
            Pattern(
                "price_a_tenth",
                "a price a tenth higher pleases nobody who stays",
                "Fornell et al. 1996 (value leads to satisfaction)",
                "points",
                BELOW_0,
                m.better_pleased("price a tenth up", "price of today"),
            ),
            Pattern(
                "price_three_tenths",
                "nor does one that is three tenths higher",
                "Fornell et al. 1996 (value leads to satisfaction)",
                "points",
                BELOW_0,
                m.better_pleased("price three tenths up", "price of today"),
            ),
        ),
    ),
)
