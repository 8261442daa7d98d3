"""What a run computes between its loops: who enters when, reputations, tenures of those who stayed."""

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.engine.tables import count_stayers
from sim.model.person import NEWCOMER, NOBODY, PRESENT
from sim.model.records import knowing
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.vocabulary.observables import FIXED_POINT
from tests.engine.loops.small import FIRMS


def run_of(people: int = 12, **market: float) -> Simulation:
    tree = {
        "run": {"period": "month", "periods": 7},
        "market": {"customers": people, "network": {"mean_degree": 2}, **market},
        "firm": FIRMS[0],
        "rivals": FIRMS[1:],
    }
    return Simulation(Scenario.model_validate(tree), threads=1)


def test_newcomers_enter_when_the_years_passed_times_their_number_reach_a_whole_one() -> None:
    """9 a year are 0.75 a month: after 1 to 7 months 0, 1, 2, 3, 3, 4, 5 of them."""
    run = run_of(entrants_per_year=9.0)
    assert run.people == 12 + 5
    present = []
    for _ in range(7):
        run.tally = run.tallies[run.period]
        run._policy()
        present.append(run.present)
        run.period += 1
    assert present == [12, 13, 14, 15, 15, 16, 17]
    assert run.tallies[:, 1, 0, O.entered].tolist() == [0, 1, 1, 1, 0, 1, 1]


def test_a_reputation_is_the_mean_satisfaction_of_all_segments_customers_and_stays_where_there_are_none() -> None:
    run = run_of()
    stocks = np.zeros_like(run.initial)
    stocks[0, 0, [O.active, O.satisfaction_sum]] = 4, int(4 * 71.5 * FIXED_POINT)
    stocks[2, 0, [O.active, O.satisfaction_sum]] = 1, int(63.25 * FIXED_POINT)
    before = run.environment.reputation.copy()
    run.environment = knowing(run.environment, stocks)
    assert run.environment.reputation.tolist() == [71.5, before[1], 63.25]


def test_those_who_stay_are_counted_by_firm_cohort_and_tenure() -> None:
    run = run_of(people=6)
    run.period = 7
    run.state.supplier[:] = [0, 0, 2, NOBODY, 2, 0]
    run.state.joined[:] = [0, 3, 5, 0, 7, 3]
    run.state.people["flags"] = [PRESENT, PRESENT | NEWCOMER, PRESENT | NEWCOMER, PRESENT, PRESENT, PRESENT | NEWCOMER]
    stayers = count_stayers(run.state, run.firm_count, run.scenario.run.periods, run.period)
    assert stayers.sum() == 5
    for place, count in {(0, 0, 7): 1, (0, 1, 4): 2, (2, 1, 2): 1, (2, 0, 0): 1}.items():
        assert stayers[place] == count


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_a_period_is_a_day_a_week_or_a_month_of_the_year(period: str) -> None:
    run = Simulation(
        Scenario.model_validate({"run": {"period": period, "periods": 1}, "market": {"customers": 10}}), threads=1
    )
    assert run.environment.world[0]["years"] == pytest.approx(
        1 / {"day": 365, "week": 52, "month": 12}[period], rel=1e-15
    )
