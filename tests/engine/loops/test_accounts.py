"""What is booked by the period, rolled and checked, worked out from docs/odd.md (7.12) without the rules."""

from typing import Any

import numpy as np
import pytest

from sim.engine.accounts import CHANGES, SIGNED, LedgerError, book_period, end_period, refuse, roll_stocks, room_for
from sim.engine.accounts import check_ledger as fault_of
from sim.engine.load import no_crews
from sim.model.records import environment_records, get_known
from sim.model.rooms import OBSERVABLES, O
from sim.model.work_pressure import Crew
from tests.engine.loops.small import SCENARIO, Small, fixed
from tests.model.worked import numbers

mpf = numbers.mpf
BEGAN_WITH = np.array([[260, 130], [170, 80], [20, 10]])


def stocks(customers: Any) -> Any:
    """The start of the period with these customers."""
    began = np.zeros_like(Small().tally)
    began[:, :, O.active] = customers
    return began


def rolled(tally: Any, before: Any) -> None:
    refuse(roll_stocks(tally, before, CHANGES), tally, before)


def check_ledger(tally: Any) -> None:
    refuse(fault_of(tally, SIGNED), tally, tally)


def test_costs_of_the_period_go_by_customers_prospects_and_heads() -> None:
    small = Small()
    small.tally[0, :, O.active] = 300, 120
    small.tally[0, :, O.prospects] = 250, 90
    small.tally[0, 0, O.complaint_cost] = 11
    book_period(small.environment, small.tally, stocks(BEGAN_WITH))
    staff = mpf(35) * 1000 / 10_000 * 42_000 / 12
    for s, (customers, prospects, share) in enumerate([(300, 250, 0.6875), (120, 90, 0.3125)]):
        counts = small.counted(0, s)
        assert counts["prevention_cost"] == customers * fixed(mpf("2.75") / 12)
        assert counts["appraisal_cost"] == customers * fixed(mpf("4.125") / 12)
        assert counts["advertising_cost"] == prospects * fixed(mpf("7.5") / 12)
        assert counts["complaint_cost"] == fixed(staff * share) + (11 if s == 0 else 0)
    other = mpf(25) * 1000 / 10_000 * SCENARIO.firms[1].desk.agent_cost / 12
    assert small.counted(1, 1)["complaint_cost"] == fixed(other * mpf("0.3125"))


def test_a_firm_that_is_not_there_books_nothing_until_its_last_customer_is_gone() -> None:
    tree = SCENARIO.model_dump()
    tree["rivals"][0] |= {"in_market": False, "initial_share": 0.0}
    scenario = type(SCENARIO).model_validate(tree)
    for customers in (0, 30):
        small = Small()
        small.tally[1, 1, O.active], small.tally[2, 1, O.active] = customers, 50
        book_period(environment_records(scenario), small.tally, stocks(BEGAN_WITH))
        for f, served in ((1, customers), (2, 50)):
            worked = served * fixed(mpf(SCENARIO.firms[f].costs.prevention) / 12)
            assert small.counted(f, 1).get("prevention_cost", 0) == worked
            assert ("complaint_cost" in small.counted(f, 0)) == (served > 0)


FLOWS = {
    # name: what it does to prospects, active, lapsed, lost
    "entered": (1, 0, 0, 0),
    "won_advertising": (-1, 1, 0, 0),
    "won_talk": (-1, 1, 0, 0),
    "won_switch": (-1, 1, 0, 0),
    "returned": (0, 1, -1, 0),
    "returned_switch": (0, 1, -1, 0),
    "won_back": (0, 1, -1, 0),
    "left_silent": (0, -1, 0, 1),
    "lapsed_silent": (0, -1, 1, 0),
    "left_complaint": (0, -1, 0, 1),
    "left_switch": (0, -1, 1, 0),
    "left_natural": (0, -1, 0, 1),
    "left_without": (0, -1, 1, 0),
    "left_closed": (0, -1, 1, 0),
    "forgave": (0, 0, 1, -1),
    "replaced": (0, 0, 0, -1),
    "prospects_gone": (-1, 0, 0, 1),
    "lapsed_gone": (0, 0, -1, 1),
}


@pytest.mark.parametrize("name", FLOWS)
def test_each_flow_moves_people_between_two_stocks(name: str) -> None:
    small = Small()
    before = np.zeros_like(small.tally)
    stocks = [O.prospects, O.active, O.lapsed, O.lost]
    before[1, 0, stocks] = 40, 50, 60, 70
    small.tally[1, 0, getattr(O, name)] = 7
    expected = [old + 7 * change for old, change in zip((40, 50, 60, 70), FLOWS[name], strict=True)]
    small.tally[1, 0, O.active] = expected[1]
    rolled(small.tally, before)
    assert small.tally[1, 0, stocks].tolist() == expected


def test_customers_that_no_flow_explains_stop_the_run() -> None:
    small = Small()
    small.tally[2, 1, O.active] = 1
    with pytest.raises(LedgerError, match="firm 2, segment 1: 1 customers counted, 0 by stocks and flows"):
        rolled(small.tally, np.zeros_like(small.tally))


@pytest.mark.parametrize("observable", OBSERVABLES, ids=lambda row: row.name)
def test_nothing_but_opinion_justice_and_points_may_be_negative(observable: object) -> None:
    small = Small()
    name = observable.name  # type: ignore[attr-defined]
    small.tally[1, 1, getattr(O, name)] = -1
    if name in ("opinion_sum", "justice_sum", "programme_cost") or name.startswith("rated_gap_"):  # points may lapse
        check_ledger(small.tally)
    else:
        with pytest.raises(LedgerError, match=f"firm 1, segment 1: {name} is negative"):
            check_ledger(small.tally)


def balanced() -> Small:
    """3 of one segment praise the first firm to the other; 9 dissatisfied: 4 complain, 3 keep silent, 2 wait."""
    small = Small()
    small.tally[0, 0, [O.told_positive, O.told_negative]] = 3, 5
    small.tally[0, 1, [O.heard_positive, O.heard_negative]] = 3, 5
    small.tally[1, 0, [O.dissatisfied, O.complained, O.silent, O.pending]] = 9, 4, 3, 2
    return small


def test_words_and_the_dissatisfied_have_to_balance() -> None:
    check_ledger(balanced().tally)
    for name in ("told_positive", "told_negative", "heard_positive", "heard_negative"):
        small = balanced()
        small.tally[0, 0, getattr(O, name)] += 1
        with pytest.raises(LedgerError, match="the words told are not the words heard"):
            check_ledger(small.tally)
    small = balanced()
    small.tally[1, 0, O.told_positive] += 1
    small.tally[0, 0, O.heard_positive] += 1
    with pytest.raises(LedgerError, match="the words told are not the words heard"):
        check_ledger(small.tally)
    for name in ("dissatisfied", "complained", "silent", "pending"):
        small = balanced()
        small.tally[1, 0, getattr(O, name)] += 1
        with pytest.raises(LedgerError, match="the dissatisfied are not"):
            check_ledger(small.tally)


def test_a_firm_is_known_by_its_customers_and_without_them_by_its_past() -> None:
    small = Small()
    small.tally[0, :, O.active], small.tally[1, 0, O.active] = (300, 100), 50
    small.tally[0, :, O.satisfaction_sum], small.tally[1, 0, O.satisfaction_sum] = (
        (65536 * 21000, 65536 * 9000),
        65536 * 2000,
    )
    known = np.empty(3)
    get_known(small.environment._replace(reputation=np.array([11.0, 22.0, 33.0])), small.tally, known)
    assert known.tolist() == [75.0, 40.0, 33.0]


def test_the_end_of_a_period_does_all_of_it() -> None:
    small = balanced()
    before = stocks(BEGAN_WITH)
    small.tally[:, :, O.active] = BEGAN_WITH
    small.tally[0, 1, [O.active, O.left_silent]] = 127, 3
    small.tally[:, 0, O.satisfaction_sum] = [390 * 65536 * 72, 65536 * 250 * 60, 0]
    small.tally[0, :, O.complained_front_line] = 5, 7
    crews = no_crews(3)
    later = end_period(small.environment, small.tally, before, stocks(BEGAN_WITH), crews, room_for(3))
    assert later.reputation.tolist() == [390 * 72 / 387, 60.0, 0.0]
    assert crews[:, Crew._fields.index("complaints")].tolist() == [12, 0, 0]
    assert small.tally[0, 1, [O.active, O.lost]].tolist() == [127, 3]
    assert small.counted(0, 1)["prevention_cost"] == 127 * fixed(mpf("2.75") / 12)
    for name, fault in (("active", "by stocks and flows"), ("posts", "posts is negative"), ("silent", "dissatisfied")):
        small = balanced()
        small.tally[:, :, O.active] = BEGAN_WITH
        small.tally[1, 0, getattr(O, name)] -= 4 if name == "posts" else 1
        with pytest.raises(LedgerError, match=fault):
            end_period(small.environment, small.tally, before, stocks(BEGAN_WITH), no_crews(3), room_for(3))
