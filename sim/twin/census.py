"""Customer types in the readable twin, by the seeds' typologies; the definitions are those of `sim.engine.census`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.census import thirds
from sim.model import typology
from sim.model.standing import PROMOTER
from sim.twin.customer import LEVELS, Customer
from sim.words import say

if TYPE_CHECKING:
    from sim.twin.twin import Twin


def customer_types(twin: Twin) -> dict[str, dict[str, int]]:
    """The focal firm's customers at the present moment, counted by type."""
    mine = [person for person in twin.people if person.supplier == 0]
    past = [person for person in twin.people if person.ever & 1 and person.supplier != 0]
    prospects = [person for person in twin.people if person.present and not person.gone and not person.ever & 1]
    lost = sum(person.barred & 1 != 0 for person in past)
    stages = [_stage_of_customer(person, _tenure(person)) for person in mine]
    stages += [typology.PROSPECT_STAGES[person.opinion[0] != 0.0] for person in prospects]
    return {
        "satisfaction x voice": _counted(typology.VOICE_TYPES, map(_voice_type, mine)),
        "level": _counted(typology.LEVEL_TYPES, (LEVELS[person.level] for person in mine)),
        "loyalty type": _counted(typology.LOYALTY_TYPES, map(_loyalty_type, mine)),
        "profitability": _counted(typology.PROFIT_TYPES, _profitability(mine)),
        "frequency": thirds(typology.FREQUENCY_TYPES, np.array([person.frequency for person in mine], np.float32)),
        "volume": thirds(typology.VOLUME_TYPES, np.array([person.spend for person in mine], np.float32)),
        "activity": dict(zip(typology.ACTIVITY_TYPES, (len(mine), len(past) - lost, lost), strict=True)),
        "lifecycle stage": _counted(typology.PROSPECT_STAGES + typology.CUSTOMER_STAGES, stages),
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
        return "praisers" if person.satisfaction >= PROMOTER else "returners"
    return "complainers" if person.has_complained else "fleers"


def _loyalty_type(person: Customer) -> str:
    return typology.LOYALTY_TYPES[typology.loyalty_type_of(person.state, 0, person.model.environment)]


def _margin_a_year(person: Customer) -> float:
    simulated = max(person.model.period, 1) * person.model.years
    return float(person.margin[0] / min(_tenure(person), simulated))  # it is counted from the start


def _profitability(people: list[Customer]) -> Iterator[str]:
    margins = [_margin_a_year(person) for person in people]
    for margin in margins:
        if margin < typology.LITTLE_PROFITABLE:
            yield say("not profitable")
        elif margin > np.quantile(margins, typology.UPPER_QUARTER):
            yield say("very profitable")
        else:
            yield say("little profitable")


def _stage_of_customer(person: Customer, tenure: float) -> str:
    """The highest of the marks that is met, each only after the ones before it."""
    marks = (
        ("service", person.history > 0.0),
        ("satisfaction", person.satisfaction >= typology.HIGH_ATTITUDE),
        ("loyalty", tenure >= typology.LOYAL_YEARS),
        ("development", person.frequency >= typology.HIGH_PATRONAGE),
        ("community", person.satisfaction >= PROMOTER),
    )
    stage = "sale"
    for name, met in marks:
        if not met:
            break
        stage = name
    return stage
