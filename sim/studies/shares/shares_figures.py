"""The figure of shares, one for each output."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.results.amounts import change_unit, scale_of
from sim.results.outputs import output_label
from sim.studies.draw_contributions import draw_contributions
from sim.studies.shares.shared_out import SharedOut
from sim.studies.shares.shares_words import has_parts
from sim.studies.study_of_scenario import foot_of
from sim.words import say


def _draw(found: SharedOut, output: str, width: float) -> Figure:
    """A bar a lever, the largest first, and the whole below them."""
    total = found.total(output)
    label, unit, change = say("All together"), str(total["unit"]), float(total["change"])
    last = pd.DataFrame([{"label": label, "value": change, "part": 1.0, "least": change, "most": change}])
    rows = pd.concat([found.of(output)[list(last)], last], ignore_index=True)
    rows[["value", "least", "most"]] *= scale_of(unit)[0]
    if not has_parts(found, output):
        rows["part"] = math.nan
    foot = foot_of(found)
    title = say("{output}: what each lever contributes", output=output_label(output))
    told = change_unit(unit) or output_label(output)
    return draw_contributions(found, rows, width, title=title, unit=told, foot=foot, grey=(label,))


FIGURES = Gallery({"shares": Drawing(_draw, each_output=True)})
