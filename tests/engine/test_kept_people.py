"""People of the start are drawn once for all worlds in which they are the same, and for no other."""

from typing import Any

import numpy as np
import pytest

from sim.engine import kept_people
from sim.engine.births import populate
from sim.engine.population import begin_as_somebody
from sim.engine.simulation import Simulation
from sim.model.population import KNOWN_OF_A_FIRM
from sim.parameters.paths import set_path
from sim.parameters.timeline import WITHOUT_FAILURES
from tests.worlds import world

TODAY = world({"market.customers": 300, "market.entrants_per_year": 30.0, "run.periods": 3})


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever people are drawn; none are kept at first."""
    seen: list[int] = []

    def counted(*arguments: Any) -> Any:
        seen.append(arguments[-1])
        return populate(*arguments)

    monkeypatch.setattr(kept_people, "_kept", type(kept_people._kept)())
    monkeypatch.setattr("sim.engine.first_people.populate", counted)
    return seen


def people(scenario: Any, seed: int = 5) -> dict[str, Any]:
    state = Simulation(scenario, seed=seed, threads=1).state
    return {name: getattr(state, name).copy() for name in state._fields}


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[name].tobytes() == other[name].tobytes() for name in one)


@pytest.mark.parametrize("path", ["firm.desk.ease", "firm.strategy.price_index", "firm.systems.failure_scale"])
def test_a_lever_of_the_firm_has_the_same_people(drawn: list[int], path: str) -> None:
    first = people(TODAY)
    assert same(people(set_path(TODAY, path, 1.5)), first)
    assert len(drawn) == 1
    run = Simulation(TODAY, seed=5, threads=1)
    run.run()  # writes to its own copy
    assert same(people(TODAY), first)
    assert len(drawn) == 1


def test_who_is_somebody_that_lived_before_is_so_in_every_world(
    drawn: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a world that has settled the people of the start are drawn once, too; another such world has others."""
    made: list[int] = []

    def counted(*arguments: Any) -> Any:
        made.append(arguments[-1])
        return begin_as_somebody(*arguments)

    monkeypatch.setattr("sim.engine.first_people.begin_as_somebody", counted)
    today = set_path(TODAY, "run.settling", {"years": 1, "people": 200})
    first, other = people(today), people(set_path(today, "firm.desk.ease", 1.5))
    assert not same(first, other)
    assert len(made) == 2
    better = Simulation(today, seed=5, threads=1, patch=WITHOUT_FAILURES).state
    assert all(getattr(better, name).tobytes() == first[name].tobytes() for name in first)
    assert len(made) == 2
    assert same(people(set_path(today, "run.warm_up", 4)), first) is False
    assert len(made) == 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("firm.systems.service.empathy", 3.5),
        ("firm.systems.channels.filter_strength", 0.9),
        ("firm.initial_share", 0.2),
        ("customers.encounters.frequency_cv", 0.4),
        ("market.customers", 290),
        ("market.entrants_per_year", 60.0),
    ],
)
def test_what_shapes_people_has_others(drawn: list[int], path: str, value: float) -> None:
    first, other = people(TODAY), people(set_path(TODAY, path, value))
    assert len(drawn) == 2
    assert not same(first, other)
    assert not same(first, people(TODAY, seed=6))
    assert len(drawn) == 3


def test_of_a_firm_nothing_else_is_read(drawn: list[int]) -> None:
    """Every other number of the firms is none, and the people are those of before, to the last bit."""
    first = people(TODAY)
    run = Simulation(TODAY, seed=5, threads=1)
    firms: Any = run.environment.firms
    spoilt = firms.copy()
    spoilt.view(np.uint8)[:] = 255
    for name in KNOWN_OF_A_FIRM:
        spoilt["systems"][name] = firms["systems"][name]
    assert len(drawn) == 1
    run.environment = run.environment._replace(
        firms=spoilt, reputation=np.full_like(run.environment.reputation, np.nan)
    )
    kept_people._kept.clear()
    for name in run.state._fields:
        if name != "luck":
            getattr(run.state, name).view(np.uint8)[:] = 0
    run._populate()
    assert len(drawn) == 2
    assert all(run.state._asdict()[name].tobytes() == first[name].tobytes() for name in first)


def test_many_are_drawn_each_time(drawn: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_people, "MOST_BYTES", 10_000)
    assert same(people(TODAY), people(TODAY))
    assert len(drawn) == 2
