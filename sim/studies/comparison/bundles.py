"""Which plans of a comparison are shared out among their levers, and the worlds that this takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.model.scenario import Scenario
from sim.studies.changed_levers import ChangedLever, find_changed, mixed
from sim.studies.comparison.comparison_plan import Bundle, ComparedWorld, ComparisonPlan
from sim.studies.shapley import design
from sim.vocabulary.errors import ScenarioError
from sim.words import say

MOST_LEVERS = 4
"""So many levers of a plan are shared out without being asked for."""

MOST_WORLDS = 2**MOST_LEVERS - 2
"""So many worlds are added without being asked for, of all plans together."""

ORDERS = 20
"""Orders in which more levers than six are taken, as `sim shares` does."""


def with_bundles(plan: ComparisonPlan, asked: bool | None, together: Sequence[str] = ()) -> ComparisonPlan:
    """A comparison with the worlds between today and its plans of several levers.

    Args:
        plan: The comparison.
        asked: Whether every such plan is shared out, or none; None for those of few levers, see `MOST_WORLDS`.
        together: Patterns of parameters that are one lever.

    >>> from sim.studies.comparison.comparison_plan import prepare
    >>> from sim.parameters.paths import set_path
    >>> today = Scenario()
    >>> plan = set_path(set_path(today, "firm.desk.ease", 1.0), "firm.strategy.price_index", 1.1)
    >>> found = with_bundles(prepare([today, plan]), None)
    >>> [(lever.name, lever.plan) for lever in found.bundles[0].levers], found.lived
    ([('firm.strategy.price_index', '1.1'), ('firm.desk.ease', '1')], 4)
    """
    if asked is False:
        return plan
    found, worlds = [], 0
    for world in plan.worlds[1:]:
        levers = levers_of(plan.worlds[0].scenario, world, together)
        if len(levers) < 2 or (asked is None and worlds + 2 ** len(levers) - 2 > MOST_WORLDS):
            continue
        bundle = _bundle(plan, world, levers)
        if bundle is not None:
            worlds += len(bundle.between)
            found.append(bundle)
    return replace(plan, bundles=tuple(found))


def levers_of(today: Scenario, world: ComparedWorld, together: Sequence[str] = ()) -> tuple[ChangedLever, ...]:
    """What a plan changes, lever by lever; none where its people, or its past, are not today's."""
    if world.today is None:
        return ()
    try:
        return find_changed(today, world.scenario, together)
    except ScenarioError:
        return ()


def _bundle(plan: ComparisonPlan, world: ComparedWorld, levers: tuple[ChangedLever, ...]) -> Bundle | None:
    """The worlds between today and a plan; None where some of its levers only go together."""
    first = plan.worlds[0]
    game = design(len(levers), ORDERS, plan.seed)
    between = []
    for one in game.coalitions[1:-1]:
        chosen = {path for player in one for path in levers[player].paths}
        try:
            scenario = mixed(first.scenario, world.scenario, chosen)
        except ScenarioError:
            return None
        between.append(ComparedWorld(world.label, scenario, first.base_dir, None, {}, "", world.today))
    return Bundle(world.label, levers, game, tuple(between))


def worlds_added(plan: ComparisonPlan) -> list[str]:
    """What is told of a plan that is shared out, before anything is run."""
    return [
        say(
            "{label} changes {levers} levers: {worlds} more worlds tell what each of them contributes; --no-shares "
            "leaves them out.",
            label=bundle.label,
            levers=len(bundle.levers),
            worlds=len(bundle.between),
        )
        for bundle in plan.bundles
    ]
