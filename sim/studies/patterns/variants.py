"""Which worlds the patterns need, by name: each is the baseline but for what is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.model.dimensions import DIMENSIONS
from sim.parameters.timeline import WITHOUT_FAILURES, Patch

THREE_YEARS = {"run.periods": 156}
FIVE_YEARS = {"run.periods": 260}
"""In weeks: effects on customers who stay longer need longer than the baseline's two years to be worth their money."""

IMPROVED_AT = 52
"""Week in which the lasting improvement begins."""

IMPROVEMENT = 0.5
"""Points (1-7) on every dimension."""

PROMISE_STEP = 0.5
"""Points (1-7) by which the broken promise exceeds, and the modest one falls short of, the baseline's."""

EASE_LEVELS = (0, 2, 4, 8)
EASE_COST = 0.1
"""Money per customer and year of one unit of ease; more of it costs with the square: the first notice on a bill is
nearly free, each further channel is dearer. Assumption (Fornell & Wernerfelt 1987 give no size)."""

SWITCHING_COSTS = (0.1, 0.9)
"""What switching costs where it is easy, and where it is hard (index, 0-1)."""

LET_DOWN = 0.05
"""Share of the customers who are let down once: an assumption of what "a few" are (Goldenberg et al. 2007)."""

SAME_PERSON = {
    "customers.bonds.attrition_polarization": 0.0,
    "customers.bonds.switching_cost_spread": 0.0,
    "customers.encounters.frequency_cv": 0.0,
    "customers.encounters.spend_cv": 0.0,
    "customers.expectations.spread": 0.0,
    "customers.judgement.disposition_spread": 0.0,
    "customers.sociability.complaint_spread": 0.0,
}
NO_LOYALTY = {
    "movement.loyalty": 0.0,
    "voice.complaint_drivers.loyalty": 0.0,
    "voice.repurchase_drivers.loyalty": 0.0,
}
NEW_PRODUCT = {
    **FIVE_YEARS,
    "rivals": [],
    "firm.initial_share": 0.1,
    "firm.strategy.advertising_hazard": 0.03,  # Sultan, Farley & Lehmann 1990, a mean p
    "talk.strong_adoption": 0.11,  # with how much is told, a q of about .17: below the mean of Bass's q
    "talk.weak_adoption": 0.044,  # as strong to weak in the defaults (Goldenberg, Libai & Muller 2001)
}
_STORIES = ("dissatisfied", "satisfied", "delighted", "recovered", "failed_recovery")
NOBODY_TOLD = {f"talk.reach.{story}": 0.0 for story in _STORIES}
NOBODY_TALKS: Patch = {f"talk.shares.{story}": 0.0 for story in _STORIES}


@dataclass(frozen=True)
class Variant:
    """A world: what is changed in the baseline, and whether the run is watched or meddled with.

    Attributes:
        changes: Parameters by path with their values.
        kind: Name of the simulation class in `sim.studies.patterns.watched`; empty for the plain one.
        patch: Parameters that hold whatever the timeline says: the same luck in another world.
    """

    changes: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    patch: Patch | None = None


def variants(scenario: Any) -> dict[str, Variant]:
    """The worlds by name, for a baseline scenario in weeks.

    >>> from sim.model.scenario import Scenario
    >>> "baseline" in variants(Scenario())
    True
    """
    service, promise = scenario.firm.systems.service, scenario.firm.strategy.promise
    appraisal = scenario.firm.costs.appraisal
    price, days = scenario.firm.strategy.price_index, scenario.firm.desk.investigation_days
    many = {"voice.complain_share": 0.5, "firm.desk.agents": 10.0 * scenario.firm.desk.agents}

    def moved(levels: Any, step: float) -> dict[str, float]:
        return {name: getattr(levels, name) + step for name in DIMENSIONS}

    better = {"at": IMPROVED_AT, "set": {"firm.systems.service": moved(service, IMPROVEMENT)}}
    worlds = {
        "baseline": Variant(),
        "five years": Variant(FIVE_YEARS),
        "five years without failures": Variant(FIVE_YEARS, patch=WITHOUT_FAILURES),
        "neither heterogeneity nor loyalty": Variant({**FIVE_YEARS, **SAME_PERSON, **NO_LOYALTY}),
        "heterogeneity without loyalty": Variant({**FIVE_YEARS, **NO_LOYALTY}),
        "loyalty without heterogeneity": Variant({**FIVE_YEARS, **SAME_PERSON}),
        "half complain": Variant(many, "Answers"),
        "half complain, answered sooner": Variant({**many, "firm.desk.investigation_days": days / 2.0}, "Answers"),
        "all captive": Variant({"customers.bonds.captive_share": 1.0}),
        "switching is easy": Variant({"customers.bonds.switching_cost": SWITCHING_COSTS[0]}),
        "switching is hard": Variant({"customers.bonds.switching_cost": SWITCHING_COSTS[1]}),
        "price of today": Variant({}, "Pleased"),
        "price a tenth up": Variant({"firm.strategy.price_index": 1.1 * price}, "Pleased"),
        "price three tenths up": Variant({"firm.strategy.price_index": 1.3 * price}, "Pleased"),
        "improvement": Variant({**FIVE_YEARS, "timeline": [better]}),
        "five years, nobody talks": Variant(FIVE_YEARS, patch=NOBODY_TALKS),
        "improvement, nobody talks": Variant({**FIVE_YEARS, "timeline": [better]}, patch=NOBODY_TALKS),
        "three years": Variant(THREE_YEARS, "Joiners"),
        "three years, nobody talks": Variant(THREE_YEARS, "Joiners", NOBODY_TALKS),
        "broken promise": Variant({"firm.strategy.promise": moved(promise, PROMISE_STEP)}),
        "modest promise": Variant({"firm.strategy.promise": moved(promise, -PROMISE_STEP)}),
        "let down": Variant(NEW_PRODUCT, "LetDown"),
        "not let down": Variant(NEW_PRODUCT, "NotLetDown"),
        "let down, nobody told": Variant({**NEW_PRODUCT, **NOBODY_TOLD}, "LetDown"),
        "not let down, nobody told": Variant({**NEW_PRODUCT, **NOBODY_TOLD}, "NotLetDown"),
        "mature, let down": Variant(FIVE_YEARS, "LetDown"),
        "mature, not let down": Variant(FIVE_YEARS, "NotLetDown"),
    }
    for ease in EASE_LEVELS[1:]:
        effort = {"firm.desk.ease": float(ease), "firm.costs.appraisal": appraisal + EASE_COST * ease**2}
        worlds[f"ease {ease}"] = Variant({**FIVE_YEARS, **effort})
    return worlds
