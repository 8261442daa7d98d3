"""Customer types in the readable twin, by the seeds' typologies; the definitions are those of `sim.engine.census`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.twin.customer import LEVELS, Customer

if TYPE_CHECKING:
    from sim.twin.twin import Twin

_VOICE = ("praisers", "returners", "complainers", "fleers")
_LOYALTY = ("sustainable", "latent", "spurious", "none")
_PROFIT = ("very profitable", "little profitable", "not profitable")
_STAGES = (
    "identification", "information and attraction", "sale", "service", "satisfaction", "loyalty", "development",
    "community",
)  # fmt: skip


def customer_types(twin: Twin) -> dict[str, dict[str, int]]:
    """The focal firm's customers at the present moment, counted by type."""
    mine = [person for person in twin.people if person.supplier == 0]
    past = [person for person in twin.people if 0 in person.ever and person.supplier != 0]
    prospects = [person for person in twin.people if person.present and not person.gone and 0 not in person.ever]
    lost = sum(0 in person.barred for person in past)
    stages = [_stage_of_customer(person, _tenure(person)) for person in mine]
    stages += ["information and attraction" if person.opinion[0] != 0.0 else "identification" for person in prospects]
    return {
        "satisfaction x voice": _counted(_VOICE, map(_voice_type, mine)),
        "level": _counted(reversed(LEVELS), (LEVELS[person.level] for person in mine)),
        "loyalty type": _counted(_LOYALTY, map(_loyalty_type, mine)),
        "profitability": _counted(_PROFIT, map(_profitability, mine)),
        "frequency": _thirds([person.frequency for person in mine], "frequent", "average", "occasional"),
        "volume": _thirds([person.spend for person in mine], "high volume", "average volume", "low volume"),
        "activity": {"active": len(mine), "inactive, may return": len(past) - lost, "inactive, lost": lost},
        "lifecycle stage": _counted(_STAGES, stages),
    }


def _counted(names: Iterable[str], found: Iterable[str]) -> dict[str, int]:
    counts = Counter(found)
    return {name: counts[name] for name in names}


def _tenure(person: Customer) -> float:
    """Years as a customer, at least one period."""
    model = person.model
    return max((model.period - person.joined) * model.years, model.years)


def _voice_type(person: Customer) -> str:
    if LEVELS[person.level] != "dissatisfied":
        return "praisers" if person.satisfaction >= 85.0 else "returners"
    return "complainers" if person.has_complained else "fleers"


def _loyalty_type(person: Customer) -> str:
    attitude, patronage = person.satisfaction >= 75.0, person.frequency >= 1.0
    if attitude:
        return "sustainable" if patronage else "latent"
    return "spurious" if patronage else "none"


def _profitability(person: Customer) -> str:
    a_year = person.margin / _tenure(person)
    if a_year < 0.0:
        return "not profitable"
    return "very profitable" if a_year >= 60.0 else "little profitable"


def _stage_of_customer(person: Customer, tenure: float) -> str:
    """The highest of the marks that is met, each only after the ones before it."""
    marks = (
        ("service", person.history > 0.0),
        ("satisfaction", person.satisfaction >= 75.0),
        ("loyalty", tenure >= 1.0),
        ("development", person.frequency >= 1.0),
        ("community", person.satisfaction >= 85.0),
    )
    stage = "sale"
    for name, met in marks:
        if not met:
            break
        stage = name
    return stage


def _thirds(values: list[float], high: str, middle: str, low: str) -> dict[str, int]:
    """The upper quarter, the middle half and the lower quarter."""
    if not values:
        return {high: 0, middle: 0, low: 0}
    stored = np.array(values, np.float32)
    lower, upper = np.quantile(stored, [0.25, 0.75])
    top, bottom = int((stored > upper).sum()), int((stored < lower).sum())
    return {high: top, middle: len(values) - top - bottom, low: bottom}
