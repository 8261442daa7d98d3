"""The members by pairs of parameters: what can stand in for what."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.parameters.labels import label, short_label
from sim.plots.style import BLUE, MUTED, ORANGE, SIZE, FigureSheet, write_above
from sim.plots.told_values import note
from sim.studies.calibration.calibration_labels import foot
from sim.studies.calibration.fit import CalibrationResult
from sim.studies.calibration.goodness import STRONG
from sim.words import say, written

_MOST_PANELS = 6


def pairs(result: CalibrationResult) -> list[tuple[str, str, float]]:
    """Pairs of parameters with their correlation, strongest first, six at most."""
    table = result.correlations
    paths = [str(path) for path in table.index]
    found = [
        (one, other, float(table.to_numpy()[i, j]))
        for i, one in enumerate(paths)
        for j, other in enumerate(paths)
        if i < j
    ]
    return sorted(found, key=lambda pair: -abs(pair[2]))[:_MOST_PANELS]


def draw(result: CalibrationResult, width: float) -> Figure:
    """A panel for each pair; axes run over what was believed before."""
    shown = pairs(result)
    columns = min(len(shown), 1 if width < 6.0 else 3)
    rows = -(-len(shown) // columns)
    side = min((width - 0.75 * columns - 0.2) / columns, 2.6)
    height = rows * (side + 0.85)
    strong = sum(abs(value) >= STRONG for _, _, value in shown)
    title = say("What can stand in for what") if strong else say("No two parameters stand in for each other")
    sheet = FigureSheet(
        result,
        width,
        height,
        title,
        say("Dots: members of the ensemble. A narrow slant: the data tell a combination, not each of the two"),
        foot=foot(result, say("correlations of the posterior")),
    )
    for number, (one, other, value) in enumerate(shown):
        column, row = number % columns, number // columns
        axes = sheet.axes(0.75 + column * (side + 0.75), height - (row + 1) * (side + 0.85) + 0.55, side, side)
        _panel(axes, result, one, other, value)
    return sheet.figure


def _panel(axes: Axes, result: CalibrationResult, one: str, other: str, value: float) -> None:
    strong = abs(value) >= STRONG
    at, beside = (result.ensemble[name].to_numpy(float) for name in (one, other))
    axes.plot(
        at,
        beside,
        "o",
        color=ORANGE if strong else BLUE,
        markersize=4,
        alpha=0.75,
        markeredgewidth=0,
    )
    paths = result.posterior["parameter"].astype(str).tolist()
    correlation = written(value, "+.2f").replace("-", "−")
    told = say("correlation {value}", value=correlation)
    note(axes, float(at.mean()), float(beside.mean()), label(one), label(other), told)
    axes.margins(0.1)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(labelsize=SIZE - 1.5)
    axes.set_xlabel(short_label(one, paths), size=SIZE - 1)
    write_above(axes, short_label(other, paths), (-8, 6), color=MUTED, weight="normal")
    write_above(axes, correlation, (0, 6), x=1, color=ORANGE if strong else BLUE, ha="right")
