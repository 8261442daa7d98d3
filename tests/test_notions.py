"""`docs/notions.md`: every name in it exists, every parameter in it acts, and every notion has a state."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.main import get_command

from sim.cli.study_commands import app
from sim.engine.simulation import Simulation
from sim.model import typology
from sim.model.failures import FAILURE_MODES
from sim.model.rooms import OBSERVABLES
from sim.model.scenario import Scenario
from sim.parameters.paths import get_path, set_path
from sim.parameters.registry import ParameterInfo, parameters
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES
from sim.results.outputs import check_outputs
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError
from tests import worlds

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "notions.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| notion ")
]
NAMES = sorted(set(re.findall(r"`([^`]+)`", PAGE)))

PATHS = {info.path for info in parameters()}
SECTIONS = {path.rsplit(".", depth)[0] for path in PATHS for depth in range(1, path.count(".") + 1)}
COUNTED = {row.name for row in (*OBSERVABLES, *MEASURES, *KEY_FIGURES)}
TYPES = {name for key, names in vars(typology).items() if key.endswith(("_TYPES", "_STAGES")) for name in names}
COMMANDS = {f"sim {name}" for name in get_command(app).commands}


def exists(name: str) -> bool:
    """Whether something of the package has the name."""
    if "=" in name:  # a preset
        path, _, value = name.partition("=")
        return path in PATHS and bool(load_text(f"{path.replace('.', ': {', 1)}: {value}}}\n"))
    if "@" in name:
        return not check_outputs([name], Scenario())
    if "/" in name:
        return (ROOT / name).is_file()
    return name in PATHS | SECTIONS | COUNTED | TYPES | COMMANDS | set(FAILURE_MODES) | {"opportunity_measured"}


@pytest.mark.parametrize("name", NAMES)
def test_every_name_exists(name: str) -> None:
    assert exists(name), f"docs/notions.md names {name!r}, which is nothing of ours any more"


@pytest.mark.parametrize("name", ["firm.desk.easy", "gap_price", "sim advise", "lurkers", "survival@9999"])
def test_a_name_that_does_not_exist_is_seen(name: str) -> None:
    assert not exists(name)


def test_a_preset_that_does_not_exist_is_seen() -> None:
    with pytest.raises(ScenarioError):
        exists("firm.culture=horrible")


def test_every_notion_has_a_state_and_what_works_is_carried_by_something() -> None:
    assert len(ROWS) > 90
    for notion, state, where in ROWS:
        assert state in ("works", "in part", "outside", "aside"), notion
        assert where or state == "aside", notion
        if state == "works":
            assert "`" in where or "each encounter" in where, notion


def test_no_notion_stands_twice() -> None:
    notions = [row[0] for row in ROWS]
    assert len(set(notions)) == len(notions)


NOTHING_BY_ITSELF = (
    *("importance.", "recovery.distributive", "recovery.interactional", "recovery.procedural"),  # weights sum to 1
    *("systems.channels.chat", "systems.channels.counter", "systems.channels.telephone", "segments[].share"),
    *("[].name", "timeline[].set", "run.panel", "people.file", "money.measure_quality_worlds", ".preset", ".culture"),
)
"""Parts of what a file says otherwise: shares of a whole, names, tables, worlds beside this one."""

OF_THE_START = {"firm.desk.sized_by_load": True, "firm.desk.expected_cases": 5000.0}
SOME_AT_THE_FRONT = {"voice.headquarters_share": 0.3, "firm.people.empowerment": 0.5, "talk.online.post_share": 0.5}
SOME_AT_THE_FRONT |= {"firm.systems.failure_scale": 30.0}


def lively_worlds(folder: Path) -> Iterator[Scenario]:
    """Small worlds that have every rule on, in one or another of which each parameter can be seen to act."""
    yield worlds.by_hand("everything", folder)
    desk = worlds.by_hand("tiny desk", folder).model_copy(update={"timeline": []})
    yield changed(desk, OF_THE_START)
    yield changed(desk, {"firm.people.staffing": 2.0, "firm.learning.steering": "truth"})
    for steering in ("posts", "shopping", "survey", "box", "truth"):
        yield changed(
            desk, SOME_AT_THE_FRONT | {"firm.learning.steering": steering, "firm.systems.failure_scale": 30.0}
        )


def changed(scenario: Scenario, settings: dict[str, Any]) -> Scenario:
    for path, value in settings.items():
        scenario = set_path(scenario, path, value)
    return scenario


def otherwise(scenario: Scenario, info: ParameterInfo) -> Iterator[Scenario]:
    """The world with another value of a parameter: of a first rival and segment, where it is theirs."""
    path = info.path.replace("rivals[]", f"rivals.{scenario.rivals[0].name}")
    if scenario.segments:
        of_first = f"segments.{scenario.segments[0].name}."
        path = path.replace("segments[].", of_first).replace("customers.", of_first, 1)
    path = path.replace("segments[].", "customers.")
    now = get_path(scenario, path)
    ends = info.choices or ((not now,) if isinstance(now, bool) else info.practical or (info.low, info.high))
    for value in ends:
        if value != now:
            yield set_path(scenario, path, type(now)(value))


def counted(scenario: Scenario, folder: Path) -> Any:
    tables = Simulation(scenario, threads=1, base_dir=folder).run()
    return np.concatenate([tables.tallies.ravel(), *(list(counts.values()) for counts in tables.census.values())])


@pytest.mark.slow
def test_every_parameter_that_is_named_acts(tmp_path: Path) -> None:
    """Moved to an end of its practical range, alone, it changes what is counted in one of a few small worlds."""
    left = [
        info
        for info in parameters()
        if any(info.path == name or info.path.startswith(f"{name}.") for name in NAMES)
        and not any(part in info.path for part in NOTHING_BY_ITSELF)
    ]
    assert len(left) > 300
    for scenario in lively_worlds(tmp_path):
        as_it_is = counted(scenario, tmp_path)
        left = [
            info
            for info in left
            if all(np.array_equal(as_it_is, counted(one, tmp_path)) for one in otherwise(scenario, info))
        ]
    assert [info.path for info in left] == []
