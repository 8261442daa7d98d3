"""The complaint desk, worked out from docs/odd.md (7.6): what is drawn, who is served when, how a case ends."""

import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from sim.engine.desk import (
    AtDesks,
    agents_of,
    ahead,
    by_arrival,
    collect_cases,
    desk_period,
    desk_stage,
    finish_case,
    pop,
    push,
    register,
    register_stage,
    staffed,
    take_agent,
)
from sim.engine.encounters import Found
from sim.engine.layout import CASE
from sim.engine.simulation import Simulation
from sim.model import records
from sim.model.person import COMPLAINT_OPEN, HAS_COMPLAINED, PRESENT
from sim.model.scenario import Scenario
from sim.vocabulary.streams import DESK, RECOVERY, TALK
from tests.engine.loops.answers import OUTCOMES, QUICKLY, RESOLVED, UNANSWERED, UNRESOLVED, justice, satisfied
from tests.engine.loops.small import SCENARIO, YEARS, Small, fixed, put, sides, strictly
from tests.model.worked import numbers

log, mpf = numbers.log, numbers.mpf
WAITING, IN_HANDLING, IGNORED = range(3)
DAY = 1 / 365


def empty_cases(count: int) -> Any:
    return records.attributed(np.zeros(count, CASE))


# --- staff ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("per_10_000", "people", "staff"),
    [(0, 200, 0), (1, 200, 1), (70, 200, 1), (75, 200, 2), (110, 200, 2), (125, 200, 2), (130, 200, 3), (700, 140, 10)],
)
def test_a_desk_has_whole_agents_and_at_least_one_if_any(per_10_000: int, people: int, staff: int) -> None:
    """110 for 10,000 are 2.2 for 200: 2. Half an agent goes to the even number: 1.5 and 2.5 are both 2."""
    scenario = Scenario.model_validate(
        {"market": {"customers": people}, "firm": {"desk": {"agents": float(per_10_000)}}, "run": {"periods": 1}}
    )
    run = Simulation(scenario, threads=1)
    assert run.agents[0] == staff
    assert agents_of(run.desks)[0].tolist() == [0.0] * staff


def test_a_change_of_staff_sends_home_the_idle_first() -> None:
    assert staffed(np.array([4.5, 1.5, 3.25]), 2, 2.0).tolist() == [3.25, 4.5]
    assert staffed(np.array([4.5, 1.5, 3.25]), 3, 2.0).tolist() == [1.5, 3.25, 4.5]
    assert staffed(np.array([4.5, 1.5]), 4, 2.75).tolist() == [1.5, 2.75, 2.75, 4.5]
    assert staffed(np.array([4.5, 1.5]), 0, 2.75).tolist() == []


# --- what is drawn ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("f", "i"), [(0, 1), (1, 4)])
@pytest.mark.parametrize("answered", [True, False])
def test_a_case_is_registered_with_its_times(f: int, i: int, answered: bool) -> None:
    small = Small()
    desk = SCENARIO.firms[f].desk
    working_time = [mpf("3.5") / 4, mpf("2.5") / 2][f]  # 35 and 25 to 10,000, in a market of 1,000
    cases = empty_cases(3)
    cases["row"][1], cases["period"][1], cases["encounter"][1] = i, 9, 2
    draw = small.draw(i, DESK, 9, 8)
    put(small.firms, "desk.answer_share", strictly(small.draw(i, RECOVERY, 9, 9)[0], answered), f)
    register(cases[1], small.state, small.firms[f], YEARS, small.seed)
    arrival = (9 + mpf(draw[0])) / 12
    found = cases[1]
    assert found["arrival"] == pytest.approx(float(arrival), rel=1e-12)
    assert found["handling"] == pytest.approx(
        float(-log(1 - mpf(draw[1])) * desk.handling_hours / (desk.hours_per_year * working_time)), rel=1e-12
    )
    assert found["inquiry"] == pytest.approx(float(-log(1 - mpf(draw[3])) * desk.investigation_days / 365), rel=1e-12)
    if desk.patience_days > 0:
        patience = -log(1 - mpf(draw[2])) * desk.patience_days / 365
        assert found["gives_up"] == pytest.approx(float(arrival + patience), rel=1e-12)
    else:
        assert found["gives_up"] == (math.inf if answered else found["arrival"])
    assert found["answer"] == math.inf
    assert found["status"] == (WAITING if answered else IGNORED)
    value = -mpf(small.of(i, "spend")) * small.of(i, "frequency")
    assert found["rank"] == pytest.approx(float(arrival if f == 0 else value), rel=1e-12)
    assert not cases["arrival"][[0, 2]].any()


def test_only_the_new_cases_are_registered_and_counted() -> None:
    small = Small()
    small.become(3, segment=1)
    cases = empty_cases(3)
    cases["row"] = [2, 3, 4]
    register_stage(small.state, small.environment, small.books, small.clock(PERIOD), cases, 1, 0)
    assert cases["arrival"][0] == 0
    assert (cases["arrival"][1:] > 0).all()
    assert small.counted(0, 0) == small.counted(0, 1) == {"registered": 1}


def test_complaints_are_collected_by_the_senders_supplier() -> None:
    small = Small()
    small.state.supplier[:5] = [0, 1, 0, 1, 1]
    found = Found(np.array([0, 1, 3], np.int32), np.array([1, 2, 3], np.uint8), np.array([1.5, 2.5, 3.5], np.float32))
    cases = empty_cases(4)
    assert collect_cases(small.state, found, cases, 1, 1, 17) == 3
    assert cases["row"].tolist() == [0, 1, 3, 0]
    assert cases["period"].tolist() == [0, 17, 17, 0]
    assert cases["encounter"].tolist() == [0, 2, 3, 0]
    assert cases["severity"].tolist() == [0, 2.5, 3.5, 0]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_new_cases_are_put_in_the_order_of_their_arrival(order: tuple[int, ...]) -> None:
    cases = empty_cases(7)
    cases["arrival"] = [0.75, 0.5, *(np.array([0.25, 0.5, 0.5, 0.75, 1.0])[list(order)])]
    found = np.empty(5, np.int64)
    by_arrival(cases, 2, found, np.empty(5, np.int64))
    assert found.tolist() == (2 + np.argsort(cases["arrival"][2:], kind="stable")).tolist()


def test_a_period_of_a_desk_takes_its_own_complaints_to_their_ends() -> None:
    """One case of old waits; of three found two are of firm 0. Nobody is at the desk, and all wait."""
    small = Small()
    small.state.supplier[:5] = [0, 1, 0, 0, 1]
    found = Found(np.array([2, 4, 0], np.int32), np.array([1, 2, 3], np.uint8), np.zeros(3, np.float32))
    cases = empty_cases(4)
    cases["row"][0], cases["gives_up"][0], cases["status"][0] = 3, 99.0, WAITING
    put(small.firms, "desk.answer_share", 1.0)
    put(small.firms, "desk.patience_days", 0.0)
    around = small.environment, small.books, small.clock(PERIOD)
    desks = AtDesks(cases.reshape(1, 4), np.array([1]), np.zeros(0), np.array([0]))
    assert desk_period(small.state, *around, found, desks) == 3
    assert desks.known.tolist() == [3]
    assert cases["row"][:3].tolist() == [3, 2, 0]
    assert cases["encounter"][:3].tolist() == [0, 1, 3]
    assert sum(small.counted(0, s).get("registered", 0) for s in range(2)) == 2


# --- the order of the queue -------------------------------------------------------------------------------------------


def test_the_queue_goes_by_rank_then_arrival_then_person() -> None:
    small = Small(people=4)
    cases = empty_cases(4)
    cases["row"] = [3, 2, 1, 0]
    cases["rank"] = [5.0, 2.0, 2.0, 2.0]
    cases["arrival"] = [0.25, 0.75, 0.5, 0.5]
    order = [3, 2, 1, 0]
    for place, a in enumerate(order):
        for later in order[place + 1 :]:
            assert ahead(cases, small.state, a, later)
            assert not ahead(cases, small.state, later, a)


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_the_heap_gives_cases_back_in_their_order(order: tuple[int, ...]) -> None:
    small = Small()
    cases = empty_cases(8)
    cases["rank"] = [4.0, 1.0, 3.0, 2.0, 5.0, 0.5, 6.0, 7.0]
    heap = np.empty(8, np.int64)
    size = 0
    for case in (*order, 5, 6, 7):
        push(heap, size, case, cases, small.state)
        size += 1
    served = []
    while size:
        served.append(int(pop(heap, size, cases, small.state)))
        size -= 1
    assert served == [5, 1, 3, 2, 0, 4, 6, 7]


def test_the_agent_who_is_free_first_takes_the_case() -> None:
    free = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    given = [2.5, 9.0, 3.5, 4.5, 3.75, 6.0]
    times = sorted(free.tolist())
    for until in given:
        assert free[0] == times[0]
        take_agent(free, until)
        times = sorted([*times[1:], until])
        assert sorted(free.tolist()) == times
        assert all(free[(j - 1) // 2] <= free[j] for j in range(1, 5))


# --- a period of the desk ---------------------------------------------------------------------------------------------

PERIOD = 6
OPEN = PERIOD / 12
CLOSE = (PERIOD + 1) / 12


def desk_cases(small: Small, rows: list[dict[str, float]]) -> Any:
    """Cases by their times in days after the beginning of the period; person c sends case c."""
    cases = empty_cases(len(rows))
    for c, row in enumerate(rows):
        cases["row"][c] = c
        cases["period"][c] = PERIOD
        cases["status"][c] = row.get("status", WAITING)
        cases["arrival"][c] = OPEN + row["arrival"] * DAY
        cases["handling"][c] = row.get("handling", 0) * DAY
        cases["inquiry"][c] = row.get("inquiry", 0) * DAY
        cases["gives_up"][c] = OPEN + row["gives_up"] * DAY if "gives_up" in row else math.inf
        cases["answer"][c] = math.inf
        cases["rank"][c] = row.get("rank", cases["arrival"][c])
        small.become(c, supplier=0, flags=PRESENT | HAS_COMPLAINED | COMPLAINT_OPEN, joined=0)
    return cases


def desk(small: Small, cases: Any, old: int, free: list[float]) -> tuple[int, Any]:
    times = np.array([OPEN + t * DAY for t in free])
    order = old + np.argsort(cases["arrival"][old:], kind="stable")
    kept = desk_stage(small.state, small.environment, small.books, small.clock(PERIOD), cases, order, times, 0)
    return kept, times


def days_of(case: Any) -> float:
    return round((float(case["answer"]) - OPEN) * 365, 9)


def test_one_agent_serves_in_order_of_arrival_and_those_who_wait_too_long_go() -> None:
    small = Small()
    cases = desk_cases(
        small,
        [
            {"arrival": 2, "handling": 3, "inquiry": 30},
            {"arrival": 1, "handling": 2.5, "inquiry": 40},
            {"arrival": 4, "handling": 9, "gives_up": 6},  # not taken up before 6.5: gives up on day 6
            {"arrival": 5, "handling": 4, "inquiry": 50, "gives_up": 7},
            {"arrival": 9, "handling": 20, "inquiry": 60},
            {"arrival": 20, "handling": 5, "inquiry": 70},  # the agent is busy until 30.5, after the period
        ],
    )
    # 1 to 3.5: second; 3.5 to 6.5: first; third gone; 6.5 to 10.5: fourth; 10.5 to 30.5: fifth
    kept, free = desk(small, cases, 0, [0])
    assert kept == 5
    assert cases["row"][:5].tolist() == [0, 1, 3, 4, 5]
    assert [days_of(case) for case in cases[:4]] == [36.5, 43.5, 60.5, 90.5]
    assert cases["status"][:5].tolist() == [IN_HANDLING] * 4 + [WAITING]
    assert (free[0] - OPEN) * 365 == pytest.approx(30.5)
    counts = small.counted(0, 0)
    assert counts["desk_started"] == 4
    assert counts["desk_waited"] == 3
    assert counts["desk_wait_days"] == pytest.approx((1.5 + 1.5 + 1.5) * 65536, abs=4)
    assert counts["complaint_cost"] == 4 * fixed(8.5)
    assert counts["unanswered"] == 1
    assert "desk_answered" not in counts


def test_old_cases_wait_at_the_front_and_value_goes_before_arrival() -> None:
    small = Small()
    cases = desk_cases(
        small,
        [
            {"arrival": -9, "handling": 6, "inquiry": 40, "rank": -50},
            {"arrival": -5, "handling": 2, "inquiry": 40, "rank": -80},
            {"arrival": -3, "status": IN_HANDLING, "handling": 1},
            {"arrival": 3, "handling": 3, "inquiry": 40, "rank": -90},
            {"arrival": 1, "handling": 4, "inquiry": 40, "rank": -60},
            {"arrival": 0, "status": IGNORED, "gives_up": 8},
        ],
    )
    cases["answer"][2] = OPEN + 12 * DAY
    # free on day 1.5: second (-80) until 3.5; then the fourth (-90) until 6.5, fifth (-60) until 10.5, first until 16.5
    kept, free = desk(small, cases, 3, [1.5])
    assert kept == 4
    assert cases["row"][:4].tolist() == [0, 1, 3, 4]
    assert [days_of(case) for case in cases[:4]] == [56.5, 43.5, 46.5, 50.5]
    assert (free[0] - OPEN) * 365 == pytest.approx(16.5)
    counts = small.counted(0, 0)
    assert counts["desk_started"] == 4
    assert counts["desk_wait_days"] == pytest.approx((6.5 + 0.5 + 5.5 + 19.5) * 65536, abs=4)
    assert counts["desk_answered"] == 1
    assert counts["desk_answer_days"] == pytest.approx(15 * 65536, abs=1)
    assert counts["unanswered"] == 1


def test_two_agents_and_a_case_at_once() -> None:
    small = Small()
    cases = desk_cases(
        small,
        [
            {"arrival": 2, "handling": 8, "inquiry": 40},
            {"arrival": 3, "handling": 1, "inquiry": 50},
            {"arrival": 5, "handling": 2, "inquiry": 60},
        ],
    )
    kept, free = desk(small, cases, 0, [0, 0])
    assert kept == 3
    assert [days_of(case) for case in cases] == [50, 54, 67]
    assert sorted(((free - OPEN) * 365).round(9).tolist()) == [7, 10]
    counts = small.counted(0, 0)
    assert counts["desk_started"] == 3
    assert "desk_waited" not in counts


def test_nobody_answers_without_staff_and_patience_still_ends() -> None:
    small = Small()
    cases = desk_cases(small, [{"arrival": 2, "gives_up": 11}, {"arrival": 3}, {"arrival": 4, "gives_up": 45}])
    kept, _ = desk(small, cases, 0, [])
    assert kept == 2
    assert cases["row"][:2].tolist() == [1, 2]
    counts = small.counted(0, 0)
    assert counts["unanswered"] == 1
    assert "desk_started" not in counts


def test_patience_and_the_end_of_the_period_are_borders_that_belong_to_what_follows() -> None:
    """Whoever gives up as the agent is free is gone; what ends as the period ends belongs to the next."""
    small = Small()
    cases = desk_cases(small, [{"arrival": 0, "handling": 4, "inquiry": 60}, {"arrival": 1, "gives_up": 4}])
    cases["gives_up"][1] = cases["arrival"][0] + cases["handling"][0]
    kept, _ = desk(small, cases, 0, [0])
    assert kept == 1
    assert small.counted(0, 0)["desk_started"] == 1
    small = Small()
    cases = desk_cases(small, [{"arrival": 1}, {"arrival": 2}])
    cases["gives_up"] = [
        (PERIOD + 1) * small.world[0]["years"],
        np.nextafter((PERIOD + 1) * small.world[0]["years"], 0),
    ]
    kept, _ = desk(small, cases, 0, [])
    assert kept == 1
    assert cases["row"][0] == 0
    small = Small()
    cases = desk_cases(small, [{"arrival": 1, "handling": 1}])
    kept, _ = desk(small, cases, 0, [365 / 12])
    assert kept == 1
    assert cases["status"][0] == WAITING


# --- the end of a case ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("called", [True, False])
@pytest.mark.parametrize("outcome", range(4))
def test_a_case_ends_as_its_draws_say(outcome: int, called: bool, stays: bool) -> None:
    small = Small()
    i, sent, encounter = 2, 5, 3
    days = {UNANSWERED: 8.0, UNRESOLVED: 4.5, RESOLVED: 3.75, QUICKLY: 3.25}[outcome]
    small.become(i, supplier=0, flags=PRESENT | HAS_COMPLAINED | COMPLAINT_OPEN, satisfaction=63.5, joined=5)
    draw = small.draw(i, RECOVERY, sent, 4 * encounter + 1)
    talk = small.draw(i, TALK, sent, 1000 + encounter)[0]
    put(small.firms, "desk.resolution_share", strictly(draw[1], outcome >= RESOLVED))
    put(small.firms, "desk.follow_up", strictly(draw[3], called))
    small.world["talk"]["shares"][0][3:5] = strictly(talk, True)
    cases = empty_cases(1)
    case = cases[0]
    case["row"], case["period"], case["encounter"], case["severity"] = i, sent, encounter, 1.625
    case["arrival"] = OPEN
    case["status"] = WAITING if outcome == UNANSWERED else IN_HANDLING
    j = justice(0, outcome, days, called)
    after = satisfied(63.5, j)
    years = (PERIOD - 5) / mpf(12)
    loyalty = (mpf(float(np.float32(float(after)))) - 71) / 18 + mpf("0.6875") * log(1 + years) / log(11)
    shift = (
        mpf("-0.1875") * mpf("1.625")
        + mpf("0.9375") * (small.of(i, "switching_cost") - mpf("0.5"))
        + mpf("0.5625") * loyalty
        + mpf("0.4375") * j
    )
    base = next(b for b, below in sides(draw[2], shift) if below is stays)
    put(small.world, f"voice.repurchase.{OUTCOMES[outcome]}", base)
    finish_case(case, small.state, small.environment, small.books, small.clock(PERIOD), 0, OPEN + days * DAY)
    counts = small.counted(0, 0)
    assert counts[OUTCOMES[outcome]] == 1
    assert counts.get(f"{OUTCOMES[outcome]}_kept", 0) == stays
    assert counts.get("desk_answered", 0) == (outcome != UNANSWERED)
    assert counts.get("desk_answer_days", 0) == pytest.approx(days * 65536 * (outcome != UNANSWERED), abs=1)
    assert counts["justice_sum"] == pytest.approx(fixed(j), abs=1)
    assert small.of(i, "flags") == PRESENT | HAS_COMPLAINED
    assert small.of(i, "satisfaction") == pytest.approx(float(after), rel=1e-6)
    assert small.state.story[i] == (5 if outcome < RESOLVED else 4 if stays else 0)
    # taken out of the stocks before, put back afterwards: only the difference is left
    assert counts.get("active", 0) == 0
    assert counts["open_complaints"] == -1
    assert counts["satisfaction_sum"] == fixed(small.of(i, "satisfaction")) - fixed(63.5)


@pytest.mark.parametrize(
    ("columns", "moot"),
    [
        ({"supplier": 0, "flags": PRESENT | COMPLAINT_OPEN, "joined": 5}, False),
        ({"supplier": 1, "flags": PRESENT | COMPLAINT_OPEN, "joined": 2}, True),
        ({"supplier": 0, "flags": PRESENT, "joined": 2}, True),
        ({"supplier": 0, "flags": PRESENT | COMPLAINT_OPEN, "joined": 6}, True),
    ],
)
def test_the_answer_to_someone_who_left_meanwhile_is_moot(columns: dict[str, int], moot: bool) -> None:
    small = Small()
    small.become(2, **columns)
    cases = empty_cases(1)
    cases["row"], cases["period"], cases["arrival"], cases["status"] = 2, 5, OPEN, IN_HANDLING
    finish_case(cases[0], small.state, small.environment, small.books, small.clock(PERIOD), 0, OPEN + DAY)
    counts = small.counted(0, 0)
    assert counts.get("complaint_moot", 0) == moot
    assert counts["desk_answered"] == 1
    assert ("justice_sum" in counts) is not moot
