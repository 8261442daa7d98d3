"""One encounter, worked out from docs/odd.md (7.1 to 7.4 and 7.12) without the rules: delivered, paid, judged."""

from typing import Any

import numpy as np
import pytest

from sim.engine.encounters import Found, encounter_stage, gather, put_together, scatter
from sim.engine.outside import nobody_outside
from sim.model.encounter import draw, serve
from sim.model.encounter_table import ROWS, T
from sim.model.luck import SWIFT
from sim.model.money import pay
from sim.model.perception import weigh
from sim.model.person import INTENT_LEAVE_SILENT
from sim.model.price import asked_of
from sim.model.rooms import O
from sim.vocabulary.streams import ARRIVAL, SERVICE
from tests.engine.loops.small import DIMENSIONS, SCENARIO, SEED, YEARS, Small, five, fixed, put, weighted
from tests.model.philox import draws, normal_of
from tests.model.worked import numbers

exp, mpf = numbers.exp, numbers.mpf
PURCHASE, HELP, REPAIR = range(3)


def clip(x: Any, low: Any, high: Any) -> Any:
    return min(max(x, mpf(low)), mpf(high))


def close(found: float, worked: Any) -> bool:
    """As near as single precision holds it."""
    return abs(found - float(worked)) <= 1e-6 * max(1.0, abs(float(worked)))


# --- paying -----------------------------------------------------------------------------------------------------------

PAID = {
    # 41.75 spent at an index of 1.125; goods at 0.625 of the list price; 2.25 to serve
    "a purchase": (
        PURCHASE,
        0.9,
        41.75 * 1.125 - 41.75 * 0.625 - 2.25,
        {"revenue": 46.96875, "goods_cost": 26.09375, "service_cost": 2.25},
    ),
    "help": (HELP, 0.1, -7.125, {"service_cost": 7.125}),
    "a repair within warranty": (REPAIR, 0.4374, -27.5, {"warranty_cost": 27.5}),
    "a repair on the border": (
        REPAIR,
        0.4375,
        46.75 - 27.5,
        {"revenue": 46.75, "service_cost": 27.5},
    ),
}


@pytest.mark.parametrize("case", PAID)
def test_what_an_encounter_earns_and_where_it_is_booked(case: str) -> None:
    kind, u, margin, booked = PAID[case]
    small = Small()
    table = np.zeros((len(ROWS), 3))
    table[[T.kind, T.spend, T.u_warranty], 0] = kind, small.of(1, "spend"), u
    pay(table, 1, small.firms[0], small.tally[0, 0])
    assert not table[:, 1:].any()
    assert table[T.earned, 0] == pytest.approx(margin, rel=1e-12)
    assert small.counted(0, 0) == {name: fixed(value) for name, value in booked.items()}


# --- serving ----------------------------------------------------------------------------------------------------------


def modes() -> list[Any]:
    return [getattr(SCENARIO.firm.systems.failures, name) for name in type(SCENARIO.firm.systems.failures).model_fields]


def ladder(f: int) -> list[Any]:
    """Cumulated chances of the failure modes, cut at 1."""
    systems = SCENARIO.firms[f].systems
    chances = [getattr(systems.failures, name).probability for name in type(systems.failures).model_fields]
    total, steps = 0.0, []
    for chance in chances:
        total += chance * systems.failure_scale
        steps.append(min(total, 1.0))
    return steps


def encounter(small: Small, i: int, f: int, luck: list[float]) -> dict[str, Any]:
    """Everything that one encounter leaves behind, by the page."""
    kind_u, channel_u, failure_u, found_u, z, warranty_u = luck[0], luck[1], luck[2], luck[3], luck[4:9], luck[9]
    firm, segment = SCENARIO.firms[f], SCENARIO.segments[small.of(i, "segment")]
    rates = segment.encounters
    per_year = rates.purchases_per_year + rates.help_requests_per_year + rates.repairs_per_year
    kind = PURCHASE
    if kind_u * per_year >= rates.purchases_per_year:
        kind = HELP if kind_u * per_year < rates.purchases_per_year + rates.help_requests_per_year else REPAIR
    channels = firm.systems.channels
    carried = mpf("0.07") if channel_u < channels.chat else mpf("0.42")
    if channel_u >= channels.chat + channels.telephone:
        carried = mpf(1)
    touch = 1 - channels.filter_strength * (1 - carried)
    booked: dict[str, Any] = {"encounters": 1}
    spend, costs, strategy = mpf(small.of(i, "spend")), firm.costs, firm.strategy
    if kind == PURCHASE:
        revenue, goods = spend * strategy.price_index, spend * (1 - mpf(strategy.gross_margin))
        earned = revenue - goods - costs.purchase_service
        booked |= {"purchases": 1, "revenue": revenue, "goods_cost": goods, "service_cost": costs.purchase_service}
    elif kind == HELP:
        earned = mpf(-costs.help_service)
        booked |= {"help_requests": 1, "service_cost": costs.help_service}
    elif warranty_u < costs.warranty_share:
        earned = mpf(-costs.repair_service)
        booked |= {"repairs": 1, "warranty_cost": costs.repair_service}
    else:
        earned = mpf(costs.repair_price) - costs.repair_service
        booked |= {"repairs": 1, "revenue": costs.repair_price, "service_cost": costs.repair_service}
    steps = ladder(f)
    struck = sum(failure_u >= step for step in steps)
    hurt = [mpf(0)] * 5
    if struck < len(steps):
        if found_u < firm.systems.interception_share:
            earned -= costs.internal_failure
            booked |= {"failures_intercepted": 1, "internal_failure_cost": costs.internal_failure}
        else:
            earned -= costs.failure_effect
            name = list(type(firm.systems.failures).model_fields)[struck]
            mode = getattr(firm.systems.failures, name)
            hurt = [mpf(mode.severity) * part for part in five(mode.hurts)]
            booked |= {"failures_felt": 1, f"failure_{name}": 1, "failure_effect_cost": costs.failure_effect}
    will, should = small.of(i, "will"), small.of(i, "should")
    judged, learnt = segment.judgement, segment.expectations
    seen, gaps, new_will, new_should = [], [], [], []
    for d in range(5):
        q = clip(five(firm.systems.service)[d] + mpf(firm.systems.staff_variation) * z[d] - hurt[d], 1, 7)
        if d >= 3:
            q = 4 + touch * (q - 4)
        owed = max(mpf(0), should[d] - q)
        p = clip(q + judged.will_assimilation * (will[d] - q) - judged.should_contrast * owed, 1, 7)
        gap = p - will[d]
        seen.append(p)
        gaps.append(gap if gap >= 0 else judged.loss_aversion * gap)
        m = learnt.will_memory * mpf(will[d]) + (1 - mpf(learnt.will_memory)) * p
        drawn = mpf(learnt.promise_pull) * (five(strategy.promise)[d] - m)
        new_will.append(m + (drawn if drawn > 0 else mpf(learnt.modesty_pull) * drawn))
        new_should.append(should[d] + learnt.should_ratchet * max(mpf(0), p - should[d]))
        for item, value in (("perceived", p), ("will", will[d]), ("should", should[d])):
            booked[f"{item}_{DIMENSIONS[d]}"] = value
    w = five(judged.importance)
    felt = weighted(w, gaps)
    level = 1
    if felt < -judged.tolerance:
        level = 0
    elif weighted(w, will) + felt > weighted(w, should) + judged.delight_margin:
        level = 2
    booked[("dissatisfied", "satisfied", "delighted")[level]] = 1
    x = judged.quality_effect * (weighted(w, seen) - judged.reference_quality)
    x += judged.disconfirmation_effect * felt + small.of(i, "disposition")
    room = 100 - mpf(judged.satisfaction_at_reference)
    if x > 0:
        x += judged.saturation * (room * (1 - exp(-x / room)) - x)
    now = clip(judged.satisfaction_at_reference + x, 0, 100)
    n = mpf(small.of(i, "history"))
    kind_weight = (1, rates.help_weight, rates.repair_weight)[kind]
    fresh = (mpf(judged.first_step) - judged.last_step) * judged.history_half / (judged.history_half + n)
    k = min(mpf(1), kind_weight * (judged.last_step + fresh))
    return {
        "level": level,
        "felt": felt,
        "booked": booked,
        "earned": earned,
        "will": new_will,
        "should": new_should,
        "satisfaction": small.of(i, "satisfaction") + k * (now - small.of(i, "satisfaction")),
        "confirmation": small.of(i, "confirmation") + k * (felt - small.of(i, "confirmation")),
        "history": n + 1,
    }


def luck_of(table: Any, column: int) -> list[float]:
    """The luck of one column: kind, channel, failure, interception, five normals, warranty."""
    return [*table[:4, column], *table[T.scatter : T.scatter + 5, column], table[T.u_warranty, column]]


def served(small: Small, f: int, segment: int, luck: dict[int, list[float]]) -> Any:
    """The table of the people of one firm and segment after an encounter each, with luck given by the person."""
    those = np.array([*luck], np.int32)
    table = np.zeros((len(ROWS), len(luck) + 1))
    gather(small.state, those, table, np.zeros(len(luck), np.uint32), np.zeros(len(luck), int), 11, 1 / 12)
    for column, numbers_drawn in enumerate(luck.values()):
        table[:4, column] = numbers_drawn[:4]
        table[T.scatter : T.scatter + 5, column] = numbers_drawn[4:9]
        table[T.u_warranty, column] = numbers_drawn[9]
    asked = asked_of(small.environment.prices, f, segment)
    weigh(table, len(luck), small.segments[segment])
    serve(table, len(luck), small.firms[f], small.segments[segment], asked, small.tally[f, segment])
    scatter(small.state, those, table, f)
    return table


NO_FAILURE = 0.99
CASES: dict[str, tuple[int, int, list[float], int]] = {
    # person, firm, luck (kind, channel, failure, found, five normals, warranty, tells), level that comes out
    "a purchase by chat that satisfies": (1, 0, [0.3, 0.2, NO_FAILURE, 0.5, 0.5, 1.25, -0.25, 0.75, 0.625, 0.9, 0], 1),
    "help by telephone that disappoints": (2, 0, [0.7, 0.4, NO_FAILURE, 0.5, -1.5, -0.75, -0.5, -2, -1, 0.2, 0], 0),
    "a repair at the counter that delights": (0, 0, [0.9, 0.8, NO_FAILURE, 0.5, 2, 3.5, 2.5, 1.25, 3.25, 0.1, 0], 2),
    "a repair to be paid": (3, 0, [0.97, 0.57, NO_FAILURE, 0.5, 0.5, 1.0, -0.375, 0.25, 0.875, 0.5, 0], 1),
    "the first failure is felt": (1, 0, [0.1, 0.7, 0.0, 0.5, 0.25, 0.5, 0.75, -0.25, 1.5, 0.9, 0], 0),
    "a later failure is felt": (4, 0, [0.1, 0.3, 0.25, 0.375, 0.25, -0.5, -1.75, -1.25, -2.5, 0.9, 0], 0),
    "a failure is found": (1, 0, [0.1, 0.3, 0.25, 0.374, 0.25, 0.5, 0.75, -0.25, 1.5, 0.9, 0], 1),
    "a rival's encounter": (2, 1, [0.5, 0.1, NO_FAILURE, 0.5, -0.75, 0.5, -1.25, 0.375, 0.875, 0.9, 0], 1),
    "a rival's failure": (5, 1, [0.2, 0.9, 0.01, 0.9, -0.75, 0.5, 0.25, 0.375, -0.875, 0.9, 0], 0),
    "beyond the ends of the scale": (3, 0, [0.2, 0.9, NO_FAILURE, 0.5, 9, -9, 8, -9.5, -8, 0.9, 0], 0),
    "nothing but praise": (0, 0, [0.2, 0.9, NO_FAILURE, 0.5, 9, 9, 8, 9.5, 8, 0.9, 0], 2),
}


@pytest.mark.parametrize("segment", [0, 1])
@pytest.mark.parametrize("case", CASES)
def test_an_encounter_leaves_what_the_page_says(case: str, segment: int) -> None:
    i, f, luck, level = CASES[case]
    small = Small()
    small.become(i, supplier=f, segment=segment)
    worked = encounter(small, i, f, luck)
    margin = small.of(i, "margin")[f]
    table = served(small, f, segment, {i: luck})
    found_level, felt = table[T.level, 0], table[T.felt, 0]
    assert not table[:, 1].any()
    assert found_level == worked["level"] == small.of(i, "level")
    if segment == 0:
        assert found_level == level
    assert felt == pytest.approx(float(worked["felt"]), rel=1e-10, abs=1e-12)
    amounts = ("cost", "revenue", "perceived", "will", "should")
    assert small.counted(f, segment) == {
        name: fixed(value) if any(part in name for part in amounts) else value
        for name, value in worked["booked"].items()
    }
    assert not small.tally[[g for g in range(3) if g != f]].any()
    for name in ("satisfaction", "confirmation", "history"):
        assert close(small.of(i, name), worked[name]), name
    for name in ("will", "should"):
        assert all(map(close, small.of(i, name), worked[name])), name
    assert close(small.of(i, "margin")[f], margin + worked["earned"])


def test_people_who_are_served_together_do_not_touch_each_other() -> None:
    """Six people of one firm and segment in one table, among them a failure felt and one found, as one by one."""
    luck = {i: luck for i, (_, _, luck, _) in enumerate([*CASES.values()][:3] + [*CASES.values()][4:7])}
    small, alone = Small(), Small()
    served(small, 0, 1, luck)
    for i, one in luck.items():
        served(alone, 0, 1, {i: one})
    assert small.counted(0, 1) == alone.counted(0, 1)
    assert small.counted(0, 1)["encounters"] == 6
    assert small.counted(0, 1)["failures_felt"] == 2
    assert small.counted(0, 1)["failures_intercepted"] == 1
    assert small.state.people.tobytes() == alone.state.people.tobytes()


@pytest.mark.parametrize("groups", [4, 40])
def test_people_are_put_together_by_group_in_the_order_of_their_rows(groups: int) -> None:
    ordered, ends = np.full(8, 99, np.int32), np.full(groups, 99, np.int32)
    rows = np.array([10, 11, 22, 23, 34, 35, 46], np.int32)
    put_together(rows, np.array([2, 0, 3, 0, 2, 2, 1], np.int32), 6, ends, ordered)
    assert ordered[:6].tolist() == [11, 23, 10, 34, 35, 22]
    assert ordered[7] == 99
    assert ends.tolist() == [2, 2, 5, *[6] * (groups - 3)]


@pytest.mark.parametrize("mode", range(12))
@pytest.mark.parametrize("beyond", [False, True])
def test_the_ladder_of_failures_has_its_borders_where_the_chances_add_up(mode: int, beyond: bool) -> None:
    small = Small()
    small.become(1, supplier=0)
    step = float(small.firms[0]["failure_ladder"][mode])
    assert step == pytest.approx(sum(m.probability for m in modes()[: mode + 1]) * 30, rel=1e-12)
    served(small, 0, 0, {1: [0.5, 0.5, step if beyond else np.nextafter(step, 0), *[0.5] * 7]})
    names = list(type(SCENARIO.firm.systems.failures).model_fields)
    felt = {name for name in small.counted(0, 0) if name.startswith("failure_") and name != "failure_effect_cost"}
    if mode + beyond < 12:
        assert felt == {f"failure_{names[mode + beyond]}"}
    else:
        assert not felt


# --- the luck of encounters and the stage -----------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "period"), [(0, 4), (3, 9)])
def test_each_row_of_an_encounters_luck_has_its_own_draw(k: int, period: int) -> None:
    lucks = np.arange(7, 7 + 400 * 11, 11).astype(np.uint32)
    table = np.zeros((len(ROWS), 512))
    draw(table, 400, lucks, Small().clock(period), k)
    tails = 0
    for c, luck in enumerate(lucks.tolist()):
        first, second, third = (draws(SEED, SERVICE, luck, period, 3 * k + n) for n in range(3))
        assert table[[T.u_kind, T.u_channel, T.u_failure, T.u_interception], c].tolist() == list(first)
        for row, u in enumerate([*second, third[0]]):
            assert abs(table[T.scatter + row, c] - float(normal_of(u))) <= 2e-7
            if abs(u - 0.5) > SWIFT:
                tails += 1
                assert table[T.scatter + row, c] == pytest.approx(float(normal_of(u)), rel=1e-13)
        assert table[[T.u_warranty, T.u_talk], c].tolist() == list(third[1:3])
    assert tails > 2
    assert not table[:, 400:].any()


def quantile(u: float, mean: Any) -> int:
    """The smallest k with P(K <= k) >= u of a Poisson number."""
    k, term = 0, exp(-mean)
    total = term
    while u > total:
        k += 1
        term = term * mean / k
        total += term
    return k


def stage(small: Small, period: int, low: int, high: int) -> tuple[int, Any]:
    found = encounter_stage(
        small.state, small.environment, small.books, small.clock(period), nobody_outside(), low, high
    )
    return len(found[0]), Found(*found)


@pytest.mark.parametrize("effect", [0.0, 0.25])
def test_customers_have_as_many_encounters_as_the_poisson_quantile_of_their_draw(effect: float) -> None:
    """In segment 1 of 39 a year who is less satisfied than at the start comes less, and nobody in segment 0."""
    small = Small(people=30)
    small.become(
        slice(0, 30), frequency=np.linspace(0.25, 3, 30), segment=np.arange(30) % 2, joined=1, satisfaction=64.0
    )
    small.become(slice(0, 30), disposition=np.linspace(-20, 20, 30))
    small.segments[1]["encounters"]["satisfaction_effect"] = effect
    usual = float(small.segments[1]["judgement"]["initial_satisfaction"])
    small.state.supplier[:24] = np.arange(24) % 3
    small.become(4, intent=INTENT_LEAVE_SILENT)
    expected = np.zeros((3, 2), int)
    for i in range(2, 24):
        if i == 4:
            continue
        per_year = (24, 39)[i % 2]
        mean = mpf(small.of(i, "frequency")) * per_year * YEARS
        if i % 2 == 1:
            mean *= exp(effect * (64 - usual - mpf(small.of(i, "disposition"))) / 10)
        expected[i % 3, i % 2] += quantile(small.draw(i, ARRIVAL, 5, 0)[0], mean)
    put(small.world, "voice.repurchase.silent", 1.0)
    put(small.world, "voice.lapse_share", 0.0)
    put(small.world, "voice.complain_share", 0.0)
    opened, _ = stage(small, 5, 2, 30)
    assert opened == 0
    assert small.tally[:, :, O.encounters].tolist() == expected.tolist()
    assert expected.sum() > 40


def test_whoever_complains_at_headquarters_is_found_once_and_is_pending_afterwards() -> None:
    """Everybody is dissatisfied and complains: each customer's first encounter opens a case, the others wait."""
    small = Small(people=8)
    small.become(slice(0, 8), frequency=2.5, supplier=1, joined=1)
    put(small.segments, "judgement.tolerance", -100.0)
    put(small.world, "voice.complain_share", 1.0)
    put(small.world, "voice.headquarters_share", 1.0)
    times = [quantile(small.draw(i, ARRIVAL, 3, 0)[0], mpf(5)) for i in range(8)]
    table = np.zeros((len(ROWS), 8))
    draw(table, 8, np.array(small.state.luck), small.clock(3), 0)
    twin = Small(people=8)
    twin.become(slice(0, 8), supplier=1)
    opened, found = stage(small, 3, 0, 8)
    callers = [i for i in range(8) if times[i] > 0]
    assert opened == len(callers)
    assert found.row[:opened].tolist() == callers
    assert not found.encounter[:opened].any()
    for c, i in enumerate(callers):
        felt = encounter(twin, i, 1, luck_of(table, i))["felt"]
        assert close(float(found.severity[c]), -felt + 100 - 1)
    counted = small.counted(1, 0)
    assert counted["complained_headquarters"] == len(callers)
    assert counted["pending"] == sum(times) - len(callers) > 0


@pytest.mark.parametrize("level", range(3))
@pytest.mark.parametrize("talks", [False, True])
def test_an_encounter_is_told_where_the_draw_is_below_the_share_of_its_level(level: int, talks: bool) -> None:
    small = Small(people=1)
    small.become(0, supplier=0, frequency=0.0625)
    # the first period in which there is one encounter
    period = next(p for p in range(1, 500) if quantile(small.draw(0, ARRIVAL, p, 0)[0], mpf("0.0625") * 2) == 1)
    put(small.segments, "judgement.tolerance", -100.0 if level == 0 else 100.0)
    put(small.segments, "judgement.delight_margin", -100.0 if level == 2 else 100.0)
    put(small.world, "voice.complain_share", 0.0)
    u = small.draw(0, SERVICE, period, 2)[2]
    small.world["talk"]["shares"][0] = [0.0 if talks else 1.0] * 5
    small.world["talk"]["shares"][0][level] = np.nextafter(u, 1) if talks else u
    stage(small, period, 0, 1)
    assert small.counted(0, 0)["encounters"] == 1
    assert small.state.story[0] == (1 + level if talks else 0)
