"""Habit: the longer somebody is a customer, the less often suppliers are compared."""

import math
from typing import NamedTuple

from sim.rules import FLOW, Column, Section, amounts, at, parameter, rule

VERSION = 1


class Parameters(Section):
    """How fast a habit grows, and what it does."""

    strength: float = parameter(
        0.5,
        "Share of comparisons that a full habit leaves out; 0 is no habit",
        label="Strength of habit",
        unit="share",
        source="Wood & Neal 2009 (sign); assumption (size)",
        ge=0.0,
        le=1.0,
        practical=(0.0, 0.9),
    )
    habit_years: float = parameter(
        2.0,
        "Time as a customer after which a habit is formed to 63%",
        label="Years to a habit",
        unit="years",
        source="assumption",
        gt=0.0,
        le=100.0,
        practical=(0.25, 10.0),
    )


COLUMNS = (Column("habit", "f8", 1, "index (0-1)", "how much of a habit the supplier has become", followed=True),)

OBSERVABLES = amounts(FLOW, "comparisons", {"reviews_spared": "comparisons of suppliers left out of habit, expected"})


class Reluctance(NamedTuple):
    """What becomes of it: a column, an observable, and the chance that this moment lets a rule change."""

    habit: float
    reviews_spared: float
    review_chance: float


@rule
def formed(tenure, years):
    """How much of a habit is formed after a time, 0 to 1: 1 - exp(-t / T)."""
    return 1.0 - math.exp(-tenure / years)


@at("before_moving")
def reluctant(tenure, review_chance, strength, habit_years) -> Reluctance:
    """Who has a habit compares less often."""
    habit = formed(tenure, habit_years)
    spared = strength * habit * review_chance
    return Reluctance(habit, spared, review_chance - spared)
