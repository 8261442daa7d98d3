"""Stocks and customer types (docs/odd.md, 7.13 and 7.15): what each customer counts for, on both sides of each mark."""

from typing import Any

import numpy as np
import pytest

from sim.engine.census import count_change, customer_types, snapshot
from sim.model.choice import advantage_of
from sim.model.person import CAPTIVE, COMPLAINT_OPEN, GONE, HAS_COMPLAINED, NOBODY, PRESENT
from sim.model.standing import count_customer
from sim.model.typology import loyalty_type_of, pull_of_others
from tests.engine.loops.small import SCENARIO, Small, five, fixed, put, weighted
from tests.model.worked import numbers

mpf = numbers.mpf


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("i", "f", "s", "columns", "counts"),
    [
        (1, 0, 0, {"satisfaction": 85.0, "level": 2}, {"promoters", "level_delighted"}),
        (2, 1, 1, {"satisfaction": 84.5, "level": 1}, {"level_satisfied"}),
        (3, 2, 0, {"satisfaction": 64.5, "level": 0}, {"detractors", "level_dissatisfied"}),
        (
            4,
            0,
            1,
            {"satisfaction": 65.0, "level": 0, "flags": PRESENT | CAPTIVE},
            {"level_dissatisfied", "captive_dissatisfied"},
        ),
        (1, 1, 0, {"satisfaction": 70.0, "level": 1, "flags": PRESENT | CAPTIVE}, {"level_satisfied"}),
        (2, 1, 0, {"satisfaction": 70.0, "level": 1, "leaves": 30}, {"level_satisfied", "waiting"}),
        (
            5,
            0,
            0,
            {"satisfaction": 30.0, "level": 0, "flags": PRESENT | COMPLAINT_OPEN},
            {"detractors", "level_dissatisfied", "open_complaints"},
        ),
    ],
)
def test_what_a_customer_counts_for(
    i: int, f: int, s: int, columns: dict[str, Any], counts: set[str], sign: int
) -> None:
    small = Small()
    small.become(i, supplier=f, segment=s, **columns)
    count_customer(small.state, small.segments, small.tally, f, i, sign)
    w = five(SCENARIO.segments[s].judgement.importance)
    will, should = weighted(w, small.of(i, "will")), weighted(w, small.of(i, "should"))
    satisfaction = mpf(small.of(i, "satisfaction"))
    expectation = min(max(mpf("7.75") + 3 * mpf(small.of(i, "confirmation")), mpf(1)), mpf(10))
    ideal = min(max(9 - 3 * (should - will), mpf(1)), mpf(10))
    amounts = {
        "satisfaction_sum": satisfaction,
        "satisfaction_squares": satisfaction**2,
        "acsi_expectation_sum": expectation,
        "acsi_ideal_sum": ideal,
        "will_sum": will,
        "should_sum": should,
        "opinion_sum": mpf(float(small.state.opinion[i, f])),
    }
    expected = {name: sign * fixed(value) for name, value in amounts.items() if fixed(value)}
    assert small.counted(f, s) == expected | dict.fromkeys({"active", *counts}, sign)


@pytest.mark.parametrize(("before", "now"), [(84.5, 85.0), (85.0, 64.5), (64.5, 30.25), (70.0, 64.0), (90.0, 90.0)])
def test_a_change_of_satisfaction_counts_as_taking_out_and_putting_back(before: float, now: float) -> None:
    whole, part = Small(), Small()
    whole.become(1, supplier=0, satisfaction=before)
    count_customer(whole.state, whole.segments, whole.tally, 0, 1, -1)
    whole.become(1, satisfaction=now)
    count_customer(whole.state, whole.segments, whole.tally, 0, 1, 1)
    count_change(part.tally[0, 0], now, before)
    assert part.tally.tolist() == whole.tally.tolist()


def test_a_snapshot_counts_the_customers_of_its_rows() -> None:
    small = Small()
    small.state.supplier[:] = [0, 1, NOBODY, 1, 1, 0]
    snapshot(small.state, small.segments, small.tally, 1, 5)
    assert [small.counted(f, 0).get("active", 0) for f in range(3)] == [0, 3, 0]


def of_the_focal_firm(people: int) -> Small:
    small = Small(people=people)
    small.become(slice(0, people), supplier=0, ever=1, joined=0, margin=0, history=1.0, satisfaction=70.0)
    small.become(slice(0, people), frequency=0.5)
    return small


def types(small: Small, name: str, *, periods: int = 8) -> dict[str, int]:
    """Counts of one typology that are not zero; by default the end of two years."""
    put(small.world, "years", 0.25)
    return {kind: n for kind, n in customer_types(small.state, small.environment, periods)[name].items() if n}


def test_types_by_satisfaction_and_voice() -> None:
    small = of_the_focal_firm(6)
    for i, (satisfaction, level, flags) in enumerate(
        [
            (85, 1, 0),
            (84.5, 2, 0),
            (90, 0, HAS_COMPLAINED),
            (90, 0, 0),
            (60, 1, HAS_COMPLAINED),
            (99, 2, HAS_COMPLAINED),
        ]
    ):
        small.become(i, satisfaction=satisfaction, level=level, flags=PRESENT | flags)
    assert types(small, "satisfaction x voice") == {"praisers": 2, "returners": 2, "complainers": 1, "silent": 1}
    assert types(small, "level") == {"delighted": 2, "satisfied": 2, "dissatisfied": 2}


def test_fleers_are_those_who_went_without_a_word() -> None:
    """In silence, to come back or never; not after a complaint, nor to a rival, nor from another firm."""
    small = of_the_focal_firm(7)
    small.become(slice(0, 7), satisfaction=80.0, level=1, flags=PRESENT)
    for i, cause in enumerate([0, 1, 2, 3, 4]):
        small.become(i, supplier=NOBODY if i != 1 else 2, lost_by=[cause, 255, 255])
    small.become(5, supplier=NOBODY, ever=0b10, lost_by=[255, 0, 255])
    assert types(small, "satisfaction x voice") == {"returners": 1, "fleers": 2}
    assert types(small, "level") == {"satisfied": 1}


def of_nobody_else(people: int, satisfaction: list[float]) -> Small:
    """Customers whom the other firms pull by satisfaction alone, .8 for each ten points above 70."""
    small = of_the_focal_firm(people)
    small.environment = small.environment._replace(reputation=np.array([1.0, 70.0, 60.0]))
    small.become(slice(0, people), disposition=0.0, satisfaction=satisfaction, switching_cost=0.5)
    for name, value in {"advantage": 0.8, "opinion": 0.0, "price": 0.0, "promise": 0.0, "switching_cost": -2.0}.items():
        put(small.world, f"movement.{name}", value)
    return small


def test_loyalty_is_of_attitude_of_habit_or_of_barriers() -> None:
    """Barriers of 1: a pull of .8 (60 points) is held, one of 1.2 (55) is not, captives and the bound are."""
    satisfaction = [80.0, 70.0, 69.0, 58.0, 57.0, 40.0, 40.0, 40.0]
    small = of_nobody_else(8, satisfaction)
    assert types(small, "loyalty type") == {"sustainable": 2, "spurious": 2, "none": 4}
    small.become(5, flags=PRESENT | CAPTIVE)
    small.become(6, leaves=30)
    assert types(small, "loyalty type") == {"sustainable": 2, "spurious": 4, "none": 2}
    small.become(slice(0, 8), switching_cost=0.0)
    assert types(small, "loyalty type") == {"sustainable": 2, "spurious": 2, "none": 4}
    small.become(7, barred=0b010)  # the other is worse, by 8 points more than the one who is left is better
    small.become(slice(0, 8), switching_cost=1.0)
    small.become(4, barred=0b110)  # nobody is left: 57 points fall 18 short of 75
    assert types(small, "loyalty type") == {"sustainable": 2, "spurious": 6}


def test_who_buys_less_than_usual_is_loyal_by_attitude_alone() -> None:
    small = of_nobody_else(2, [80.0, 72.0])
    put(small.segments, "encounters.price_elasticity", 0.5)
    small.environment.prices.usual[0] = 1.0  # and the price index is 1.125: .943 of the usual purchases
    assert types(small, "loyalty type") == {"latent": 2}
    small.environment.prices.usual[0] = 1.0625
    assert types(small, "loyalty type") == {"sustainable": 2}


@pytest.mark.parametrize("worse", [0.0, 60.0])
def test_others_pull_by_all_that_a_comparison_weighs_but_barriers_and_habit(worse: float) -> None:
    small = Small()
    small.reputation[1:] -= worse
    small.become(3, supplier=0, ever=1)
    weights = {"advantage": 0.8125, "opinion": 0.5625, "price": 3.75, "promise": 0.34375}
    pulls = []
    for g in (1, 2):
        rival = advantage_of(small.state, 3, small.environment, g, 0.25)
        assert (rival.switching_cost, rival.loyalty) == (0.5, 0.25)
        pulls.append(sum(weight * getattr(rival, name) for name, weight in weights.items()))
    assert pulls[0] != pulls[1]
    assert (max(pulls) < 0) == (worse > 0)
    assert pull_of_others(small.state, 3, small.environment) == pytest.approx(max(pulls), rel=1e-12)
    assert loyalty_type_of(small.state, 3, small.environment) == (
        0 if max(pulls) <= 0 else 2 if max(pulls) <= 0.9375 else 3
    )


def test_types_by_margin_a_year_of_custom_counting_at_least_one_period() -> None:
    small = of_the_focal_firm(6)
    # two years of custom: 240 is 120 a year; joined in the last period: a quarter of a year, so 30 is 120 a year; three
    # quarters of the way up the ladder -.5, 0, 112, 119, 120, 120 lies 119.75
    for i, (margin, joined) in enumerate([(240, 0), (238, 0), (0, 0), (-1, 0), (30, 8), (28, 7)]):
        small.become(i, margin=[margin, 99, 99], joined=joined)
    assert types(small, "profitability") == {
        "very profitable": 2,
        "little profitable": 3,
        "not profitable": 1,
    }


def test_types_by_quarters() -> None:
    small = of_the_focal_firm(9)
    small.become(slice(0, 9), frequency=np.arange(1, 10), spend=[5, 5, 5, 5, 5, 9, 9, 9, 20])
    # quarters of 1..9 are at 3 and 7; of the spends at 5 and 9
    assert types(small, "frequency") == {"frequent": 2, "average": 5, "occasional": 2}
    assert types(small, "volume") == {"high volume": 1, "average volume": 8}
    nobody = Small()
    assert types(nobody, "frequency") == {}


def test_types_by_activity_and_stage() -> None:
    small = of_the_focal_firm(15)
    small.become(14, supplier=1, ever=0b010)  # another prospect with an opinion
    small.become(13, satisfaction=80.0, frequency=0.5)  # loyalty
    small.become(12, satisfaction=93.0, joined=1, frequency=1.5)  # community
    small.become(0, history=0.0, satisfaction=90.0)  # sale
    small.become(1, satisfaction=74.5)  # service
    small.become(2, satisfaction=75.0, joined=5)  # satisfaction: three quarters of a year
    small.become(3, satisfaction=75.0, joined=4, frequency=0.9375)  # loyalty
    small.become(4, satisfaction=84.5, joined=4, frequency=1.0)  # development
    small.become(5, satisfaction=85.0, joined=4, frequency=1.0)  # community
    small.become(6, satisfaction=99.0, joined=6, frequency=2.0)  # satisfaction again
    small.become(7, supplier=NOBODY, ever=1, barred=0b010)  # may return to this firm
    small.become(8, supplier=2, ever=0b101, barred=1)  # lost
    small.become(9, supplier=2, ever=0b100)  # prospect with an opinion
    small.become(10, supplier=NOBODY, ever=0)  # prospect without
    small.become(11, supplier=NOBODY, ever=0, flags=PRESENT | GONE)
    small.state.opinion[10, 0] = 0.0
    assert types(small, "activity") == {"active": 9, "inactive, may return": 1, "inactive, lost": 1}
    assert types(small, "lifecycle stage") == {
        "identification": 1,
        "information and attraction": 2,
        "sale": 1,
        "service": 1,
        "satisfaction": 2,
        "loyalty": 2,
        "development": 1,
        "community": 2,
    }
