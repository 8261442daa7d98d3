"""An experiment on its scenario: checked, and ready to be run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.rules.reading import RuleSource
from sim.runs.execution.simulate import Presets, SimulationTask, presets_of
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.conditions import Condition
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.designs import sample, values_at
from sim.runs.experiment.points import PointValues
from sim.scenario import Loaded, load_scenario
from sim.vocabulary.errors import Problem, Problems, ScenarioError
from sim.words import say


@dataclass(frozen=True)
class ExperimentPlan:
    """An experiment, checked against its scenario.

    Attributes:
        experiment: As it stands in the file.
        loaded: The scenario after `set`, with where each value came from.
        axes: The factors, levers first.
        constraints: Conditions on factors.
        bases: The scenario for each combination of presets that points ask for; `{(): scenario}` where no preset is
            varied.
        text: The file's text; of an experiment made in Python, its JSON.
        path: The file, if there is one.
        warnings: What is allowed but probably not meant.
        overrides: What was laid over the scenario beside the experiment's own `set`, as `key=value`.
    """

    experiment: Experiment
    loaded: Loaded
    axes: tuple[Axis, ...]
    constraints: tuple[Condition, ...]
    bases: Mapping[Presets, Scenario]
    text: str
    path: Path | None = None
    warnings: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario after `set`, before any point's values."""
        return self.loaded.scenario

    @property
    def declared(self) -> dict[str, Any]:
        """Its fields by name, for a kind of plan that adds its own."""
        return {field.name: getattr(self, field.name) for field in fields(ExperimentPlan)}

    @cached_property
    def sha256(self) -> str:
        """Hash of the text, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def levers(self) -> tuple[Axis, ...]:
        """The factors that the firm decides."""
        return tuple(axis for axis in self.axes if axis.lever)

    @property
    def uncertainties(self) -> tuple[Axis, ...]:
        """The factors that nobody knows."""
        return tuple(axis for axis in self.axes if not axis.lever)

    def task(self, outputs: Sequence[str] | None = None) -> SimulationTask:
        """What is done at a point; the scenario's own presets are known to it, whether or not the file lists them.

        Args:
            outputs: What is recorded; the experiment's outputs if left out.
        """
        recorded = tuple(self.experiment.outputs if outputs is None else outputs)
        today = presets_of({path: value for path, value in self.base_values.items() if value is not None})
        bases = {(): self.scenario, today: self.scenario, **self.bases}
        return SimulationTask(recorded, bases, self.loaded.base_dir, tuple(axis.path for axis in self.levers))

    @cached_property
    def base_values(self) -> dict[str, Any]:
        """The scenario's own values of the factors; None where it names no preset."""
        return {axis.path: axis.base for axis in self.axes}


def experiment_on(scenario: Scenario, file: Path, replications: int, **declared: Any) -> Experiment:
    """The experiment of a study that reads a scenario: it has the name and the question of that.

    Args:
        scenario: As it was read.
        file: Its file; the folder that the experiment's scenario is relative to is the file's.
        replications: Runs at each point.
        **declared: What else is declared of the experiment.

    >>> experiment_on(Scenario(), Path("scenarios/a.yaml"), 3, set={"run.periods": 9}).scenario
    'a.yaml'
    """
    declared |= {"name": scenario.name, "question": scenario.question, "scenario": file.name}
    return Experiment(replications=replications, **declared)


def plan_without_factors(experiment: Experiment, loaded: Loaded, overrides: Sequence[str]) -> ExperimentPlan:
    """The plan of a study that turns nothing by itself: what differs between its runs, its own task knows."""
    return ExperimentPlan(
        experiment,
        loaded,
        axes=(),
        constraints=(),
        bases={(): loaded.scenario},
        text=experiment.model_dump_json(exclude_unset=True),
        warnings=tuple(loaded.warnings),
        overrides=tuple(overrides),
    )


def load_lasting(
    file: Path, years: int | None, overrides: Sequence[str], rules: Sequence[RuleSource]
) -> tuple[Loaded, int]:
    """A scenario over so many years, None for its own length, and its periods; overrides are laid over that."""
    loaded = load_scenario(file, overrides, rules=rules)
    if years is None:
        return loaded, loaded.scenario.run.periods
    periods = years * PERIODS_PER_YEAR[loaded.scenario.run.period]
    return load_scenario(file, [f"run.periods={periods}", *overrides], rules=rules), periods


def unit_cube(plan: ExperimentPlan, axes: Sequence[Axis] | None = None) -> dict[str, Any]:
    """The unit cube of the factors as SALib wants it: `num_vars`, `names`, `bounds`.

    Args:
        plan: From `read_experiment`.
        axes: Some of its factors; all if left out. `values_at(axes, sample)` gives the values of a sample.

    Raises:
        ScenarioError: If a factor has neither range nor values.
    """
    chosen = plan.axes if axes is None else axes
    Problems(
        Problem(say("has no range"), axis.path, allowed=say("low and high, or values"))
        for axis in chosen
        if not axis.varies
    ).check()
    names = [axis.path for axis in chosen]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def sample_uncertainties(plan: ExperimentPlan, draws: int, seed: int = 0) -> list[dict[str, Any]]:
    """A Latin hypercube over the uncertainties, for judging choices by.

    Where constraints that name uncertainties only forbid some of the draws, random ones that are allowed replace them.

    Args:
        plan: From `read_experiment`.
        draws: How many.
        seed: Of the draws.

    Returns:
        Values of the uncertainties; empty dictionaries where there are none.

    Raises:
        ScenarioError: If constraints leave hardly any draw, or an uncertainty has no range.
    """
    axes = plan.uncertainties
    if not axes:
        return [{} for _ in range(draws)]
    unit_cube(plan, axes)
    paths = {axis.path for axis in axes}
    conditions = [condition for condition in plan.constraints if set(condition.names) <= paths]

    def allowed(values: PointValues) -> bool:
        return all(condition.holds(values) for condition in conditions)

    found = [values for values in sample(axes, draws, seed) if allowed(values)]
    dice = np.random.default_rng([seed, 1])
    for _ in range(1000):
        if len(found) >= draws:
            return found[:draws]
        found += [values for values in values_at(axes, dice.random((draws, len(axes)))) if allowed(values)]
    raise ScenarioError(say("the constraints on uncertainties leave hardly any draw"), "constraints")
