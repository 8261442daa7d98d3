"""From a scenario file to the worlds that are run: better firms, and prevention from nothing to plenty."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.scenario import Scenario
from sim.parameters.timeline import PERFECT_ANSWERS, WITHOUT_FAILURES, Patch, promises_kept
from sim.rules.reading import RuleSource
from sim.runs.experiment.plan import ExperimentPlan
from sim.studies.patched import PatchedTask, plan_worlds

REPLICATIONS, STEPS = 10, 10

PREVENTION = "firm.costs.prevention"
"""The parameter that is turned."""

SCALES_ABOVE = 5.0
"""How far above today's prevention, or the reference, the curve goes, in units of what divides the failures by e."""

ITEMS = {
    "prevention": "prevention_cost.total",
    "appraisal": "appraisal_cost.total",
    "internal": "internal_failure_cost.total",
    "external": "external_failure_cost.total",
}
"""The booked costs of quality by name, as recorded outputs."""

OUTPUTS = (
    *ITEMS.values(),
    "failure_cost.total",
    "margin",
    "margin.total",
    "revenue.total",
    "customer_years.total",
    "customers",
)


@dataclass(frozen=True)
class CostPlan(ExperimentPlan):
    """What is run for the cost of quality.

    Attributes:
        patches: The worlds, each once; the world as it is first.
        better: Patches of better firms by name, as in `sim.parameters.timeline.counterfactuals`.
        levels: Spending on prevention at each step, money per customer and year, in order; today's among them.
        today: Today's.
    """

    patches: tuple[Patch, ...] = ()
    better: tuple[tuple[str, Patch], ...] = ()
    levels: tuple[float, ...] = ()
    today: float = 0.0

    @property
    def planned(self) -> int:
        """Number of runs."""
        return len(self.patches) * self.experiment.replications

    def task(self, outputs: Sequence[str] | None = None) -> PatchedTask:  # type: ignore[override]
        """What is done in a world."""
        return PatchedTask(tuple(OUTPUTS if outputs is None else outputs), self.scenario, self.loaded.base_dir)


def plan_cost(
    file: str | os.PathLike[str],
    *,
    replications: int = REPLICATIONS,
    years: int | None = None,
    steps: int = STEPS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> CostPlan:
    """Read a scenario, and lay out the worlds that its cost of quality is measured by.

    Args:
        file: The scenario file.
        replications: Runs with the same luck in every world.
        years: Length of the runs; None for the scenario's own.
        steps: Steps of prevention from nothing to plenty, today's apart.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.

    Raises:
        ScenarioError: If the file or an override is not right.
    """

    def worlds(scenario: Scenario) -> list[Patch]:
        turned = [{PREVENTION: level} for level in levels_of(scenario, steps)]
        return [
            *better_firms(scenario).values(),
            *(one for patch in turned for one in (patch, {**patch, **WITHOUT_FAILURES})),
        ]

    known, patches = plan_worlds(file, worlds, replications=replications, years=years, overrides=overrides, rules=rules)
    scenario: Scenario = known["loaded"].scenario
    return CostPlan(
        **known,
        patches=patches,
        better=tuple(better_firms(scenario).items()),
        levels=levels_of(scenario, steps),
        today=scenario.firm.costs.prevention,
    )


def better_firms(scenario: Scenario) -> dict[str, Patch]:
    """The worlds with a better focal firm, by name."""
    return {
        "without_failures": WITHOUT_FAILURES,
        "promises_kept": promises_kept(scenario),
        "perfect_answers": PERFECT_ANSWERS,
    }


def levels_of(scenario: Scenario, steps: int) -> tuple[float, ...]:
    """Spending on prevention, from nothing to plenty in equal steps, with today's among it.

    Plenty is five times what divides the failures by e above today's, or above the reference where that is more; where
    nothing is prevented by spending, six times that.

    >>> levels_of(Scenario(), 4)
    (0.0, 2.0, 5.5, 11.0, 16.5, 22.0)
    """
    costs = scenario.firm.costs
    base = max(costs.prevention, costs.prevention_reference)
    most = base + SCALES_ABOVE * (costs.prevention_scale if costs.prevention_scale > 0.0 else max(base, 1.0))
    spaced = {float(f"{most * number / steps:.6g}") for number in range(steps + 1)}
    return tuple(sorted({*spaced, costs.prevention}))
