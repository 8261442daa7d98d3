"""Shapley values: worked out by hand, exact sums, players that do nothing or the same, and sampling with its error."""

from fractions import Fraction
from itertools import chain, combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.studies.attributed import attribute
from sim.studies.shapley import MOST_EXACT, CoalitionDesign, design, shapley, to_the_cent


def game(players, value):
    """A game on all coalitions of some players, from a function of a set."""
    every = chain.from_iterable(combinations(range(players), size) for size in range(players + 1))
    return {frozenset(one): value(frozenset(one)) for one in every}


def test_three_players_by_hand():
    """v: alone 0 brings 12, 1 brings 6, 2 nothing; 01 brings 30, 02 brings 24, 12 brings 6; all together 48.

    Player 0, order by order: 012 12, 021 12, 102 24, 120 42, 201 24, 210 42: 156 / 6 = 26. Player 1: 012 18, 021 24,
    102 6, 120 6, 201 24, 210 6: 84 / 6 = 14. Player 2: 012 18, 021 12, 102 18, 120 0, 201 0, 210 0: 48 / 6 = 8.
    """
    worth = {"": 0, "0": 12, "1": 6, "2": 0, "01": 30, "02": 24, "12": 6, "012": 48}
    found = shapley({frozenset(map(int, names)): value for names, value in worth.items()}, CoalitionDesign(3))
    assert [share.value for share in found] == [26, 14, 8]
    assert [(share.least, share.most) for share in found] == [(12, 42), (6, 24), (0, 18)]
    assert {share.error for share in found} == {0.0}


def test_who_adds_nothing_gets_nothing_and_two_who_are_one_get_halves():
    def worth(one):
        return 0.1 * (0 in one) + 0.7 * bool(one & {1, 2})  # 1 and 2 are the same; 3 does nothing

    shares = [share.value for share in shapley(game(4, worth), CoalitionDesign(4))]
    assert shares[3] == 0
    assert shares[1] == shares[2]
    assert float(shares[1]) == pytest.approx(0.35)


@given(st.lists(st.floats(-1e9, 1e9), min_size=16, max_size=16))
def test_shares_add_up_to_the_last_bit(values):
    played = dict(zip(game(4, len), values, strict=True))
    total = Fraction(played[frozenset(range(4))]) - Fraction(played[frozenset()])
    assert sum(share.value for share in shapley(played, CoalitionDesign(4))) == total


@given(st.lists(st.fractions(-1000, 1000), min_size=1, max_size=7))
def test_rounded_to_the_cent_they_add_up_to_the_cent(parts):
    rounded = to_the_cent(parts, sum(parts))
    assert sum(round(100 * part) for part in rounded) == round(100 * sum(parts))
    assert all(
        abs(Fraction(shown) - part) <= Fraction(10001, 1000000) for shown, part in zip(rounded, parts, strict=True)
    )


def test_up_to_six_all_orders_are_looked_at_and_beyond_some_are_drawn():
    assert len(design(MOST_EXACT, 8, 1).coalitions) == 64
    drawn = design(7, 8, 1)
    assert len(drawn.orders) == 8
    assert drawn.orders[0] == drawn.orders[1][::-1]
    assert len(drawn.coalitions) <= 8 * 6 + 2
    assert drawn == design(7, 8, 1) != design(7, 8, 2)


def test_drawn_orders_add_up_exactly_and_their_error_covers():
    """Seven players; the exact shares by all 5,040 orders' coalitions, and nine in ten intervals at least hold them."""
    lot = Random(5)
    synergy = {pair: lot.uniform(0, 3) for pair in combinations(range(7), 2)}

    def worth(one):
        return sum(gain for pair, gain in synergy.items() if set(pair) <= one) ** 1.5 + 2.0 * len(one)

    played = game(7, worth)
    exact = shapley(played, CoalitionDesign(7))
    covered = []
    for seed in range(30):
        drawn = design(7, 20, seed)
        shares = shapley(played, drawn)
        assert sum(share.value for share in shares) == Fraction(played[frozenset(range(7))]) - Fraction(
            played[frozenset()]
        )
        covered += [abs(float(one.value - all_.value)) <= one.error for one, all_ in zip(shares, exact, strict=True)]
        assert all(all_.least <= one.least <= one.most <= all_.most for one, all_ in zip(shares, exact, strict=True))
    assert np.mean(covered) > 0.9


def test_replications_with_a_failed_world_are_left_out():
    played = {
        frozenset(): np.array([0.0, 0.0, 0.0]),
        frozenset({0}): np.array([1.0, np.nan, 3.0]),
        frozenset({1}): np.array([2.0, 9.0, 2.0]),
        frozenset({0, 1}): np.array([5.0, 9.0, 7.0]),
    }
    found = attribute(played, CoalitionDesign(2))
    assert found.pairs == 2
    assert [row["value"] for row in found.rows] == [
        3.0,
        3.0,
    ]  # (1 + 3) / 2 and (3 + 5) / 2; (2 + 4) / 2 and (2 + 4) / 2
    assert found.total.value == 6.0
    assert sum(found.exact) == 6
