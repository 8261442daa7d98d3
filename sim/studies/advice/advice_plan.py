"""From a scenario file to what is run: today, and each lever at each of its steps, over some years."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.results.outputs import EQUITY, PROFIT
from sim.rules.reading import RuleSource
from sim.runs.experiment.definition import Lever
from sim.runs.experiment.plan import ExperimentPlan, experiment_on
from sim.runs.experiment.reader import plan_experiment
from sim.scenario import load_scenario, several
from sim.studies.advice.closing import LOOKS
from sim.studies.advice.desk_that_pays import CLOSED
from sim.studies.advice.levers import FirmLever, LeftOut, are_held, find_levers

REPLICATIONS, YEARS, STEPS = 10, 3, 2

UNITS = "purchases.total"
"""Units sold over the run."""

OUTCOMES = (PROFIT, "margin", "customers", "satisfaction")
"""What is told of every step."""

LIFETIME = "lifetime_value"
"""Value of a newly won customer, before what winning costs."""

CAPTIVE_LOSS, CASES = "captive_loss", "third_party_cases.total"
"""What is told of who cannot leave: what they bear themselves, and where they take their complaints."""


def told_of(scenario: Scenario) -> tuple[str, ...]:
    """Outputs that are told of every step: where people are held, what that costs them stands beside the money.

    >>> told_of(Scenario(rivals=[]))[-2:]
    ('captive_loss', 'third_party_cases.total')
    """
    return (*OUTCOMES, CAPTIVE_LOSS, CASES) if are_held(scenario) else OUTCOMES


COUNTS = (
    EQUITY,
    LIFETIME,
    UNITS,
    "silent.total",
    "silent_stayed.total",
    "silent_captive.total",
    "unanswered.total",
    "unresolved.total",
    "resolved.total",
    "resolved_quickly.total",
    "complained_front_line.total",
    "escalated.total",
    "complaints_kept.total",
    "unanswered_kept.total",
    "complaint_lost.total",
    "complaint_captive.total",
    CAPTIVE_LOSS,
    CASES,
    "complaint_cost.total",
    "compensation_cost.total",
)
"""What else is recorded: for the price's elasticity, who cannot leave, and what the desk and new customers bring."""


@dataclass(frozen=True)
class AdvicePlan(ExperimentPlan):
    """What is run for a table of advice.

    Attributes:
        turned: The levers with their steps.
        left_out: Parameters of the firm that are not turned, and why.
        years: Length of the runs.
        steps: Values of a lever on each side of today's.
        looks: How often what closing the desk does is looked at, at most, with twice as many pairs each time.
    """

    turned: tuple[FirmLever, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    years: int = YEARS
    steps: int = STEPS
    looks: int = LOOKS

    @property
    def points(self) -> list[dict[str, Any]]:
        """Changed parameters of every point: none today, step by step of each lever without today's, no desk if new."""
        found = [{}, *(step.changes for lever in self.turned for step in lever.steps if step.changes)]
        return found if self.closed in found else [*found, self.closed]

    @property
    def closed(self) -> dict[str, Any]:
        """What is changed where the desk is closed; nothing where it is so today."""
        return CLOSED if self.scenario.firm.desk.agents > 0.0 else {}

    @property
    def planned(self) -> int:
        """Number of runs."""
        return len(self.points) * self.experiment.replications


def plan_advice(
    file: str | os.PathLike[str],
    *,
    replications: int = REPLICATIONS,
    years: int = YEARS,
    steps: int = STEPS,
    levers: Sequence[str] | None = None,
    looks: int = LOOKS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> AdvicePlan:
    """Read a scenario, and lay out which of its firm's levers are turned to which steps.

    Args:
        file: The scenario file.
        replications: Runs with the same luck at every step.
        years: Length of the runs, instead of the scenario's own.
        steps: Values of a lever on each side of today's, up to the bound of its practical range.
        levers: Patterns of levers such as `firm.desk.*`; all if left out.
        looks: How often what closing the desk does is looked at, at most.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.

    Raises:
        ScenarioError: If the file or an override is not right, or there is no such lever.
    """
    path = Path(file)
    scenario = load_scenario(path, overrides or (), rules=rules).scenario
    found = find_levers(scenario, steps, several(levers or ()))
    experiment = experiment_on(
        scenario,
        path,
        replications,
        set={"run.periods": years * PERIODS_PER_YEAR[scenario.run.period]},
        levers={path: Lever(values=values) for path, values in _values_by_path(found.levers).items()},
        outputs=[*OUTCOMES, *COUNTS],
    )
    plan = plan_experiment(experiment, path.parent, tuple(overrides or ()), rules)
    return AdvicePlan(
        **plan.declared,
        turned=found.levers,
        left_out=found.left_out,
        years=years,
        steps=steps,
        looks=looks,
    )


def _values_by_path(levers: Sequence[FirmLever]) -> dict[str, list[Any]]:
    """All values that a parameter has at some point, alone or together with others."""
    values: dict[str, set[Any]] = {}
    for lever in levers:
        for step in lever.steps:
            for path, value in step.changes.items():
                values.setdefault(path, set()).add(value)
    for path, value in CLOSED.items():
        values.setdefault(path, set()).add(value)
    return {path: sorted(found) for path, found in values.items()}
