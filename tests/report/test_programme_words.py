"""What is said of a loyalty programme: nothing where nobody was given a point, else what the series hold."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from sim.model.market import Run
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import set_path
from sim.report.programme_words import programme_sentences
from sim.results.series import total_segment

ROWS = {
    "members_silver": [30.0, 10.0, 10.0, 30.0],
    "members_gold": [10.0, 0.0, 10.0, 0.0],
    "members_basic": [40.0, 20.0, 40.0, 20.0],
    "active": [100.0, 80.0, 100.0, 80.0],
    "points_issued": [1000.0, 2000.0, 1000.0, 2000.0],
    "programme_cost": [20.0, 40.0, 30.0, 50.0],
    "programme_liability": [100.0, 300.0, 100.0, 500.0],
    "revenue": [1000.0, 1000.0, 1000.0, 1000.0],
}


def lived(rows: dict[str, list[float]], *timeline: Change) -> Any:
    """A result of two replications of two periods."""
    scenario = set_path(Scenario(run=Run(periods=2)), "firm.programme.offered", True)
    scenario = scenario.model_copy(update={"timeline": list(timeline)})
    series = pd.DataFrame(rows).assign(
        firm=scenario.firm.name, segment=total_segment(scenario), period=[0, 1, 0, 1], replication=[0, 0, 1, 1]
    )
    return SimpleNamespace(series=series, scenario=scenario, replications=2)


def test_nothing_is_said_where_nobody_was_given_a_point() -> None:
    assert programme_sentences(lived({**ROWS, "points_issued": [0.0] * 4})) == []


def test_points_that_cost_nothing_and_customers_who_are_all_gone_are_no_debt() -> None:
    free = {**ROWS, "programme_liability": [0.0] * 4, "active": [100.0, 0.0, 100.0, 0.0]}
    assert len(programme_sentences(lived(free, Change(at=1, set={"firm.programme.offered": False})))) == 2
    assert programme_sentences(lived({**ROWS, "active": [0.0] * 4})) == []


def test_members_cost_and_debt_are_told() -> None:
    members, cost, owed = programme_sentences(lived(ROWS))
    assert "50% hold points" in members
    assert "25% are in one" in members
    assert "EUR 70.0 over the run, 3.5% of revenue" in cost
    assert owed == "At the end the points that customers hold are a debt of EUR 400."


def test_of_a_programme_that_has_ended_what_is_owed_still_is_told() -> None:
    """Members and debt of the first period, the last in which it was offered."""
    end = Change(at=1, set={"firm.programme.offered": False})
    members, _, owed = programme_sentences(
        lived(
            {
                **ROWS,
                "points_issued": [1000.0, 0.0, 1000.0, 0.0],
                "programme_liability": [100.0, 30.0, 100.0, 50.0],
            },
            end,
        )
    )
    assert "70% hold points" in members
    assert "30% are in one" in members
    assert "EUR 40.0 at the end of the run, 40% of the EUR 100 when it ended" in owed
