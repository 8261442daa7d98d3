"""An initial population from a user's table: what it says holds, what it leaves open is drawn as before, and said."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine.known_people import known_people
from sim.engine.simulation import Simulation
from sim.model.person import NOBODY
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError
from tests.cli.calling import call
from tests.data.test_cases import CASES
from tests.twin.test_state import assert_equal_state

WORLD = """
segments: [{name: private, share: 0.7}, {name: business, share: 0.3}]
run: {periods: 6, period: month, start: 2026-01-01}
"""
TABLE = "market: {customers: 60, people: {file: crm.csv, scale: 1-5}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crm.csv").write_text((CASES / "crm.csv").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def born(text: str, folder: Path, threads: int = 1) -> Simulation:
    return Simulation(load_text(text, base_dir=folder).scenario, threads=threads, base_dir=folder)


def refused(text: str, folder: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, base_dir=folder)
    return [str(problem) for problem in caught.value.problems]


def test_what_the_table_says_holds(folder: Path):
    state = born(WORLD + TABLE, folder).state
    assert state.people["segment"][:4].tolist() == [1, 0, 0, 1]
    assert state.supplier[:4].tolist() == [0, 0, 1, NOBODY]
    assert state.spend[[0, 1, 3]].tolist() == [120.5, 20.0, 35.0]
    assert state.satisfaction[[0, 2]].tolist() == [75.0, 25.0]  # 4 and 2 of 1 to 5
    assert state.joined[:2].tolist() == [-24, -3]
    assert state.ever[:4].tolist() == [1, 1, 2, 0]


def test_what_it_leaves_open_and_everybody_else_are_drawn_as_without_it(folder: Path):
    """Cells that are empty have the values of the same luck; nobody else is changed by the table."""
    known, drawn = born(WORLD + TABLE, folder).state, born(WORLD + "market: {customers: 60}", folder).state
    for name in known.people.dtype.names:
        assert np.array_equal(known.people[name][4:], drawn.people[name][4:]), name
    assert np.array_equal(known.supplier[4:], drawn.supplier[4:])
    private = drawn.people["segment"][:4] == 0  # segments have the same parameters here: only the number differs
    assert private.any()
    assert known.spend[2] == drawn.spend[2]
    assert known.switching_cost[:4].tolist() == drawn.switching_cost[:4].tolist()


def test_what_is_left_open_is_said(folder: Path):
    told = "\n".join(load_text(WORLD + TABLE, base_dir=folder).warnings)
    assert "56 people of the market are not in the table, and drawn by the model" in told
    (folder / "crm.csv").write_text("id,spend\na,10\nb,20\n", encoding="utf-8")
    told = "\n".join(load_text(WORLD + TABLE, base_dir=folder).warnings)
    assert "no column `firm`: all are customers of focal" in told
    assert "not in the table and drawn by the model: segment, tenure, satisfaction" in told
    assert born(WORLD + TABLE, folder).state.supplier[:2].tolist() == [0, 0]


def test_days_of_joining_become_periods(folder: Path):
    (folder / "crm.csv").write_text("id,Sign-up\na,2025-10-01\nb,\nc,2024-12-31\n", encoding="utf-8")
    rows = known_people(load_text(WORLD + TABLE, base_dir=folder).scenario, folder).rows
    assert rows["periods"].tolist() == [3, -1, 13]
    (folder / "crm.csv").write_text("id,Sign-up\na,2026-10-01\n", encoding="utf-8")
    (problem,) = refused(WORLD + TABLE, folder)
    assert "crm.csv:2" in problem
    assert "joined after the run begins" in problem


def test_ties_go_by_the_ids_of_the_table(folder: Path):
    (folder / "ties.csv").write_text("Source,Target\nK-9,K-1\nK-1,K-4\n", encoding="utf-8")
    ties = "{kind: edges, file: ties.csv}"
    world = WORLD + TABLE.replace("{customers: 60,", f"{{customers: 60, network: {ties},")
    network = born(world, folder).network
    assert [
        (network.ties[a:b] >> 1).tolist() for a, b in zip(network.offsets[:4], network.offsets[1:5], strict=True)
    ] == [
        [],
        [2, 3],
        [1],
        [1],
    ]
    assert "3 ids are those of the table of people; 57 of 60 people have no ties" in str(
        load_text(world, base_dir=folder).warnings
    )
    (folder / "ties.csv").write_text("Source,Target\nK-9,K-1\nK-1,K-5\n", encoding="utf-8")
    (problem,) = refused(world, folder)
    assert "1 id is not in the table of people" in problem
    assert "'K-5'" in problem


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("id,spend\na,10\na,20\n", ("crm.csv:3", "the same id as in line 2")),
        ("id,spend\na,ten\n", ("crm.csv:2", "spend", "not a number", "or nothing")),
        ("id,segment\na,bussiness\n", ("crm.csv:2", "no such segment in the scenario", "did you mean business?")),
        ("id,firm\na,acme\n", ("no such firm in the scenario", "'acme'", "focal, rival")),
        ("id,satisfaction\na,7\n", ("out of range", "from 1 to 5")),
        ("colour,shape\nred,round\n", ("no column of a table of people", "segment")),
        ("id\n" + "".join(f"p{i}\n" for i in range(61)), ("more people in the table", "61", "market: {customers: 61}")),
    ],
)
def test_what_is_wrong_with_the_table_is_told_before_a_run(folder: Path, table: str, words: tuple[str, ...]):
    (folder / "crm.csv").write_text(table, encoding="utf-8")
    told = refused(WORLD + TABLE, folder)
    assert all(word in told[0] for word in words), told


def test_with_a_world_that_has_settled_it_is_refused(folder: Path):
    (problem,) = refused(WORLD.replace("periods: 6", "periods: 6, settling: {years: 2}") + TABLE, folder)
    assert "drawn from a world that has settled" in problem
    assert "years: 0" in problem


def test_twin_and_engine_begin_with_the_same_people_whatever_the_threads(folder: Path):
    scenario = load_text(WORLD + TABLE, base_dir=folder).scenario
    assert_equal_state(scenario, folder)
    one, two = (born(WORLD + TABLE.replace("60", "9000"), folder, threads) for threads in (1, 2))
    assert one.state.people.tobytes() == two.state.people.tobytes()
    assert np.array_equal(one.run().tallies, two.run().tallies)


def test_the_table_is_echoed(folder: Path):
    told = call(folder, "data", "crm.csv", "--as", "people", "--read", "scale=1-5").stdout
    assert "customer = 'Customer ID', firm = 'Supplier', spend = 'ARPU'" in told
    assert "'CSAT' of 2 people: drawn by the model" in told
    assert "odd" not in told


def test_columns_by_the_users_names(tmp_path: Path):
    """What is said of the table counts for who is who in an edge list too."""
    (tmp_path / "crm.csv").write_text("Nr;Umsatz;Note\nB;1.200;4\nA;k.A.;2\n", encoding="utf-8")
    (tmp_path / "ties.csv").write_text("source,target\nB,A\n", encoding="utf-8")
    read = "columns.customer=Nr; columns.spend=Umsatz; columns.satisfaction=Note; decimal=comma; scale=1-5"
    text = "market: {customers: 10, network: {kind: NETWORK}, people: {file: crm.csv, read: READ}}\n"
    tied = text.replace("NETWORK", "edges, file: ties.csv")
    state = born(text.replace("NETWORK", "random").replace("READ", f"{read}; only.Nr=B"), tmp_path).state
    assert (state.spend[0], state.satisfaction[0]) == (1200.0, 75.0)
    assert any("found 'k.A.'" in one for one in refused(tied.replace("READ", read), tmp_path))
    strangers = refused(tied.replace("READ", f"{read}; missing=k.A."), tmp_path)
    assert any("1 id is not in the table of people" in one for one in strangers), strangers
    assert all("market.people.read: decimal: " in one for one in refused(tied.replace("READ", "decimal=dot"), tmp_path))
