"""Price, effort and the desk's costs in the loops, one call at a time, with numbers that are off elsewhere."""

from typing import Any

import numpy as np
import pytest

from sim.engine.accounts import book_period
from sim.model.choice import Draws, part
from sim.model.contexts import Served
from sim.model.desk import difficulty
from sim.model.movement import WITHOUT
from sim.model.person import CAPTIVE, INTENT_LEAVE_SILENT, NOBODY, PRESENT
from sim.model.price import asked_of
from sim.model.records import environment_records, get_used, have_moved, priced
from sim.model.recovery import ComplaintAnswer, Fate, settle
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.model.voice import decide
from sim.vocabulary.streams import MOVEMENT
from tests.engine.loops.small import SCENARIO, TREE, Small, base_for, fixed, put, shifted
from tests.engine.loops.test_encounters import served
from tests.engine.loops.test_movement import appeal
from tests.model.worked import numbers
from tests.worlds import with_rules_off

mpf, log, exp = numbers.mpf, numbers.log, numbers.exp

PERIOD = 9
NO_FAILURE = 0.99
PURCHASE_LUCK = [0.3, 0.9, NO_FAILURE, 0.5, 0.5, 1.25, -0.25, 0.75, 0.625, 0.9]
HELP_LUCK = [0.7, 0.9, NO_FAILURE, 0.5, 0.5, 1.25, -0.25, 0.75, 0.625, 0.9]


def with_price(**stated: Any) -> Scenario:
    """The small market, with these parameters as well, a path with two underlines for each point."""
    tree = with_rules_off(TREE)
    for path, value in stated.items():
        *sections, name = path.split("__")
        inner = tree
        for section in sections:
            inner = inner[int(section)] if isinstance(inner, list) else inner.setdefault(section, {})
        inner[name] = value
    return Scenario.model_validate(tree)


def test_a_dear_purchase_satisfies_less_and_help_does_not() -> None:
    """15 x 1.75 x ln(reference / 1.125), where 1.25 is usual and the others' customers are used to 0.9 on average."""
    scenario = with_price(segments__0__judgement__value_effect=15.0)
    plain, priced = Small(), Small(scenario=scenario)
    fair = mpf("0.5") * mpf("0.8") + mpf("0.5") * mpf("0.9")
    environment = priced.environment
    environment.prices.value[0, 0] = value = float(15 * mpf("1.75") * log(fair / mpf("1.125")))
    for luck, moves in ((PURCHASE_LUCK, True), (HELP_LUCK, False)):
        before, after = served(plain, 0, 0, {1: luck}), served(priced, 0, 0, {1: luck})
        assert after[-1, 0] < before[-1, 0] if moves else after[-1, 0] == before[-1, 0]
    assert asked_of(environment.prices, 0, 0).value == value < 0.0


def test_fewer_purchases_at_a_higher_price() -> None:
    """12 x 1.44^-0.5 = 10 purchases among 10 + 6 + 4 encounters: a draw of .51 is help, and a purchase without."""
    scenario = with_price(
        segments__0__encounters__purchases_per_year=12.0,
        segments__0__encounters__price_elasticity=0.5,
        firm__strategy__price_index=1.44,
    )
    dear, plain = Small(scenario=scenario), Small(scenario=with_price(segments__0__encounters__purchases_per_year=12.0))
    luck = [0.51, *PURCHASE_LUCK[1:]]
    served(dear, 0, 0, {1: luck})
    served(plain, 0, 0, {1: luck})
    assert [small.tally[0, 0, [O.purchases, O.help_requests]].tolist() for small in (dear, plain)] == [[0, 1], [1, 0]]
    assert dear.environment.prices.visits[0, 0] == pytest.approx(20 / 12)


def test_a_higher_level_costs_in_all_that_serves() -> None:
    small = Small()
    put(small.firms, "effort", 1.5)
    put(small.firms, "costs.operation_share", 0.125)
    spend = mpf(small.of(1, "spend"))
    table = served(small, 0, 0, {1: PURCHASE_LUCK})
    counts = small.counted(0, 0)
    assert counts["operation_cost"] == fixed(spend * mpf("0.1875"))
    assert counts["service_cost"] == fixed(mpf("2.25") * mpf("1.5"))
    left = spend * (mpf("1.125") - mpf("0.625") - mpf("0.1875")) - mpf("3.375")
    assert float(table[_earned(), 0]) == pytest.approx(float(left), rel=1e-6)


def _earned() -> int:
    from sim.model.encounter_table import T

    return int(T.earned)


def test_overheads_inspection_and_a_pooled_desk() -> None:
    tree_costs = {
        "firm__costs__overhead_share": 0.25,
        "firm__costs__inspection": 6.5,
        "firm__desk__dedicated": False,
        "firm__desk__channel_cost": 0.5,
        "segments__0__encounters__spend_per_purchase": 30.0,
    }
    small = Small(scenario=with_price(**tree_costs))
    small.tally[0, :, O.active] = 300, 120
    began = np.zeros_like(small.tally)
    began[:, :, O.active] = [[275, 125], [210, 90], [40, 10]]
    book_period(small.environment, small.tally, began)
    # a quarter of what the 275 customers of the start spend, 14 purchases of 30, a twelfth of it
    assert small.counted(0, 0)["overhead_cost"] == fixed(mpf("0.25") * 275 * 14 * 30 / 12)
    appraisal = mpf("4.125") - mpf("6.5") * log(1 - mpf("0.375")) + mpf("0.5") * exp(mpf("0.625"))
    assert small.counted(0, 0)["appraisal_cost"] == 300 * fixed(appraisal / 12)
    assert "complaint_cost" not in small.counted(0, 0)


def test_a_remedy_costs_more_the_more_is_resolved() -> None:
    small = Small()
    put(small.firms, "desk.remedy_cost", 0.4375)
    put(small.firms, "desk.follow_up", 0.0)
    small.become(2, supplier=0, ever=1)
    before = small.of(2, "margin")[0]
    answer, fate = ComplaintAnswer(2, 3.0, 0.5, 0.75), Fate(0.999, 0.5, 0.999, 0.999, 0.999)
    settle(small.state, 2, small.environment, small.books, small.clock(PERIOD), answer, fate)
    remedy = mpf("0.4375") * small.of(2, "spend") * -log(1 - mpf("0.75")) / mpf("0.75")
    compensation = mpf("0.375") * small.of(2, "spend")
    assert small.counted(0, 0)["complaint_cost"] == fixed(remedy)
    assert small.of(2, "margin")[0] - before == pytest.approx(-float(remedy + compensation), rel=1e-5)
    assert difficulty(0.75) > 1.0


def test_captives_speak_up_more() -> None:
    """A captive beside the edge of the draw that .75 on the logit scale moves."""
    edges = {}
    for flags in (PRESENT, PRESENT | CAPTIVE):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            small = Small()
            put(small.world, "voice.complaint_drivers.captive", 0.75)
            put(small.world, "voice.complain_share", middle)
            small.become(1, supplier=0, flags=flags)
            decide(small.state, 1, small.environment, small.books, small.clock(PERIOD), Served(2, -2.5, 0.999, -1))
            low, high = (low, middle) if small.tally[0, 0, O.complained] else (middle, high)
        edges[flags] = high
    moved = float(shifted(edges[PRESENT], -mpf("0.75")))
    assert edges[PRESENT | CAPTIVE] == pytest.approx(moved, rel=1e-9)
    assert edges[PRESENT | CAPTIVE] < edges[PRESENT]


@pytest.mark.parametrize("does", [True, False])
def test_who_compares_and_stays_may_do_without(does: bool) -> None:
    small = Small()
    small.become(3, supplier=0, ever=1, attrition=0.0, satisfaction=60.0)
    put(small.world, "movement.switch_share", 0.0)
    luck = small.draw(3, MOVEMENT, PERIOD, 1)
    small.environment.prices.doing_without[0, 0] = luck[2] + (1e-9 if does else -1e-9)
    left = part(small.state, 3, small.environment, small.books, small.clock(PERIOD), Draws(0.9, 0.4, 0.9, 0.9, 0.5))
    assert left is does or left == does
    assert bool(small.state.supplier[3] == NOBODY) is does
    assert small.counted(0, 0).get("left_without", 0) == does
    assert small.of(3, "lost_by")[0] == (WITHOUT if does else NOBODY)


@pytest.mark.parametrize("takes", [True, False])
def test_who_leaves_takes_a_rival_the_less_the_dearer_it_is(takes: bool) -> None:
    """Firm 1 at an index of .875 draws, by 3.5 x .125 on the logit scale."""
    small = Small()
    small.become(3, supplier=0, ever=1, intent=INTENT_LEAVE_SILENT, barred=0b100)
    put(small.world, "movement.price_on_adoption", 3.5)
    luck = small.draw(3, MOVEMENT, PERIOD, 1)
    base = base_for(luck[2], mpf("3.5") * mpf("0.125"))
    put(small.world, "rebuy_share", base + (1e-9 if takes else -1e-9))
    part(small.state, 3, small.environment, small.books, small.clock(PERIOD), Draws(0.9, 0.9, 0.9, 0.9, 0.0))
    assert small.state.supplier[3] == (1 if takes else NOBODY)
    assert float(shifted(base, mpf("3.5") * mpf("0.125"))) == pytest.approx(luck[2], abs=1e-9)


@pytest.mark.parametrize("takes", [True, False])
def test_who_leaves_weighs_the_appeal_of_the_rival(takes: bool) -> None:
    """At 1.5 times its appeal to who has no supplier: its opinion, and its promise above what is predicted."""
    small = Small()
    small.become(3, supplier=0, ever=1, intent=INTENT_LEAVE_SILENT, barred=0b100)
    small.state.opinion[3, 1] = -0.75
    put(small.world, "movement.rebuy_weighing", 1.5)
    shift = mpf("1.5") * appeal(small, 3, 1, 0)
    assert abs(shift) > 0.5
    luck = small.draw(3, MOVEMENT, PERIOD, 1)
    base = base_for(luck[2], shift)
    put(small.world, "rebuy_share", base + (1e-9 if takes else -1e-9))
    part(small.state, 3, small.environment, small.books, small.clock(PERIOD), Draws(0.9, 0.9, 0.9, 0.9, 0.0))
    assert small.state.supplier[3] == (1 if takes else NOBODY)


def a_period_later(environment: Any, customers: list[int]) -> Any:
    """The environment when a period has passed, with so many customers of one segment."""
    stocks = np.zeros((len(customers), 1, len(OBSERVABLES)), np.int64)
    stocks[:, 0, O.active] = customers
    usual, market = np.empty((2, len(customers)))
    get_used(environment, stocks, usual, market)
    return (
        priced(environment, usual.tolist(), market.tolist()) if have_moved(environment, usual, market) else environment
    )


def test_customers_get_used_to_prices_and_the_alarm_fades() -> None:
    scenario = with_price(segments__0__bonds__alarm=24.0, firm__strategy__usual_price=0.9, movement__price_memory=0.75)
    environment = environment_records(scenario)
    after = a_period_later(environment, [30, 10, 5])
    usual = mpf("1.125") - (mpf("1.125") - mpf("0.9")) * exp(-mpf(1) / 12 / mpf("0.75"))
    assert after.prices.usual[0] == pytest.approx(float(usual), rel=1e-12)
    for prices, known in ((environment.prices, mpf("0.9")), (after.prices, usual)):
        rate = mpf("2.5") + 24 * log(mpf("1.125") / known)
        assert prices.reviews[0, 0] == pytest.approx(float(1 - exp(-rate / 12)), rel=1e-12)
    others = [1 - (1 - mpf(price)) * (1 - exp(-mpf(1) / 12 / mpf("0.75"))) for price in ("0.875", "1.0625")]
    assert after.prices.market[0] == pytest.approx(float((10 * others[0] + 5 * others[1]) / 15), rel=1e-12)


def test_steady_prices_stay_as_they_are() -> None:
    environment = environment_records(SCENARIO)
    steady = environment._replace(prices=environment.prices)
    for f, firm in enumerate(SCENARIO.firms):
        steady.prices.usual[f] = firm.strategy.price_index
    settled = a_period_later(steady, [10, 10, 10])
    assert a_period_later(settled, [10, 10, 10]) is settled
    assert np.array_equal(settled.prices.usual, [1.125, 0.875, 1.0625])
