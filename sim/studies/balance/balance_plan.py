"""From a scenario file to what is run: today without its timeline, over many years, from one start after another."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.parameters.timeline import get_path
from sim.rules.reading import RuleSource
from sim.runs.experiment.definition import Factor
from sim.runs.experiment.plan import ExperimentPlan, experiment_on
from sim.runs.experiment.reader import plan_experiment
from sim.scenario import load_scenario
from sim.studies.balance.start import paths_of
from sim.vocabulary.errors import ScenarioError
from sim.words import say

REPLICATIONS, YEARS, ROUNDS = 10, 20, 5


@dataclass(frozen=True)
class BalancePlan(ExperimentPlan):
    """What is run to balance a scenario.

    Attributes:
        years: Length of the runs.
        rounds: Starts that are tried after the file's own, at most.
        as_given: The file's scenario with its timeline and horizon, and the warm-up that was asked for.
    """

    years: int = YEARS
    rounds: int = ROUNDS
    as_given: Scenario = field(default_factory=Scenario)

    @property
    def planned(self) -> int:
        """Number of runs at most: every start, and new luck for the last one."""
        return (self.rounds + 2) * self.experiment.replications


def plan_balance(
    file: str | os.PathLike[str],
    *,
    replications: int = REPLICATIONS,
    years: int = YEARS,
    rounds: int = ROUNDS,
    warm_up: float | None = None,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> BalancePlan:
    """Read a scenario, and lay out from which starts it can be run.

    Args:
        file: The scenario file.
        replications: Runs with independent luck of each start.
        years: Length of the runs, instead of the scenario's own.
        rounds: Starts that are tried after the file's own, at most.
        warm_up: Years that are lived before each run, instead of the scenario's own warm-up.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.

    Raises:
        ScenarioError: If the file or an override is not right.
    """
    path = Path(file)
    laid_over = list(overrides or ())
    given = load_scenario(path, laid_over, rules=rules).scenario
    per_year = PERIODS_PER_YEAR[given.run.period]
    if warm_up is not None:
        if warm_up < 0.0:
            raise ScenarioError(say("is not allowed"), "warm_up", found=f"{warm_up:g}", allowed=say("0 or more"))
        laid_over.append(f"run.warm_up={round(warm_up * per_year)}")
        given = load_scenario(path, laid_over, rules=rules).scenario
    start = {name: Factor(values=[get_path(given, name)]) for name in paths_of(given)}
    lived = {"run.periods": years * per_year}
    experiment = experiment_on(given, path, replications, set=lived, uncertainties=start)
    plan = plan_experiment(experiment, path.parent, tuple(laid_over), rules)
    return BalancePlan(**plan.declared, years=years, rounds=rounds, as_given=given)
