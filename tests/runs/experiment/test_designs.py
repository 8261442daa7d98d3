"""Designs are what their definitions say, grow without moving a point, and are refused before they take memory."""

import itertools
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, qmc

from sim.runs.experiment.definition import Design, Lever
from sim.runs.experiment.designs import BLOCK, design_points, design_size, refusal, values_at
from sim.runs.experiment.plan import ExperimentPlan, sample_uncertainties, unit_cube
from sim.runs.experiment.points import Point, point_id
from sim.vocabulary.errors import ScenarioError
from tests.runs.experiment.plans import PATHS, plan

ROOT = Path(__file__).parents[3]
ANY = Design(kind="random", points=1)

RANDOM = ("random", "latin_hypercube", "sobol")


def cube(points: list[Point]) -> np.ndarray:
    return np.array([list(item.values.values()) for item in points])


def points_of(one: ExperimentPlan, *stages: int) -> list[Point]:
    return list(design_points(one, stages))


def grid(**levers: list[object]) -> ExperimentPlan:
    factors = {path.replace("__", "."): Lever(values=values) for path, values in levers.items()}
    return plan(Design(kind="grid"), factors=1, levers=factors)


@pytest.mark.parametrize("kind", RANDOM)
def test_points_are_numbered_and_named(kind: str):
    points = points_of(plan(Design(kind=kind, points=8)))
    assert [item.number for item in points] == list(range(8))
    assert len({item.id for item in points}) == 8
    assert all(item.id == point_id(item.values) for item in points)
    assert all(type(value) is float for item in points for value in item.values.values())


def test_a_latin_hypercube_has_one_point_in_each_stratum():
    found = cube(points_of(plan(Design(kind="latin_hypercube", points=50), factors=5)))
    for column in found.T:
        assert sorted(np.floor(column * 50).astype(int)) == list(range(50))


def test_an_extended_hypercube_keeps_its_points_and_adds_a_hypercube():
    first = points_of(plan(Design(kind="latin_hypercube", points=20)))
    longer = points_of(plan(Design(kind="latin_hypercube", points=50)), 20)
    assert longer[:20] == first
    for column in cube(longer[20:]).T:
        assert sorted(np.floor(column * 30).astype(int)) == list(range(30))
    again = points_of(plan(Design(kind="latin_hypercube", points=70)), 20, 50)
    assert again[:50] == longer


def test_sobol_points_are_scipys_and_balanced():
    found = cube(points_of(plan(Design(kind="sobol", points=64, seed=5))))
    assert np.array_equal(found, qmc.Sobol(3, rng=np.random.default_rng(5)).random(64))
    for column in found.T:
        assert sorted(np.floor(column * 64).astype(int)) == list(range(64))


@pytest.mark.parametrize("kind", ["random", "sobol"])
@pytest.mark.parametrize(("few", "many"), [(1, 5), (16, 64), (100, BLOCK + 10)])
def test_the_first_points_of_a_longer_design_are_those_of_a_shorter_one(kind: str, few: int, many: int):
    longer = itertools.islice(design_points(plan(Design(kind=kind, points=many))), few)
    assert list(longer) == points_of(plan(Design(kind=kind, points=few)))


def test_blocks_of_a_sobol_sequence_are_the_sequence():
    points = 2 * BLOCK
    found = cube(points_of(plan(Design(kind="sobol", points=points), factors=2)))
    assert np.array_equal(found, qmc.Sobol(2, rng=np.random.default_rng(0)).random(points))


@pytest.mark.parametrize("kind", RANDOM)
def test_each_factor_is_uniform_and_seeds_differ(kind: str):
    """Kolmogorov-Smirnov with a fixed seed; at a threshold of 0.001 a new seed fails once in a thousand at most."""
    one = cube(points_of(plan(Design(kind=kind, points=256, seed=3))))
    other = cube(points_of(plan(Design(kind=kind, points=256, seed=4))))
    assert all(kstest(column, "uniform").pvalue > 0.001 for column in one.T)
    assert not np.array_equal(one, other)


def test_a_morris_design_changes_one_factor_at_a_time():
    levels, count = 6, 12
    one = plan(Design(kind="morris", trajectories=count, levels=levels), factors=4)
    points = points_of(one)
    found = cube(points).reshape(count, 5, 4)
    step = levels / (2 * (levels - 1))
    for trajectory in found:
        moved = np.diff(trajectory, axis=0)
        assert sorted(np.argmax(np.abs(moved), axis=1).tolist()) == [0, 1, 2, 3]
        assert np.allclose(np.sort(np.abs(moved), axis=1), [0, 0, 0, step])
    assert np.allclose(found * (levels - 1), np.round(found * (levels - 1)))
    assert design_size(one) == 60
    fewer = plan(Design(kind="morris", trajectories=5, levels=levels), factors=4)
    assert points_of(fewer) == points[:25]


def test_morris_designs_of_neighbouring_seeds_share_no_trajectory():
    one, other = (points_of(plan(Design(kind="morris", trajectories=9, seed=seed, levels=64))) for seed in (0, 1))
    assert {item.id for item in one}.isdisjoint(item.id for item in other)


def test_a_grid_is_every_combination_the_last_factor_fastest():
    points = points_of(grid(firm__desk__ease=[0, 1], firm__desk__queue=["first_come", "value"]))
    expected = list(itertools.product([0.0, 1.0], ["first_come", "value"]))
    assert [tuple(item.values.values()) for item in points] == expected


def test_a_value_added_to_the_first_factor_of_a_grid_moves_no_point():
    before = points_of(grid(firm__desk__ease=[0, 1], firm__desk__agents=[1, 2, 3]))
    after = points_of(grid(firm__desk__ease=[0, 1, 0.5], firm__desk__agents=[1, 2, 3]))
    assert after[:6] == before
    assert [item.values["firm.desk.ease"] for item in after[6:]] == [0.5] * 3


def test_a_grid_is_made_block_by_block():
    values = list(range(1, 101))
    one = grid(firm__costs__prevention=values, firm__costs__appraisal=values, firm__desk__agents=values)
    assert design_size(one) == 1_000_000
    iterator = design_points(one)
    next(iterator)
    tracemalloc.start()
    for _ in range(BLOCK):
        next(iterator)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 2**20


@pytest.mark.parametrize(
    ("design", "replications"),
    [
        (Design(kind="random", points=10**9), 1),
        (Design(kind="sobol", points=10**9), 1),
        (Design(kind="latin_hypercube", points=10**9), 1),
        (Design(kind="morris", trajectories=10**9), 1),
        (Design(kind="random", points=10**5), 10**4),
        (Design(kind="latin_hypercube", points=10**7), 1),
    ],
)
def test_a_design_that_is_too_large_is_refused_in_flat_memory(design: Design, replications: int):
    small = plan(Design(kind="random", points=1), factors=5)
    large = ExperimentPlan(
        small.experiment.model_copy(update={"design": design, "replications": replications}),
        small.loaded,
        small.axes,
        (),
        small.bases,
        "",
    )
    tracemalloc.start()
    with pytest.raises(ScenarioError, match="too large") as caught:
        design_points(large)
    assert f"{design_size(large):,}" in str(caught.value)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_a_grid_of_a_milliard_is_refused_in_flat_memory():
    levers = {path: Lever(low=0.0, high=1.0, levels=1000) for path in PATHS[:3]}
    small = plan(Design(kind="random", points=1), levers=levers, uncertainties={})
    tracemalloc.start()
    problem = refusal(Design(kind="grid"), small.axes, 1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20
    assert "1,000,000,000 points x 1 replication = 1,000,000,000 runs" in str(problem)
    with pytest.raises(ScenarioError, match="1,000,000,000"):
        plan(Design(kind="grid"), levers=levers, uncertainties={})


def test_points_that_violate_a_constraint_are_left_out_and_their_numbers_not_used_again():
    free = plan(Design(kind="sobol", points=64))
    bound = plan(Design(kind="sobol", points=64), constraints=["firm.desk.ease + voice.complain_share <= 1"])
    left = [item for item in points_of(free) if item.values[PATHS[0]] + item.values[PATHS[2]] <= 1]
    assert points_of(bound) == left
    assert 20 < len(left) < 44


def test_numbers_count_what_was_left_out_in_blocks_before():
    free = points_of(plan(Design(kind="random", points=BLOCK + 50), factors=1))
    bound = points_of(plan(Design(kind="random", points=BLOCK + 50), factors=1, constraints=["firm.desk.ease < 0.5"]))
    assert bound == [item for item in free if item.values["firm.desk.ease"] < 0.5]
    assert bound[-1].number > BLOCK


def test_constraints_that_leave_nothing_are_an_error():
    one = plan(Design(kind="random", points=9), constraints=["firm.desk.ease < 0"])
    with pytest.raises(ScenarioError, match="leave no point"):
        points_of(one)


def test_repeated_points_are_run_once():
    levers = {"firm.desk.agents": Lever(values=[1, 2, 3]), "firm.desk.queue": Lever(values=["first_come", "value"])}
    one = plan(Design(kind="random", points=100), levers=levers, uncertainties={})
    assert len({item.id for item in points_of(one)}) == 6
    rows = [{"firm.desk.ease": 1}, {"firm.desk.ease": 1.0}, {"firm.desk.ease": 2}]
    listed = plan(Design(kind="list", rows=rows), levers={"firm.desk.ease": Lever()}, uncertainties={})
    assert [item.number for item in points_of(listed)] == [0, 2]


def test_a_row_that_leaves_a_factor_out_has_the_scenarios_value():
    levers = {"firm.desk.ease": Lever(), "firm.desk.agents": Lever()}
    one = plan(Design(kind="list", rows=[{"firm.desk.ease": 1}]), levers=levers, uncertainties={})
    assert points_of(one)[0].values == {"firm.desk.ease": 1.0, "firm.desk.agents": 1.0}


def test_a_design_without_its_number_of_points_says_so():
    one = plan(Design(kind="random", points=1))
    for kind in ("random", "morris", "list"):
        experiment = one.experiment.model_copy(update={"design": Design(kind=kind)})
        bare = ExperimentPlan(experiment, one.loaded, one.axes, (), one.bases, "")
        with pytest.raises(ScenarioError, match=r"design\.(points|trajectories|rows): the design lacks"):
            design_points(bare)


def test_another_process_makes_the_same_points():
    designs = [{"kind": kind, "points": 8, "seed": 2} for kind in RANDOM]
    designs.append({"kind": "morris", "trajectories": 3, "seed": 2})
    code = f"""
from sim.runs.experiment.definition import Design
from sim.runs.experiment.designs import design_points
from tests.runs.experiment.plans import plan
for design in {designs!r}:
    print([item.id for item in design_points(plan(Design(**design)))])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    here = [str([item.id for item in points_of(plan(Design(**design)))]) for design in designs]
    assert done.stdout.splitlines() == here


def test_designs_leave_the_global_generator_alone():
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(0)  # noqa: NPY002
    for kind in (*RANDOM, "morris"):
        number = {"trajectories": 2} if kind == "morris" else {"points": 4}
        points_of(plan(Design(kind=kind, **number)))
    assert np.array_equal(np.random.random(3), expected)  # noqa: NPY002


def test_draws_of_the_uncertainties():
    one = plan(ANY, factors=4)
    draws = sample_uncertainties(one, 20, seed=1)
    assert list(draws[0]) == list(PATHS[1:4])
    assert sorted(int(draw[PATHS[1]] * 20) for draw in draws) == list(range(20))
    assert draws == sample_uncertainties(one, 20, seed=1)
    assert draws != sample_uncertainties(one, 20, seed=2)
    assert sample_uncertainties(plan(ANY, factors=1), 3) == [{}, {}, {}]


def test_draws_meet_the_constraints_on_uncertainties_only():
    texts = [f"{PATHS[1]} < {PATHS[2]}", f"{PATHS[0]} + {PATHS[1]} < 0.01"]
    draws = sample_uncertainties(plan(ANY, constraints=texts), 40)
    assert len(draws) == 40
    assert all(draw[PATHS[1]] < draw[PATHS[2]] for draw in draws)
    with pytest.raises(ScenarioError, match="hardly any draw"):
        sample_uncertainties(plan(ANY, constraints=[f"{PATHS[1]} < 0"]), 5)


def test_the_unit_cube_is_as_salib_wants_it():
    one = plan(ANY, factors=2)
    assert unit_cube(one) == {"num_vars": 2, "names": list(PATHS[:2]), "bounds": [[0.0, 1.0]] * 2}
    assert values_at(one.axes, np.array([[0.25, 0.5]])) == [{PATHS[0]: 0.25, PATHS[1]: 0.5}]
    assert one.base_values == {PATHS[0]: 0.0, PATHS[1]: 0.6}
