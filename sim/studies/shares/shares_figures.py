"""The figure of shares, one for each output."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.results.amounts import change_unit
from sim.results.outputs import output_label
from sim.studies.draw_contributions import draw_contributions
from sim.studies.shared_output import bars_of, whole_label
from sim.studies.shares.shared_out import SharedOut
from sim.studies.study_of_scenario import foot_of
from sim.words import say


def _draw(found: SharedOut, output: str, width: float) -> Figure:
    """A bar a lever, the largest first, and the whole below them."""
    shared, label = found.shared(output), output_label(output)
    title = say("{output}: what each lever contributes", output=label)
    told = change_unit(str(shared.total["unit"])) or label
    grey = (whole_label(),)
    return draw_contributions(found, bars_of(shared), width, title=title, unit=told, foot=foot_of(found), grey=grey)


FIGURES = Gallery({"shares": Drawing(_draw, each_output=True)})
