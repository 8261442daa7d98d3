"""Who may take a first supplier: the bound that spares most people the sum over the firms is one."""

from random import Random

import numpy as np
import pytest

from sim.engine.movement import stay_alone
from sim.model.adoption import CELL, CELLS, cell_of, chance_to_adopt, nobody_adopts
from sim.model.expectation import predicted
from tests.engine.loops.small import SCENARIO, Small, five, put, shifted
from tests.model.worked import numbers

mpf = numbers.mpf
FIRMS, SEGMENTS = 3, 2


def test_whoever_hears_nothing_adopts_nobody_at_least_as_often_as_the_bound_says() -> None:
    """Best opinion, what is believed of each firm, a prediction of 4.5: 1.5 + 0.25 x (promise - 4.5) - price."""
    small = Small()
    put(small.world, "talk.opinion_on_adoption", 1.5)
    put(small.world, "movement.promise", 0.25)
    put(small.world, "movement.price_on_adoption", 2.0)
    small.environment.prices.market[:] = 1.25, 0.75, 1.0
    promises = [[5.0, 3.0, 4.5, 4.0, 2.5], [5.0, 6.0, 4.5, 6.5, 5.5], [6.0, 5.5, 6.5, 4.0, 3.5]]
    for s, segment in enumerate(SCENARIO.segments):
        importance, bound = five(segment.judgement.importance), mpf(1)
        for f, dearer in enumerate(("-0.125", "0.125", "0.0625")):
            small.firms["believed"][f] = promises[f]
            put(small.firms, "advertising_chance", 0.0625 * (f + 1), f)
            promise = sum(weight * level for weight, level in zip(importance, promises[f], strict=True))
            appeal = mpf("1.5") + mpf("0.25") * (promise - mpf("4.5")) - 2 * mpf(dearer)
            bound *= 1 - shifted(mpf("0.0625") * (f + 1), appeal)
        found = nobody_adopts(small.environment, s, 4.5)
        assert found == pytest.approx(float(bound), rel=1e-11)
        assert found < bound


def any_market(random: Random) -> Small:
    """The small market with other weights, beliefs, prices, contracts and advertising; a firm may be away."""
    small = Small(people=1)
    put(small.world, "talk.opinion_on_adoption", random.choice([0.0, 1.5, 20.0 * random.random()]))
    put(small.world, "movement.promise", random.choice([0.0, 1.0, 20.0 * random.random()]))
    put(small.world, "movement.price_on_adoption", 12.0 * random.random())
    put(small.world, "movement.contract", -random.random())
    for f in range(FIRMS):
        small.firms["believed"][f] = [random.choice([1.0, 7.0, 1 + 6 * random.random()]) for _ in range(5)]
        put(small.firms, "advertising_chance", random.choice([0.0, 1.0, random.random() ** 6]), f)
        put(small.firms, "bound_years", 2.0 * random.random(), f)
        put(small.firms, "in_market", float(random.random() < 0.9), f)
        small.environment.prices.market[f] = 0.5 + random.random()
    return small


@pytest.mark.parametrize("seed", range(25))
def test_nobody_stays_alone_less_often_than_the_table_says(seed: int) -> None:
    """Against the rule itself, for people at the ends of the scale, on the edges of its cells and anywhere between."""
    random = Random(seed)
    small = any_market(random)
    table = stay_alone(small.environment)
    assert table.shape == (SEGMENTS, CELLS)
    level = random.choice([1.0, 7.0, 1.0 + CELL * random.randrange(CELLS)])
    for will in ([level] * 5, [1.0 + 6.0 * random.random() for _ in range(5)]):
        for opinions in ([1.0] * FIRMS, [random.uniform(-1.0, 1.0) for _ in range(FIRMS)]):
            s = random.randrange(SEGMENTS)
            small.become(0, will=will, opinion=opinions, segment=s, ever=random.choice([0, 0, 0b010, 0b101]))
            alone = 1.0
            for g in range(FIRMS):
                alone *= 1.0 - chance_to_adopt(small.state, 0, small.environment, g)
            mean = predicted(small.state.people[0], small.segments["judgement"]["importance"][s])
            assert table[s, cell_of(mean)] <= alone


def test_the_table_is_the_rule_where_prediction_and_opinion_are_those_of_the_bound() -> None:
    """On the lower edge of a cell nothing is given away but opinion, and with the best one nothing at all."""
    small = Small(people=1)
    table = stay_alone(small.environment)
    for cell in range(CELLS):
        small.become(0, will=[1.0 + CELL * cell] * 5, opinion=[1.0] * FIRMS)
        chances = [chance_to_adopt(small.state, 0, small.environment, g) for g in range(FIRMS)]
        assert table[0, cell] == pytest.approx(np.prod(1.0 - np.array(chances)), rel=1e-11)
    assert (np.diff(table) > 0.0).all()
