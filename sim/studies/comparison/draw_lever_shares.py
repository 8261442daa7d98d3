"""What each lever of a plan contributes: bars with the range over all orders, plan by plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.plots.style import caption
from sim.results.amounts import change_unit
from sim.studies.comparison.levers_words import bundles_of
from sim.studies.draw_contributions import draw_contributions
from sim.studies.shared_output import bars_of
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison


def has(comparison: Comparison) -> bool:
    """Whether anything was shared out."""
    return bool(bundles_of(comparison))


def draw(comparison: Comparison, width: float) -> Figure:
    """A bar a lever, the largest first, and the whole below them; of several plans one after the other."""
    bundles = bundles_of(comparison)
    bars, grey = [], []
    for label, shared in bundles.items():
        rows = bars_of(shared)
        if len(bundles) > 1:
            rows["label"] = [say("{label}: {lever}", label=label, lever=lever) for lever in rows["label"]]
        grey.append(str(rows["label"].iloc[-1]))
        bars.append(rows)
    total = next(iter(bundles.values())).total
    return draw_contributions(
        comparison,
        pd.concat(bars, ignore_index=True),
        width,
        title=say("{output}: what each lever contributes", output=total["label"]),
        unit=change_unit(str(total["unit"])),
        foot=caption(comparison, ""),
        grey=tuple(grey),
    )
