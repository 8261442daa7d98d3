"""What the rooms of the model declare, put together in a fixed order: the columns of a person, and what is counted.

>>> from sim.vocabulary.observables import O
>>> OBSERVABLES[O.complained].unit
'complaints'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model import (
    billing,
    contract,
    drop_out,
    expectation,
    guarantee,
    inbox,
    judgement,
    learning,
    money,
    movement,
    online,
    opinion,
    person,
    price,
    programme,
    recovery,
    service,
    servqual,
    talk,
    third_party,
    voice,
    work_pressure,
)
from sim.vocabulary.column import Column
from sim.vocabulary.observables import STOCK, O, Observable

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

__all__ = ["COLUMNS", "OBSERVABLES", "ROOMS", "O", "columns_outside", "observables_of"]

ROOMS = (
    person,
    movement,
    service,
    expectation,
    judgement,
    voice,
    recovery,
    opinion,
    talk,
    inbox,
    online,
    money,
    contract,
    billing,
    third_party,
    work_pressure,
    price,
    learning,
    programme,
    guarantee,
    servqual,
    drop_out,
)
"""The rooms, in the order of their columns and observables."""

COLUMNS: tuple[Column, ...] = tuple(column for room in ROOMS for column in room.COLUMNS)
"""What is known of a person: one row of each column is one person."""

_declared: tuple[Observable, ...] = tuple(observable for room in ROOMS for observable in room.OBSERVABLES)

OBSERVABLES: tuple[Observable, ...] = tuple(sorted(_declared, key=lambda observable: observable.kind != STOCK))
"""What is counted: the stocks of all rooms, then the flows of all rooms."""

O.number(observable.name for observable in OBSERVABLES)


def observables_of(scenario: Scenario | type[Scenario]) -> tuple[Observable, ...]:
    """What is counted in a run of a scenario: ours at their places, then what its rules from outside count."""
    return (*OBSERVABLES, *(observable for rule in scenario.outside for observable in rule.observables))


def columns_outside(scenario: Scenario | type[Scenario]) -> tuple[Column, ...]:
    """What the rules from outside of a scenario know of a person, in the order of the columns of `State.outside`."""
    return tuple(column for rule in scenario.outside for column in rule.columns)
