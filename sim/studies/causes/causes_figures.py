"""The figure of causes."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.studies.causes.causes_of_churn import LEAVERS, OTHERS, CausesOfChurn
from sim.studies.draw_contributions import draw_contributions
from sim.studies.study_of_scenario import foot_of
from sim.words import say


def _draw(found: CausesOfChurn, width: float) -> Figure:
    """A bar a cause, the largest first, and below them who leaves for other reasons."""
    left, others = float(found.line(LEAVERS)["value"]), float(found.line(OTHERS)["value"])
    label = say("Other reasons")
    last = pd.DataFrame([{"label": label, "value": others, "least": others, "most": others}])
    rows = pd.concat([found.by_share[list(last)], last], ignore_index=True)
    rows["part"] = rows["value"] / left if left else float("nan")
    foot = foot_of(found)
    title = say("Why customers leave")
    unit = say("customers of the start who leave, and their part of all who leave")
    return draw_contributions(found, rows, width, title=title, unit=unit, foot=foot, grey=(label,))


FIGURES = Gallery({"causes": Drawing(_draw)})
