"""Listening, leaving, switching, returning, adopting, worked out from docs/odd.md (7.9 to 7.11) without the rules."""

from typing import Any

import numpy as np
import pytest

from sim.engine.movement import movement_stage
from sim.engine.outside import nobody_outside
from sim.model.adoption import adopt, chance_to_adopt, won_over
from sim.model.choice import Draws, attraction, chosen_rival, part, think_of_return
from sim.model.opinion import listen
from sim.model.person import (
    CAPTIVE,
    GONE,
    INTENT_LAPSE_SILENT,
    INTENT_LEAVE_COMPLAINT,
    INTENT_LEAVE_SILENT,
    INTENT_STAY,
    NOBODY,
    PRESENT,
)
from sim.model.rooms import O
from sim.vocabulary.streams import MOVEMENT
from tests.engine.loops.small import (
    SCENARIO,
    YEARS,
    Small,
    five,
    fixed,
    loyalty_by_hand,
    put,
    shifted,
    sides,
    strictly,
    weighted,
)
from tests.model.worked import numbers

exp, mpf = numbers.exp, numbers.mpf
PERIOD = 14
STRONG = 2**32


def belief(small: Small, i: int, s: int) -> Any:
    return weighted(five(SCENARIO.segments[s].judgement.importance), small.of(i, "will"))


def promise(f: int, s: int) -> Any:
    return weighted(five(SCENARIO.segments[s].judgement.importance), five(SCENARIO.firms[f].strategy.promise))


def opinion(small: Small, i: int, f: int) -> Any:
    return mpf(float(small.state.opinion[i, f]))


# --- listening --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("segment", [0, 1])
def test_what_is_heard_moves_opinions_and_what_is_expected_of_the_own_supplier(segment: int) -> None:
    small = Small()
    i = 2
    small.become(i, supplier=1, segment=segment)
    # of the first: 2 strong and 3 weak praises, 1 strong and 5 weak blames; of the second the other way round
    told = 9 * 65536 + 12345
    small.hears(i, [told, 2 * STRONG + 3, STRONG + 5, 4 * STRONG + 1, 0, 0, 0])
    before, will = small.state.opinion[i].astype(float), small.of(i, "will")
    listen(small.state, i, small.environment, small.books, small.sways)
    assert small.counted(0, segment) == {"heard_positive": 5, "heard_negative": 6}
    assert small.counted(1, segment) == {"heard_positive": 5}
    assert small.counted(2, segment) == {}
    habits = SCENARIO.segments[segment].sociability
    g, b = mpf(2) + mpf("0.4375") * 3, mpf(1) + mpf("0.4375") * 5
    tone = (g - mpf("1.375") * b) / (g + mpf("1.375") * b)
    moved = habits.opinion_susceptibility
    assert small.state.opinion[i].tolist() == pytest.approx(
        [float(before[0] + moved * (tone - before[0])), before[1] + moved * (1 - before[1]), before[2]], rel=1e-6
    )
    weight = mpf(4) + mpf("0.4375")
    heard = mpf(told) / 65536 / weight
    mean = weighted(five(SCENARIO.segments[segment].judgement.importance), will)
    for found, old in zip(small.of(i, "will"), will, strict=True):
        worked = min(max(old + habits.expectation_susceptibility * (heard - mean), mpf(1)), mpf(7))
        assert found == pytest.approx(float(worked), rel=1e-6)


@pytest.mark.parametrize(("good", "bad", "tone"), [(0, 3, -1.0), (2, 0, 1.0), (0, 2 * STRONG, -1.0)])
def test_words_of_one_kind_only(good: int, bad: int, tone: float) -> None:
    small = Small()
    small.become(1, supplier=NOBODY)
    small.hears(1, [0, 0, 0, 0, 0, good, bad])
    before, will = float(small.state.opinion[1, 2]), small.of(1, "will")
    listen(small.state, 1, small.environment, small.books, small.sways)
    assert small.state.opinion[1, 2] == pytest.approx(before + 0.3125 * (tone - before), rel=1e-6)
    assert small.of(1, "will") == will


def test_weak_words_that_weigh_nothing_are_counted_and_move_nothing() -> None:
    small = Small()
    put(small.world, "talk.weak_tie_weight", 0.0)
    small.become(1, supplier=0)
    small.hears(1, [0, 3, 2, 0, 0, 0, 0])
    before, will = small.state.opinion[1].tolist(), small.of(1, "will")
    listen(small.state, 1, small.environment, small.books, small.sways)
    assert small.counted(0, 0) == {"heard_positive": 3, "heard_negative": 2}
    assert small.state.opinion[1].tolist() == before
    assert small.of(1, "will") == will


# --- looking at rivals ------------------------------------------------------------------------------------------------


def pull(small: Small, i: int, g: int, s: int) -> Any:
    """exp(0.8125 (R - 75) / 10 + 0.5625 O - 3.75 (price - 1) + 0.34375 promise)."""
    return exp(
        mpf("0.8125") * (mpf(float(small.reputation[g])) - 75) / 10
        + mpf("0.5625") * opinion(small, i, g)
        - mpf("3.75") * (mpf(SCENARIO.firms[g].strategy.price_index) - 1)
        + mpf("0.34375") * promise(g, s)
    )


@pytest.mark.parametrize("s", [0, 1])
@pytest.mark.parametrize("g", range(3))
def test_how_much_a_firm_attracts(g: int, s: int) -> None:
    small = Small()
    small.become(3, segment=s)
    found = attraction(small.state, 3, small.environment, g)
    assert found == pytest.approx(float(pull(small, 3, g, s)), rel=1e-12)


def rival(small: Small, i: int, f: int, u: float) -> int:
    return chosen_rival(small.state, i, small.environment, f, u)


@pytest.mark.parametrize(("f", "first", "second"), [(0, 1, 2), (1, 0, 2), (2, 0, 1)])
def test_a_rival_is_looked_at_in_proportion_to_its_attraction(f: int, first: int, second: int) -> None:
    small = Small()
    a, b = pull(small, 3, first, 0), pull(small, 3, second, 0)
    edge = float(a / (a + b))
    assert rival(small, 3, f, edge - 1e-9) == first
    assert rival(small, 3, f, edge + 1e-9) == second
    assert rival(small, 3, f, 0.0) == first
    assert rival(small, 3, f, 1 - 2.0**-33) == second
    assert rival(small, 3, f, 1.0) == second


def test_nobody_looks_at_a_firm_that_is_barred() -> None:
    small = Small()
    small.become(3, barred=0b010)
    assert [rival(small, 3, 0, u) for u in (0.001, 0.5, 0.999)] == [2, 2, 2]
    assert [rival(small, 3, 2, u) for u in (0.001, 0.999)] == [0, 0]
    small.become(3, barred=0b101)
    assert rival(small, 3, 0, 0.5) == 1
    assert rival(small, 3, 1, 0.5) == -1
    small.become(3, barred=0b111)
    assert rival(small, 3, 0, 0.5) == -1


FOUR = SCENARIO.model_copy(
    update={"rivals": [*SCENARIO.rivals, SCENARIO.rivals[1].model_copy(update={"name": "fourth"})]}
)


@pytest.mark.parametrize("barred", [1, 2])
def test_a_barred_firm_is_passed_over_among_several(barred: int) -> None:
    """Of the three rivals of the first firm two are left, and their attractions are shared out between them alone."""
    small = Small(scenario=FOUR)
    small.become(3, barred=1 << barred)
    other = 3 - barred
    a, b = (pull(small, 3, g, 0) if g < 3 else pull_of_the_fourth(small) for g in (other, 3))
    edge = float(a / (a + b))
    assert rival(small, 3, 0, edge - 1e-9) == other
    assert rival(small, 3, 0, edge + 1e-9) == 3


def pull_of_the_fourth(small: Small) -> Any:
    third, opinions, reputation = small.state.opinion[3, 2], small.state.opinion[3, 3], 82.0
    as_third = pull(small, 3, 2, 0)
    return as_third * exp(
        mpf("0.8125") * (reputation - mpf("66.75")) / 10 + mpf("0.5625") * (mpf(float(opinions)) - mpf(float(third)))
    )


# --- moving -----------------------------------------------------------------------------------------------------------


def moved(small: Small, i: int, u: float, reviews: bool) -> bool:
    draws = Draws(u, 0.0 if reviews else 1.0, 1.0, 1.0, 0.5)
    return part(small.state, i, small.environment, small.books, small.clock(PERIOD), draws)


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize(
    ("intent", "left"),
    [
        (INTENT_LEAVE_SILENT, "left_silent"),
        (INTENT_LAPSE_SILENT, "lapsed_silent"),
        (INTENT_LEAVE_COMPLAINT, "left_complaint"),
    ],
)
def test_decisions_to_leave_are_carried_out_and_some_take_a_rival_at_once(intent: int, left: str, again: bool) -> None:
    small = Small()
    small.become(3, supplier=0, intent=intent, ever=0b101, attrition=1.0)
    luck = small.draw(3, MOVEMENT, PERIOD, 1)
    put(small.world, "rebuy_share", strictly(luck[2], again))
    a, b = pull(small, 3, 1, 0), pull(small, 3, 2, 0)
    g = 1 if luck[1] < a / (a + b) else 2
    assert moved(small, 3, 0.0, True)
    assert small.of(3, "intent") == INTENT_STAY
    assert small.counted(0, 0)[left] == 1
    assert small.state.supplier[3] == (g if again else NOBODY)
    way = "returned_switch" if g == 2 else "won_switch"
    assert small.counted(g, 0).get(way, 0) == again


def test_each_rival_is_taken_at_once_by_somebody() -> None:
    """The draw that chooses the rival is the second of index 1, whoever the person is."""
    chosen = set()
    for i in range(6):
        small = Small()
        small.become(i, supplier=1, intent=INTENT_LAPSE_SILENT, ever=0b010)
        put(small.world, "rebuy_share", 1.0)
        a, b = pull(small, i, 0, 0), pull(small, i, 2, 0)
        g = 0 if small.draw(i, MOVEMENT, PERIOD, 1)[1] < a / (a + b) else 2
        moved(small, i, 0.5, False)
        assert small.state.supplier[i] == g
        assert small.counted(g, 0)["won_switch"] == 1
        chosen.add(g)
    assert chosen == {0, 2}


@pytest.mark.parametrize("falls", [True, False])
def test_natural_attrition_ends_all_relations(falls: bool) -> None:
    small = Small()
    small.become(2, supplier=1, ever=0b110, barred=0, segment=1)
    u = np.float64(small.of(2, "attrition"))
    assert moved(small, 2, np.nextafter(u, 0) if falls else u, False) is falls
    if not falls:
        assert not small.tally.any()
        return
    assert small.counted(1, 1) == {"left_natural": 1}
    assert small.counted(0, 1) == {"prospects_gone": 1}
    assert small.counted(2, 1) == {"lapsed_gone": 1}
    assert small.of(2, "barred") == 0b111
    assert small.of(2, "flags") == PRESENT | GONE
    assert small.state.supplier[2] == NOBODY


def test_who_is_lost_already_is_not_lost_again_by_natural_attrition() -> None:
    small = Small()
    small.become(2, supplier=0, ever=0b011, barred=0b110)
    assert moved(small, 2, 0.0, False)
    assert small.counted(0, 0) == {"left_natural": 1}
    assert small.counted(1, 0) == small.counted(2, 0) == {}


@pytest.mark.parametrize("switches", [True, False])
@pytest.mark.parametrize(("i", "f", "s"), [(1, 0, 0), (3, 1, 0), (4, 2, 0), (5, 0, 1)])
def test_who_compares_switches_on_the_right_side_of_the_draw(i: int, f: int, s: int, switches: bool) -> None:
    small = Small()
    small.become(i, supplier=f, segment=s, ever=1 << f)
    luck = small.draw(i, MOVEMENT, PERIOD, 1)
    first, second = [g for g in range(3) if g != f]
    a, b = pull(small, i, first, s), pull(small, i, second, s)
    g = first if luck[1] < a / (a + b) else second
    own, other = SCENARIO.firms[f].strategy, SCENARIO.firms[g].strategy
    satisfaction = mpf(small.of(i, "satisfaction"))
    years = (PERIOD - small.of(i, "joined")) * mpf(YEARS)
    shift = (
        mpf("0.8125") * (mpf(float(small.reputation[g])) + small.of(i, "disposition") - satisfaction) / 10
        + mpf("0.5625") * (opinion(small, i, g) - opinion(small, i, f))
        + mpf("3.75") * (mpf(own.price_index) - other.price_index)
        + mpf("0.34375") * (promise(g, s) - belief(small, i, s))
        + mpf("-1.875") * (small.of(i, "switching_cost") - mpf("0.5"))
        + mpf("-0.6875") * loyalty_by_hand(satisfaction, years)
    )
    base = next(x for x, below in sides(luck[0], shift) if below is switches)
    put(small.world, "movement.switch_share", base)
    assert moved(small, i, 0.999, True) is switches
    assert small.state.supplier[i] == (g if switches else f)
    assert small.counted(f, s).get("left_switch", 0) == switches
    assert small.counted(g, s).get("won_switch", 0) == switches


def test_captives_and_those_who_do_not_review_stay() -> None:
    small = Small()
    put(small.world, "movement.switch_share", 1.0)
    small.become(1, supplier=0, flags=PRESENT | CAPTIVE)
    small.become(2, supplier=0)
    assert not moved(small, 1, 0.999, True)
    assert not moved(small, 2, 0.999, False)
    small.become(2, barred=0b110)
    assert not moved(small, 2, 0.999, True)
    assert not small.tally.any()


# --- returning --------------------------------------------------------------------------------------------------------


def thinks(small: Small, i: int, u: float) -> bool:
    return think_of_return(small.state, i, small.environment, small.books, small.clock(PERIOD), u)


def alone(s: int) -> Any:
    return 1 - exp(-mpf(SCENARIO.segments[s].bonds.returns_per_year) / 12)


def contact(f: int) -> Any:
    return 1 - exp(-mpf(SCENARIO.firms[f].win_back.contacts_per_year) / 12)


@pytest.mark.parametrize("returns", [True, False])
@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(("i", "r", "s"), [(1, 0, 0), (4, 1, 0), (2, 1, 1)])
def test_who_lapsed_returns_unasked_or_for_an_offer(i: int, r: int, s: int, asked: bool, returns: bool) -> None:
    small = Small()
    small.become(i, former=r, ever=1 << r, segment=s)
    luck = small.draw(i, MOVEMENT, PERIOD, 1)
    base = next(x for x, below in sides(luck[3], mpf("0.9375") * opinion(small, i, r)) if below is returns)
    put(small.world, "movement.return_share", 0.0 if asked else base)
    put(small.firms, "accepted_offers", base if asked else 0.0, r)
    edge = float(alone(s))
    assert thinks(small, i, edge + 1e-9 if asked else edge - 1e-9) is returns
    counts = small.counted(r, s)
    assert counts.pop("win_back_cost", 0) == (fixed(SCENARIO.firms[r].win_back.cost) if asked else 0)
    counts.pop("welcome_cost", 0)
    assert counts == ({"won_back" if asked else "returned": 1} if returns else {})
    assert small.state.supplier[i] == (r if returns else NOBODY)


@pytest.mark.parametrize("within", [True, False])
def test_offers_reach_those_whose_draw_is_below_both_chances_together(within: bool) -> None:
    small = Small()
    small.become(1, former=1, ever=0b010)
    put(small.firms, "accepted_offers", 1.0, 1)
    edge = float(alone(0) + contact(1))
    assert thinks(small, 1, edge - 1e-9 if within else edge + 1e-9) is within
    assert bool(small.tally.any()) is within


def test_an_offer_also_wins_from_a_rival_but_no_captive_and_no_one_lost() -> None:
    for columns, returns in [
        ({"supplier": 2}, True),
        ({"supplier": 2, "flags": PRESENT | CAPTIVE}, False),
        ({"supplier": NOBODY, "flags": PRESENT | CAPTIVE}, True),
        ({"supplier": 1}, False),
        ({"supplier": NOBODY, "barred": 0b010}, False),
        ({"supplier": NOBODY, "barred": 0b101}, True),
    ]:
        small = Small()
        small.become(1, former=1, ever=0b110, **columns)
        put(small.world, "movement.return_share", 1.0)
        assert thinks(small, 1, 0.001) is returns
        assert small.counted(1, 0).get("returned", 0) == returns
        assert small.counted(2, 0).get("left_switch", 0) == (returns and columns["supplier"] == 2)


# --- adopting ---------------------------------------------------------------------------------------------------------


def advertised(f: int) -> Any:
    return 1 - (1 - mpf(SCENARIO.firms[f].strategy.advertising_hazard)) ** (mpf(1) / 12)


def wins(f: int, strong: int, weak: int) -> Any:
    return 1 - (1 - advertised(f)) * (1 - mpf("0.0375")) ** weak * (1 - mpf("0.0875")) ** strong


def appeal(small: Small, i: int, f: int, s: int) -> Any:
    return mpf("1.1875") * opinion(small, i, f) + mpf("0.34375") * (promise(f, s) - belief(small, i, s))


WORDS = {0: (2, 3), 1: (1, 5), 2: (0, 0)}


def listener(i: int, s: int = 0) -> Small:
    small = Small()
    small.become(i, segment=s)
    for f, (strong, weak) in WORDS.items():
        small.state.heard[i] = i + 1
        small.state.inbox[i + 1, 1 + 2 * f] = strong * STRONG + weak
        small.state.inbox[i + 1, 2 + 2 * f] = 4 * STRONG + 1
    return small


@pytest.mark.parametrize("s", [0, 1])
@pytest.mark.parametrize("f", range(3))
def test_the_chance_to_adopt_a_firm(f: int, s: int) -> None:
    small = listener(4, s)
    strong, weak = WORDS[f]
    worked = shifted(wins(f, strong, weak), appeal(small, 4, f, s))
    found = chance_to_adopt(small.state, 4, small.environment, f)
    assert found == pytest.approx(float(worked), rel=1e-11)
    plain = won_over(small.state, 4, small.environment, f, 0.0)
    assert plain == pytest.approx(float(wins(f, strong, weak)), rel=1e-11)
    tilted = won_over(small.state, 4, small.environment, f, -0.8)
    assert tilted == pytest.approx(float(shifted(wins(f, strong, weak), mpf("-0.8"))), rel=1e-11)
    for known in ({"ever": 1 << f}, {"barred": 1 << f}):
        lapsed = listener(4, s)
        lapsed.become(4, **known)
        assert chance_to_adopt(lapsed.state, 4, lapsed.environment, f) == 0.0
        other = (f + 1) % 3
        assert chance_to_adopt(lapsed.state, 4, lapsed.environment, other) > 0.0


def adopted(small: Small, i: int, u: float) -> int:
    adopt(small.state, i, small.environment, small.books, small.clock(PERIOD), u)
    return int(small.state.supplier[i])


@pytest.mark.parametrize("i", range(6))
def test_who_adopts_which_firm_and_why(i: int) -> None:
    small = listener(i)
    chances = [shifted(wins(f, *WORDS[f]), appeal(small, i, f, 0)) for f in range(3)]
    nobody = (1 - chances[0]) * (1 - chances[1]) * (1 - chances[2])
    assert adopted(small, i, float(nobody) - 1e-9) == NOBODY
    assert not small.tally.any()
    luck = small.draw(i, MOVEMENT, PERIOD, 1)
    place = luck[1] * sum(chances)
    f = 0 if place < chances[0] else 1 if place < chances[0] + chances[1] else 2
    assert adopted(small, i, float(nobody) + 1e-9) == f
    by_talk = luck[0] * wins(f, *WORDS[f]) >= advertised(f)
    counts = small.counted(f, 0)
    counts.pop("welcome_cost")
    assert counts == {"won_talk" if by_talk else "won_advertising": 1}


def test_somebody_adopts_each_firm_by_either_way() -> None:
    ways = set()
    for i in range(40):
        small = Small(people=40)
        small.become(slice(0, 40), satisfaction=50.0)
        small.state.opinion[:] = 0.25
        for f, (strong, weak) in WORDS.items():
            small.state.heard[i] = i + 1
            small.state.inbox[i + 1, 1 + 2 * f] = strong * STRONG + weak
        luck = small.draw(i, MOVEMENT, PERIOD, 1)
        chances = [shifted(wins(f, *WORDS[f]), appeal(small, i, f, 0)) for f in range(3)]
        place = luck[1] * sum(chances)
        f = 0 if place < chances[0] else 1 if place < chances[0] + chances[1] else 2
        assert adopted(small, i, 0.99999) == f
        by_talk = luck[0] * wins(f, *WORDS[f]) >= advertised(f)
        assert small.tally[f, 0, O.won_talk if by_talk else O.won_advertising] == 1
        ways.add((f, bool(by_talk)))
    assert ways >= {(0, True), (0, False), (1, True), (1, False), (2, False)}


def test_on_the_border_of_chances_a_draw_belongs_to_what_follows() -> None:
    """Chances of v and 1 - v, v being the draw for the firm: it ends the first one's part, so the second is taken."""
    small = Small()
    put(small.world, "talk.opinion_on_adoption", 0.0)
    put(small.world, "movement.promise", 0.0)
    v = small.draw(1, MOVEMENT, PERIOD, 1)[1]
    for f, chance in enumerate((v, 1 - v, 0.0)):
        put(small.firms, "advertising_chance", chance, f)
    nobody = (1 - v) * v
    assert adopted(small, 1, float(np.nextafter(nobody, 0))) == NOBODY
    assert adopted(small, 1, nobody) == 1


def test_who_knows_every_firm_adopts_none() -> None:
    small = listener(1)
    small.become(1, ever=0b111)
    assert adopted(small, 1, 0.99999) == NOBODY


# --- the stage --------------------------------------------------------------------------------------------------------


def stage(small: Small, low: int = 0, high: int | None = None) -> None:
    end = small.people if high is None else high
    movement_stage(small.state, small.environment, small.books, small.clock(PERIOD), nobody_outside(), low, end)


def test_the_stage_takes_each_of_its_draws_for_one_purpose() -> None:
    """Of index 0: attrition, review, thinking of a return, adoption; each person stands a hair beside the own edge."""
    for below in (True, False):
        small = Small(people=4)
        small.become(slice(0, 4), satisfaction=60.0, joined=3)
        lucks = [small.draw(i, MOVEMENT, PERIOD, 0) for i in range(4)]
        attrition = np.float32(lucks[0][0])
        while below is (float(attrition) <= lucks[0][0]):
            attrition = np.nextafter(attrition, np.float32(1 if below else 0))
        small.become(0, supplier=0, ever=1, attrition=attrition)
        put(small.world, "movement.switch_share", 1.0)
        put(small.world, "movement.return_share", 1.0)
        small.become(1, supplier=1, ever=2, segment=1, attrition=0.0)
        small.environment.prices.reviews[:, 1] = strictly(lucks[1][1], below)
        small.environment.prices.reviews[:, 0] = 0.0
        put(small.segments, "return_chance", strictly(lucks[2][2], below), 0)
        put(small.segments, "return_chance", 0.0, 1)
        put(small.firms, "contact_chance", 0.0, 2)
        small.become(2, former=2, ever=0b111, segment=0)
        for f in range(3):
            put(small.firms, "advertising_chance", 0.0, f)
        small.become(3, segment=1, ever=0b110)
        shift = appeal(small, 3, 0, 1)
        base = 1 - lucks[3][3]
        hair = 1e-9 if below else -1e-9
        put(small.firms, "advertising_chance", float(shifted(base + hair, -shift)), 0)
        stage(small)
        assert bool(small.state.supplier[0] == NOBODY) is below
        assert bool(small.state.supplier[1] != 1) is below
        assert bool(small.state.supplier[2] == 2) is below
        assert bool(small.state.supplier[3] == 0) is below
        ways = [small.tally[:, :, k].sum() for k in (O.left_natural, O.left_switch, O.returned, O.won_advertising)]
        assert ways == [below] * 4


def test_the_stage_leaves_alone_who_is_absent_and_empties_every_inbox() -> None:
    small = Small(people=4)
    put(small.firms, "advertising_chance", 1.0)
    put(small.segments, "return_chance", 1.0)
    small.become(0, flags=0)
    small.become(1, flags=PRESENT | GONE)
    small.become(2, flags=PRESENT, supplier=NOBODY)
    for i in range(4):
        small.hears(i, [0, 3, 0, 2, 0, STRONG, 1])
    stage(small, 0, 3)
    assert small.state.supplier[[0, 1, 3]].tolist() == [NOBODY] * 3
    assert small.state.supplier[2] != NOBODY
    assert not small.state.inbox[:4].any()
    assert small.state.heard.tolist() == [0, 0, 0, 4]
    assert small.state.inbox[4].any()
    assert small.tally[:, 0, O.heard_positive].tolist() == [9, 6, 3]
    assert small.tally[2, 0, O.heard_negative] == 3


def test_a_customer_who_listens_and_stays_adopts_no_other_firm() -> None:
    small = Small(people=1)
    for f in range(3):
        put(small.firms, "advertising_chance", 1.0, f)
    small.become(0, supplier=1, ever=0b010, attrition=0.0, satisfaction=60.0)
    small.hears(0, [0, 3, 0, 2, 0, STRONG, 1])
    small.environment.prices.reviews[:, 0] = 0.0
    stage(small)
    assert small.state.supplier[0] == 1
    counts = small.tally.sum(axis=(0, 1))
    assert not counts[[O.won_advertising, O.won_talk, O.won_switch, O.left_switch]].any()
    assert counts[O.heard_positive] == 6


def test_whoever_left_or_returned_in_the_period_adopts_nothing_in_it() -> None:
    small = Small(people=2)
    small.become(slice(0, 2), satisfaction=60.0)
    for f in range(3):
        put(small.firms, "advertising_chance", 1.0, f)
    put(small.segments, "return_chance", 1.0)
    put(small.world, "movement.return_share", 0.0)
    put(small.world, "rebuy_share", 0.0)
    small.become(0, supplier=1, ever=0b010, intent=INTENT_LEAVE_SILENT)
    small.become(1, former=2, ever=0b100)
    stage(small, 0, 1)
    assert small.state.supplier[0] == NOBODY
    put(small.world, "movement.return_share", 1.0)
    stage(small, 1, 2)
    assert small.state.supplier[1] == 2
    assert small.tally[2, 0, O.returned] == 1
    assert not small.tally[:, :, [O.won_advertising, O.won_talk]].any()
