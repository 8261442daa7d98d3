"""The end of a complaint, worked out from docs/odd.md (7.7 and 7.8) without the rules, on both sides of each draw."""

import numpy as np
import pytest

from sim.model.person import CAPTIVE, INTENT_LEAVE_COMPLAINT, INTENT_STAY, PRESENT
from sim.model.recovery import ComplaintAnswer, Fate, settle
from tests.engine.loops.answers import (
    OUTCOMES,
    QUICKLY,
    RESOLVED,
    UNANSWERED,
    UNRESOLVED,
    justice,
    returning,
    satisfied,
)
from tests.engine.loops.small import SCENARIO, Small, fixed, put, sides
from tests.model.worked import numbers

mpf = numbers.mpf
PERIOD, SEVERITY = 11, 1.4375
STORY_RECOVERED, STORY_FAILED = 4, 5

DAYS = {UNANSWERED: 12.0, UNRESOLVED: 9.25, RESOLVED: 5.75, QUICKLY: 1.625}
BEFORE = 66.5


def small_with(i: int, f: int, *, captive: bool = False) -> Small:
    small = Small()
    small.become(i, supplier=f, satisfaction=BEFORE, flags=PRESENT | (CAPTIVE if captive else 0))
    return small


def end(
    small: Small,
    i: int,
    f: int,
    outcome: int,
    luck: tuple[float, float, float],
    days: float | None = None,
    further: tuple[float, float] = (0.999, 0.999),
) -> None:
    taken = DAYS[outcome] if days is None else days
    settle(
        small.state,
        i,
        small.environment,
        small.books,
        small.clock(PERIOD),
        ComplaintAnswer(outcome, taken, SEVERITY, 0.5),
        Fate(*luck, *further),
    )


@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize("outcome", range(4))
@pytest.mark.parametrize(("i", "f"), [(1, 0), (4, 1)])
@pytest.mark.parametrize("stays", [True, False])
def test_an_answer_leaves_what_the_page_says(i: int, f: int, outcome: int, called: bool, stays: bool) -> None:
    small = small_with(i, f)
    spend, margin = small.of(i, "spend"), small.of(i, "margin")[f]
    desk = SCENARIO.firms[f].desk
    u_call = np.nextafter(desk.follow_up, 0) if called else desk.follow_up
    called = called and outcome != UNANSWERED
    j = justice(f, outcome, DAYS[outcome], called)
    after = satisfied(BEFORE, j)
    u = 0.4125
    base = next(b for b, below in sides(u, returning(small, i, j, after, SEVERITY, PERIOD)) if below is stays)
    put(small.world, f"voice.repurchase.{OUTCOMES[outcome]}", base)
    end(small, i, f, outcome, (u, u_call, 0.999))
    assert small.of(i, "satisfaction") == pytest.approx(float(after), rel=1e-6)
    counts = small.counted(f, 0)
    assert counts.pop("justice_sum") == fixed(j)
    expected = {OUTCOMES[outcome]: 1}
    expected |= {f"{OUTCOMES[outcome]}_kept": 1} if stays else {"complaint_lost": 1}
    cost = mpf(0)
    if outcome >= RESOLVED:
        cost += mpf(desk.compensation) * spend
        expected["compensation_cost"] = fixed(cost)
    if called:
        cost += desk.follow_up_cost
        expected["complaint_cost"] = fixed(desk.follow_up_cost)
    assert counts == expected
    assert small.of(i, "intent") == (INTENT_STAY if stays else INTENT_LEAVE_COMPLAINT)
    assert small.of(i, "margin")[f] == pytest.approx(float(margin - cost), rel=1e-6)
    assert small.state.story[i] == 0


@pytest.mark.parametrize(("days", "before"), [(0.0, 99.0), (60.0, 2.5)])
def test_satisfaction_after_an_answer_stays_between_0_and_100(days: float, before: float) -> None:
    small = small_with(1, 0)
    small.become(1, satisfaction=before)
    end(small, 1, 0, QUICKLY if days == 0 else UNANSWERED, (0.0, 0.999, 0.999), days)
    assert small.of(1, "satisfaction") == (100 if days == 0 else 0)


@pytest.mark.parametrize("outcome", range(4))
def test_captives_stay_and_are_counted_apart(outcome: int) -> None:
    small = small_with(2, 0, captive=True)
    end(small, 2, 0, outcome, (0.99999, 0.999, 0.999))
    assert small.of(2, "intent") == INTENT_STAY
    counts = small.counted(0, 0)
    assert counts["complaint_captive"] == 1
    assert "complaint_lost" not in counts
    assert f"{OUTCOMES[outcome]}_kept" not in counts


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("outcome", range(4))
@pytest.mark.parametrize("below", [True, False])
def test_the_end_of_a_complaint_is_told_by_its_outcome(outcome: int, stays: bool, below: bool) -> None:
    """Failed: whatever follows. Recovered: only by those who will buy again. The share itself is not below it."""
    small = small_with(1, 0)
    share = 0.38 if outcome >= RESOLVED else 0.7
    end(small, 1, 0, outcome, (0.0 if stays else 0.99999, 0.999, np.nextafter(share, 0) if below else share))
    told = 0
    if below:
        told = STORY_FAILED if outcome < RESOLVED else STORY_RECOVERED if stays else 0
    assert small.state.story[1] == told
