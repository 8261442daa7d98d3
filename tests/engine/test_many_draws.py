"""Many people drawn at once are those drawn one by one, to the last bit."""

import numpy as np
import pytest

from sim.compiled import kernel
from sim.engine.births import BLOCK, populate
from sim.engine.many_draws import DEVIATE, OF_GAMMAS, Many, draw_gammas, draw_normals
from sim.engine.state import empty_state
from sim.model.gammas import UNDOUBTED, gamma_frame, gamma_parts, surely_taken
from sim.model.luck import normal
from sim.model.population import be_born
from sim.vocabulary.streams import INITIAL
from tests.engine.loops.small import NOBODY_LIVED, Small, put

SEED = np.uint64(20)


@kernel
def one_by_one(first, last, uniform, quantile):
    for j in range(last.shape[1]):
        quantile[j] = normal(uniform[j])
        last[0, j], last[1, j] = gamma_parts(np.uint64(20), INITIAL, j + 3, 0, 77, first)


@pytest.mark.parametrize("shape", [0.05, 0.63, 1.0, 2.04, 8.37, 3e4, 2e5])
def test_normals_and_gammas(shape: float) -> None:
    count = 3000
    draws, few = np.zeros((OF_GAMMAS + 2, count)), np.empty(count, np.int32)
    alone, quantiles = np.empty((2, count)), np.empty(count)
    uniform = (np.arange(count) + 0.5) / count
    one_by_one(shape, alone, uniform, quantiles)
    draws[OF_GAMMAS] = uniform
    many = Many(np.arange(3, count + 3).astype(np.uint32), count, draws, few)
    draw_normals(many, OF_GAMMAS, DEVIATE)
    assert np.array_equal(draws[DEVIATE], quantiles)
    draw_gammas(many, SEED, INITIAL, 77, shape, OF_GAMMAS)
    assert np.array_equal(draws[OF_GAMMAS:], alone)


def test_who_is_surely_taken_would_be_taken() -> None:
    """The comparison of logarithms, just where the quick one ends, with room for all its rounding."""
    z = np.linspace(-2.4, 2.4, 4801)
    for shape in (1.0, 1.05, 1.63, 2.04, 8.37, 300.0, 3e4, 9.9e4):
        d, c = gamma_frame(shape)
        root = 1.0 + c * z
        edge = 1.0 - UNDOUBTED - 0.0331 * z**4
        there = (root > 0.0) & (edge > 1e-9)
        u, v = edge[there] - 1e-12, root[there] ** 3
        assert all(surely_taken(*pair, d) for pair in zip(u.tolist(), z[there].tolist(), strict=True))
        above = 0.5 * z[there] ** 2 + d * (1.0 - v + np.log(v)) - np.log(u)
        assert (above > 1e-7).all()
    assert not surely_taken(0.5, 3.0, 2.0)


@pytest.mark.parametrize("renewal", [0.0, 0.2])
def test_people_of_the_start(renewal: float) -> None:
    """Of several segments and firms, some of whom enter later, in more than one block that begins anywhere."""
    low, high, present = 5, 2 * BLOCK + 90, 2 * BLOCK + 40
    small = Small(people=high)
    put(small.segments, "encounters.frequency_cv", 0.0, 1)
    put(small.segments, "bonds.attrition_polarization", 0.35, 0)
    put(small.segments, "bonds.attrition_polarization", 0.0, 1)
    put(small.segments, "drop_out.per_purchase", 0.2, 0)
    put(small.segments, "renewal_chance", renewal, 0)
    steps = np.array([0.6875, 1.0, 0.4, 0.65, 0.8])
    together, alone = (empty_state(high, 3) for _ in range(2))
    for state in (together, alone):
        state.luck[:] = 101 + 13 * np.arange(high)
    populate(together, small.environment, steps, NOBODY_LIVED, present, small.seed, low, high)
    for i in range(low, high):
        be_born_compiled(alone, i, small.environment, steps, i < present, small.seed)
    for name in together._fields:
        assert getattr(together, name).tobytes() == getattr(alone, name).tobytes(), name


@kernel
def be_born_compiled(state, i, environment, steps, present, seed):
    be_born(state, i, environment, steps, present, seed)
