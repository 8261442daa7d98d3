"""Loss of customers over time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots import overtime
from sim.plots.style import RED, FigureSheet, percent_tick
from sim.results.result import Result
from sim.words import say


def draw(result: Result, width: float) -> Figure:
    """Yearly loss of the focal firm's customers at the pace of each stretch of time, with its band."""
    loss = result.value("yearly_loss")
    sheet = FigureSheet(
        result,
        width,
        2.4,
        say("{loss:.0%} of customers are lost in a year", loss=loss) if np.isfinite(loss) else say("Customers lost"),
        say(
            "Share of customers who leave for whatever cause, as a yearly rate; {step_words}",
            step_words=overtime.step_words(result),
        ),
    )
    axes = sheet.single(top=0.3, left=0.6)
    line = overtime.yearly_loss_line(result)
    overtime.draw_line(axes, line, RED)
    overtime.note_line(axes, line, say("customers lost in a year"), result.scenario.run, ".1%")
    axes.set_ylim(0.0, min(1.0, max(0.05, axes.get_ylim()[1])))
    axes.yaxis.set_major_formatter(percent_tick)
    overtime.unit_above(axes, say("share lost per year"))
    overtime.finish_time_axis(axes, result)
    return sheet.figure
