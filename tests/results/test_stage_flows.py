"""Flows between stages of custom, against the customer types at the end and against people set by hand."""

from itertools import pairwise
from pathlib import Path

import pandas as pd

from sim.engine.simulation import Simulation
from sim.model.market import Run
from sim.model.person import GONE, PRESENT
from sim.model.scenario import Scenario
from sim.results.flows import FORMER, STAGES, build_stage_flows
from tests import worlds


def by(flows: pd.DataFrame, *keys: str) -> pd.Series:
    return flows.groupby(list(keys), sort=False)["people"].sum()


def test_where_everybody_is_followed_the_last_stages_are_the_customer_types(tmp_path: Path) -> None:
    scenario = worlds.by_hand("tiny desk", tmp_path)
    tables = Simulation(scenario, threads=1).run()
    assert tables.panel is not None
    flows = build_stage_flows(scenario, pd.DataFrame({"replication": 0, **tables.panel}))
    before, after = (by(flows, "period", place).unstack() for place in ("origin", "destination"))
    last, expected = after.iloc[-1], tables.census["lifecycle stage"]
    assert {name: last[name] for name in expected} == expected
    assert last.sum() == scenario.market.customers
    assert sum(count > 0 for count in expected.values()) >= 4
    assert (before.iloc[1:][list(STAGES)].to_numpy() == after.iloc[:-1][list(STAGES)].to_numpy()).all()


def test_one_person_goes_through_the_stages() -> None:
    """A prospect who hears of the firm, buys, is served, is content, stays a year, is delighted, and leaves."""
    lives = [
        (PRESENT, 0, 0, 0.0, 1, 0, 50.0),
        (PRESENT, 0, 0, 0.25, 1, 0, 50.0),
        (PRESENT, 1, 2, 0.25, 0, 0, 80.0),
        (PRESENT, 1, 2, 0.25, 0, 1, 74.0),
        (PRESENT, 1, 2, 0.0, 0, 2, 76.0),
        (PRESENT, 1, -7, 0.0, 0, 3, 76.0),
        (PRESENT, 1, -7, 0.0, 0, 3, 99.0),
        (PRESENT | GONE, 1, -7, 0.0, 255, 3, 99.0),
    ]
    columns = ["flags", "ever", "joined", "opinion", "supplier", "history", "satisfaction"]
    panel = pd.DataFrame(lives, columns=columns).assign(replication=3, frequency=[*[0.5] * 6, 1.0, 1.0])
    panel["period"] = range(len(panel))
    scenario = Scenario(run=Run(period="month", periods=len(panel)))
    flows = build_stage_flows(scenario, panel)
    moved = flows[flows["people"] == 1]
    path = [STAGES[0], STAGES[1], "sale", "service", "satisfaction", "loyalty", "community", FORMER]
    assert list(zip(moved["origin"], moved["destination"], strict=True)) == list(pairwise(path))
    assert list(moved["period"]) == [1, 2, 3, 4, 5, 6, 7]
    assert (flows["replication"] == 3).all()
