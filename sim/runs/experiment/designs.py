"""Designs: which points of the space of factors are run.

Every design but the list fills the unit cube, block by block, and the axes map it to values. A point's number is its
place in the design before constraints, and stays what it is when the design is extended.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Design
from sim.runs.experiment.points import Point, PointValues, point
from sim.vocabulary.errors import Problem, ScenarioError
from sim.vocabulary.extras import needed
from sim.words import plural, say

if TYPE_CHECKING:
    from sim.runs.experiment.plan import ExperimentPlan

MOST_RUNS = 10_000_000
MOST_NUMBERS_AT_ONCE = 20_000_000
"""Points times factors of a Latin hypercube, which is made as a whole."""

BLOCK = 4096

PointColumns = Mapping[str, NDArray[Any]]


def size(design: Design, axes: Sequence[Axis]) -> int:
    """Number of points of a design, before constraints; nothing is made for it.

    - grid: the product of the numbers of values
    - list: the number of rows
    - random, latin_hypercube, sobol: `points`
    - morris: trajectories x (factors + 1)

    Raises:
        ScenarioError: If the design lacks its number, or a grid a factor's values.

    >>> size(Design(kind="morris", trajectories=10), [])
    10
    """
    if design.kind == "grid":
        return math.prod(len(axis.levels()) for axis in axes)
    if design.kind == "list":
        return len(_required(design, "rows"))
    if design.kind == "morris":
        return int(_required(design, "trajectories")) * (len(axes) + 1)
    return int(_required(design, "points"))


def _required(design: Design, key: str) -> Any:
    value = getattr(design, key)
    if value is None:
        raise ScenarioError(say("the design lacks {key}", key=key), f"design.{key}")
    return value


def refuse_runs(plan: ExperimentPlan, runs: int, most: int = MOST_RUNS) -> None:
    """Refuse a study that would do too many runs, before anything is allocated.

    Args:
        plan: The study.
        runs: What it would do at most.
        most: What it may do.

    Raises:
        ScenarioError: If it would do more than `most`.
    """
    if runs > most:
        problem = Problem(
            say("the study is too large"),
            found=say("up to {runs:,} runs", runs=runs),
            allowed=say("at most {most:,} runs", most=most),
        )
        raise ScenarioError(problem.at("" if plan.path is None else str(plan.path)))


def refusal(design: Design, axes: Sequence[Axis], replications: int) -> Problem | None:
    """Why a design is too large, if it is; nothing is made for it.

    >>> print(refusal(Design(kind="random", points=10**9), [], 1))
    the design is too large; found 1,000,000,000 points x 1 replication = 1,000,000,000 runs; allowed: at most
    10,000,000 runs
    """
    points = size(design, axes)
    if points * replications > MOST_RUNS:
        runs = plural(
            "{points:,} points x {n:,} replication = {runs:,} runs",
            "{points:,} points x {n:,} replications = {runs:,} runs",
            replications,
            points=points,
            runs=points * replications,
        )
        return Problem(
            say("the design is too large"), found=runs, allowed=say("at most {most_runs:,} runs", most_runs=MOST_RUNS)
        )
    if design.kind == "latin_hypercube" and points * len(axes) > MOST_NUMBERS_AT_ONCE:
        return Problem(
            say("a Latin hypercube is made as a whole, and this one is too large"),
            found=say("{points:,} points x {axes} factors", points=points, axes=len(axes)),
            allowed=say(
                "at most {most_numbers_at_once:,} points", most_numbers_at_once=MOST_NUMBERS_AT_ONCE // len(axes)
            ),
            hint=say("a Sobol design has no such limit"),
        )
    return None


def design_size(plan: ExperimentPlan) -> int:
    """Number of points of the plan's design, before constraints; nothing is made for it.

    Raises:
        ScenarioError: If the design lacks its number of points.
    """
    return size(plan.experiment.design, plan.axes)


def design_points(plan: ExperimentPlan, stages: Sequence[int] = ()) -> Iterator[Point]:
    """The points of the plan's design, one after the other.

    Points that violate a constraint are left out, and so are repetitions of an earlier point; their numbers are not
    used again.

    Args:
        plan: From `read_experiment`.
        stages: Sizes that a Latin hypercube had before it was extended, in order: the points of each stage are a
            hypercube of their own, so that those of the earlier stages stay. No other design needs it.

    Raises:
        ScenarioError: At once if the design is too large or lacks its number of points; at the end if constraints have
            left no point.
    """
    blocks = _blocks(plan, stages)

    def points() -> Iterator[Point]:
        found = False
        for number, values in (item for block in _kept(plan, blocks) for item in block.kept):
            found = True
            yield point(number, values)
        if not found:
            raise _none_left()

    return points()


def _none_left() -> ScenarioError:
    return ScenarioError(say("the constraints leave no point of the design"), "constraints")


def values_at(axes: Sequence[Axis], unit: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Values of parameters at points of the unit cube.

    Args:
        axes: The factors, one a column.
        unit: Numbers from 0 to 1, shape (points, factors).

    Returns:
        A dictionary for each point, with plain Python values.
    """
    return _rows(_columns(axes, unit))


def sample(axes: Sequence[Axis], points: int, seed: int) -> list[dict[str, Any]]:
    """A Latin hypercube over some factors, as `sample_uncertainties` of a plan gives it."""
    return values_at(axes, _hypercube(len(axes), points, np.random.default_rng([seed, 0]))) if axes else [{}] * points


# --- blocks of points -------------------------------------------------------------------------------------------------


class _Block(NamedTuple):
    size: int
    left_out: int
    kept: list[tuple[int, dict[str, Any]]]


def _blocks(plan: ExperimentPlan, stages: Sequence[int]) -> Iterator[PointColumns]:
    """The whole design as columns of values, block by block."""
    design, axes = plan.experiment.design, plan.axes
    problem = refusal(design, axes, plan.experiment.replications)
    if problem is not None:
        raise ScenarioError(problem.at("", "design"))
    total = size(design, axes)
    if design.kind == "grid":
        return _grid(axes)
    if design.kind == "list":
        return _listed(axes, _required(design, "rows"))
    cubes: Mapping[str, Callable[[], Iterator[NDArray[np.float64]]]] = {
        "random": lambda: _random(len(axes), total, design.seed),
        "latin_hypercube": lambda: _hypercubes(len(axes), total, design.seed, stages),
        "sobol": lambda: _sobol(len(axes), total, design.seed),
        "morris": lambda: _morris(len(axes), int(_required(design, "trajectories")), design),
    }
    return (_columns(axes, unit) for unit in cubes[design.kind]())


def _kept(plan: ExperimentPlan, blocks: Iterator[PointColumns]) -> Iterator[_Block]:
    """What is left of each block when constraints are met and repetitions are dropped."""
    axes = plan.axes
    # A grid has no repetitions, and of a continuous factor no value comes twice, but on the levels of a Morris design.
    kind = plan.experiment.design.kind
    seen: set[tuple[Any, ...]] | None = None
    if kind in ("list", "morris") or (kind != "grid" and all(axis.count is not None for axis in axes)):
        seen = set()
    start = 0
    for columns in blocks:
        length = len(next(iter(columns.values())))
        meets = np.ones(length, np.bool_)
        for condition in plan.constraints:
            meets &= condition.holds(columns)
        numbers = np.flatnonzero(meets)
        rows = _rows({path: column[numbers] for path, column in columns.items()})
        kept = []
        for number, row in zip((numbers + start).tolist(), rows, strict=True):
            if seen is not None:
                key = tuple(row.values())
                if key in seen:
                    continue
                seen.add(key)
            kept.append((number, row))
        yield _Block(length, length - len(rows), kept)
        start += length


def _columns(axes: Sequence[Axis], unit: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    return {axis.path: axis.from_unit(unit[:, index]) for index, axis in enumerate(axes)}


def _rows(columns: PointColumns) -> list[dict[str, Any]]:
    plain = [column.tolist() for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*plain, strict=True)]


def _grid(axes: Sequence[Axis]) -> Iterator[PointColumns]:
    """Every combination, the last factor changing fastest: a value added to the first one extends the grid."""
    levels: list[NDArray[Any]] = [np.array(axis.levels(), axis.dtype) for axis in axes]
    shape = tuple(len(level) for level in levels)
    total = math.prod(shape)
    for start in range(0, total, BLOCK):
        places = np.unravel_index(np.arange(start, min(start + BLOCK, total)), shape)
        yield {axis.path: level[place] for axis, level, place in zip(axes, levels, places, strict=True)}


def _listed(axes: Sequence[Axis], rows: Sequence[PointValues]) -> Iterator[PointColumns]:
    """The rows as they stand; what a row does not say has the scenario's value."""
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        yield {
            axis.path: np.array([axis.native(row.get(axis.path, axis.base)) for row in part], axis.dtype)
            for axis in axes
        }


# --- the unit cube ----------------------------------------------------------------------------------------------------


def _random(dimensions: int, points: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Independent points; the first n of a longer design are those of a shorter one."""
    dice = np.random.default_rng(seed)
    for start in range(0, points, BLOCK):
        yield dice.random((min(BLOCK, points - start), dimensions))


def _hypercube(dimensions: int, points: int, dice: np.random.Generator) -> NDArray[np.float64]:
    """One point in each of `points` strata of every factor (McKay, Beckman & Conover 1979)."""
    qmc = needed("scipy.stats.qmc", "studies", say("Latin hypercubes"))
    return np.asarray(qmc.LatinHypercube(dimensions, rng=dice).random(points))


def _hypercubes(dimensions: int, points: int, seed: int, stages: Sequence[int]) -> Iterator[NDArray[np.float64]]:
    start = 0
    for stop in [*(stage for stage in sorted(set(stages)) if 0 < stage < points), points]:
        yield from _in_blocks(_hypercube(dimensions, stop - start, np.random.default_rng([seed, start])))
        start = stop


def _in_blocks(unit: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    for start in range(0, len(unit), BLOCK):
        yield unit[start : start + BLOCK]


def _sobol(dimensions: int, points: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """A scrambled Sobol' sequence (Owen 1998); the first n points are the same however many follow."""
    qmc = needed("scipy.stats.qmc", "studies", say("Sobol designs"))
    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    for start in range(0, points, BLOCK):
        # whole blocks, so that the sequence is always drawn in powers of 2
        yield np.asarray(sequence.random(BLOCK))[: points - start]


def _morris(dimensions: int, trajectories: int, design: Design) -> Iterator[NDArray[np.float64]]:
    """Trajectories that change one factor at a time by levels/(2 (levels - 1)) (Morris 1991), each with its own luck.

    Made one by one, so that trajectories can be added.
    """
    morris = needed("SALib.sample.morris", "studies", say("Morris designs"))
    names = [f"x{index}" for index in range(dimensions)]
    made = (
        np.asarray(
            morris.sample(
                {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions},
                1,
                num_levels=design.levels,
                seed=np.random.default_rng([design.seed, number]),
            )
        )
        for number in count()
    )
    yield from islice(made, trajectories)
