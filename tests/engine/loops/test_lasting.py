"""Renewal, forgiveness, returning and firms that come and go (docs/odd.md, 7.10 and 7.18), one call at a time."""

from typing import Any

import numpy as np
import pytest

from sim.engine.births import populate
from sim.engine.movement import movement_stage
from sim.engine.outside import nobody_outside
from sim.engine.population import make_way
from sim.model.adoption import chance_to_adopt, nobody_adopts
from sim.model.attrition import attrition_in_stock
from sim.model.choice import Draws, chosen_rival, move, part, think_of_return
from sim.model.movement import forgive, is_there, leave
from sim.model.person import CAPTIVE, GONE, INFLUENTIAL, INTENT_LEAVE_SILENT, NEWCOMER, NOBODY, PRESENT
from sim.model.population import is_replaced, take_place
from sim.model.rooms import COLUMNS
from sim.vocabulary.streams import INITIAL, MOVEMENT
from tests.engine.loops.small import NOBODY_LIVED, SCENARIO, SEED, YEARS, Small, five, loyalty_by_hand, put, sides
from tests.engine.loops.test_movement import belief, opinion, promise
from tests.engine.loops.test_population import gamma_by_hand
from tests.model.philox import draws, normal_of
from tests.model.worked import numbers

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf
PERIOD = 14
NOTHING = Draws(0.5, 1.0, 0.5, 0.0, 0.0)
"""Luck with which nobody moves."""


def moves(small: Small, i: int, **luck: float) -> None:
    move(small.state, i, small.environment, small.books, small.clock(PERIOD), NOTHING._replace(**luck))


def stage(small: Small) -> None:
    clock, people = small.clock(PERIOD), small.people
    movement_stage(small.state, small.environment, small.books, clock, nobody_outside(), 0, people)


# --- renewal ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaves", [True, False])
@pytest.mark.parametrize("supplier", [1, NOBODY])
def test_the_market_is_left_at_the_upper_end_of_the_draw_whoever_is_the_supplier(supplier: int, leaves: bool) -> None:
    small = Small()
    put(small.segments, "renewal_chance", 0.0625, 1)
    put(small.segments, "renewal_chance", 0.0, 0)
    small.become(2, supplier=supplier, ever=0b110, barred=0, segment=1)
    moves(small, 2, attrition=0.9375 if leaves else float(np.nextafter(0.9375, 0)))
    assert (small.of(2, "flags") & GONE != 0) is leaves
    left = {"left_natural": 1} if supplier == 1 else {"lapsed_gone": 1}
    assert [small.counted(f, 1) for f in range(3)] == (
        [{"prospects_gone": 1}, left, {"lapsed_gone": 1}] if leaves else [{}] * 3
    )
    assert small.leavers.sum() == (leaves and supplier == 1)
    moves(small, 3, attrition=1.0 - 2.0**-33)  # the other segment is not renewed
    assert small.of(3, "flags") == PRESENT


def test_where_nobody_leaves_naturally_neither_renewal_nor_attrition_takes_anybody() -> None:
    """Of the two segments, in the second alone; the chances are kept."""
    for s, gone in ((0, 2), (1, 0)):
        small = Small()
        put(small.segments, "renewal_chance", 0.0625)
        small.segments[1]["bonds"]["attrition_happens"] = 0.0
        for i in (2, 3):
            small.become(i, supplier=1, ever=0b110, barred=0, segment=s, attrition=0.25)
        moves(small, 2, attrition=0.96875)
        moves(small, 3, attrition=0.125)
        assert sum(small.of(i, "flags") & GONE != 0 for i in (2, 3)) == gone
        assert small.counted(1, s) == ({"left_natural": gone} if gone else {})
        assert small.of(3, "attrition") == 0.25


def test_only_a_place_that_was_left_in_a_renewed_segment_is_taken() -> None:
    small = Small()
    put(small.segments, "renewal_chance", 0.25, 1)
    for flags, segment, taken in ((PRESENT | GONE, 1, True), (PRESENT, 1, False), (PRESENT | GONE, 0, False)):
        small.become(0, flags=flags, segment=segment)
        assert bool(is_replaced(small.state, 0, small.environment)) is taken


def replaced(i: int, segment: int) -> Small:
    small = Small()
    for name in small.state._fields:
        array = getattr(small.state, name)
        if name not in ("people", "luck"):
            array[i] = 3
    for column in COLUMNS:
        if not column.apart and column.name != "segment":
            small.become(i, **{column.name: 9})
    small.become(i, segment=segment, flags=PRESENT | GONE | NEWCOMER)
    put(small.segments, "renewal_chance", 0.02, segment)
    make_way(small.state, i, np.zeros(1, small.state.people.dtype))
    take_place(small.state, i, small.environment, small.books, small.clock(PERIOD))
    return small


@pytest.mark.parametrize(("i", "s"), [(2, 0), (4, 1), (5, 0)])
def test_who_takes_a_place_is_somebody_new(i: int, s: int) -> None:
    """Traits of the page, by the draws of the newcomer's first period; of the old only place and segment are left."""
    small = replaced(i, s)
    segment = SCENARIO.segments[s]
    luck = 101 + 13 * i
    place, character, purse = (draws(SEED, INITIAL, luck, PERIOD + 1, index) for index in range(3))
    z1, z2, z3, z4 = map(normal_of, character)
    learnt, bonds, judged, rates = segment.expectations, segment.bonds, segment.judgement, segment.encounters
    spread = log(1 + mpf(rates.spend_cv) ** 2)
    shape = 1 / mpf(rates.frequency_cv) ** 2
    size, mean = 1 / mpf(bonds.attrition_polarization) - 1, mpf(bonds.attrition_per_year)
    frequency, x, y = (
        gamma_by_hand(luck, first, a, PERIOD + 1)
        for first, a in ((10_000, shape), (20_000, mean * size), (21_000, (1 - mean) * size))
    )
    flags = PRESENT + CAPTIVE * (place[2] < bonds.captive_share)
    flags += INFLUENTIAL * (place[3] < segment.sociability.influencer_share)
    worked: dict[str, Any] = {
        "luck": luck,
        "segment": s,
        "born": PERIOD + 1,
        "flags": flags,
        "supplier": NOBODY,
        "former": NOBODY,
        "won_by": [NOBODY] * 3,
        "lost_by": [NOBODY] * 3,
        "level": 1,
        "will": [float(min(max(w + learnt.spread * z1, 1), 7)) for w in five(learnt.will)],
        "should": [float(min(max(h + learnt.spread * z1, 1), 7)) for h in five(learnt.should)],
        "standards": float(learnt.spread * z1),
        "disposition": float(judged.disposition_spread * z2),
        "satisfaction": float(judged.initial_satisfaction + judged.disposition_spread * z2),
        "switching_cost": float(min(max(bonds.switching_cost + bonds.switching_cost_spread * z3, 0), 1)),
        "complaint_tendency": float(segment.sociability.complaint_spread * z4),
        "spend": float(rates.spend_per_purchase * exp((spread**0.5) * normal_of(purse[0]) - spread / 2)),
        "frequency": float(frequency / shape),
        "attrition": float(1 - (1 - x / (x + y)) ** (mpf(1) / 12)),
    }
    for column in COLUMNS:
        found = small.of(i, column.name)
        expected = worked.get(column.name, [0] * len(found) if isinstance(found, list) else 0)
        assert found == pytest.approx(expected, rel=1e-6), column.name
    assert not small.state.outside[i].any()
    assert [small.counted(f, s) for f in range(3)] == [{"entered": 1, "replaced": 1}] * 3


def stock_by_hand(luck: int, mean: float, polarization: float, renewal: float) -> tuple[Any, int]:
    """Hazard and refusals: f is taken with v / (a + v), f(x) / x with x dt / (a + v); others are drawn again."""
    size = 1 / mpf(polarization) - 1
    a, b = mean * size, (1 - mpf(mean)) * size
    lighter = a > 1 and (a - 1) / (size - 1) / 12 > renewal
    assert lighter is ((mean, renewal) in ((0.3, 0.004), (0.3, 0.0212)))  # 4.7 / 12 is 18 times .02176
    for attempt in range(10_000):
        first = 20_000 + 2001 * attempt
        x = gamma_by_hand(luck, first, a - 1 if lighter else a)
        x = x / (x + gamma_by_hand(luck, first + 1000, b))
        hazard = 1 - (1 - x) ** (mpf(1) / 12)
        taken = (x / 12 if lighter else renewal) / (hazard + renewal)
        if draws(SEED, INITIAL, luck, 0, first + 2000)[0] < taken:
            return hazard, attempt
    raise AssertionError


@pytest.mark.parametrize(
    ("mean", "polarization", "renewal"),
    [
        (0.21, 0.35, 0.02),
        (0.3, 0.05, 0.004),
        (0.3, 0.05, 0.03),
        (0.2, 0.15, 0.05),
        (0.3, 0.05, 0.0212),
        (0.3, 0.05, 0.0224),
    ],
    ids=["by f", "by f(x)/x", "by f, light", "few", "just by f(x)/x", "just by f"],
)
def test_the_stock_is_drawn_by_rejection(mean: float, polarization: float, renewal: float) -> None:
    small = Small()
    put(small.segments, "bonds.attrition_per_year", mean)
    put(small.segments, "bonds.attrition_polarization", polarization)
    refused = 0
    for luck in range(40, 52):
        hazard, attempts = stock_by_hand(luck, mean, polarization, renewal)
        found = attrition_in_stock(small.seed, luck, 0, small.segments[0].bonds, YEARS, renewal)
        assert found == pytest.approx(float(hazard), rel=1e-9)
        refused += attempts
    assert refused > 0


def test_customers_of_a_renewed_market_have_been_it_for_a_while() -> None:
    """Of segment 0, which is renewed at .02 a period; who has no supplier, or is of segment 1, is like who comes."""
    small = Small(people=30)
    small.state.people[:] = np.zeros(1, small.state.people.dtype)[0]
    small.state.joined[:] = 0
    small.state.luck[:] = 101 + 13 * np.arange(30)
    put(small.segments, "renewal_chance", 0.02)
    populate(small.state, small.environment, np.array([0.6875, 1, 0.5, 0.5, 0.5]), NOBODY_LIVED, 30, small.seed, 0, 30)
    kinds = set()
    for i in range(30):
        luck, s, is_customer = small.of(i, "luck"), small.of(i, "segment"), small.state.supplier[i] == 0
        bonds = SCENARIO.segments[s].bonds
        size = 1 / mpf(bonds.attrition_polarization) - 1
        x, y = (
            gamma_by_hand(luck, first, size * part)
            for first, part in ((20_000, mpf(bonds.attrition_per_year)), (21_000, 1 - mpf(bonds.attrition_per_year)))
        )
        hazard, periods = 1 - (1 - x / (x + y)) ** (mpf(1) / 12), 0
        if s == 0 and is_customer:
            hazard, _ = stock_by_hand(luck, bonds.attrition_per_year, bonds.attrition_polarization, 0.02)
            u = mpf(draws(SEED, INITIAL, luck, 0, 9_000)[0])
            periods = int(log(1 - u) / log(1 - hazard - mpf("0.02")))
        assert small.of(i, "attrition") == pytest.approx(float(hazard), rel=1e-6)
        assert small.of(i, "joined") == -periods
        kinds.add((s, bool(is_customer)))
    assert len(kinds) == 4


def test_a_stock_in_which_all_have_one_hazard_needs_no_draw() -> None:
    small = Small()
    put(small.segments, "bonds.attrition_polarization", 0.0)
    found = attrition_in_stock(small.seed, 7, 0, small.segments[0].bonds, YEARS, 0.01)
    assert found == pytest.approx(1 - 0.79**YEARS, rel=1e-12)
    put(small.segments, "bonds.attrition_polarization", 0.35)
    put(small.segments, "bonds.attrition_per_year", 0.0)
    assert attrition_in_stock(small.seed, 7, 0, small.segments[0].bonds, YEARS, 0.01) == 0.0


def test_who_was_a_customer_before_the_start_is_counted_from_there() -> None:
    small = Small()
    small.become(1, supplier=0, ever=1, joined=-40)
    leave(small.state, 1, small.environment, small.books, small.clock(PERIOD), 3)
    assert np.flatnonzero(small.leavers).tolist() == [3 * 30 + PERIOD]


# --- forgiving --------------------------------------------------------------------------------------------------------


def test_who_forgives_may_come_back() -> None:
    small = Small()
    small.become(2, former=NOBODY, ever=0b111, barred=0b110)
    small.become(3, former=0, ever=0b011, barred=0b010, segment=1)
    before = small.state.opinion.copy()
    for i in (2, 3):
        forgive(small.state, i, small.environment, small.books)
        assert small.of(i, "barred") == 0
    assert [small.of(i, "former") for i in (2, 3)] == [1, 0]
    assert [small.counted(f, 0) for f in range(3)] == [{}, {"forgave": 1}, {"forgave": 1}]
    assert small.counted(1, 1) == {"forgave": 1}
    assert np.array_equal(small.state.opinion, before)


@pytest.mark.parametrize("forgives", [True, False])
def test_anger_is_past_at_the_upper_end_of_the_draw(forgives: bool) -> None:
    small = Small()
    put(small.segments, "forgiveness_chance", 0.125, 1)
    small.become(3, ever=0b010, barred=0b010, segment=1)
    moves(small, 3, thought=0.875 if forgives else float(np.nextafter(0.875, 0)))
    assert small.counted(1, 1) == ({"forgave": 1} if forgives else {})
    assert small.of(3, "barred") == (0 if forgives else 0b010)


@pytest.mark.parametrize("angry", [True, False])
def test_the_stage_finds_who_is_renewed_and_who_forgives(angry: bool) -> None:
    """Everybody has an own draw; the edge stands between two of them, and only who lies above it is found."""
    small = Small(people=40)
    for f in range(3):
        put(small.firms, "advertising_chance", 0.0, f)
        put(small.firms, "contact_chance", 0.0, f)
    for s in range(2):
        put(small.segments, "return_chance", 0.0, s)
    small.become(slice(0, 40), ever=0b001, barred=angry)
    luck = np.array([small.draw(i, MOVEMENT, PERIOD, 0) for i in range(40)])
    gone, forgiven = (sorted(range(40), key=lambda i, u=u: -luck[i, u])[:6] for u in (0, 2))
    put(small.segments, "renewal_chance", 1.0 - luck[gone[-1], 0], 0)
    put(small.segments, "forgiveness_chance", angry * (1.0 - luck[forgiven[-1], 2]), 0)
    stage(small)
    assert np.flatnonzero(small.state.people["born"]).tolist() == sorted(gone)
    assert set(small.state.people["born"].tolist()) == {0, PERIOD + 1}
    still = np.flatnonzero(small.state.barred).tolist()
    assert still == [i for i in range(40) if angry and i not in gone and i not in forgiven]
    counted = small.counted(0, 0)
    lost_or_lapsed = {"forgave": len(set(forgiven) - set(gone))} if angry else {"lapsed_gone": 6}
    assert counted == {"entered": 6, "replaced": 6} | lost_or_lapsed


# --- returning from a rival -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("returns", [True, False])
@pytest.mark.parametrize("weighs", [0.0, 0.75])
@pytest.mark.parametrize(("i", "r", "f", "s"), [(1, 0, 1, 0), (4, 1, 2, 0), (2, 2, 0, 1)])
def test_a_return_weighs_the_present_supplier(i: int, r: int, f: int, s: int, weighs: float, returns: bool) -> None:
    small = Small()
    put(small.world, "movement.return_weighing", weighs)
    put(small.world, "movement.price_on_return", 2.5)
    small.become(i, former=r, supplier=f, ever=0b111, segment=s)
    own, other = SCENARIO.firms[f].strategy, SCENARIO.firms[r].strategy
    years = (PERIOD - small.of(i, "joined")) * mpf(YEARS)
    satisfaction = mpf(small.of(i, "satisfaction"))
    compared = (
        mpf("0.8125") * (mpf(float(small.reputation[r])) + small.of(i, "disposition") - satisfaction) / 10
        - mpf("0.5625") * opinion(small, i, f)
        + mpf("0.34375") * (promise(r, s) - belief(small, i, s))
        - mpf("1.875") * (small.of(i, "switching_cost") - mpf("0.5"))
        - mpf("0.6875") * loyalty_by_hand(satisfaction, years)
    )
    dearer = mpf(other.price_index) - mpf(own.price_index)
    shift = mpf("0.9375") * opinion(small, i, r) - mpf("2.5") * dearer + mpf(weighs) * compared
    luck = small.draw(i, MOVEMENT, PERIOD, 1)
    put(small.world, "movement.return_share", next(x for x, below in sides(luck[3], shift) if below is returns))
    assert think_of_return(small.state, i, small.environment, small.books, small.clock(PERIOD), 0.001) is returns
    assert small.counted(r, s).get("returned", 0) == returns


# --- firms that come and go -------------------------------------------------------------------------------------------


def absent(g: int) -> Small:
    small = Small()
    put(small.firms, "in_market", 0.0, g)
    return small


def test_who_is_not_there_is_in_nobodys_mind() -> None:
    small = absent(1)
    assert [bool(is_there(small.environment, g)) for g in range(3)] == [True, False, True]
    for u in (0.001, 0.5, 0.999):
        assert chosen_rival(small.state, 2, small.environment, 0, u) == 2
    assert chance_to_adopt(small.state, 2, small.environment, 1) == 0.0
    assert chance_to_adopt(small.state, 2, small.environment, 0) > 0.0
    assert nobody_adopts(small.environment, 0, 5.0) > nobody_adopts(Small().environment, 0, 5.0)
    put(small.world, "movement.return_share", 1.0)
    small.become(2, former=1, ever=0b010)
    assert not think_of_return(small.state, 2, small.environment, small.books, small.clock(PERIOD), 0.0)
    assert not small.tally.any()


@pytest.mark.parametrize("finds", [True, False])
def test_the_customers_of_a_firm_that_closes_look_for_another(finds: bool) -> None:
    small = absent(1)
    small.become(2, supplier=1, ever=0b010, flags=PRESENT | CAPTIVE)
    put(small.world, "rebuy_share", 1.0 if finds else 0.0)
    assert part(small.state, 2, small.environment, small.books, small.clock(PERIOD), NOTHING)
    assert small.counted(1, 0) == {"left_closed": 1}
    assert small.of(2, "lost_by") == [NOBODY, 6, NOBODY]
    assert small.of(2, "barred") == 0
    assert bool(small.state.supplier[2] in (0, 2)) is finds
    if not finds:
        assert small.of(2, "former") == 1


def test_who_has_decided_to_leave_leaves_for_that() -> None:
    small = absent(1)
    put(small.world, "rebuy_share", 0.0)
    small.become(2, supplier=1, ever=0b010, intent=INTENT_LEAVE_SILENT)
    part(small.state, 2, small.environment, small.books, small.clock(PERIOD), NOTHING)
    assert small.of(2, "lost_by") == [NOBODY, 0, NOBODY]


def test_the_stage_finds_the_customers_of_a_firm_that_closes() -> None:
    small = absent(1)
    put(small.world, "rebuy_share", 0.0)
    small.environment.prices.reviews[:] = 0.0
    for f in range(3):
        put(small.firms, "advertising_chance", 0.0, f)
    small.become(slice(0, 6), attrition=0.0, supplier=np.array([0, 1, 2, 1, 1, 0]))
    stage(small)
    assert small.state.supplier.tolist() == [0, NOBODY, 2, NOBODY, NOBODY, 0]
