"""The people at the start, worked out from docs/odd.md (5) without the rules, one person and trait at a time."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.engine.births import populate
from sim.engine.population import begin_as_somebody, count_relations, enter_market
from sim.model.person import CAPTIVE, GONE, INFLUENTIAL, NOBODY, PRESENT
from sim.model.population import Forebears, belong, ladders
from sim.model.rooms import O
from sim.model.service import usual_level
from sim.vocabulary.streams import INITIAL
from tests.engine.loops.small import NOBODY_LIVED, SCENARIO, SEED, YEARS, Small, five, put
from tests.model.philox import draws, normal_of
from tests.model.worked import numbers

exp, log, mpf, sqrt = numbers.exp, numbers.log, numbers.mpf, numbers.sqrt
PEOPLE, CUSTOMERS = 70, 62


def cut(x: Any, low: float, high: float) -> Any:
    return min(max(x, mpf(low)), mpf(high))


def touch(channel: str, strength: Any) -> Any:
    carried = {"chat": mpf("0.07"), "telephone": mpf("0.42"), "counter": mpf(1)}[channel]
    return 1 - mpf(strength) * (1 - carried)


def usual(f: int, d: int) -> Any:
    """L_d: the service level, for assurance and empathy after the firm's mix of channels."""
    systems = SCENARIO.firms[f].systems
    level = mpf(five(systems.service)[d])
    if d < 3:
        return level
    mix = sum(
        mpf(getattr(systems.channels, name)) * touch(name, systems.channels.filter_strength)
        for name in ("chat", "telephone", "counter")
    )
    return 4 + mix * (level - 4)


@pytest.mark.parametrize("f", range(3))
@pytest.mark.parametrize("d", range(5))
def test_what_a_firm_usually_delivers(f: int, d: int) -> None:
    assert usual_level(Small().firms[f]["systems"], d) == pytest.approx(float(usual(f, d)), rel=1e-12)


def gamma_by_hand(luck: int, first: int, shape: Any, period: int = 0) -> Any:
    """Marsaglia & Tsang, an index of luck for each attempt."""
    whole = mpf(shape) if shape >= 1 else mpf(shape) + 1
    d = whole - mpf(1) / 3
    attempt = first
    while True:
        u_normal, u_accept, u_boost, _ = draws(SEED, INITIAL, luck, period, attempt)
        z = normal_of(u_normal)
        v = (1 + z / sqrt(9 * d)) ** 3
        if v > 0 and log(mpf(u_accept)) < z**2 / 2 + d * (1 - v + log(v)):
            return d * v * (1 if shape >= 1 else mpf(u_boost) ** (1 / mpf(shape)))
        attempt += 1


@cache
def populated() -> Small:
    small = Small(people=PEOPLE)
    small.state.people[:] = np.zeros(1, small.state.people.dtype)[0]
    small.state.joined[:] = 0
    small.state.luck[:] = 101 + 13 * np.arange(PEOPLE)
    small.state.supplier[:] = 77
    put(small.segments, "bonds.attrition_polarization", 0.0, 1)
    put(small.segments, "encounters.frequency_cv", 0.0, 1)
    shares = np.array([0.6875, 1.0, 0.4, 0.65, 0.8])
    populate(small.state, small.environment, shares, NOBODY_LIVED, CUSTOMERS, small.seed, 0, PEOPLE)
    return small


@pytest.mark.parametrize("i", range(PEOPLE))
def test_a_person_is_who_the_page_says(i: int) -> None:
    small = populated()
    luck = small.of(i, "luck")
    place, character, purse = (draws(SEED, INITIAL, luck, 0, index) for index in range(3))
    s = int(place[0] >= 0.6875)
    segment = SCENARIO.segments[s]
    f = next((f for f, edge in enumerate((0.4, 0.65, 0.8)) if place[1] < edge), NOBODY) if i < CUSTOMERS else NOBODY
    assert small.of(i, "segment") == s
    assert small.state.supplier[i] == f
    assert small.of(i, "ever") == (0 if f == NOBODY else 1 << f)
    assert [small.of(i, name) for name in ("former", "level")] == [NOBODY, 1]
    assert small.of(i, "won_by") == small.of(i, "lost_by") == [NOBODY] * 3
    flags = PRESENT if i < CUSTOMERS else 0
    flags += CAPTIVE * (place[2] < segment.bonds.captive_share)
    flags += INFLUENTIAL * (place[3] < segment.sociability.influencer_share)
    assert small.of(i, "flags") == flags
    z1, z2, z3, z4 = map(normal_of, character)
    learnt, judged, bonds = segment.expectations, segment.judgement, segment.bonds
    for d in range(5):
        w = cut(five(learnt.will)[d] + learnt.spread * z1, 1, 7)
        if f != NOBODY:
            w = usual(f, d) + mpf(learnt.will_memory) ** mpf(judged.initial_history) * (w - usual(f, d))
        assert small.of(i, "will")[d] == pytest.approx(float(w), rel=1e-6)
        h = cut(five(learnt.should)[d] + learnt.spread * z1, 1, 7)
        assert small.of(i, "should")[d] == pytest.approx(float(h), rel=1e-6)
    assert small.of(i, "standards") == pytest.approx(float(learnt.spread * z1), rel=1e-6)
    assert small.of(i, "joined") == small.of(i, "born") == 0
    assert small.of(i, "history") == (0 if f == NOBODY else judged.initial_history)
    disposition = judged.disposition_spread * z2
    worked = {
        "disposition": disposition,
        "satisfaction": cut(judged.initial_satisfaction + disposition, 0, 100),
        "switching_cost": cut(bonds.switching_cost + bonds.switching_cost_spread * z3, 0, 1),
        "complaint_tendency": segment.sociability.complaint_spread * z4,
    }
    rates = segment.encounters
    spread = log(1 + mpf(rates.spend_cv) ** 2)
    worked["spend"] = rates.spend_per_purchase * exp(sqrt(spread) * normal_of(purse[0]) - spread / 2)
    worked["frequency"] = mpf(1)
    hazard = mpf(bonds.attrition_per_year)
    if s == 0:
        shape = 1 / mpf(rates.frequency_cv) ** 2
        worked["frequency"] = gamma_by_hand(luck, 10_000, shape) / shape
        size = 1 / mpf(bonds.attrition_polarization) - 1
        x = gamma_by_hand(luck, 20_000, hazard * size)
        y = gamma_by_hand(luck, 21_000, (1 - hazard) * size)
        hazard = x / (x + y)
    worked["attrition"] = 1 - exp(log(1 - hazard) / 12)
    for name, value in worked.items():
        assert small.of(i, name) == pytest.approx(float(value), rel=1e-6), name


def test_a_draw_that_is_a_share_is_not_below_it() -> None:
    small = Small(people=2)
    u_segment, u_supplier, u_captive, u_influential = small.draw(1, INITIAL, 0, 0)
    for s in range(2):
        put(small.segments, "bonds.captive_share", u_captive, s)
        put(small.segments, "sociability.influencer_share", u_influential, s)
    populate(
        small.state, small.environment, np.array([u_segment, 1, u_supplier, 1, 1]), NOBODY_LIVED, 2, small.seed, 1, 2
    )
    assert (small.of(1, "segment"), small.state.supplier[1]) == (1, 1)
    assert small.of(1, "flags") & (CAPTIVE | INFLUENTIAL) == 0


def test_the_people_are_of_every_kind() -> None:
    people = populated().state.people
    assert set(people["segment"].tolist()) == {0, 1}
    assert set(populated().state.supplier.tolist()) == {0, 1, 2, NOBODY}
    assert {int(flags) & (CAPTIVE | INFLUENTIAL) for flags in people["flags"]} == {0, CAPTIVE, INFLUENTIAL, 3}


@pytest.mark.parametrize(
    ("polarization", "yearly", "attrition"),
    [(0.0, 0.0, 0.0), (0.35, 0.0, 0.0), (0.0, 1.0, 1.0), (0.0, 0.21, 1 - 0.79**YEARS)],
)
def test_a_hazard_that_all_share(polarization: float, yearly: float, attrition: float) -> None:
    small = Small(people=2)
    put(small.segments, "bonds.attrition_per_year", yearly)
    put(small.segments, "bonds.attrition_polarization", polarization)
    small.become(slice(0, 2), attrition=0.0)
    populate(small.state, small.environment, np.array([1.0, 1, 1, 1, 1]), NOBODY_LIVED, 2, small.seed, 1, 2)
    assert small.of(1, "attrition") == pytest.approx(attrition, rel=1e-6)
    assert small.of(0, "spend") == 33.5


def test_satisfaction_switching_cost_and_expectations_stay_on_their_scales() -> None:
    small = Small(people=60)
    for path, value in {
        "judgement.disposition_spread": 90.0,
        "bonds.switching_cost_spread": 3.0,
        "expectations.spread": 9.0,
    }.items():
        put(small.segments, path, value)
    small.state.supplier[:] = NOBODY
    populate(small.state, small.environment, np.array([1.0, 1, 0, 0, 0]), NOBODY_LIVED, 60, small.seed, 0, 60)
    people = small.state.people
    assert (small.state.satisfaction.min(), small.state.satisfaction.max()) == (0, 100)
    assert (small.state.switching_cost.min(), small.state.switching_cost.max()) == (0, 1)
    for name in ("will", "should"):
        assert (people[name].min(), people[name].max()) == (1, 7)


def test_everybody_stands_in_one_relation_to_every_firm() -> None:
    small = Small(people=5)
    small.become(0, supplier=1, ever=0b010, segment=1)
    small.become(1, supplier=NOBODY, ever=0b101, barred=0b001)
    small.become(2, supplier=2, ever=0b111, barred=0b010)
    small.become(3, flags=PRESENT | GONE, ever=0b100, barred=0b111)
    small.become(4, flags=0, supplier=0, ever=0b001)
    found = count_relations(small.state, 3, 2, 0, len(small.state.supplier))
    # prospects, active, lapsed, lost
    assert found[:, 0].tolist() == [[0, 0, 1, 2], [1, 0, 0, 2], [0, 1, 1, 1]]
    assert found[:, 1].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]


def test_who_enters_the_market_is_a_prospect_of_every_firm() -> None:
    small = Small(people=5)
    small.become(slice(0, 5), flags=CAPTIVE)
    small.become(3, segment=1)
    enter_market(small.state, small.tally, 2, 4)
    assert small.state.people["flags"].tolist() == [CAPTIVE, CAPTIVE, CAPTIVE | PRESENT, CAPTIVE | PRESENT, CAPTIVE]
    assert small.tally[:, :, O.entered].tolist() == [[1, 1]] * 3


def test_everybody_belongs_to_the_segment_that_the_draw_falls_into() -> None:
    """Four segments of .1, .25, .4 and .25: the first draw of a person beside .1, .35 and .75."""
    tree = SCENARIO.model_dump()
    parts = zip(("a", "b", "c", "d"), (0.1, 0.25, 0.4, 0.25), strict=True)
    tree["segments"] = [{**tree["segments"][0], "name": name, "share": share} for name, share in parts]
    scenario = type(SCENARIO).model_validate(tree)
    small = Small(people=60, scenario=scenario)
    nobody_lived = np.zeros(4, np.int64)
    populate(small.state, small.environment, np.array(ladders(scenario)), nobody_lived, 60, small.seed, 0, 60)
    expected = [int(sum(small.draw(i, INITIAL, 0, 0)[0] >= edge for edge in (0.1, 0.35, 0.75))) for i in range(60)]
    assert [small.of(i, "segment") for i in range(60)] == expected
    assert set(expected) == {0, 1, 2, 3}


def test_who_will_be_somebody_that_lived_before_is_given_a_segment_only() -> None:
    """Of the second of two segments some have lived; rows 40 and more come later, and are born whatever they are."""
    small, steps = Small(people=60), np.array([0.6875, 1.0, 0.4, 0.65, 0.8])
    small.state.people[:] = np.zeros(1, small.state.people.dtype)[0]
    small.state.joined[:], small.state.spend[:] = 0, 0.0
    small.state.luck[:] = 101 + 13 * np.arange(60)
    populate(small.state, small.environment, steps, np.array([0, 7]), 40, small.seed, 0, 60)
    segments = [int(draws(SEED, INITIAL, 101 + 13 * i, 0, 0)[0] >= 0.6875) for i in range(60)]
    assert [small.of(i, "segment") for i in range(60)] == segments
    assert [small.of(i, "spend") > 0.0 for i in range(60)] == [s == 0 or i >= 40 for i, s in enumerate(segments)]
    small.state.people["segment"][3] = 9
    belong(small.state, 3, small.environment, steps, small.seed)
    assert small.of(3, "segment") == segments[3]


@pytest.mark.parametrize(("present", "high", "replaced"), [(2, 4, {1}), (4, 3, {1, 2})])
def test_who_enters_later_is_nobody_of_a_settled_world(present: int, high: int, replaced: set[int]) -> None:
    small, settled = Small(people=5), Small(people=1)
    settled.become(0, spend=999.0)
    order, first = np.zeros(1, np.int64), np.array([0, 1, 1])
    begin_as_somebody(small.state, Forebears(settled.state, order, first, 1.0), 0, present, small.seed, 1, high)
    assert {i for i in range(5) if small.of(i, "spend") == 999.0} == replaced


def test_who_settled_in_longer_periods_keeps_times_and_hazards() -> None:
    """A period there is two here: three there are six, .36 in one is .2 in each half; six periods of a warm-up before.

    Whose contract would end in period 0, which says that nothing is decided, waits for one period more.
    """
    small, settled = Small(people=5), Small(people=1)
    settled.become(0, joined=-3, leaves=2, attrition=0.36)
    order, first = np.zeros(1, np.int64), np.array([0, 1, 1])
    begin_as_somebody(small.state, Forebears(settled.state, order, first, 2.0), -6, 5, small.seed, 0, 1)
    assert (small.of(0, "joined"), small.of(0, "leaves")) == (-12, -2)
    assert small.of(0, "attrition") == pytest.approx(0.2, rel=1e-6)
    settled.become(0, leaves=3)
    begin_as_somebody(small.state, Forebears(settled.state, order, first, 2.0), -6, 5, small.seed, 0, 1)
    assert small.of(0, "leaves") == 1
