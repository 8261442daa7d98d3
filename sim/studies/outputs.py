"""Recorded outputs: single numbers of one run, by name.

A name is a key figure (`retention`), a column of the series with what to take of it (`complained.total`,
`satisfaction_mean.end`, `active@12` for the value in period 12), or `survival@12`, the share of the first customers who
stay longer than 12 periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.studies.keyfigures import KEY_FIGURES, figures_by_replication
from sim.studies.series import build_series, focal
from sim.vocabulary.scenario import Scenario

if TYPE_CHECKING:
    from sim.engine.tables import Tables

FROM_WORLD_WITHOUT_FAILURES = ("opportunity_measured", "opportunity_share", "quality_cost_share")


def needs_world_without_failures(outputs: Sequence[str], scenario: Scenario) -> bool:
    """Whether an output depends on the measured opportunity cost, and so on a second world.

    >>> needs_world_without_failures(["retention"], Scenario())
    False
    """
    return scenario.money.measure_opportunity_cost and any(name in FROM_WORLD_WITHOUT_FAILURES for name in outputs)


def measure(
    scenario: Scenario, tables: Tables, without_failures: Tables | None, outputs: Sequence[str]
) -> dict[str, float]:
    """The outputs of one run, in the order asked for; NaN where a number does not exist (a share of nothing)."""
    series = build_series(scenario, [tables], None if without_failures is None else [without_failures])
    figures = figures_by_replication(series, scenario).iloc[0]
    rows = focal(series, scenario)
    found = {}
    for name in outputs:
        if any(figure.name == name for figure in KEY_FIGURES):
            found[name] = float(figures[name])
        elif "@" in name:
            column, period = name.split("@")
            found[name] = float(rows[column].iloc[int(period)])
        else:
            column, how = name.split(".")
            values = rows[column].to_numpy(np.float64)
            found[name] = float(values.sum() if how == "total" else values.mean() if how == "mean" else values[-1])
    return found
