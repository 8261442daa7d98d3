"""From today's file and a plan's to the worlds that are run: today with some of the plan's levers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.results.output_names import buyers_asked, needs_following
from sim.results.outputs import PROFIT, check_outputs, measure
from sim.rules.reading import RuleSource
from sim.runs.execution.task import Tick
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Factor
from sim.runs.experiment.plan import ExperimentPlan, experiment_on, plan_without_factors
from sim.runs.experiment.points import PointValues
from sim.scenario import load_scenario
from sim.studies.changed_levers import ChangedLever, find_changed, mixed
from sim.studies.shapley import Coalition, CoalitionDesign, design
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

REPLICATIONS, ORDERS = 10, 20

USUAL = (PROFIT, "margin", "customers", "satisfaction")
"""What is shared out where nothing else is asked for."""


@dataclass(frozen=True)
class MixedTask:
    """Simulate today with some of a plan's levers.

    Attributes:
        outputs: Recorded outputs by name.
        today: Today.
        plan: The plan.
        levers: Paths of each lever, by its name.
        base_dir: Folder that an edge list is relative to.
    """

    outputs: tuple[str, ...]
    today: Scenario
    plan: Scenario
    levers: Mapping[str, tuple[str, ...]]
    base_dir: Path | None = None

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """Simulate once; a lever that is true is the plan's. What is lived before the start is today's."""
        from sim.engine.simulation import Simulation

        chosen = {path for name, paths in self.levers.items() if values.get(name) for path in paths}
        scenario = mixed(self.today, self.plan, chosen)
        how: dict[str, Any] = {"seed": seed, "threads": 1, "base_dir": self.base_dir, "today": self.today}
        if not needs_following(self.outputs):
            return measure(scenario, Simulation(scenario, **how).run(lambda _: tick()), None, self.outputs)
        from sim.engine.followed import FollowedSimulation

        run = FollowedSimulation(scenario, asked=buyers_asked(self.outputs), **how)
        return measure(scenario, run.run(lambda _: tick()), None, self.outputs, run.followed)


@dataclass(frozen=True)
class SharesPlan(ExperimentPlan):
    """What is run to share out the difference between today and a plan.

    Attributes:
        today: Today.
        planned_for: The plan, with today's calendar and luck.
        changed: The levers in which they differ: the players of the game.
        game: Which sets of them are taken from the plan together.
    """

    today: Scenario = field(default_factory=Scenario)
    planned_for: Scenario = field(default_factory=Scenario)
    changed: tuple[ChangedLever, ...] = ()
    game: CoalitionDesign = field(default_factory=lambda: CoalitionDesign(0))

    @property
    def points(self) -> list[dict[str, bool]]:
        """The levers of each world that are the plan's, in the order of the game's coalitions."""
        return [self.point_of(one) for one in self.game.coalitions]

    def point_of(self, coalition: Coalition) -> dict[str, bool]:
        """The point at which some levers are the plan's; today has none."""
        return {self.changed[player].name: True for player in sorted(coalition)}

    @property
    def planned(self) -> int:
        """Number of runs."""
        return len(self.game.coalitions) * self.experiment.replications

    def task(self, outputs: Sequence[str] | None = None) -> MixedTask:  # type: ignore[override]
        """What is done in a world."""
        recorded = tuple(self.experiment.outputs if outputs is None else outputs)
        levers = {lever.name: lever.paths for lever in self.changed}
        return MixedTask(recorded, self.today, self.planned_for, levers, self.loaded.base_dir)


def plan_shares(
    file: str | os.PathLike[str],
    *,
    today: str | os.PathLike[str] | None = None,
    replications: int = REPLICATIONS,
    years: int | None = None,
    outputs: Sequence[str] | None = None,
    together: Sequence[str] | None = None,
    orders: int = ORDERS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> SharesPlan:
    """Read a plan and what it is compared with, and lay out the worlds between the two.

    Args:
        file: The plan's scenario file.
        today: Today's; the file that the plan extends if left out.
        replications: Runs with the same luck in every world.
        years: Length of the runs; None for today's own.
        outputs: What is shared out, by name.
        together: Patterns of parameters that are one lever.
        orders: In how many orders levers are taken from the plan, where there are more than six.
        overrides: Parameters of both scenarios as `path=value`.
        rules: Files with rules from outside, for both.

    Raises:
        ScenarioError: If a file, an override or an output is not right, nothing differs, or people do.
    """
    path, laid_over = Path(file), list(overrides or ())
    plan = load_scenario(path, laid_over, rules=rules)
    if today is None and len(plan.files) < 2:
        allowed = say("a plan that extends today's file, or --today FILE")
        raise ScenarioError(say("extends no file that it could be compared with"), str(path), allowed=allowed)
    base = Path(today) if today is not None else Path(plan.files[-2])
    loaded = load_scenario(base, laid_over, rules=rules)
    run = loaded.scenario.run
    periods = run.periods if years is None else years * PERIODS_PER_YEAR[run.period]
    if plan.scenario.run.period != run.period:
        raise ScenarioError(say("must be today's"), "run.period", found=plan.scenario.run.period, allowed=run.period)
    calendar = {"run": run.model_copy(update={"periods": periods, "panel": 0})}
    first = loaded.scenario.model_copy(update=calendar)
    then = plan.scenario.model_copy(update=calendar)
    recorded = list(dict.fromkeys(outputs or USUAL))
    problems = check_outputs(recorded, first)
    levers = find_changed(first, then, together or ())
    game = design(len(levers), orders, run.seed)
    for one in game.coalitions:
        chosen = {path for player in one for path in levers[player].paths}
        try:
            mixed(first, then, chosen)
        except ScenarioError as error:
            hint = say("some of these levers only go together: --together PATTERN")
            problems += [Problem(problem.message, problem.key, hint=hint) for problem in error.problems]
            break
    if problems:
        raise ScenarioError(problems)
    lived = {"run.periods": periods}
    experiment = experiment_on(plan.scenario, path, replications, set=lived, outputs=recorded)
    known = plan_without_factors(experiment, loaded, laid_over).declared | {
        "axes": tuple(Axis(lever.name, Factor(values=[False, True]), True, "truth", False) for lever in levers),
        "bases": {(): first},
        "warnings": tuple(dict.fromkeys([*loaded.warnings, *plan.warnings])),
    }
    return SharesPlan(**known, today=first, planned_for=then, changed=levers, game=game)
