"""From a scenario file to the worlds that are run: every set of causes taken out, or those of some orders."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.model.scenario import Scenario
from sim.parameters.timeline import Patch
from sim.rules.reading import RuleSource
from sim.runs.experiment.plan import ExperimentPlan
from sim.studies.causes.known_causes import Cause, find_causes
from sim.studies.patched import PERSONS, PatchedTask, plan_worlds
from sim.studies.shapley import Coalition, CoalitionDesign, design
from sim.vocabulary.errors import ScenarioError
from sim.words import say

REPLICATIONS, ORDERS = 10, 20

AT_START = "active_start@0"
"""Customers at the start."""


@dataclass(frozen=True)
class CausesPlan(ExperimentPlan):
    """What is run to find why customers leave.

    Attributes:
        causes: All that were asked for, in order.
        players: Those of them that can be taken out: the players of the game.
        game: Which sets of them are taken out together.
    """

    causes: tuple[Cause, ...] = ()
    players: tuple[Cause, ...] = ()
    game: CoalitionDesign = field(default_factory=lambda: CoalitionDesign(0))

    @property
    def patches(self) -> list[Patch]:
        """The worlds, in the order of the game's coalitions; then those of one cause each."""
        return [self.patch_of(one) for one in (*self.game.coalitions, *self.singles)]

    @property
    def singles(self) -> list[Coalition]:
        """Each cause alone: who would have stayed but for it."""
        return [frozenset({number}) for number in range(len(self.players))]

    def patch_of(self, coalition: Coalition) -> Patch:
        """What takes some causes out together."""
        patch: dict[str, object] = {}
        for player in sorted(coalition):
            patch |= self.players[player].patch
        return patch

    @property
    def planned(self) -> int:
        """Number of runs."""
        return len({*self.game.coalitions, *self.singles}) * self.experiment.replications

    def task(self, outputs: Sequence[str] | None = None) -> PatchedTask:  # type: ignore[override]
        """What is done in a world."""
        recorded = tuple(outputs or (*PERSONS, AT_START))
        return PatchedTask(recorded, self.scenario, self.loaded.base_dir)


def plan_causes(
    file: str | os.PathLike[str],
    *,
    replications: int = REPLICATIONS,
    years: int | None = None,
    causes: Sequence[str] | Mapping[str, Patch] | None = None,
    orders: int = ORDERS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> CausesPlan:
    """Read a scenario, and lay out the worlds without its causes of churn.

    Args:
        file: The scenario file.
        replications: Runs with the same luck in every world.
        years: Length of the runs; None for the scenario's own.
        causes: Which, see `find_causes`.
        orders: In how many orders causes are taken out, where there are more than six.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.

    Raises:
        ScenarioError: If the file, an override or a cause is not right, or no cause can be taken out.
    """

    def worlds(scenario: Scenario) -> list[Patch]:
        found = [cause.patch for cause in find_causes(scenario, causes) if cause.patch]
        if not found:
            raise ScenarioError(say("none of these causes is there: the world is without them already"))
        return found

    known, _ = plan_worlds(file, worlds, replications=replications, years=years, overrides=overrides, rules=rules)
    scenario: Scenario = known["loaded"].scenario
    found = find_causes(scenario, causes)
    players = tuple(cause for cause in found if cause.patch)
    return CausesPlan(**known, causes=found, players=players, game=design(len(players), orders, scenario.run.seed))
