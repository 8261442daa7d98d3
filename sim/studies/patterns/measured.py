"""How each pattern is measured: functions from the laboratory to one number for each replication."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from sim.results.keyfigures import figures_by_replication
from sim.results.outputs import measure as outputs_of
from sim.results.series import build_series
from sim.studies.patterns.laboratory import Laboratory, LaboratoryWorld, over
from sim.studies.patterns.variants import EASE_LEVELS, IMPROVED_AT

Measuring = Callable[[Laboratory], list[float]]


def per_world(variant: str, measure: Callable[[LaboratoryWorld], float]) -> Measuring:
    """One number from each replication of one world."""
    return lambda lab: [measure(world) for world in lab.worlds(variant)]


PROFIT = "profit"
"""The margin of the run with the value of the customers in hand at its end."""


def key_figure(name: str, variant: str = "baseline") -> Measuring:
    """A key figure of a world, or its profit."""
    if name == PROFIT:
        return per_world(variant, lambda world: outputs_of(world.scenario, world.tables, None, [PROFIT])[PROFIT])
    return per_world(variant, lambda world: world.figures[name])


def difference(first: Measuring, second: Measuring) -> Measuring:
    """`first` minus `second`, replication by replication: the two have the same luck."""
    return lambda lab: [a - b for a, b in zip(first(lab), second(lab), strict=True)]


def quotient(first: Measuring, second: Measuring) -> Measuring:
    """`first` over `second`, replication by replication."""
    return lambda lab: [over(a, b) for a, b in zip(first(lab), second(lab), strict=True)]


def skewness(world: LaboratoryWorld) -> float:
    """Skewness of satisfaction over the firm's customers at the end."""
    if not world.satisfaction.size:
        return math.nan
    away = world.satisfaction - world.satisfaction.mean()
    return over((away**3).mean(), (away**2).mean() ** 1.5)


def reach_ratio(world: LaboratoryWorld) -> float:
    """People told by one who tells something bad, over people told by one who tells something good."""
    bad, good = (over(world.total(f"told_{kind}"), world.total(f"talkers_{kind}")) for kind in ("negative", "positive"))
    return over(bad, good)


def rise_with_tenure(world: LaboratoryWorld) -> float:
    """Retention of the first cohort in its fifth year minus that in its first."""
    return world.cohort_retention(5) - world.cohort_retention(1)


def kept(*outcomes: str) -> Callable[[LaboratoryWorld], float]:
    """Share who buy again of the complainers with these outcomes."""
    return lambda world: over(world.total(*[f"{name}_kept" for name in outcomes]), world.total(*outcomes))


def silent_kept(world: LaboratoryWorld) -> float:
    """Share who stay of the dissatisfied who said nothing."""
    return over(world.total("silent_stayed"), world.total("silent"))


def followed(group: str | tuple[str, ...], what: str, variant: str = "half complain") -> Measuring:
    """Of followed groups: mean `satisfaction` on the day, or the share who are customers `still` half a year later."""
    groups = (group,) if isinstance(group, str) else group

    def measure(world: LaboratoryWorld) -> float:
        people, satisfaction, still = np.sum(
            [row for name in groups for row in world.notes[name]] or [(0, 0, 0)], axis=0
        )
        return over(satisfaction if what == "satisfaction" else still, people)

    return per_world(variant, measure)


def complaining(world: LaboratoryWorld) -> float:
    """Complaints per dissatisfying encounter."""
    return over(world.total("complained"), world.total("dissatisfied"))


def spurious(world: LaboratoryWorld) -> float:
    """Share of customers at the end who would leave if switching cost nothing, by type of loyalty."""
    types = world.tables.census["loyalty type"]
    return over(types["spurious"], sum(types.values()))


def better_pleased(variant: str, other: str) -> Measuring:
    """How much more satisfied are those who are customers in both worlds at the end: the same people, points."""

    def satisfaction(name: str) -> Callable[[Laboratory], list[np.ndarray]]:
        return lambda lab: [world.notes["satisfaction"] for world in lab.worlds(name)]

    return lambda lab: [
        float(np.nanmean(a - b)) for a, b in zip(satisfaction(variant)(lab), satisfaction(other)(lab), strict=True)
    ]


def gain(first: int, last: int, amount: str, weight: str) -> Measuring:
    """What the improvement adds to a mean, in the weeks from `first` to before `last` after it."""

    def mean(variant: str) -> Measuring:
        weeks = (IMPROVED_AT + first, IMPROVED_AT + last)
        return per_world(variant, lambda world: world.mean(amount, *weeks, weight=weight))

    return difference(mean("improvement"), mean("five years"))


def joined_by_talk(lab: Laboratory) -> list[float]:
    """Share of those who joined the firm in three years who do not join it in the same world without talk."""

    def joined(variant: str) -> list[np.ndarray]:
        return [world.notes["joined"] for world in lab.worlds(variant)]

    pairs = zip(joined("three years"), joined("three years, nobody talks"), strict=True)
    return [over((told & ~untold).sum(), told.sum()) for told, untold in pairs]


def won_by_improvement(suffix: str = "") -> Measuring:
    """Customers at the end of five years whom the firm has more by the improvement."""

    def customers(variant: str) -> Measuring:
        return per_world(variant, lambda world: float(world.each("active")[-1]))

    return difference(customers(f"improvement{suffix}"), customers(f"five years{suffix}"))


def faded(lab: Laboratory) -> list[float]:
    """Share of the first quarter's gain in delight that is gone in the third year after the improvement."""
    early = gain(0, 13, "delighted", "encounters")(lab)
    late = gain(104, 156, "delighted", "encounters")(lab)
    return [1.0 - over(b, a) for a, b in zip(early, late, strict=True)]


def asymmetry(figure: str) -> Measuring:
    """What the broken promise costs minus what the modest one gains."""
    base, broken, modest = (
        key_figure(figure),
        key_figure(figure, "broken promise"),
        key_figure(figure, "modest promise"),
    )

    def measure(lab: Laboratory) -> list[float]:
        return [(b - x) - (y - b) for b, x, y in zip(base(lab), broken(lab), modest(lab), strict=True)]

    return measure


def ease(level: int) -> str:
    """Name of the world with this much ease of complaining."""
    return f"ease {level}" if level else "five years"


def ease_gain(figure: str, level: int, below: int) -> Measuring:
    """What a key figure gains from one level of ease to another."""
    return difference(key_figure(figure, ease(level)), key_figure(figure, ease(below)))


def cost_figure(compute: Callable[[pd.Series], float]) -> Measuring:
    """A figure of the cost of quality over five years, opportunity cost measured with the same luck."""

    def measure(lab: Laboratory) -> list[float]:
        worlds, others = lab.worlds("five years"), lab.worlds("five years without failures")
        scenario = worlds[0].scenario
        series = build_series(scenario, [w.tables for w in worlds], [w.tables for w in others])
        figures = figures_by_replication(series, scenario, [w.tables for w in worlds])
        return [float(compute(figures.iloc[r])) for r in range(len(figures))]

    return measure


def failure_share(row: pd.Series) -> float:
    """Internal and external failure cost, share of operating cost."""
    return float(row["internal_failure_share"] + row["external_failure_share"])


def failure_and_opportunity(row: pd.Series) -> float:
    """Failure and opportunity cost, share of the cost of poor quality."""
    return over(failure_share(row) + row["opportunity_share"], row["quality_cost_share"])


def prevention_over_least(row: pd.Series) -> float:
    """Prevention over the least of appraisal, failure and opportunity."""
    return over(row["prevention_share"], min(row["appraisal_share"], failure_share(row), row["opportunity_share"]))


def rule_of_thumb(row: pd.Series) -> float:
    """Cost of poor quality with the rule of thumb in the place of the measured opportunity cost."""
    estimate = over(row["opportunity_share"] * row["opportunity_estimate"], row["opportunity_measured"])
    return float(row["quality_cost_share"] - row["opportunity_share"] + estimate)


def loss_over_own(prefix: str = "", suffix: str = "") -> Measuring:
    """Value lost with the few who were let down, over what they themselves would have brought.

    Numerator and denominator are summed over the replications but one (a jackknife), as one small group's own value
    varies much: the pseudo-values have the pooled ratio as their mean, nearly.
    """

    def measure(lab: Laboratory) -> list[float]:
        hurt = lab.worlds(f"{prefix}let down{suffix}")
        well = lab.worlds(f"{prefix}not let down{suffix}")
        lost = {k: np.array([w.notes[k] - h.notes[k] for h, w in zip(hurt, well, strict=True)]) for k in ("all", "own")}
        whole = over(lost["all"].sum(), lost["own"].sum())
        count = len(hurt)
        if count == 1:
            return [whole]
        without = map(over, lost["all"].sum() - lost["all"], lost["own"].sum() - lost["own"])
        return [count * whole - (count - 1) * ratio for ratio in without]

    return measure


HIGH_EASE, GOOD_EASE, SOME_EASE = EASE_LEVELS[3], EASE_LEVELS[2], EASE_LEVELS[1]
