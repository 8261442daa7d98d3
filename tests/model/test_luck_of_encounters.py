"""The twelve draws of an encounter: uniform, normal out to one in a million, and independent of each other.

All seeds are fixed. What is counted or correlated is held to six standard errors, two chances in 10^9 each; the tests
of Kolmogorov and Smirnov and the counts in the tails to chances of 10^-9. Together they would raise a false alarm about
once in a million changes of the seeds.
"""

from collections.abc import Iterator

import numpy as np
import pytest
from scipy import stats

from sim.model import luck
from sim.model.contexts import Clock
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.encounter import draw
from sim.model.encounter_table import ROWS, T

AT_ONCE = 4_000
UNIFORM = [T.u_kind, T.u_channel, T.u_failure, T.u_interception, T.u_warranty, T.u_talk]
NORMAL = [T.scatter + d for d in range(DIMENSION_COUNT)]
SURE = 1e-9


def drawn(people: int, seed: int, period: int = 3, encounter: int = 0) -> Iterator[np.ndarray]:
    """Uniforms and normals, a row each, of some thousands of persons at a time."""
    table, clock = np.zeros((len(ROWS), AT_ONCE)), Clock(np.uint64(seed), period)  # type: ignore[arg-type]
    for first in range(0, people, AT_ONCE):
        draw(table, AT_ONCE, np.arange(first, first + AT_ONCE).astype(np.uint32), clock, encounter)
        yield table[UNIFORM + NORMAL].copy()


@pytest.fixture(scope="module")
def some() -> np.ndarray:
    return np.concatenate(list(drawn(200_000, 5)), axis=1)


def test_each_draw_has_its_distribution_and_moments(some: np.ndarray) -> None:
    for row, values in enumerate(some):
        law = stats.uniform() if row < len(UNIFORM) else stats.norm()
        assert stats.kstest(values, law.cdf).pvalue > SURE
        for power in (1, 2, 3, 4):
            moment, spread = law.moment(power), np.sqrt(law.moment(2 * power) - law.moment(power) ** 2)
            assert abs((values**power).mean() - moment) < 6 * spread / np.sqrt(values.size)
    assert some[: len(UNIFORM)].min() >= 2.0**-33
    assert some[: len(UNIFORM)].max() <= 1 - 2.0**-33


def test_draws_are_independent_of_each_other_of_neighbours_and_of_other_encounters(some: np.ndarray) -> None:
    ranks = [np.concatenate(list(drawn(200_000, 5, *key)), axis=1) for key in ((3, 1), (4, 0))]

    def scaled(draws: np.ndarray) -> np.ndarray:
        """Uniforms of all, and how far they are from the middle: extremes must not come together either."""
        u = np.concatenate([draws[: len(UNIFORM)], stats.norm.cdf(draws[len(UNIFORM) :])])
        both = np.concatenate([u - 0.5, abs(u - 0.5) - 0.25])
        return both / np.sqrt([[1 / 12]] * len(u) + [[1 / 48]] * len(u))

    here = scaled(some)
    found = here @ here.T / np.sqrt(some.shape[1])
    assert abs(found[np.triu_indices(len(found), 1)]).max() < 6
    for others in (here[:, 1:], here[:, 7:], *map(scaled, ranks)):
        with_others = here[:, : others.shape[1]] @ others.T / np.sqrt(others.shape[1])
        assert abs(with_others).max() < 6


def test_normals_fall_beyond_each_quantile_as_often_as_they_should_to_one_in_a_million() -> None:
    shares = np.array([10.0**-n for n in range(1, 7)] + [3e-6, 3e-5, 0.0025])
    borders = stats.norm.isf(shares)
    above, below, people = np.zeros(shares.size), np.zeros(shares.size), 4_000_000
    for draws in drawn(people, 11):
        values = draws[len(UNIFORM) :].ravel()
        outer = values[abs(values) > borders.min()]
        above += (outer[:, None] > borders).sum(axis=0)
        below += (outer[:, None] < -borders).sum(axis=0)
    count = people * DIMENSION_COUNT
    for found in (above, below):
        for n, share in zip(found, shares, strict=True):
            assert min(stats.binom.cdf(n, count, share), stats.binom.sf(n - 1, count, share)) > SURE / 2
    assert above[5] + below[5] > 10  # one in a million


def test_a_swift_normal_is_near_the_quantile_everywhere_and_exact_in_the_tails() -> None:
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 40_001), 0.0025 + np.linspace(-1e-7, 1e-7, 101)])
    ours, exact = np.array([luck.swift_normal(x) for x in u.tolist()]), stats.norm.ppf(u)
    assert abs(ours - exact).max() <= 2e-7
    assert (abs(ours - exact) / np.maximum(1.0, abs(exact))).max() <= 6.1e-8
    tail = abs(u - 0.5) > luck.SWIFT
    np.testing.assert_allclose(ours[tail], exact[tail], rtol=4e-15)
    steps = np.arange(0, 2**32, 2**20 - 1)
    mirrored = ((steps + 0.5) * 2.0**-32).tolist()
    assert all(luck.swift_normal(x) == -luck.swift_normal(1.0 - x) for x in mirrored)
    # no share of the distribution is off by more than what the error of a quantile makes of it: 2e-7 of a tenth
    assert abs(stats.norm.cdf(ours) - u).max() < 2e-8
