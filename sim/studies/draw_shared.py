"""Bars of an output that was shared out: a lever each, the largest first, and the whole below them."""

from __future__ import annotations

import math

import pandas as pd

from sim.results.amounts import scale_of
from sim.studies.shared_output import SharedOutput, has_parts
from sim.words import say

_DRAWN = ("label", "value", "part", "least", "most")


def whole_label() -> str:
    """What the bar of the whole is called."""
    return say("All together")


def bars_of(found: SharedOutput) -> pd.DataFrame:
    """Bars for `draw_contributions`, the whole last; parts only where they say something.

    Columns: `label`, `value`, `part`, `least`, `most`, in the unit of a change.
    """
    change = float(found.total["change"])
    last = pd.DataFrame([dict(zip(_DRAWN, (whole_label(), change, 1.0, change, change), strict=True))])
    rows = pd.concat([found.rows[list(_DRAWN)], last], ignore_index=True)
    rows[["value", "least", "most"]] *= scale_of(str(found.total["unit"]))[0]
    return rows if has_parts(found) else rows.assign(part=math.nan)
