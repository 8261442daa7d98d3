"""Word while waiting and the guarantee (docs/odd.md, 7.28, 7.29), one call at a time, on both sides of each draw."""

from typing import Any

import numpy as np
import pytest

from sim.engine.desk import finish_case, register, register_stage
from sim.engine.layout import CASE
from sim.model import records
from sim.model.contexts import Served
from sim.model.failures import FAILURE_MODES
from sim.model.guarantee import honour, paid_unasked
from sim.model.person import COMPLAINT_OPEN, PRESENT
from sim.model.rooms import O
from sim.model.voice import decide
from sim.vocabulary.streams import DESK, RECOVERY, VOICE
from tests.engine.loops.answers import RESOLVED, justice, satisfied
from tests.engine.loops.small import YEARS, Small, fixed, put, sides, strictly
from tests.engine.loops.test_reaction import FELT, PERIOD, K, speaking_up
from tests.model.worked import numbers

log, mpf = numbers.log, numbers.mpf
COLD = FAILURE_MODES.index("coldness")
DAY = 1 / 365


def informing(word: float = 0.75) -> Small:
    """Firm 0 with word while waiting: a day is felt as .7."""
    small = Small()
    for name, value in {"word": word, "unfelt": 0.4, "word_cost": 5.5}.items():
        put(small.firms, f"waiting.{name}", value)
    return small


def one_case(**columns: float) -> Any:
    cases = records.attributed(np.zeros(1, CASE))
    for name, value in columns.items():
        cases[name] = value
    return cases


@pytest.mark.parametrize("taken_up", [True, False])
def test_who_is_kept_informed_is_patient_for_longer_and_who_is_ignored_hears_nothing(taken_up: bool) -> None:
    small = informing()
    put(small.firms, "desk.answer_share", strictly(small.draw(1, RECOVERY, 9, 9)[0], taken_up))
    cases, draw = one_case(row=1, period=9, encounter=2), small.draw(1, DESK, 9, 8)
    register(cases[0], small.state, small.firms[0], YEARS, small.seed)
    patience = -log(1 - mpf(draw[2])) * 21 / 365 / (mpf("0.7") if taken_up else 1)
    assert cases["gives_up"][0] == pytest.approx(float((9 + mpf(draw[0])) / 12 + patience), rel=1e-12)
    register_stage(small.state, small.environment, small.books, small.clock(9), cases, 0, 0)
    word = {"complaint_cost": fixed(mpf("4.125"))} if taken_up else {}
    assert small.counted(0, 0) == {"registered": 1, **word}


def test_an_answer_is_judged_by_the_days_as_they_were_felt() -> None:
    """Five days are felt as 3.5, which is the target; what counts as quick is five days still."""
    small, i = informing(), 2
    small.become(i, supplier=0, flags=PRESENT | COMPLAINT_OPEN, satisfaction=63.5, joined=5)
    draw = small.draw(i, RECOVERY, 5, 13)
    put(small.firms, "desk.resolution_share", strictly(draw[1], True))
    put(small.firms, "desk.follow_up", strictly(draw[3], False))
    arrival = (PERIOD + 0.25) / 12
    cases = one_case(row=i, period=5, encounter=3, severity=1.625, arrival=arrival, status=1)
    finish_case(cases[0], small.state, small.environment, small.books, small.clock(PERIOD), 0, arrival + 5 * DAY)
    assert small.tally[0, 0, O.resolved] == 1
    assert small.of(i, "satisfaction") == pytest.approx(
        float(satisfied(63.5, justice(0, RESOLVED, 3.5, False))), rel=1e-6
    )


def guaranteeing(payout: float = 0.375, unasked: float = 0.0) -> Small:
    small = Small()
    for name, value in {"payout": payout, "unasked": unasked, "invites": 1.75}.items():
        put(small.firms, f"guarantee.{name}", value)
    small.become(1, supplier=0, flags=PRESENT)
    return small


def test_what_is_paid_makes_good_and_costs_its_part_of_a_purchase() -> None:
    """17 x .4375 x .625 points for a whole purchase; the market of this test has an exponent of 1."""
    small = guaranteeing()
    honour(small.state, 1, small.environment, small.books)
    assert small.of(1, "satisfaction") == pytest.approx(65.25 + 17 * 0.4375 * 0.625 * 0.375, rel=1e-6)
    assert small.of(1, "margin")[0] == pytest.approx(15.75 - 41.75 * 0.375, rel=1e-6)
    assert small.counted(0, 0) == {"guarantee_paid": 1, "compensation_cost": fixed(mpf("15.65625"))}


def test_it_is_paid_unasked_for_failures_by_a_draw_of_its_own() -> None:
    u = Small().draw(1, RECOVERY, PERIOD, 4 * K + 2)[3]
    for unasked, payout, mode, paid in (
        (strictly(u, True), 0.375, COLD, True),
        (strictly(u, False), 0.375, COLD, False),
        (1.0, 0.375, -1, False),
        (1.0, 0.0, COLD, False),
    ):
        small = guaranteeing(payout, unasked)
        luck = small.state.luck[1]
        assert bool(paid_unasked(small.firms[0], luck, small.clock(PERIOD), K, mode)) is paid


@pytest.mark.parametrize(("mode", "unasked", "more"), [(COLD, 0.0, 0.375), (COLD, 1.0, 0.0), (-1, 0.0, 0.0)])
@pytest.mark.parametrize("speaks", [True, False])
def test_a_guarantee_invites_those_who_have_not_been_paid_to_complain(
    mode: int, unasked: float, more: float, speaks: bool
) -> None:
    small = guaranteeing(unasked=unasked)
    shift = speaking_up(small, 1, 0, 0) + mpf("0.9375") * mpf("1.75") * mpf(more)
    u = small.draw(1, VOICE, PERIOD, K)[0]
    put(small.world, "voice.complain_share", next(base for base, below in sides(u, shift) if below is speaks))
    put(small.world, "voice.headquarters_share", 1.0)
    decide(small.state, 1, small.environment, small.books, small.clock(PERIOD), Served(K, FELT, 0.999, mode))
    counts = small.counted(0, 0)
    assert counts.get("complained", 0) == speaks
    assert counts.get("guarantee_paid", 0) == (speaks and more > 0)
