"""Luck, dependence and regions."""

import numpy as np
import pytest
from scipy import stats

from sim.results.intervals import holm
from sim.studies.sensitivity.dependence import binned_means, bins_of, dependence_of, map_of
from sim.studies.sensitivity.indices import saltelli_design
from sim.studies.sensitivity.luck_share import luck, point_means
from sim.studies.sensitivity.regions import best_range, regions_of


def test_shares_of_luck_are_those_that_went_in():
    # Var a = 4, Var b = 1, Var e = 3 with 5 replications: of one run 4/8, of means (3/5) / (4 + 3/5).
    generator = np.random.default_rng(1)
    estimates = np.array(
        [
            luck(
                2.0 * generator.normal(size=(400, 1))
                + generator.normal(size=(1, 5))
                + np.sqrt(3.0) * generator.normal(size=(400, 5))
            )
            for _ in range(200)
        ]
    )
    # mean of 200: standard errors 0.003 and 0.001; four of them
    assert estimates[:, 0].mean() == pytest.approx(0.5, abs=0.03)  # a ratio of estimates, with few degrees for b
    assert estimates[:, 1].mean() == pytest.approx(0.6 / 4.6, abs=0.005)


def test_luck_needs_two_replications():
    assert np.isnan(luck(np.ones((10, 1)))).all()


def test_a_point_with_a_failed_run_has_no_mean():
    assert np.isnan(point_means(np.array([[1.0, np.nan], [1.0, 3.0]]))).tolist() == [True, False]


def test_means_along_a_factor_are_those_of_a_linear_model():
    unit = saltelli_design(3, 512, seed=1)
    y = unit @ np.array([6.0, -3.0, 0.0])
    table = dependence_of(unit, y, np.arange(len(unit)) // 5, ["a", "b", "c"], [None, None, None])
    a = table[table["factor"] == "a"]
    assert a["mean"].to_numpy() == pytest.approx(6.0 * a["place"] - 1.5, abs=0.1)
    assert table[table["factor"] == "c"]["mean"].to_numpy() == pytest.approx(1.5, abs=0.1)


def test_intervals_along_a_factor_count_blocks_and_not_points():
    # All points of a block have the same value: intervals that took them for independent would cover far less. 100
    # designs x 4 bins, at least 90% wanted; below with probability 1e-4 at 95% and independence.
    generator, covered = np.random.default_rng(2), []
    for _ in range(100):
        block = np.repeat(np.arange(60), 6)
        unit = generator.random(360)
        y = generator.normal(size=60)[block]
        bins, places = bins_of(unit, None, 4)
        table = binned_means(bins, len(places), y, block)
        covered.append((table["low"] <= 0) & (table["high"] >= 0))
    assert 0.9 <= np.mean(covered) <= 0.985


def test_few_values_have_a_bin_each():
    unit = np.array([0.1, 0.4, 0.9, 0.95, 0.2])
    bins, places = bins_of(unit, 3, 2)
    assert bins.tolist() == [0, 1, 2, 2, 0]
    assert places == pytest.approx([1 / 6, 0.5, 5 / 6])


def test_a_map_shows_what_two_factors_do_together():
    unit = saltelli_design(2, 1024, seed=1)
    y = unit[:, 0] * unit[:, 1]
    table = map_of(unit, y, np.arange(len(unit)) // 4, ["a", "b"], [None, None], ("b", "a"))
    assert set(table["factor"]) == {"b"}
    assert table["mean"].to_numpy() == pytest.approx(table["place"] * table["with_place"], abs=0.03)


def test_the_factor_that_decides_is_found_and_the_others_are_not():
    unit = np.random.default_rng(1).random((400, 3))
    met = unit[:, 1] > 0.8
    table = regions_of(unit, met, ["a", "b", "c"], [None] * 3, np.ones(400, bool)).set_index("factor")
    assert table.loc["b", "distance"] == 1.0
    assert table.loc["b", "low"] > 0.8
    assert (table.loc["b", "inside"], table.loc["b", "outside"]) == (1.0, 0.0)
    assert table.loc["b", "p_holm"] < 1e-20
    assert table.loc[["a", "c"], "p_holm"].min() > 0.05
    theirs = stats.ks_2samp(unit[met, 0], unit[~met, 0])
    assert table.loc["a", ["distance", "p"]].tolist() == pytest.approx([theirs.statistic, theirs.pvalue])


def test_false_alarms_are_as_rare_as_they_should_be():
    # 300 analyses of 4 factors that decide nothing: some factor significant at 5% in 5% of them at most; more than 9%
    # with probability 0.2%.
    generator, alarms = np.random.default_rng(4), 0
    for _ in range(300):
        unit, met = generator.random((120, 4)), generator.random(120) < 0.3
        table = regions_of(unit, met, list("abcd"), [None, None, None, 3], np.ones(120, bool))
        alarms += table["p_holm"].min() < 0.05
    assert alarms / 300 <= 0.09


def test_a_text_is_told_by_its_shares():
    unit = np.repeat([[0.1], [0.5], [0.9]], 20, axis=0)
    met = np.repeat([False, True, False], 20)
    met[:2] = True
    row = regions_of(unit, met, ["preset"], [3], np.ones(60, bool)).iloc[0]
    assert (row["low"], row["inside"], row["outside"]) == (0.5, 1.0, 2 / 40)
    assert row["distance"] == pytest.approx(20 / 22)


def test_p_values_rest_on_points_drawn_independently():
    generator = np.random.default_rng(1)
    alone = np.zeros(400, bool)
    alone[::10] = True
    unit = np.repeat(generator.random((40, 1)), 10, axis=0)
    met = np.repeat(generator.random(40) < 0.4, 10)
    few = regions_of(unit, met, ["a"], [None], alone).iloc[0]
    once = regions_of(unit[::10], met[::10], ["a"], [None], alone[::10]).iloc[0]
    assert few["p"] == once["p"]


@pytest.mark.parametrize("count", [0, 4, 396, 400])
def test_too_few_points_give_no_answer(count):
    unit = np.random.default_rng(1).random((400, 1))
    row = regions_of(unit, np.arange(400) < count, ["a"], [None], np.ones(400, bool)).iloc[0]
    assert np.isnan(row["distance"])
    assert "of 400 points" in row["reason"]


def test_the_best_range_is_that_of_a_search_through_all():
    generator = np.random.default_rng(9)
    unit, met = generator.integers(0, 12, 60) / 12, generator.random(60) < 0.4
    found = best_range(unit, met)

    def gain(low, high):
        inside = (unit >= low) & (unit <= high)
        return inside[met].mean() - inside[~met].mean()

    best = max(gain(low, high) for low in np.unique(unit) for high in np.unique(unit) if low <= high)
    assert gain(found.low, found.high) == pytest.approx(best)


def test_holm_leaves_gaps_alone():
    adjusted = holm([0.01, float("nan"), 0.04])
    assert adjusted[0] == 0.02
    assert np.isnan(adjusted[1])
    assert adjusted[2] == 0.04
