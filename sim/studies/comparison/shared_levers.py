"""What each lever of a bundle contributes, and what comes of each part of it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.intervals import LEVEL, mean_interval, spread
from sim.results.outputs import output_unit
from sim.studies.attributed import names_of
from sim.studies.comparison.comparison_plan import SHARED, Bundle
from sim.studies.shared_output import CoalitionValues, share_rows, total_rows


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
