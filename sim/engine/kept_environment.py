"""The environment of a start, which the next replication of the same scenario asks for again."""

from __future__ import annotations

from typing import NamedTuple

from sim.model.contexts import Environment
from sim.model.price import Prices
from sim.model.records import copied, environment_records
from sim.model.scenario import Scenario


class _RecordsOfStart(NamedTuple):
    """An environment, and what it was made of."""

    scenario: Scenario
    period: int
    today: Scenario | None
    environment: Environment


_latest: list[_RecordsOfStart] = []
"""The latest that was made: to put its records together takes as long as three periods of a small market."""


def environment_of(
    scenario: Scenario, before: Environment | None, period: int, today: Scenario | None = None
) -> Environment:
    """What `sim.model.records.environment_records` gives; of a start a copy of the latest, where it is of the same.

    >>> scenario = Scenario()
    >>> one, other = (environment_of(scenario, None, 0) for _ in range(2))
    >>> bool((one.firms == other.firms).all()), one.firms is other.firms
    (True, False)
    """
    if before is not None:
        return environment_records(scenario, before, period, today)
    start = _latest[0] if _latest else None
    if start is None or start.scenario is not scenario or start.period != period or start.today is not today:
        start = _RecordsOfStart(scenario, period, today, environment_records(scenario, None, period, today))
        _latest[:] = [start]
    return _copy(start.environment)


def _copy(environment: Environment) -> Environment:
    """The same in arrays of its own, which a run changes."""
    return Environment(
        copied(environment.firms),
        copied(environment.segments),
        copied(environment.world),
        environment.reputation.copy(),
        Prices(*(column.copy() for column in environment.prices)),
    )
