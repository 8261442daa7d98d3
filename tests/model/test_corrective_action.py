"""Corrective action (docs/odd.md, 7.25): belief, choice, the four steps and the test, worked out by hand."""

import math

import pytest

from sim.model.corrective_action import (
    IDENTIFY,
    IMPLEMENT,
    INVESTIGATE,
    NO_MODE,
    NOTHING,
    NOVICE,
    VERIFY,
    Evidence,
    Learner,
    Modes,
    believed,
    corrected,
    effect_seen,
    heard,
    taken_up,
    upkeep_cost,
    worn,
    worth,
)
from sim.model.dimensions import Hurts
from sim.model.failures import FailureMode, Failures
from sim.model.firm import Firm
from sim.model.learning import Learning
from sim.model.quality_cost import QualityCosts
from sim.model.systems import Systems

WEEK = 1 / 52


def modes(**numbers: float) -> Modes:
    """A number for each mode, 0 where none is given."""
    return tuple(numbers.get(name, 0.0) for name in Failures.model_fields)


def firm(**learning: object) -> Firm:
    return Firm(learning=Learning(steering="truth", **learning))  # type: ignore[arg-type]


def test_what_is_told_is_evaluated_late_and_fades() -> None:
    learning = Learning(steering="survey", survey_weeks=4.0, memory_weeks=20.0)
    learner = NOVICE._replace(
        encounters=500.0, coming_encounters=30.0, known=modes(apathy=5.0), coming=modes(apathy=1.0)
    )
    after = heard(learner, Evidence(modes(apathy=2.0), 90.0), learning, 2 * WEEK)
    arrives, left = 1 - math.exp(-0.5), math.exp(-0.1)
    assert after.encounters == pytest.approx(500 * left + 120 * arrives)
    assert after.coming_encounters == pytest.approx(120 * (1 - arrives))
    assert after.known == pytest.approx(modes(apathy=5 * left + 3 * arrives))
    assert after.coming == pytest.approx(modes(apathy=3 * (1 - arrives)))


def test_belief_is_the_mean_of_a_beta_posterior() -> None:
    """Beta(2 + 6, 398 + 594) has the mean 8 / 1000."""
    learner = NOVICE._replace(encounters=600.0, known=modes(coldness=6.0))
    rates = believed(learner, Learning(prior_rate=0.005, prior_encounters=400.0))
    assert rates == pytest.approx(tuple(0.008 if r else 0.002 for r in modes(coldness=1.0)))


def test_what_is_worth_most_is_taken_up() -> None:
    """Weights of the dimensions .11 .32 .22 .19 .16: a severity of 2 on all of reliability is .64 points."""
    one = FailureMode(severity=2.0, hurts=Hurts(reliability=1.0), correction_cost=0.5)
    costly = FailureMode(severity=3.0, hurts=Hurts(responsiveness=0.5, empathy=1.0), correction_cost=4.0)
    found = worth(
        Firm(
            systems=Systems(failures=Failures(wrong_answer=one, runaround=costly)),
            costs=QualityCosts(failure_effect=30.0),
            learning=Learning(action_cost=2000.0),
        )
    )
    by_name = dict(zip(Failures.model_fields, found, strict=True))
    assert by_name["wrong_answer"] == pytest.approx(0.64 * 30 / 1000)
    assert by_name["runaround"] == pytest.approx(3 * (0.11 + 0.16) * 30 / 8000)
    assert taken_up((0.1, 0.3, 0.3), (1.0, 2.0, 2.0)) == 1


@pytest.mark.parametrize(("after", "seen"), [(30.0, True), (31.0, False)])
def test_an_effect_is_seen_by_a_one_sided_test(after: float, seen: bool) -> None:
    """60 of 3,000 before; of 60 + x a share .4 is expected after, and 1.2816 standard deviations less are needed."""
    learner = NOVICE._replace(before=60.0, encounters_before=3000.0, after=after, encounters_after=2000.0)
    total = 60.0 + after
    assert (0.4 * total - after > 1.2815516 * math.sqrt(0.24 * total)) is seen is effect_seen(learner, 0.1)


def test_nothing_is_seen_where_nothing_is_told() -> None:
    assert not effect_seen(NOVICE, 0.4)
    assert not effect_seen(NOVICE._replace(encounters_before=10.0, encounters_after=10.0), 0.4)


def test_without_upkeep_a_fifth_of_what_was_corrected_comes_undone_in_a_year() -> None:
    learner = NOVICE._replace(corrected=modes(apathy=0.5))
    for _ in range(52):
        learner = worn(learner, Learning(), WEEK)
    assert learner.corrected == pytest.approx(modes(apathy=0.4))
    kept = NOVICE._replace(corrected=modes(apathy=0.5, coldness=0.25))
    assert worn(kept, Learning(upkeep=1.0), 3.0) == kept
    assert worn(kept, Learning(upkeep=0.5), 1.0).corrected == pytest.approx(
        modes(apathy=0.5 * 0.8**0.5, coldness=0.25 * 0.8**0.5)
    )
    assert upkeep_cost(kept, Learning(upkeep=0.5, upkeep_cost=400.0), 0.5) == 75.0


def steps(rate_after: float, weeks: int) -> list[tuple[Learner, int, int, int]]:
    """A firm's weeks, in which apathy is told 10 times a week of 1,000 encounters, and so often after the action."""
    learner, lived, acted = NOVICE, [], False
    for _ in range(weeks):
        told = Evidence(modes(apathy=rate_after if acted else 10.0), 1000.0)
        now = firm(decay_per_year=0.0)
        cycle = corrected(heard(learner, told, now.learning, WEEK), told, now, WEEK)
        acted |= cycle.implemented != NO_MODE
        learner = cycle.learner
        lived.append((learner, cycle.implemented, cycle.kept, cycle.undone))
    return lived


def test_four_steps_of_four_four_eight_and_eight_weeks() -> None:
    lived = steps(5.0, 24)
    weeks = [IDENTIFY] * 3 + [INVESTIGATE] * 4 + [IMPLEMENT] * 8 + [VERIFY] * 8 + [IDENTIFY]
    assert [int(learner.step) for learner, *_ in lived] == weeks
    apathy = modes(apathy=1.0).index(1.0)
    assert [week for week, (_, implemented, *_) in enumerate(lived) if implemented == apathy] == [15]
    verified = lived[22][0]
    assert (verified.before, verified.encounters_before) == (120.0, 12_000.0)
    assert (verified.after, verified.encounters_after) == (35.0, 7000.0)
    assert lived[15][0].corrected == lived[23][0].corrected == modes(apathy=0.5)
    assert [kept for *_, kept, _ in lived] == [0] * 23 + [1]


def test_what_nobody_tells_of_is_not_taken_up() -> None:
    now = firm(prior_rate=0.5)
    cycle = corrected(NOVICE, Evidence(NOTHING, 1000.0), now, 5 * WEEK)
    assert cycle.learner.step == IDENTIFY
    assert cycle.learner.mode == NO_MODE


def test_what_shows_no_effect_is_undone() -> None:
    lived = steps(10.0, 24)
    assert lived[22][0].corrected == modes(apathy=0.5)
    assert lived[23][0].corrected == NOTHING
    assert lived[23][3] == 1


def test_a_long_period_takes_all_steps_once() -> None:
    now = firm(decay_per_year=0.0)
    told = Evidence(modes(coldness=50.0), 1000.0)
    cycle = corrected(heard(NOVICE, told, now.learning, 0.5), told, now, 0.5)
    assert cycle.implemented == modes(coldness=1.0).index(1.0)
    assert cycle.undone == 1  # nothing was heard after it in the same period
    assert cycle.learner.weeks == pytest.approx(2.0)
