"""Plans of several levers: which are shared out among them, the worlds that this takes, and what each contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.intervals import LEVEL, mean_interval, spread
from sim.results.outputs import output_unit
from sim.studies.attributed import names_of
from sim.studies.changed_levers import ChangedLever, find_changed, mixed
from sim.studies.comparison.comparison_plan import SHARED, Bundle, ComparedWorld, ComparisonPlan
from sim.studies.shapley import design
from sim.studies.shared_output import CoalitionValues, share_rows, total_rows
from sim.vocabulary.errors import ScenarioError
from sim.words import say


class SharedLevers(NamedTuple):
    """Tables of all bundles of a comparison, empty where there are none; each begins with the column `scenario`.

    Attributes:
        shares: What each lever contributes; columns as `sim.studies.shared_output.share_columns`.
        totals: What is shared out; likewise.
        parts: Each part of a bundle that was lived, see `PARTS`.
    """

    shares: pd.DataFrame
    totals: pd.DataFrame
    parts: pd.DataFrame


NO_LEVERS = SharedLevers(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())


def build_shared(
    bundles: Sequence[Bundle], games: Mapping[str, Sequence[npt.NDArray[np.float64]]], today: Scenario
) -> SharedLevers:
    """Share out what every bundle changes.

    Args:
        bundles: The plans.
        games: By plan and replication: float64[worlds, outputs] of `SHARED`, as `Replication.games`.
        today: Today.
    """
    shares: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for bundle in bundles:
        lived = np.array(games[bundle.label]).transpose(2, 1, 0)
        worlds = {name: values for name, values in zip(SHARED, lived, strict=True) if _is_known(values)}
        name = {"scenario": bundle.label}
        shares += [name | row for row in share_rows(bundle.game, bundle.levers, worlds, today)]
        totals += [name | row for row in total_rows(worlds, today)]
        parts += [name | row for row in _parts(bundle, worlds, today)]
    return SharedLevers(pd.DataFrame(shares), pd.DataFrame(totals), pd.DataFrame(parts))


def _is_known(values: npt.NDArray[np.float64]) -> bool:
    """Whether two replications have a value in every world: what customers are worth may have no end."""
    return int(np.isfinite(values).all(axis=0).sum()) >= 2


def _parts(bundle: Bundle, worlds: CoalitionValues, today: Scenario) -> list[dict[str, Any]]:
    """A row for each output and set of levers that was lived, but for none of them."""
    labels = [lever.label for lever in bundle.levers]
    sets = bundle.game.coalitions
    level = 1.0 - (1.0 - LEVEL) / max(1, len(sets) - 2)
    rows = []
    for output, values in worlds.items():
        known = values[:, np.isfinite(values).all(axis=0)]
        for one, row in zip(sets[1:], known[1:], strict=True):
            rows.append(
                {
                    "output": output,
                    "levers": names_of(one, labels),
                    "count": len(one),
                    "value": mean_interval(row).value,
                    **spread("change", row - known[0], level),
                    **spread("ahead", row - known[-1], level),
                    "unit": output_unit(output, today),
                }
            )
    return rows


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
