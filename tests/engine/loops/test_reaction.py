"""What the dissatisfied do, worked out from docs/odd.md (7.5) without the rules, on both sides of each draw."""

from typing import Any

import numpy as np
import pytest

from sim.model.contexts import Served
from sim.model.encounter_table import ROWS, T
from sim.model.failures import FAILURE_MODES
from sim.model.learning import INSTRUMENTS, report
from sim.model.person import (
    CAPTIVE,
    COMPLAINT_OPEN,
    HAS_COMPLAINED,
    INTENT_LAPSE_SILENT,
    INTENT_LEAVE_SILENT,
    INTENT_STAY,
    PRESENT,
)
from sim.model.rooms import O
from sim.model.servqual import rate
from sim.model.voice import decide
from sim.vocabulary.streams import LEARNING, RECOVERY, TALK, VOICE
from tests.engine.loops.answers import OUTCOMES, QUICKLY, UNRESOLVED, justice, returning, satisfied
from tests.engine.loops.small import SCENARIO, YEARS, Small, base_for, fixed, loyalty_by_hand, put, sides, strictly
from tests.model.worked import numbers

mpf = numbers.mpf
PERIOD, K, FELT = 11, 3, -2.8125


def severity(s: int) -> Any:
    return -mpf(FELT) - SCENARIO.segments[s].judgement.tolerance - 1


def speaking_up(small: Small, i: int, f: int, s: int) -> Any:
    """The shift of complaining, with the weights of the small market."""
    desk = SCENARIO.firms[f].desk
    years = (PERIOD - small.of(i, "joined")) * mpf(YEARS)
    tendency = mpf(SCENARIO.segments[s].sociability.complaint_tendency) + small.of(i, "complaint_tendency")
    return (
        mpf("0.9375") * desk.ease
        + mpf("0.4375") * severity(s)
        + mpf("0.8125") * (small.of(i, "switching_cost") - mpf("0.5"))
        + mpf("0.3125") * loyalty_by_hand(small.of(i, "satisfaction"), years)
        + mpf("1.1875") * (mpf(desk.answer_share) * desk.resolution_share - mpf("0.5"))
        + mpf("0.6875") * tendency
    )


def customer(i: int, f: int, s: int = 0, flags: int = 0) -> Small:
    small = Small()
    small.become(i, supplier=f, segment=s, flags=PRESENT | flags)
    return small


def decided(small: Small, i: int, talk: float = 0.999, mode: int = -1) -> bool:
    return decide(small.state, i, small.environment, small.books, small.clock(PERIOD), Served(K, FELT, talk, mode))


@pytest.mark.parametrize(("i", "f", "s"), [(1, 0, 0), (2, 1, 0), (5, 0, 1), (0, 2, 1)])
@pytest.mark.parametrize("speaks", [True, False])
def test_who_complains_and_who_keeps_silent(i: int, f: int, s: int, speaks: bool) -> None:
    small = customer(i, f, s)
    u = small.draw(i, VOICE, PERIOD, K)[0]
    base = next(b for b, below in sides(u, speaking_up(small, i, f, s)) if below is speaks)
    put(small.world, "voice.complain_share", base)
    put(small.world, "voice.headquarters_share", 1.0)
    put(small.world, "voice.repurchase.silent", 1.0)
    put(small.world, "voice.lapse_share", 0.0)
    assert decided(small, i) is speaks
    if speaks:
        assert small.counted(f, s) == {"complained": 1, "complained_headquarters": 1}
        assert small.of(i, "flags") == PRESENT | HAS_COMPLAINED | COMPLAINT_OPEN
    else:
        assert small.counted(f, s) == {"silent": 1, "silent_stayed": 1}
        assert small.of(i, "flags") == PRESENT
    assert small.of(i, "intent") == INTENT_STAY


def test_no_new_decision_while_a_complaint_is_open() -> None:
    small = customer(1, 0, flags=COMPLAINT_OPEN | HAS_COMPLAINED)
    assert not decided(small, 1)
    assert small.counted(0, 0) == {"pending": 1}


@pytest.mark.parametrize("headquarters", [True, False])
def test_where_a_complaint_is_made(headquarters: bool) -> None:
    small = customer(1, 0)
    chance = small.draw(1, VOICE, PERIOD, K)
    put(small.world, "voice.complain_share", 1.0)
    put(small.world, "voice.headquarters_share", strictly(chance[1], headquarters))
    put(small.world, "voice.escalation_share", 1.0)
    put(small.firms, "desk.front_line_resolution", 0.0)
    assert decided(small, 1)
    where = ["complained_headquarters"] if headquarters else ["complained_front_line", "escalated"]
    assert small.counted(0, 0) == {"complained": 1} | dict.fromkeys(where, 1)
    assert small.of(1, "flags") == PRESENT | HAS_COMPLAINED | COMPLAINT_OPEN


@pytest.mark.parametrize("speaks", [True, False])
def test_the_share_who_complain_is_multiplied_by_the_propensity_of_what_failed(speaks: bool) -> None:
    small, failed = customer(1, 0), FAILURE_MODES.index("coldness")
    u = small.draw(1, VOICE, PERIOD, K)[0]
    put(small.world, "voice.complain_share", base_for(0.4375, speaking_up(small, 1, 0, 0)))
    propensity = small.firms["systems"]["failures"]["complaint_propensity"]
    propensity[0, failed] = u / 0.4375 * (1.0 + (1e-7 if speaks else -1e-7))
    decided(small, 1, mode=failed)
    assert small.tally[0, 0, O.complained] == speaks


@pytest.mark.parametrize("steering", ["register", "survey"])
@pytest.mark.parametrize("way", ["headquarters", "escalated", "logged", "told"])
def test_the_register_notes_what_failed_of_complaints_that_it_holds(way: str, steering: str) -> None:
    small, failed = customer(1, 0), FAILURE_MODES.index("runaround")
    small.firms["instrument"][0] = INSTRUMENTS[steering]
    put(small.world, "voice.complain_share", 1.0)
    put(small.world, "voice.headquarters_share", float(way == "headquarters"))
    put(small.world, "voice.escalation_share", float(way == "escalated"))
    put(small.firms, "desk.front_line_resolution", 0.0)
    put(small.firms, "desk.logged_share", float(way == "logged"))
    decided(small, 1, mode=failed)
    reported = {name: n for name, n in small.counted(0, 0).items() if name.startswith("reported")}
    assert reported == ({"reported_runaround": 1} if way != "told" and steering == "register" else {})


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("steering", ["survey", "box", "truth"])
def test_who_tells_the_firm_by_its_instrument(steering: str, tells: bool) -> None:
    """Survey: .75 x r (1 + a |S - 75| / 25), r on the edge of the draw; box: b ((S - 75) / 25)^2; the truth: always."""
    small, failed = customer(1, 0), FAILURE_MODES.index("apathy")
    u, extreme = small.draw(1, LEARNING, PERIOD, K)[0], (75.0 - small.of(1, "satisfaction")) / 25.0
    near = u * (1.0 + (1e-7 if tells else -1e-7))
    small.firms["instrument"][0] = INSTRUMENTS[steering]
    put(small.firms, "learning.survey_share", 0.75)
    put(small.firms, "learning.extremity", 0.5)
    put(small.firms, "learning.response_rate", near / 0.75 / (1.0 + 0.5 * extreme))
    put(small.firms, "learning.box_share", near / extreme**2)
    report(small.state, 1, small.environment, small.books, small.clock(PERIOD), Served(K, FELT, 0.999, failed))
    assert small.counted(0, 0) == ({"reported_apathy": 1} if tells or steering == "truth" else {})
    report(small.state, 1, small.environment, small.books, small.clock(PERIOD), Served(K, FELT, 0.999, -1))
    assert small.tally[0, 0, O.praised] == (tells or steering == "truth")


@pytest.mark.parametrize("answers", [True, False])
def test_who_is_asked_rates_what_was_seen_against_what_is_owed(answers: bool) -> None:
    """Person 5, after person 0: r (1 + .5 x 35 / 25) of .75, r on the edge of the draw; each costs .25 x .75."""
    small = customer(5, 0)
    table = np.zeros((len(ROWS), 2))
    table[T.satisfaction] = 75.0, 40.0
    for d in range(5):
        table[T.seen + d], table[T.should + d] = 3.0 + 0.25 * d, (6.0, 5.75)
    near = small.draw(5, LEARNING, PERIOD, K)[1] * (1.0 + (1e-7 if answers else -1e-7))
    for name, value in {"servqual_share": 0.75, "survey_cost": 0.25, "extremity": 0.5}.items():
        put(small.firms, f"learning.{name}", value)
    put(small.firms, "learning.response_rate", near / 0.75 / 1.7)
    lucks = small.state.luck[[0, 5]].copy()
    rate(table, 2, lucks, small.firms[0], small.clock(PERIOD), K, small.tally[0, 0])
    first = small.draw(0, LEARNING, PERIOD, K)[1] < near / 1.7
    counts = small.counted(0, 0)
    assert counts["appraisal_cost"] == 2 * fixed(mpf("0.1875"))
    assert counts.get("rated", 0) == first + answers
    told = first * fixed(mpf("-2.75")) + answers * fixed(mpf("-2.5"))
    assert counts.get("rated_gap_reliability", 0) == pytest.approx(told, abs=2)


@pytest.mark.parametrize(
    ("tells", "posts", "level"), [(True, True, 0), (False, True, 0), (True, False, 0), (True, True, 1)]
)
def test_a_firm_that_watches_posts_hears_what_is_told_and_posted(tells: bool, posts: bool, level: int) -> None:
    small, failed = customer(1, 0), FAILURE_MODES.index("apathy")
    small.become(1, level=level)
    small.firms["instrument"][0] = INSTRUMENTS["posts"]
    small.world["talk"]["shares"][0][0] = strictly(small.draw(1, TALK, PERIOD, K)[0], tells)
    put(small.world, "talk.online.post_share", strictly(small.draw(1, TALK, PERIOD, 1_000_000)[0], posts))
    served = Served(K, FELT, small.draw(1, TALK, PERIOD, K)[0], failed)
    report(small.state, 1, small.environment, small.books, small.clock(PERIOD), served)
    assert small.counted(0, 0) == ({"reported_apathy": 1} if tells and posts and level == 0 else {})


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("called", [True, False])
@pytest.mark.parametrize("way", ["resolved", "escalated", "unresolved"])
def test_what_becomes_of_a_complaint_at_the_front_line(way: str, called: bool, stays: bool) -> None:
    i, f = 1, 0
    small = customer(i, f)
    remedy = small.draw(i, RECOVERY, PERIOD, 4 * K)
    before = small.of(i, "satisfaction")
    put(small.world, "voice.complain_share", 1.0)
    put(small.world, "voice.headquarters_share", 0.0)
    put(small.firms, "desk.front_line_resolution", strictly(remedy[0], way == "resolved"))
    put(small.world, "voice.escalation_share", strictly(remedy[1], way == "escalated"))
    put(small.firms, "desk.follow_up", strictly(remedy[3], called))
    outcome = QUICKLY if way == "resolved" else UNRESOLVED
    j = justice(f, outcome, 0.0, called)
    after = satisfied(before, j)
    shift = returning(small, i, j, after, severity(0), PERIOD)
    base = next(b for b, below in sides(remedy[2], shift) if below is stays)
    put(small.world, f"voice.repurchase.{OUTCOMES[outcome]}", base)
    assert decided(small, i, talk=0.37) is (way == "escalated")
    counts = small.counted(f, 0)
    assert counts["complained"] == counts["complained_front_line"] == 1
    if way == "escalated":
        assert counts == {"complained": 1, "complained_front_line": 1, "escalated": 1}
        assert small.of(i, "flags") == PRESENT | HAS_COMPLAINED | COMPLAINT_OPEN
        return
    assert small.of(i, "flags") == PRESENT | HAS_COMPLAINED
    assert counts["justice_sum"] == fixed(j)
    assert counts[OUTCOMES[outcome]] == 1
    assert counts.get(f"{OUTCOMES[outcome]}_kept", 0) == stays
    assert counts.get("front_line_resolved", 0) == (way == "resolved")
    assert small.of(i, "satisfaction") == pytest.approx(float(after), rel=1e-6)
    # the draw of the encounter's story decides this one too: 0.37 is below both shares
    assert small.state.story[i] == (5 if way == "unresolved" else 4 if stays else 0)


@pytest.mark.parametrize(("i", "f", "s"), [(1, 0, 0), (4, 1, 1)])
@pytest.mark.parametrize("captive", [False, True])
@pytest.mark.parametrize("way", ["stays", "leaves", "lapses"])
def test_what_the_silent_do(way: str, captive: bool, i: int, f: int, s: int) -> None:
    small = customer(i, f, s, CAPTIVE if captive else 0)
    chance = small.draw(i, VOICE, PERIOD, K)
    years = (PERIOD - small.of(i, "joined")) * mpf(YEARS)
    shift = (
        mpf("-0.1875") * severity(s)
        + mpf("0.9375") * (small.of(i, "switching_cost") - mpf("0.5"))
        + mpf("0.5625") * loyalty_by_hand(small.of(i, "satisfaction"), years)
    )
    base = next(b for b, below in sides(chance[2], shift) if below is (way != "leaves"))
    put(small.world, "voice.complain_share", 0.0)
    put(small.world, "voice.repurchase.silent", base)
    put(small.world, "voice.lapse_share", strictly(chance[3], way == "lapses"))
    assert not decided(small, i)
    counted = {"stays": "silent_stayed", "leaves": "silent_lost", "lapses": "silent_lapsed"}[way]
    if captive and way != "stays":
        counted = "silent_captive"
    assert small.counted(f, s) == {"silent": 1, counted: 1}
    intents = {"stays": INTENT_STAY, "leaves": INTENT_LEAVE_SILENT, "lapses": INTENT_LAPSE_SILENT}
    assert small.of(i, "intent") == (INTENT_STAY if captive else intents[way])
    assert small.state.story[i] == 0


def test_the_edges_are_edges() -> None:
    """What the tests above rely on: the shift moves the base to the draw, and a hair on either side of it."""
    over, under = sides(0.4125, mpf("-0.7"))
    assert over[0] > base_for(0.4125, mpf("-0.7")) > under[0]
