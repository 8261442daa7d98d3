"""Indices against closed forms, against SALib, and their intervals against their promise."""

import numpy as np
import pytest

from sim.studies.sensitivity.indices import (
    elementary_effects,
    morris_design,
    morris_indices,
    saltelli_design,
    sobol_indices,
)
from sim.vocabulary.errors import ScenarioError
from tests.studies.sensitivity.known import ishigami, ishigami_indices, sobol_g, sobol_g_indices

ABC = ["a", "b", "c"]


def problem(names):
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def test_the_indices_of_the_ishigami_function_come_out():
    table = sobol_indices(ishigami(saltelli_design(3, 4096, seed=3)), ABC, seed=0)
    assert table["value"].to_numpy() == pytest.approx(ishigami_indices()[0], abs=0.01)


def test_a_pair_that_works_together_is_found():
    y = ishigami(saltelli_design(3, 4096, seed=3, second_order=True))
    table = sobol_indices(y, ABC, seed=0, second_order=True)
    second = table[table["measure"] == "second_order"].set_index(["factor", "with"])["value"]
    assert second[("a", "c")] == pytest.approx(ishigami_indices()[1], abs=0.02)
    assert second[("a", "b")] == pytest.approx(0.0, abs=0.02)


def test_the_indices_of_the_g_function_come_out():
    a = np.array([0.0, 0.5, 3.0, 9.0, 99.0])
    table = sobol_indices(sobol_g(saltelli_design(5, 4096, seed=1), a), list("abcde"), seed=0)
    first, total = sobol_g_indices(a)
    assert table["value"].to_numpy() == pytest.approx(np.concatenate([first, total]), abs=0.02)


def test_intervals_cover_the_truth_as_often_as_they_say():
    # 60 designs x 6 indices. If each interval covered with 95% and all were independent, fewer than 90% of 360 would
    # cover with probability 1e-4.
    truth, covered = ishigami_indices()[0], []
    for seed in range(60):
        table = sobol_indices(ishigami(saltelli_design(3, 128, seed)), ABC, seed)
        covered.append((table["low"] <= truth) & (truth <= table["high"]))
    assert np.mean(covered) >= 0.9
    assert np.mean(covered) < 1.0


@pytest.mark.parametrize("factors", [2, 3, 5, 6, 8, 12, 15])
def test_no_factor_is_compared_with_a_column_that_hangs_together_with_its_own(factors):
    # In the sequence as it comes, indices of single factors come out up to 1.9 with 64 blocks.
    names = [str(i) for i in range(factors)]
    for seed in range(3):
        unit = saltelli_design(factors, 64, seed)
        for i in range(factors):
            table = sobol_indices(unit[:, i], names, seed).set_index(["measure", "factor"])["value"]
            assert table[("total", str(i))] == pytest.approx(1.0, abs=0.12)
            assert table["total"].drop(str(i)).abs().max() == 0.0


@pytest.mark.parametrize("second_order", [False, True])
def test_rows_of_a_block_differ_in_the_factor_that_they_are_about(second_order):
    d = 4
    blocks = saltelli_design(d, 16, seed=2, second_order=second_order).reshape(16, -1, d)
    a, b = blocks[:, 0], blocks[:, -1]
    assert (a != b).all()
    for i in range(d):
        mixed = a.copy()
        mixed[:, i] = b[:, i]
        assert np.array_equal(blocks[:, 1 + i], mixed)
        if second_order:
            mixed = b.copy()
            mixed[:, i] = a[:, i]
            assert np.array_equal(blocks[:, 1 + d + i], mixed)


def test_luck_is_no_part_of_the_indices_with_two_replications():
    # Luck that every point deals anew, with the factors' variance: with 3 replications a quarter of the means'
    # variance, which is added to each total index where it is not taken out. Means of 40 designs of 256 have
    # standard errors below 0.01; four of them.
    truth, estimates, naive = ishigami_indices()[0], [], []
    for seed in range(40):
        y = ishigami(saltelli_design(3, 256, seed))
        runs = y[:, None] + np.random.default_rng(seed).normal(size=(len(y), 3)) * y.std()
        estimates.append(sobol_indices(runs, ABC, seed)["value"])
        naive.append(sobol_indices(runs.mean(axis=1), ABC, seed)["value"])
    assert np.mean(estimates, axis=0) == pytest.approx(truth, abs=0.04)
    assert np.mean(naive, axis=0)[3:].sum() > truth[3:].sum() + 0.2


def test_intervals_cover_the_truth_with_luck_too():
    # As above, 40 designs x 6 indices; fewer than 90% of 240 with probability 1e-3.
    truth, covered = ishigami_indices()[0], []
    for seed in range(40):
        y = ishigami(saltelli_design(3, 256, seed))
        runs = y[:, None] + np.random.default_rng(seed).normal(size=(len(y), 3)) * y.std()
        table = sobol_indices(runs, ABC, seed)
        covered.append((table["low"] <= truth) & (truth <= table["high"]))
    assert np.mean(covered) >= 0.9


def test_pure_luck_gets_no_index():
    runs = np.random.default_rng(1).normal(size=(5 * 64, 2))
    table = sobol_indices(runs, ABC, seed=0)
    assert table["value"].isna().all()
    assert table["reason"].str.contains("cannot be told from luck").all()


def test_luck_that_all_points_share_changes_nothing():
    y = ishigami(saltelli_design(3, 64, seed=2))[:, None]
    alone = sobol_indices(np.hstack([y, y]), ABC, seed=0)["value"]
    shared = sobol_indices(np.hstack([y, y + 1000.0]), ABC, seed=0)["value"]
    assert shared.to_numpy() == pytest.approx(alone.to_numpy(), rel=1e-9)


@pytest.mark.parametrize("second_order", [False, True])
def test_estimates_are_those_of_salib(second_order):
    analyze = pytest.importorskip("SALib.analyze.sobol").analyze
    y = ishigami(saltelli_design(3, 64, seed=5, second_order=second_order)) + 1000.0
    theirs = analyze(problem(ABC), y, calc_second_order=second_order, seed=1)
    ours = sobol_indices(y, ABC, seed=1, second_order=second_order).set_index("measure")["value"]
    assert ours["first_order"].to_numpy() == pytest.approx(theirs["S1"])
    assert ours["total"].to_numpy() == pytest.approx(theirs["ST"])
    if second_order:
        pairs = theirs["S2"][np.triu_indices(3, 1)]
        assert ours["second_order"].to_numpy() == pytest.approx(pairs)


def test_a_block_with_a_gap_is_left_out_as_a_whole():
    y = ishigami(saltelli_design(3, 64, seed=5))
    gap = y.copy()
    gap[5 * 7 + 2] = np.nan
    kept = sobol_indices(gap, ABC, seed=0)
    assert kept["value"].to_numpy() == pytest.approx(
        sobol_indices(np.delete(y, range(35, 40)), ABC, seed=0)["value"].to_numpy()
    )


@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_a_constant_output_has_no_index_and_says_why(level):
    y = np.full(40, level) + np.resize([0.0, 1e-17 * level], 40)
    table = sobol_indices(y, ABC, seed=0)
    assert table["value"].isna().all()
    assert (table["reason"] == "the output is the same everywhere").all()
    unit = morris_design(3, 10, 4, seed=0)
    assert (morris_indices(unit, y, ABC, seed=0)["reason"] == "the output is the same everywhere").all()


def test_nothing_hangs_on_numpys_own_generator_and_seed_0_is_a_seed():
    tables = []
    for state in (1, 2):
        np.random.seed(state)  # noqa: NPY002
        unit = morris_design(3, 8, 4, seed=0)
        tables.append((saltelli_design(3, 8, seed=0), unit, morris_indices(unit, ishigami(unit), ABC, seed=0)))
    assert np.array_equal(tables[0][0], tables[1][0])
    assert np.array_equal(tables[0][1], tables[1][1])
    assert tables[0][2].equals(tables[1][2])
    assert not np.array_equal(saltelli_design(3, 8, seed=0), saltelli_design(3, 8, seed=1))


def test_samples_that_are_no_power_of_2_are_refused():
    with pytest.raises(ScenarioError, match="256, 512"):
        saltelli_design(3, 300, seed=0)


def test_elementary_effects_of_a_linear_model_are_its_slopes():
    unit = morris_design(4, 6, 4, seed=2)
    slopes = np.array([3.0, -2.0, 0.5, 0.0])
    table = morris_indices(unit, unit @ slopes, list("abcd"), seed=0).set_index(["measure", "factor"])["value"]
    assert table["mu"].to_numpy() == pytest.approx(slopes)
    assert table["mu_star"].to_numpy() == pytest.approx(np.abs(slopes))
    assert table["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-12)


def test_elementary_effects_are_those_of_salib():
    analyze = pytest.importorskip("SALib.analyze.morris").analyze
    unit = morris_design(3, 12, 4, seed=5)
    theirs = analyze(problem(ABC), unit, ishigami(unit), seed=1)
    ours = morris_indices(unit, ishigami(unit), ABC, seed=1).set_index("measure")["value"]
    for name in ("mu", "mu_star", "sigma"):
        assert ours[name].to_numpy() == pytest.approx(np.array(theirs[name], float))


def test_intervals_of_elementary_effects_cover_the_truth():
    # Of the product of two factors mu is 1/2 by symmetry. 100 designs of 30 trajectories: fewer than 86 cover with
    # probability 3e-4 if each covers with 95%.
    covered = 0
    for seed in range(100):
        unit = morris_design(2, 30, 4, seed)
        low, high = morris_indices(unit, unit[:, 0] * unit[:, 1], ["a", "b"], seed)[["low", "high"]].to_numpy()[2]
        covered += low <= 0.5 <= high
    assert covered >= 86


def test_a_trajectory_with_a_gap_is_left_out():
    unit = morris_design(3, 12, 4, seed=5)
    y = ishigami(unit)
    gap = y.copy()
    gap[4 * 3 + 1] = np.nan
    keep = np.r_[0:12, 16:48]
    ours, theirs = (morris_indices(u, v, ABC, seed=0)["value"] for u, v in ((unit, gap), (unit[keep], y[keep])))
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy())
    assert elementary_effects(unit, y).shape == (12, 3)
