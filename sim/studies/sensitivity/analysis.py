"""An experiment turned into points, its runs turned into answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.model.scenario import Scenario
from sim.runs.execution.task import DONE
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.conditions import Condition
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.points import PointValues, point_id
from sim.studies.sensitivity import SHOWN
from sim.studies.sensitivity.dependence import dependence_of, map_of, strongest_pair
from sim.studies.sensitivity.indices import Floats, morris_design, morris_indices, saltelli_design, sobol_indices
from sim.studies.sensitivity.luck_share import luck, point_means, runs_by_point
from sim.studies.sensitivity.marginal import Charge, distinct_points, effects_of
from sim.studies.sensitivity.regions import regions_of
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.steps import steps_of
from sim.vocabulary.errors import ExitVoiceError, Problem, Problems
from sim.words import say

Evaluate = Callable[[Sequence[PointValues], int], pd.DataFrame]
"""`Evaluation.evaluate`: rows of points and replications."""

SPENDING = "spending"
DESIGN, STEPS = "design", "steps"
MOST_RUNS = 1_000_000
"""More are refused: an analysis holds all its runs in memory, a kilobyte or two each."""
MOST_LOST = 0.2
"""Share of a design's blocks that may fail before no index is given."""


class TooManyFailedError(ExitVoiceError):
    """So many runs failed that nothing can be said."""


def recorded_outputs(experiment: Experiment) -> tuple[str, ...]:
    """What the runs must record: what is to be explained, what the condition asks, and money spent."""
    condition = experiment.sensitivity.condition
    names = [*explained(experiment)]
    if condition is not None:
        names += [name for name in Condition.parse(condition).names if name not in experiment.factors]
    return tuple(dict.fromkeys([*names, SPENDING]))


def explained(experiment: Experiment) -> list[str]:
    """Outputs to explain: those that the section names, else all recorded ones."""
    return list(dict.fromkeys(experiment.sensitivity.outputs or experiment.outputs))


def refuse(experiment: Experiment, axes: Sequence[Axis]) -> None:
    """Refuse what cannot be analysed, before anything is run.

    Raises:
        ScenarioError: Without factors; with constraints, for indices need factors that vary independently; with a
            factor that has no range.
    """
    problems = Problems()
    if not axes:
        problems.add(say("there is nothing to vary"), allowed=say("factors under `levers` or `uncertainties`"))
    if experiment.constraints:
        problems.add(
            say("sensitivity indices need factors that vary independently of each other"),
            "constraints",
            found=experiment.constraints[0],
            hint=say("leave the constraints out, or narrow the ranges"),
        )
    problems += [
        Problem(say("has no range to vary over"), axis.path, allowed=say("low and high, or values"))
        for axis in axes
        if not axis.varies
    ]
    problems.check()


def unit_design(experiment: Experiment, factors: int) -> tuple[Floats, int]:
    """The design in the unit cube, and the number of rows in each of its blocks."""
    settings, seed = experiment.sensitivity, experiment.design.seed
    if settings.method == "sobol":
        unit = saltelli_design(factors, settings.samples, seed, second_order=settings.second_order)
    else:
        unit = morris_design(factors, settings.samples, experiment.design.levels, seed)
    return unit, len(unit) // settings.samples


def runs_needed(experiment: Experiment, axes: Sequence[Axis]) -> int:
    """Runs at most, before anything is allocated: points that coincide are run once."""
    settings, d = experiment.sensitivity, len(axes)
    block = (d + 1) if settings.method == "morris" else (2 * d + 2 if settings.second_order else d + 2)
    steps = steps_of(axes, settings.step)
    return settings.samples * block * experiment.replications + (2 * len(steps) + 1) * settings.pairs


def values_of(axes: Sequence[Axis], unit: Floats) -> list[PointValues]:
    """Points of a design: rows of the unit cube as values of the factors."""
    columns = [axis.from_unit(unit[:, number]).tolist() for number, axis in enumerate(axes)]
    paths = [axis.path for axis in axes]
    return [dict(zip(paths, row, strict=True)) for row in zip(*columns, strict=True)]


def analyse(
    experiment: Experiment,
    axes: Sequence[Axis],
    scenario: Scenario,
    evaluate: Evaluate,
    *,
    charge: Charge = lambda output, yearly: 0.0,
    possible: Callable[[PointValues], bool] = lambda values: True,
    manifest: dict[str, Any] | None = None,
) -> Sensitivity:
    """Run the points of an analysis and draw the conclusions.

    Args:
        experiment: What is asked.
        axes: Its factors, levers first.
        scenario: The scenario as it stands.
        evaluate: Does the runs; its outputs must hold `recorded_outputs(experiment)`.
        charge: What a lever's own cost, money a year, adds to an output.
        possible: Whether a point of a step can be run; steps to others are left out.
        manifest: What to record of the circumstances.

    Raises:
        ScenarioError: If the experiment cannot be analysed, see `refuse`.
        TooManyFailedError: If more than a fifth of the design's blocks lost a run, for every output.
    """
    refuse(experiment, axes)
    settings, names = experiment.sensitivity, [axis.path for axis in axes]
    outputs = explained(experiment)
    unit, size = unit_design(experiment, len(axes))
    design = values_of(axes, unit)
    rows = evaluate(design, experiment.replications)
    block = np.arange(len(unit)) // size
    apart = np.zeros(len(unit), bool)  # points drawn independently of each other: the first of each block, and B
    apart[::size] = True
    if settings.method == "sobol":
        apart[size - 1 :: size] = True

    counts = [axis.count for axis in axes]
    indices, lucks, dependence, maps, means = [], [], [], [], {}
    for output in recorded_outputs(experiment):
        runs = runs_by_point(rows, output, experiment.replications)
        means[output] = y = point_means(runs)
        if output not in outputs:
            continue
        table, lost = _indices(experiment, unit, runs, names)
        indices.append(_of(output, table))
        of = luck(runs, np.flatnonzero(apart).tolist())
        lucks.append((output, of.of_one_run, of.of_means, settings.samples, lost))
        if np.isfinite(y).any():
            dependence.append(_of(output, dependence_of(unit, y, block, names, counts)))
            pair = strongest_pair(table)
            if pair is not None:
                maps.append(_of(output, map_of(unit, y, block, names, counts, pair)))
    _refuse_ruins(pd.concat(indices), rows)

    regions, meets = _regions(experiment, axes, unit, design, means, apart)
    base = {axis.path: axis.base for axis in axes}
    steps = [step for step in steps_of(axes, settings.step) if all(map(possible, step.points(base)))]
    stepped = distinct_points(steps, base)
    step_rows = evaluate(stepped, settings.pairs)
    cubes = {output: runs_by_point(step_rows, output, settings.pairs) for output in means}
    by_point = {
        point_id(values): {output: cube[number] for output, cube in cubes.items()}
        for number, values in enumerate(stepped)
    }
    return Sensitivity(
        experiment=experiment,
        scenario=scenario,
        axes=tuple(axes),
        indices=pd.concat(indices, ignore_index=True),
        luck=pd.DataFrame(lucks, columns=["output", "of_one_run", "of_means", "blocks", "dropped"]),
        effects=effects_of(steps, base, by_point, outputs, spending=SPENDING, charge=charge),
        dependence=_placed(axes, pd.concat(dependence, ignore_index=True)) if dependence else pd.DataFrame(),
        maps=_placed(axes, pd.concat(maps, ignore_index=True)) if maps else pd.DataFrame(),
        regions=regions,
        points=_points(axes, design, stepped, block, meets),
        runs=pd.concat([rows.assign(part=DESIGN), step_rows.assign(part=STEPS)], ignore_index=True),
        manifest=manifest or {},
        presentation=SHOWN,
    )


def _of(output: str, table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "output", output)
    return table


def _indices(experiment: Experiment, unit: Floats, runs: Floats, names: list[str]) -> tuple[pd.DataFrame, int]:
    """Indices of one output, and how many blocks of the design had to be left out."""
    settings, seed = experiment.sensitivity, experiment.design.seed
    lost = int((~np.isfinite(runs.reshape(settings.samples, -1)).all(axis=1)).sum())
    ruined = lost > MOST_LOST * settings.samples
    runs = np.full_like(runs, np.nan) if ruined else runs
    if settings.method == "sobol":
        table = sobol_indices(runs, names, seed, second_order=settings.second_order)
    else:
        table = morris_indices(unit, point_means(runs), names, seed)
    if ruined:
        kind = say("base samples") if settings.method == "sobol" else "trajectories"
        table["reason"] = say(
            "{lost} of {samples} {kind} have a run that failed or gave no number",
            lost=lost,
            samples=settings.samples,
            kind=kind,
        )
    return table, lost


def _refuse_ruins(indices: pd.DataFrame, rows: pd.DataFrame) -> None:
    failed = rows[rows["status"] != DONE]
    if indices["value"].isna().all() and len(failed):
        most = failed["reason"].value_counts()
        raise TooManyFailedError(
            say(
                "{failed} of {rows} runs failed, too many to tell what matters; most often: {reason}",
                failed=len(failed),
                rows=len(rows),
                reason=most.index[0],
            )
        )


def _placed(axes: Sequence[Axis], table: pd.DataFrame) -> pd.DataFrame:
    """The table with the values that places on axes stand for."""
    by_path = {axis.path: axis for axis in axes}
    for factor, place, at in (("factor", "place", "at"), ("with", "with_place", "with_at")):
        if place in table:
            values = np.empty(len(table), object)
            for number, (path, where) in enumerate(zip(table[factor], table[place], strict=True)):
                values[number] = by_path[path].from_unit([where]).tolist()[0]
            table.insert(table.columns.tolist().index(place) + 1, at, values)
    return table


def _regions(
    experiment: Experiment,
    axes: Sequence[Axis],
    unit: Floats,
    design: Sequence[PointValues],
    means: dict[str, Floats],
    apart: Any,
) -> tuple[pd.DataFrame, Any]:
    """Regional analysis of the design's points, by their means over replications; and which points meet it."""
    text = experiment.sensitivity.condition
    meets = np.full(len(unit), None, object)
    if text is None:
        return pd.DataFrame(), meets
    condition = Condition.parse(text)
    whole = np.isfinite(np.column_stack([means[name] for name in condition.names if name in means])).all(axis=1)
    table = pd.DataFrame(list(design)).assign(**means)[whole]
    met = np.asarray(condition.holds({name: table[name].to_numpy() for name in condition.names}), bool)
    meets[whole] = met
    unordered = [
        len(axis.values) if axis.values is not None and axis.kind in ("text", "truth") else None for axis in axes
    ]
    found = regions_of(unit[whole], met, [axis.path for axis in axes], unordered, apart[whole])
    for end in ("low", "high"):
        found[f"{end}_place"] = found[end]
        found[end] = np.array(
            [
                axis.from_unit([place]).tolist()[0] if np.isfinite(place) else None
                for axis, place in zip(axes, found[end], strict=True)
            ],
            dtype=object,
        )
    found.insert(0, "condition", text)
    return found, meets


def _points(
    axes: Sequence[Axis], design: Sequence[PointValues], stepped: Sequence[PointValues], block: Any, meets: Any
) -> pd.DataFrame:
    rows = []
    parts = (
        (DESIGN, design, block.tolist(), meets.tolist()),
        (STEPS, stepped, [-1] * len(stepped), [None] * len(stepped)),
    )
    for part, points, blocks, met in parts:
        for number, values in enumerate(points):
            own = (values.get(axis.path, axis.base) for axis in axes)
            rows.append((part, number, blocks[number], point_id(values), met[number], *own))
    table = pd.DataFrame(rows, columns=["part", "index", "block", "point", "met", *(axis.path for axis in axes)])
    return table.astype({"met": "boolean"})
