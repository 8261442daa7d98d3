"""`docs/notions.md`: every name in it exists, and every notion has a state."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from sim.cli.study_commands import app
from sim.model import typology
from sim.model.failures import FAILURE_MODES
from sim.model.rooms import OBSERVABLES
from sim.model.scenario import Scenario
from sim.parameters.registry import parameters
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES
from sim.results.outputs import check_outputs
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError

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
