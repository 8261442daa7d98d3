"""Becoming and ceasing to be a customer, worked out from docs/odd.md (7.10 and 7.12) without the rules."""

from typing import Any

import numpy as np
import pytest

from sim.model.expectation import predicted, promised
from sim.model.movement import join, leave
from sim.model.person import CAPTIVE, COMPLAINT_OPEN, HAS_COMPLAINED, INFLUENTIAL, NEWCOMER, NOBODY, PRESENT
from sim.model.rooms import O
from tests.engine.loops.small import SCENARIO, TENURES, Small, five, fixed, weighted
from tests.model.worked import numbers

mpf = numbers.mpf
CAUSES = (
    "left_silent",
    "lapsed_silent",
    "left_complaint",
    "left_switch",
    "left_natural",
    "left_without",
    "left_closed",
)
SILENT, LAPSED, COMPLAINT, SWITCH, NATURAL, WITHOUT, CLOSED = range(7)
PERIOD = 13


def worth(small: Small, i: int, f: int, s: int) -> Any:
    """m r / (1 + d - r) with r = 0.74 and d = 0.08, of a year's margin."""
    firm, rates = SCENARIO.firms[f], SCENARIO.segments[s].encounters
    strategy, costs = firm.strategy, firm.costs
    purchase = mpf(small.of(i, "spend")) * (strategy.price_index - 1 + mpf(strategy.gross_margin))
    repair = (1 - mpf(costs.warranty_share)) * costs.repair_price - costs.repair_service
    m = mpf(small.of(i, "frequency")) * (
        rates.purchases_per_year * (purchase - costs.purchase_service)
        - rates.help_requests_per_year * costs.help_service
        + rates.repairs_per_year * repair
    )
    assert m > 0
    return m * mpf("0.74") / (mpf(1) + mpf("0.08") - mpf("0.74"))


@pytest.mark.parametrize("newcomer", [False, True])
@pytest.mark.parametrize("cause", range(7))
@pytest.mark.parametrize(("i", "f", "s"), [(3, 0, 0), (1, 2, 1)])
def test_leaving(i: int, f: int, s: int, cause: int, newcomer: bool) -> None:
    small = Small()
    flags = PRESENT | INFLUENTIAL | COMPLAINT_OPEN | HAS_COMPLAINED | (NEWCOMER if newcomer else 0)
    small.become(i, supplier=f, segment=s, flags=flags, barred=8, ever=1 << f, former=1)
    opinion = small.state.opinion[i].copy()
    leave(small.state, i, small.environment, small.books, small.clock(PERIOD), cause)
    expected = {CAUSES[cause]: 1}
    if cause <= COMPLAINT:
        expected["opportunity_estimate"] = fixed(worth(small, i, f, s))
    found = small.counted(f, s)
    assert found.pop("opportunity_estimate", 0) == pytest.approx(expected.pop("opportunity_estimate", 0), abs=1)
    assert found == expected
    table = small.leavers.reshape(3, 2, 7, TENURES)
    assert table[f, int(newcomer), cause, PERIOD - small.of(i, "joined")] == 1
    assert table.sum() == 1
    assert small.of(i, "lost_by") == [cause if g == f else NOBODY for g in range(3)]
    returns = cause in (LAPSED, SWITCH, WITHOUT, CLOSED)
    assert small.of(i, "former") == (f if returns else 1)
    assert small.of(i, "barred") == (8 if returns else 8 | 1 << f)
    if cause != NATURAL:
        opinion[f] = min(max((small.of(i, "satisfaction") - 68) / 28, -1), 1)
    assert small.state.opinion[i] == pytest.approx(opinion, rel=1e-6)
    assert small.of(i, "flags") == flags - COMPLAINT_OPEN
    assert small.state.supplier[i] == NOBODY


@pytest.mark.parametrize(("satisfaction", "opinion"), [(97.5, 1.0), (12.0, -1.0), (75.0, 0.25)])
def test_the_opinion_at_parting_is_cut(satisfaction: float, opinion: float) -> None:
    small = Small()
    small.become(2, supplier=1, satisfaction=satisfaction)
    leave(small.state, 2, small.environment, small.books, small.clock(PERIOD), SWITCH)
    assert small.state.opinion[2, 1] == opinion


WAYS = ("won_advertising", "won_talk", "won_switch", "returned", "returned_switch", "won_back")


@pytest.mark.parametrize("way", range(6))
@pytest.mark.parametrize(("i", "f", "s"), [(4, 0, 0), (1, 1, 0), (2, 2, 1)])
def test_joining(i: int, f: int, s: int, way: int) -> None:
    small = Small()
    flags = PRESENT | CAPTIVE | COMPLAINT_OPEN | HAS_COMPLAINED
    small.become(i, segment=s, flags=flags, ever=8, former=1, level=2, lost_by=2)
    will, margin, should = small.of(i, "will"), small.of(i, "margin"), small.of(i, "should")
    join(small.state, i, small.environment, small.books, small.clock(PERIOD), f, O.won_advertising + way)
    strategy, segment = SCENARIO.firms[f].strategy, SCENARIO.segments[s]
    assert small.counted(f, s) == {WAYS[way]: 1, "welcome_cost": fixed(strategy.welcome_cost)}
    assert small.of(i, "won_by") == [way if g == f else NOBODY for g in range(3)]
    assert small.of(i, "lost_by") == [2, 2, 2]
    margin[f] -= strategy.welcome_cost
    assert small.of(i, "margin") == pytest.approx(margin)
    assert small.state.supplier[i] == f
    assert small.of(i, "ever") == 8 | 1 << f
    assert small.of(i, "joined") == PERIOD
    assert small.of(i, "flags") == PRESENT | CAPTIVE | NEWCOMER
    assert small.of(i, "former") == (NOBODY if f == 1 else 1)
    trust = segment.expectations.promise_trust
    for found, before, promise in zip(small.of(i, "will"), will, five(strategy.promise), strict=True):
        assert found == pytest.approx(before + trust * (promise - before), rel=1e-6)
    assert small.of(i, "should") == should
    assert small.of(i, "satisfaction") == segment.judgement.initial_satisfaction + small.of(i, "disposition")
    assert [small.of(i, name) for name in ("confirmation", "history", "level")] == [0, 0, 1]


@pytest.mark.parametrize(("disposition", "satisfaction"), [(31.5, 100.0), (-90.25, 0.0)])
def test_the_first_satisfaction_is_cut(disposition: float, satisfaction: float) -> None:
    small = Small()
    small.become(1, disposition=disposition)
    join(small.state, 1, small.environment, small.books, small.clock(PERIOD), 1, O.won_talk)
    assert small.of(1, "satisfaction") == satisfaction


def test_what_is_predicted_and_promised_is_weighted_by_importance() -> None:
    small = Small()
    for s in (0, 1):
        w = five(SCENARIO.segments[s].judgement.importance)
        importance = small.segments[s]["judgement"]["importance"]
        will = weighted(w, small.of(2, "will"))
        assert predicted(small.state.people[2], importance) == pytest.approx(float(will), rel=1e-12)
        for f in range(3):
            promise = weighted(w, five(SCENARIO.firms[f].strategy.promise))
            assert promised(small.firms[f], importance) == pytest.approx(float(promise), rel=1e-12)
            assert np.isfinite(float(promise))
