"""Customer types in the readable twin, one customer after the other; who is of which stands in `sim.model.typology`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.census import thirds
from sim.model import typology
from sim.twin.customer import LEVELS, Customer

if TYPE_CHECKING:
    from sim.twin.twin import Twin


def customer_types(twin: Twin) -> dict[str, dict[str, int]]:
    """The focal firm's customers at the present moment, counted by type."""
    mine = [person for person in twin.people if person.supplier == 0]
    past = [person for person in twin.people if person.ever & 1 and person.supplier != 0]
    prospects = [person for person in twin.people if person.present and not person.gone and not person.ever & 1]
    lost = sum(person.barred & 1 != 0 for person in past)
    margins = [_margin_a_year(person) for person in mine]
    upper = np.quantile(margins, typology.UPPER_QUARTER) if mine else 0.0
    stages = [typology.CUSTOMER_STAGES[_stage_of_customer(person)] for person in mine]
    stages += [typology.PROSPECT_STAGES[person.opinion[0] != 0.0] for person in prospects]
    return {
        "satisfaction x voice": _counted(typology.VOICE_TYPES, (_voice_type(person) for person in mine)),
        "level": _counted(typology.LEVEL_TYPES, (LEVELS[person.level] for person in mine)),
        "loyalty type": _counted(typology.LOYALTY_TYPES, (_loyalty_type(person) for person in mine)),
        "profitability": _counted(
            typology.PROFIT_TYPES,
            (_of(typology.PROFIT_TYPES, typology.profit_types(np.float64(margin), upper)) for margin in margins),
        ),
        "frequency": thirds(typology.FREQUENCY_TYPES, np.array([person.frequency for person in mine], np.float32)),
        "volume": thirds(typology.VOLUME_TYPES, np.array([person.spend for person in mine], np.float32)),
        "activity": dict(zip(typology.ACTIVITY_TYPES, (len(mine), len(past) - lost, lost), strict=True)),
        "lifecycle stage": _counted(typology.PROSPECT_STAGES + typology.CUSTOMER_STAGES, stages),
    }


def _counted(names: Iterable[str], found: Iterable[str]) -> dict[str, int]:
    counts = Counter(found)
    return {name: counts[name] for name in names}


def _of(names: Iterable[str], switches: Iterable[Any]) -> str:
    """The type that holds; exactly one does."""
    (name,) = (name for name, holds in zip(names, switches, strict=True) if holds)
    return name


def _tenure(person: Customer) -> float:
    """Years as a customer, at least one period."""
    model = person.model
    return max((model.period - person.joined) * model.years, model.years)


def _voice_type(person: Customer) -> str:
    content, complained = np.bool_(LEVELS[person.level] != "dissatisfied"), np.bool_(person.has_complained)
    return _of(typology.VOICE_TYPES, typology.voice_types(content, person.satisfaction, complained))


def _loyalty_type(person: Customer) -> str:
    return typology.LOYALTY_TYPES[typology.loyalty_type_of(person.state, 0, person.model.environment)]


def _margin_a_year(person: Customer) -> float:
    simulated = max(person.model.period, 1) * person.model.years
    return float(person.margin[0] / min(_tenure(person), simulated))  # it is counted from the start


def _stage_of_customer(person: Customer) -> int:
    return int(typology.stage_reached(person.history, person.satisfaction, _tenure(person), person.frequency))
