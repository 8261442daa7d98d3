"""What binds and what sets free (docs/odd.md, 7.19 to 7.21), one call at a time, worked out without the rules."""

import math
from typing import Any

import numpy as np
import pytest

from sim.engine.encounters import gather
from sim.model.adoption import chance_to_adopt
from sim.model.choice import Draws, attraction, part, think_of_return
from sim.model.contexts import Served
from sim.model.contract import free_to_go, periods_left
from sim.model.encounter_table import ROWS, T
from sim.model.movement import CAUSES, join
from sim.model.onboarding import ESTABLISHED, introduce
from sim.model.person import (
    CAPTIVE,
    INTENT_LEAVE_COMPLAINT,
    INTENT_LEAVE_SILENT,
    INTENT_STAY,
    NEWCOMER,
    NOBODY,
    PRESENT,
)
from sim.model.recovery import ComplaintAnswer, Fate, settle
from sim.model.rooms import O
from sim.model.third_party import is_upheld
from sim.model.voice import decide
from tests.engine.loops.small import Small, fixed, put, shifted
from tests.model.worked import numbers

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf
PERIOD = 11
LUCK_OF_BONDS = 10
SWITCH, WITHOUT, SILENT = (CAUSES.index(cause) for cause in ("left_switch", "left_without", "left_silent"))
UNRESOLVED, RESOLVED = 1, 2


def bound(i: int = 1, f: int = 0, **columns: Any) -> Small:
    """Person i came in period 3 and is bound to firm f: 9 months, 4 of renewal, 1.5 of notice, no way out."""
    small = Small()
    for name, value in {"months": 9.0, "renewal_months": 4.0, "notice_months": 1.5, "exit_fee": 1e6}.items():
        put(small.firms, f"contract.{name}", value, f)
    small.become(i, **{"supplier": f, "ever": 1 << f, "joined": 3, "flags": PRESENT | NEWCOMER, **columns})
    return small


def moves(small: Small, i: int, period: int, attrition: float = 0.9999, review: float = 0.9999) -> bool:
    luck = Draws(attrition, review, 0.9999, 0.9999, 0.5)
    return bool(part(small.state, i, small.environment, small.books, small.clock(period), luck))


# --- contracts --------------------------------------------------------------------------------------------------------


def test_how_long_a_newcomer_has_to_wait() -> None:
    """At 8 months, 1.5 of notice are late for 9: the next end is 13."""
    small = bound()
    assert periods_left(small.state, 1, small.environment, small.clock(11)) == 5
    assert periods_left(small.state, 1, small.environment, small.clock(10)) == 2
    put(small.firms, "contract.months", 0.0)
    assert periods_left(small.state, 1, small.environment, small.clock(11)) == 0


@pytest.mark.parametrize(
    ("since", "flags", "waits"),
    [
        (3, NEWCOMER, 5),
        (4, NEWCOMER, 0),
        (-math.inf, NEWCOMER, 5),
        (3, 0, 0),
        (-9, 0, 0),
    ],
)
def test_no_contract_binds_who_became_a_customer_before_there_was_one(since: float, flags: int, waits: int) -> None:
    small = bound(flags=PRESENT | flags)
    put(small.firms, "signed_since", since)
    assert periods_left(small.state, 1, small.environment, small.clock(11)) == waits


def test_the_contract_of_an_initial_customer_has_run_for_a_part_of_the_term() -> None:
    waits = []
    for i in range(6):
        small = bound(i, flags=PRESENT, joined=0)
        age = 1 + int(small.draw(i, LUCK_OF_BONDS, 0, 1)[0] * 9)
        waits.append(periods_left(small.state, i, small.environment, small.clock(0)))
        assert waits[-1] == (9 - age if age <= 7 else 13 - age)
    assert len(set(waits)) > 2


@pytest.mark.parametrize("pays", [True, False])
def test_who_decides_pays_or_waits(pays: bool) -> None:
    """The fee whose share of payers is the draw: a little less sets free, a little more does not."""
    small = bound()
    put(small.world, "movement.freedom", 6.5)
    u = small.draw(1, LUCK_OF_BONDS, PERIOD, 0)[0]
    fee = float(-log(mpf(u)) * mpf("6.5") * 5) * (0.999 if pays else 1.001)
    put(small.firms, "contract.exit_fee", fee)
    before = small.of(1, "margin")[0]
    assert free_to_go(small.state, 1, small.environment, small.books, small.clock(PERIOD), SWITCH, 2) is pays
    if pays:
        assert small.counted(0, 0) == {"paid_out": 1, "exit_fees": fixed(mpf(fee)), "revenue": fixed(mpf(fee))}
        assert small.of(1, "margin")[0] - before == pytest.approx(fee, rel=1e-5)
        assert small.of(1, "leaves") == 0
    else:
        assert small.counted(0, 0) == {"bound": 1}
        assert [small.of(1, name) for name in ("leaves", "leaves_by", "onward")] == [PERIOD + 5, SWITCH, 2]


def test_a_decision_waits_for_its_date_and_is_carried_out() -> None:
    small = bound(intent=INTENT_LEAVE_COMPLAINT)
    put(small.world, "rebuy_share", 0.0)
    assert not moves(small, 1, PERIOD)
    assert [small.of(1, name) for name in ("supplier", "intent", "leaves")] == [0, INTENT_STAY, 16]
    small.become(1, intent=INTENT_LEAVE_SILENT)  # dissatisfied again: the decision stands
    assert not moves(small, 1, 15, review=0.0)  # and nothing is compared
    assert small.of(1, "leaves") == 16
    assert moves(small, 1, 16)
    assert [small.of(1, name) for name in ("supplier", "intent", "leaves")] == [NOBODY, INTENT_STAY, 0]
    assert small.counted(0, 0) == {
        "bound": 1,
        "left_complaint": 1,
        "opportunity_estimate": small.counted(0, 0)["opportunity_estimate"],
    }


@pytest.mark.parametrize("again", [True, False])
def test_who_waits_to_switch_goes_where_it_was_decided_to(again: bool) -> None:
    small = bound(leaves=14, leaves_by=SWITCH, onward=2, ever=0b101 if again else 0b001)
    assert not moves(small, 1, 13)
    assert moves(small, 1, 14)
    assert [small.of(1, name) for name in ("supplier", "former", "leaves")] == [2, 0, 0]
    assert small.counted(2, 0)["returned_switch" if again else "won_switch"] == 1


def test_who_waits_to_do_without_takes_no_rival() -> None:
    small = bound(leaves=14, leaves_by=WITHOUT, onward=NOBODY)
    put(small.world, "rebuy_share", 1.0)
    assert moves(small, 1, 14)
    assert small.of(1, "supplier") == NOBODY
    assert small.counted(0, 0) == {"left_without": 1}


def test_attrition_is_not_held_and_returning_is() -> None:
    small = bound(leaves=14, leaves_by=SILENT, onward=NOBODY)
    assert moves(small, 1, 12, attrition=0.0)
    assert small.counted(0, 0) == {"left_natural": 1}
    assert small.of(1, "leaves") == 0
    small = bound(former=1, ever=0b011)
    put(small.world, "movement.return_share", 1.0)
    thought = (small.state, 1, small.environment, small.books, small.clock(PERIOD), 0.0001)
    assert think_of_return(*thought)
    assert [small.of(1, name) for name in ("supplier", "leaves", "onward")] == [0, 16, 1]
    assert not think_of_return(*thought)


@pytest.mark.parametrize(("outcome", "withdrawn"), [(UNRESOLVED, False), (RESOLVED, True)])
def test_only_a_remedy_takes_a_notice_back(outcome: int, withdrawn: bool) -> None:
    small = bound(leaves=14)
    answer = ComplaintAnswer(outcome, 3.0, 0.5, 0.75)
    luck = (0.0, 0.999, 0.999, 0.999, 0.999)
    settle(small.state, 1, small.environment, small.books, small.clock(PERIOD), answer, Fate(*luck))
    assert small.of(1, "leaves") == (0 if withdrawn else 14)
    counts = small.counted(0, 0)
    assert counts.get("resolved_kept", 0) == withdrawn
    assert counts.get("complaint_captive", 0) == (not withdrawn)
    assert small.of(1, "intent") == INTENT_STAY


def test_who_waits_and_says_nothing_decides_nothing_anew() -> None:
    small = bound(leaves=14)
    put(small.world, "voice.complain_share", 0.0)
    decide(small.state, 1, small.environment, small.books, small.clock(PERIOD), Served(2, -2.5, 0.999, -1))
    assert small.counted(0, 0) == {"silent": 1, "silent_captive": 1}
    assert small.of(1, "intent") == INTENT_STAY


def edge_of_staying(**changes: float) -> Any:
    """The base share of the silent who stay at which the customer's draw stays, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        small = bound(switching_cost=0.8125)
        put(small.world, "voice.complain_share", 0.0)
        put(small.world, "voice.lapse_share", 0.0)
        for path, value in changes.items():
            place = path.replace("__", ".")
            put(small.firms if place.startswith(("contract", "desk")) else small.world, place, value)
        put(small.world, "voice.repurchase.silent", middle)
        decide(small.state, 1, small.environment, small.books, small.clock(PERIOD), Served(2, -2.5, 0.999, -1))
        low, high = (low, middle) if small.tally[0, 0, O.silent_stayed] else (middle, high)
    return mpf(high)


def test_bonds_hold_the_silent() -> None:
    """2.5 x (.8125 - .5) by switching cost, .75 x 5 of 12 months by the contract: both keep more."""
    drivers = {"voice__silent_drivers__switching_cost": 2.5, "voice__silent_drivers__contract": 0.75}
    free = edge_of_staying(contract__months=0.0)
    for held, weights in (
        (mpf("0.78125") + mpf("0.3125"), drivers),
        (mpf("0.78125"), {**drivers, "contract__months": 0.0}),
        (mpf("0.3125"), {"voice__silent_drivers__contract": 0.75}),
    ):
        assert float(edge_of_staying(**weights)) == pytest.approx(float(shifted(free, -held)), rel=1e-9)


@pytest.mark.parametrize(
    ("at_average", "ease", "success", "shift"),
    [
        (0.9999, -8.0, 0.5, "-0.625"),
        (0.9999, 0.0, 0.0, "-0.625"),
        (0.0001, -8.0, 0.5, "0"),
        (0.0001, 0.25, 0.5, "0"),
        (0.0, -8.0, 0.5, "0"),
    ],
    ids=["hard", "hopeless", "silent at an average desk too", "easy", "nobody complains"],
)
def test_whom_a_barrier_kept_from_complaining_leave_more(
    at_average: float, ease: float, success: float, shift: str
) -> None:
    """Eight units less of ease, of weight 4, leave e^-32 of the odds to complain; so does .5 less of success, of 64."""
    weights = {
        "voice__complain_share": at_average,
        "voice__complaint_drivers__ease": 4.0,
        "voice__complaint_drivers__expected_success": 64.0,
        "voice__silent_drivers__barrier": -0.625,
        "desk__ease": ease,
        "desk__answer_share": 1.0,
        "desk__resolution_share": success,
    }
    free = edge_of_staying()
    assert float(edge_of_staying(**weights)) == pytest.approx(float(shifted(free, -mpf(shift))), rel=1e-9)


def test_a_contract_puts_off_whoever_is_free() -> None:
    """1.75 years with -.625 a year: in adopting, in what attracts, in returning."""
    plain, small = Small(), Small()
    put(small.world, "movement.contract", -0.625)
    put(small.firms, "bound_years", 1.75, 1)
    off = mpf("-0.625") * mpf("1.75")
    chances = [chance_to_adopt(each.state, 4, each.environment, 1) for each in (plain, small)]
    assert chances[1] == pytest.approx(float(shifted(mpf(chances[0]), off)), rel=1e-11)
    assert attraction(small.state, 4, small.environment, 1) == pytest.approx(
        float(attraction(plain.state, 4, plain.environment, 1) * exp(off)), rel=1e-12
    )
    shares = []
    for each in (Small(), small):
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            each.become(4, former=1, ever=0b010, supplier=NOBODY)
            put(each.world, "movement.return_share", middle)
            put(each.world, "movement.contract", -0.625)
            came = think_of_return(each.state, 4, each.environment, each.books, each.clock(PERIOD), 0.0001)
            low, high = (low, middle) if came else (middle, high)
        shares.append(mpf(high))
    assert float(shares[1]) == pytest.approx(float(shifted(shares[0], -off)), rel=1e-9)


# --- a third party ----------------------------------------------------------------------------------------------------


def further(flags: int, u_case: float, u_upheld: float) -> tuple[bool, Small]:
    small = Small()
    small.become(2, supplier=0, ever=1, flags=flags)
    for path, value in {"case_share": 0.1875, "captive": 1.25, "upheld_share": 0.375, "cost": 312.5}.items():
        put(small.world, f"third_party.{path}", value)
    return bool(is_upheld(small.state, 2, small.environment, small.books, u_case, u_upheld)), small


@pytest.mark.parametrize("captive", [True, False])
def test_captives_take_more_to_a_third_party(captive: bool) -> None:
    share = float(shifted(mpf("0.1875"), mpf("1.25"))) if captive else 0.1875
    flags = PRESENT | (CAPTIVE if captive else 0)
    upheld, small = further(flags, share * (1 - 1e-12), 0.374)
    assert upheld
    assert small.counted(0, 0) == {
        "third_party_cases": 1,
        "third_party_upheld": 1,
        "third_party_cost": fixed(mpf("312.5")),
        "complaint_cost": fixed(mpf("312.5")),
    }
    plain = Small()
    assert small.of(2, "margin")[0] - plain.of(2, "margin")[0] == -312.5
    upheld, small = further(flags, share * (1 - 1e-12), 0.375)
    assert not upheld
    assert small.counted(0, 0)["third_party_cases"] == 1
    upheld, small = further(flags, share * (1 + 1e-12), 0.0)
    assert not upheld
    assert not small.tally.any()


def test_an_upheld_case_is_remedied_as_if_the_firm_had_resolved_it() -> None:
    """Unresolved it stays in the firm's books; the outcome is just, the treatment and the procedure are not."""
    found = {}
    for upheld, u_upheld in ((True, 0.0), (False, 0.999)):
        small = Small()
        small.become(2, supplier=0, ever=1, satisfaction=66.5)
        put(small.firms, "desk.follow_up", 0.0)
        put(small.world, "third_party.case_share", 1.0)
        put(small.world, "third_party.cost", 0.0)
        put(small.world, "third_party.upheld_share", 0.5)
        put(small.world, "voice.repurchase.unresolved", 0.0)
        put(small.world, "voice.repurchase.resolved", 1.0)
        answer, luck = ComplaintAnswer(UNRESOLVED, 3.5, 0.5, 0.75), (0.5, 0.5, 0.999, 0.0, u_upheld)
        settle(small.state, 2, small.environment, small.books, small.clock(PERIOD), answer, Fate(*luck))
        counts = small.counted(0, 0)
        assert counts["unresolved"] == 1
        assert counts.get("unresolved_kept", 0) == upheld
        assert counts.get("compensation_cost", 0) == (fixed(mpf("0.375") * small.of(2, "spend")) if upheld else 0)
        found[upheld] = mpf(counts["justice_sum"]) / 65536
    # weight of the outcome .4375: from no_remedy -.6875 to remedy .375 and .375 of the way on to 1
    assert float(found[True] - found[False]) == pytest.approx(0.4375 * (0.375 + 0.625 * 0.375 + 0.6875), abs=4e-5)


# --- onboarding -------------------------------------------------------------------------------------------------------


def test_newcomers_meet_more_failures() -> None:
    table = np.zeros((len(ROWS), 3))
    table[T.u_failure] = 0.375
    table[T.tenure] = 0.0, 0.2, ESTABLISHED
    small = Small()
    put(small.firms, "strain", 1.75)
    put(small.firms, "onboarding.days", 73.0)
    introduce(table, 3, small.firms[0])
    worked = [0.375 / 2.75, 0.375 / float(1 + mpf("1.75") * exp(-1)), 0.375]
    assert table[T.u_failure].tolist() == pytest.approx(worked, rel=1e-14)
    put(small.firms, "strain", 0.0)
    introduce(table, 3, small.firms[0])
    assert table[T.u_failure].tolist() == pytest.approx(worked, rel=1e-14)


def test_training_is_paid_for_each_customer_won() -> None:
    small = Small()
    put(small.firms, "onboarding.spending", 6.75)
    before = small.of(1, "margin")[0]
    join(small.state, 1, small.environment, small.books, small.clock(PERIOD), 0, O.won_talk)
    assert small.counted(0, 0)["welcome_cost"] == fixed(mpf("41.5")) + fixed(mpf("6.75"))
    assert small.of(1, "margin")[0] - before == pytest.approx(-41.5 - 6.75, rel=1e-6)


def test_the_table_knows_how_long_newcomers_have_been_there() -> None:
    small = Small()
    small.become(0, flags=PRESENT | NEWCOMER, joined=4)
    small.become(1, flags=PRESENT, joined=4)
    table, rows = np.zeros((len(ROWS), 2)), np.arange(2, dtype=np.int32)
    gather(small.state, rows, table, np.zeros(2, np.uint32), np.zeros(2, int), PERIOD, 1 / 12)
    assert table[T.tenure].tolist() == [pytest.approx(7 / 12), ESTABLISHED]
