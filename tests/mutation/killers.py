"""What may kill a mutant: small tests in plain Python, from the cheapest to the dearest.

Everything here is imported after the mutated module has taken its place. A killer raises, or returns.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import math
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

Lives = dict[str, Any]
Scenarios = dict[str, Any]

COARSE = 8
"""Steps of the coarse luck: multiples of 1/8, so that draws meet shares exactly, and arrivals meet each other."""


# --- equality of state -----------------------------------------------------------------------------------------------

SMALL = {
    "run.periods": 5,
    "run.panel": 60,
    "market.customers": 50,
    "market.network.mean_degree": 4.0,
    "firm.desk.handling_hours": 400.0,
}
ON_THE_GRID = {
    "run.periods": 6,
    "market.customers": 40,
    "market.network.mean_degree": 4.0,
    "market.rebuy_share": 0.5,
    "voice.complain_share": 0.5,
    "voice.headquarters_share": 0.5,
    "voice.escalation_share": 0.5,
    "voice.lapse_share": 0.5,
    "voice.repurchase.silent": 0.5,
    "voice.repurchase.unanswered": 0.25,
    "voice.repurchase.unresolved": 0.5,
    "voice.repurchase.resolved": 0.75,
    "voice.repurchase.resolved_quickly": 0.75,
    "talk.shares.dissatisfied": 0.5,
    "talk.shares.satisfied": 0.25,
    "talk.shares.delighted": 0.5,
    "talk.shares.recovered": 0.5,
    "talk.shares.failed_recovery": 0.5,
    "movement.switch_share": 0.5,
    "movement.return_share": 0.5,
    "movement.return_opinion": 0.0,
    "customers.bonds.captive_share": 0.25,
    "customers.sociability.influencer_share": 0.25,
    "customers.encounters.spend_cv": 0.0,
    "firms.desk.follow_up": 0.5,
    "firms.desk.answer_share": 0.75,
    "firms.desk.resolution_share": 0.5,
    "firms.desk.front_line_resolution": 0.25,
    "firms.desk.handling_hours": 0.0,
    "firms.desk.agents": 500.0,
    "firms.systems.interception_share": 0.25,
    "firms.costs.warranty_share": 0.5,
    "firms.strategy.advertising_hazard": 0.5,
    "firms.win_back.acceptance_share": 0.5,
}


def drivers_off(worlds: Any) -> dict[str, float]:
    """Every weight that shifts a share at zero, so that shares are exactly what is given."""
    tree = worlds.base()
    paths = {
        f"voice.{kind}.{name}" for kind in ("complaint_drivers", "repurchase_drivers") for name in tree["voice"][kind]
    }
    paths |= {f"movement.{name}" for name in ("advantage", "opinion", "price", "promise", "switching_cost", "loyalty")}
    return dict.fromkeys(sorted(paths | {"talk.opinion_on_adoption"}), 0.0)


def scenarios(folder: Path) -> Scenarios:
    """The worlds in which engine and twin are compared, from the smallest on."""
    from sim.parameters.paths import set_path
    from sim.rules import with_rules
    from tests import worlds
    from tests.rules.files import several

    warm = {"run.warm_up": 2, "run.periods": 4}
    made: Scenarios = {"two rivals": worlds.world(SMALL | warm, rivals=2, segments=2)}
    grid = ON_THE_GRID | drivers_off(worlds)
    made["coarse"] = worlds.world(grid, rivals=2, segments=2)
    made["coarse, by value"] = worlds.world(
        grid
        | {
            "firms.desk.queue": "value",
            "run.seed": 5,
            "customers.encounters.frequency_cv": 0.0,
            "firms.desk.agents": 300.0,
            "firms.desk.handling_hours": 600.0,
        },
        rivals=1,
    )
    for name, periods in (("tiny desk", 6), ("edges", 3), ("monopoly", 8), ("goodman", 7), ("rage", 3)):
        made[name] = set_path(worlds.by_hand(name, folder), "run.periods", periods)
        if name in ("monopoly", "rage"):
            made[name] = set_path(made[name], "market.customers", 60)
    often = {"market.customers": 30, "run.panel": 30, "customers.bonds.reviews_per_year": 12.0}
    made["rules from outside"] = with_rules(worlds.world(SMALL | often, rivals=1), several(folder))
    return made


@contextlib.contextmanager
def luck_of(name: str) -> Any:
    """Coarse luck for the worlds of that name: in plain Python every module looks the draw up when it draws."""
    if not name.startswith("coarse"):
        yield
        return
    draw = importlib.import_module("sim.model.luck").uniforms

    def coarse(*key: Any) -> tuple[float, ...]:
        return tuple((math.floor(u * (COARSE - 1)) + 1) / COARSE for u in draw(*key))

    users = [module for module in list(sys.modules.values()) if getattr(module, "uniforms", None) is draw]
    for module in users:
        module.uniforms = coarse  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in users:
            module.uniforms = draw  # type: ignore[attr-defined]


def lives_of_the_twin(made: Scenarios, folder: Path) -> bytes:
    """What the twin knows in each of the worlds, after every stage, and its tables; pickled."""
    return pickle.dumps({world: life_of_the_twin(world, scenario, folder) for world, scenario in made.items()})


def life_of_the_twin(world: str, scenario: Any, folder: Path) -> tuple[Any, ...]:
    """What the twin knows in one world, after every stage, and its tables."""
    from sim.twin.twin import Twin
    from tests import equality

    with luck_of(world):
        twin = Twin(scenario, base_dir=folder)
        return equality.life(twin), results(twin.tables())


def results(tables: Any) -> tuple[Any, ...]:
    """What the tables hold beyond the state: survival and customer types."""
    return tables.initial.tolist(), tables.stayers.tolist(), tables.census


def same_life(world: str, scenario: Any, folder: Path, lives: Lives | None) -> None:
    """The engine knows in that world what the twin knows; without its `lives` the twin is asked now."""
    from sim.engine.simulation import Simulation
    from tests import equality

    expected = life_of_the_twin(world, scenario, folder) if lives is None else lives[world]
    with luck_of(world):
        tables = equality.assert_same_life(Simulation(scenario, threads=1, base_dir=folder), expected[0])
    assert results(tables) == expected[1]


# --- tests and examples ----------------------------------------------------------------------------------------------


def examples(module: str) -> None:
    """The examples in the docstrings of a module hold."""
    with contextlib.redirect_stdout(io.StringIO()):
        done = doctest.testmod(
            importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        )
    assert done.failed == 0


def passes(*tests: str) -> None:
    """The tests pass, by pytest in this process, without its plugins and with the same examples at each call."""
    options = ["-x", "-q", "-o", "addopts=", "-W", "default", "--assert", "plain"]
    for plugin in ("cacheprovider", "faulthandler", "threadexception", "unraisableexception"):  # they collect garbage
        options += ["-p", f"no:{plugin}"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert pytest.main([*options, "-m", "not slow", *tests]) == 0
