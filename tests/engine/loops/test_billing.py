"""Bills (docs/odd.md, 7.19), one call at a time, worked out in fractions without the rules.

Firm 0 of the small market bills five times a year, 5/12 of a bill a month; person 1 buys for 41.75 x 7/8 x 14 a year,
at a price index of 9/8, and a running cost of 3/16 of purchases on top of goods of 5/8.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from sim.engine.bills import blank_envelopes, send_bills
from sim.model.billing import ask_for, bills_so_far, charge, settle_up
from sim.model.encounter_table import ROWS, T
from sim.model.money import pay
from sim.model.movement import CAUSES, leave
from sim.model.person import NEWCOMER, NOBODY, PRESENT
from sim.model.rooms import O
from sim.model.service import PURCHASE
from tests.engine.loops.small import Small, fixed, put

PERIOD = 11
LUCK_OF_BONDS = 10
A_BILL = Fraction(167, 4) * Fraction(7, 8) * 14 / 5
PRICE, GOODS, OPERATION = Fraction(9, 8), Fraction(5, 8), Fraction(3, 16)


def billed(i: int = 1, **columns: Any) -> Small:
    """Person i came in period 3 and is billed by firm 0."""
    small = Small()
    put(small.firms, "contract.bills_per_year", 5.0)
    put(small.firms, "costs.operation_share", float(OPERATION))
    small.become(i, **{"supplier": 0, "ever": 1, "joined": 3, "flags": PRESENT | NEWCOMER, **columns})
    return small


def booked(worth: Fraction, bills: int) -> dict[str, int]:
    revenue = fixed(float(worth * PRICE))
    return {
        "revenue": revenue,
        "billed": revenue,
        "goods_cost": fixed(float(worth * GOODS)),
        "operation_cost": fixed(float(worth * OPERATION)),
        **({"bills": bills} if bills else {}),
    }


def test_bills_are_counted_from_joining() -> None:
    small = billed()
    assert bills_so_far(small.state, 1, small.environment, small.clock(PERIOD)) == pytest.approx(40 / 12, rel=1e-12)


def test_initial_customers_came_in_any_month_of_the_year_before() -> None:
    months = []
    for i in range(6):
        small = billed(i, flags=PRESENT, joined=-4)
        months.append(int(small.draw(i, LUCK_OF_BONDS, 0, 1)[1] * 12))
        seen = bills_so_far(small.state, i, small.environment, small.clock(PERIOD))
        assert seen == pytest.approx((16 + months[-1]) * 5 / 12, rel=1e-12)  # with the month that is running
    assert len(set(months)) > 2


def test_a_bill_brings_what_its_purchases_would_have() -> None:
    small = billed()
    before = small.of(1, "margin")
    ask_for(small.state, 1, small.environment, small.books, 2.5)
    assert small.counted(0, 0) == booked(A_BILL * Fraction(5, 2), 0)
    margin = float(A_BILL * Fraction(5, 2) * (PRICE - GOODS - OPERATION))
    assert small.of(1, "margin")[0] - before[0] == pytest.approx(margin, rel=1e-6)
    assert small.of(1, "margin")[1:] == before[1:]


def test_a_price_that_makes_people_buy_less_makes_bills_smaller() -> None:
    small = billed()
    small.environment.prices.demand[0, 0] = 0.75
    ask_for(small.state, 1, small.environment, small.books, 1.0)
    assert small.counted(0, 0) == booked(A_BILL * Fraction(3, 4), 0)


@pytest.mark.parametrize(("period", "due"), [(PERIOD, 1), (PERIOD + 1, 0), (13, 1), (15, 1), (16, 0)])
def test_bills_fall_due_in_the_month_of_their_date(period: int, due: int) -> None:
    """After 8 months 3.33 have come and after 7 2.92; then 3.75, 4.17, 4.58, 5 (on the day), 5.42."""
    small = billed()
    charge(small.state, 1, small.environment, small.books, small.clock(period))
    assert small.counted(0, 0) == (booked(A_BILL, 1) if due else {})


def test_several_may_fall_due_at_once_and_the_segment_pays() -> None:
    small = billed(2, segment=1)
    put(small.firms, "contract.bills_per_year", 30.0)
    charge(small.state, 2, small.environment, small.books, small.clock(PERIOD))
    worth = Fraction(9, 8) * 50 * 31 / 30 * 2  # from 17.5 to 20
    assert small.counted(0, 1) == {**booked(worth, 3), **booked(worth / 2 * 3, 3)}
    assert small.counted(0, 0) == {}


@pytest.mark.parametrize("supplier", [NOBODY, 1])
def test_nobody_else_is_billed(supplier: int) -> None:
    small = billed(supplier=supplier)
    for f in (1, 2):
        put(small.firms, "contract.bills_per_year", 0.0, f)
    before = small.of(1, "margin")
    charge(small.state, 1, small.environment, small.books, small.clock(PERIOD))
    if supplier != NOBODY:
        settle_up(small.state, 1, small.environment, small.books, small.clock(PERIOD))
    assert not small.tally.any()
    assert small.of(1, "margin") == before


def test_a_block_of_people_pays_what_each_pays_alone() -> None:
    block, alone = billed(), billed()
    for small in (block, alone):
        put(small.firms, "contract.bills_per_year", 0.75, 1)
        put(small.firms, "contract.bills_per_year", 0.0, 2)
        small.become(2, supplier=0, flags=PRESENT, joined=-4)
        small.become(3, supplier=NOBODY)
        small.become(4, supplier=1, flags=PRESENT, joined=0, segment=1)
        small.become(5, supplier=2, flags=PRESENT, joined=-9)
    rates, room = np.zeros(NOBODY + 1), blank_envelopes(5)
    rates[:3] = [firm.contract.bills_per_year for firm in block.firms]
    for period in range(40):
        send_bills(block.state, block.environment, block.books, block.clock(period), 1, 6, rates, room)
        for i in range(1, 6):
            charge(alone.state, i, alone.environment, alone.books, alone.clock(period))
    assert block.tally.tolist() == alone.tally.tolist()
    assert block.tally[:2, :, O.bills].sum(axis=1).all()
    assert not block.tally[2].any()
    assert block.state.margin.tolist() == alone.state.margin.tolist()


def test_who_leaves_pays_what_has_run_and_no_more() -> None:
    small = billed()
    settle_up(small.state, 1, small.environment, small.books, small.clock(PERIOD))
    third = small.counted(0, 0)
    assert third["bills"] == 1
    assert third["revenue"] == pytest.approx(fixed(float(A_BILL / 3 * PRICE)), abs=1)
    settle_up(small.state, 1, small.environment, small.books, small.clock(15))  # 5 bills, on the day of the fifth
    assert small.counted(0, 0) == third


def test_leaving_settles_up() -> None:
    small, alone = billed(), billed()
    settle_up(alone.state, 1, alone.environment, alone.books, alone.clock(PERIOD))
    leave(small.state, 1, small.environment, small.books, small.clock(PERIOD), CAUSES.index("left_natural"))
    assert small.counted(0, 0) == {**alone.counted(0, 0), "left_natural": 1}
    assert small.of(1, "margin") == alone.of(1, "margin")


def test_purchases_of_the_billed_bring_their_service_alone() -> None:
    small, table = billed(), np.zeros((len(ROWS), 1))
    table[T.kind], table[T.spend] = PURCHASE, 50.0
    pay(table, 1, small.firms[0], small.tally[0, 0])
    assert small.counted(0, 0) == {"service_cost": fixed(2.25)}
    assert table[T.earned, 0] == -2.25
