"""The model for users of the Exploratory Modelling Workbench (Kwakkel 2017): an adapter, nothing more."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.results.failed_work import one_line
from sim.results.whole_files import json_ready
from sim.rules.reading import RuleSource
from sim.runs.execution.task import Task
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.points import PointValues
from sim.runs.experiment.reader import read_experiment
from sim.runs.run import replication_seed
from sim.vocabulary.extras import needed
from sim.words import say


class Function:
    """What the workbench calls: values by path in, outputs by name out; pickled for its worker processes.

    Args:
        task: What is done.
        seed: Key of the luck.
        fixed: Values of factors that are no parameters, since they have one value only.
    """

    def __init__(self, task: Task, seed: int, fixed: PointValues) -> None:
        self.task, self.seed, self.fixed = task, seed, dict(fixed)

    def __call__(self, **values: Any) -> dict[str, float]:
        """One run; one that fails gives NaN for all outputs and warns of the reason, and the others go on."""
        try:
            return dict(self.task({**self.fixed, **json_ready(values)}, self.seed, lambda: None))
        except Exception as error:
            warnings.warn(say("a run failed: {error}", error=one_line(error)), RuntimeWarning, stacklevel=2)
            return dict.fromkeys(self.task.outputs, float("nan"))


def identifier(path: str) -> str:
    """A parameter's or output's name as the workbench wants it.

    >>> identifier("firm.desk.ease"), identifier("survival@12")
    ('firm_desk_ease', 'survival_12')
    """
    return re.sub(r"\W", "_", path)


def model(
    experiment: str | Path | ExperimentPlan,
    *,
    replication: int = 0,
    name: str = "exitvoice",
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
) -> Any:
    """A Model of ema-workbench from an experiment file.

    Levers become its levers, uncertainties its uncertainties (with their distributions) and recorded outputs its
    outcomes. Points are replaced by underscores in their names: `firm.desk.ease` is `firm_desk_ease`. A lever or an
    uncertainty that the workbench leaves out of an experiment keeps the scenario's value.

    Args:
        experiment: An experiment file, or what `read_experiment` made of one.
        replication: Which luck every experiment meets: the seed is that of `sim.sweep`, so equal values give equal
            rows.
        name: Name of the model, letters and digits.
        overrides: Parameters as `path=value`, for a file.
        rules: Files with rules from outside, for a file.

    Returns:
        An `ema_workbench.Model`, for `perform_experiments` and the rest.

    Raises:
        ScenarioError: If the file is not allowed.
        MissingExtraError: If ema-workbench is not installed.

    Example:
        >>> from ema_workbench import perform_experiments  # doctest: +SKIP
        >>> perform_experiments(model("x.yaml"), scenarios=10, policies=4)  # doctest: +SKIP
    """
    plan = experiment if isinstance(experiment, ExperimentPlan) else read_experiment(Path(experiment), overrides, rules)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says at import which of its own extras are missing
        workbench = needed("ema_workbench", "ema", say("Models for the Exploratory Modelling Workbench"))
    seed = replication_seed(plan.scenario.run.seed, replication)
    task = plan.task()
    single = {axis.path: axis.values[0] for axis in plan.axes if axis.values is not None and len(axis.values) == 1}
    varied = [axis for axis in plan.axes if axis.path not in single]
    made = workbench.Model(name, function=Function(task, seed, single))
    made.levers = [_parameter(workbench, axis) for axis in varied if axis.lever]
    made.uncertainties = [_parameter(workbench, axis) for axis in varied if not axis.lever]
    made.outcomes = [workbench.ScalarOutcome(identifier(output), variable_name=output) for output in task.outputs]
    return made


def _parameter(workbench: Any, axis: Axis) -> Any:
    """A factor as a parameter of the workbench, with the same distribution."""
    stats = needed("scipy.stats", "studies", "Distributions")
    name, factor = identifier(axis.path), axis.factor
    known = {"variable_name": axis.path, "default": axis.base}
    if axis.values is not None:
        return workbench.CategoricalParameter(name, list(axis.values), **known)
    if axis.kind == "whole":
        return workbench.IntegerParameter(name, int(axis.low), int(axis.high), **known)
    if factor.distribution == "triangular":
        mode = 0.0 if factor.mode is None else factor.mode
        width = axis.high - axis.low
        return workbench.RealParameter.from_dist(
            name, stats.triang((mode - axis.low) / width, axis.low, width), **known
        )
    if factor.distribution == "normal":
        mean, sd = factor.mean or 0.0, factor.sd or 1.0
        cut = ((axis.low - mean) / sd, (axis.high - mean) / sd)
        return workbench.RealParameter.from_dist(name, stats.truncnorm(*cut, mean, sd), **known)
    if factor.scale == "log":
        return workbench.RealParameter.from_dist(name, stats.loguniform(axis.low, axis.high), **known)
    return workbench.RealParameter(name, axis.low, axis.high, **known)
