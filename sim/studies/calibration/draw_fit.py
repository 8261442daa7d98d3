"""The data against what the ensemble predicts."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.plots.overtime import unit_above
from sim.plots.style import BLUE, GREY, INK, MUTED, ORANGE, RED, SIZE, FigureSheet, percent_tick, write_above
from sim.plots.told_values import note, told
from sim.results.amounts import rounded
from sim.studies.calibration.calibration_labels import foot
from sim.studies.calibration.fit import CalibrationResult, FittedTo
from sim.studies.calibration.goodness import NOT_CONVERGED
from sim.words import say, translated, written

_TITLES = {
    "fits": "The model reproduces the data",
    "doubtful": "The model reproduces the data only in part",
    "refuted": "The model does not reproduce the data",
    NOT_CONVERGED: "The data; the search for a fit has not converged",
}
_TOLD = {
    "The data": ("observed", "observed_low", "observed_high"),
    "The model": ("predicted", "low", "high"),
}
_AHEAD: dict[str, tuple[str, str, str]] = {
    "predicted": ("Ensemble", BLUE, "--"),
    "last_retention": ("Last retention carried on", ORANGE, "-."),
    "beta_geometric": ("Beta-geometric model", GREY, "--"),
}
"""Beyond the data: names, colours and lines of the ways to forecast."""

_ROW, _CURVE = 0.62, 2.7


def draw(result: CalibrationResult, width: float) -> Figure:
    """Over time as a curve; items of a survey each on its own line."""
    title = translated(_TITLES[result.goodness.verdict])
    subtitle = say("Dots: the data, with 95% limits.")
    drawn = say("nothing is predicted")
    if result.converged:
        subtitle = say(
            "Dots: the data, with 95% limits. Blue: what samples of this size would show, parameters and luck together"
        )
        drawn = say("bands: central 95% of data as the ensemble would give them")
    parts = [(one, result.fit.loc[result.fit["table"] == n]) for n, one in enumerate(result.fitted_to)]
    heights = [_CURVE if one.axis_of_time else _ROW * len(rows) + 0.25 for one, rows in parts]
    sheet = FigureSheet(result, width, sum(heights), title, subtitle, foot=foot(result, drawn))
    top = sheet.height
    for (one, rows), height in zip(parts, heights, strict=True):
        if one.axis_of_time:
            _curve(
                sheet.axes(0.75, top - height + 0.5, width - 1.0, height - 0.8),
                rows,
                one,
                result.forecast if one.shares else result.forecast.iloc[:0],
            )
        else:
            for number, (_, row) in enumerate(rows.iterrows()):
                _item(sheet, row, top - _ROW * (number + 1) + 0.02)
        top -= height
    return sheet.figure


def _curve(axes: Axes, table: pd.DataFrame, of: FittedTo, forecast: pd.DataFrame) -> None:
    """What was fitted over time, and what comes after it."""
    x = table["x"].to_numpy(float)
    axes.fill_between(x, table["low"], table["high"], color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(x, table["predicted"], color=BLUE)
    outside = ((table["observed"] < table["low"]) | (table["observed"] > table["high"])).to_numpy()
    axes.vlines(x, table["observed_low"], table["observed_high"], color=MUTED, linewidth=1.0)
    for chosen, colour in ((~outside, INK), (outside, RED)):
        axes.plot(x[chosen], table["observed"].to_numpy()[chosen], "o", color=colour, markersize=5, linestyle="none")
    for series, names in _TOLD.items():
        for where, *ends in zip(x, *(table[name] for name in names), strict=True):
            text = told((lambda value: written(value, ".1%")) if of.shares else rounded, *ends)
            note(axes, where, ends[0], translated(series), f"{of.axis_of_time} {rounded(where)}", text)
    if len(forecast):
        _beyond(axes, table.iloc[-1], of, forecast)
    axes.set_xlim(left=0.0)
    axes.set_ylim(0.0, 1.02 if of.shares else None)
    if of.shares:
        axes.yaxis.set_major_formatter(percent_tick)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    axes.grid(axis="x", visible=False)
    axes.set_xlabel(of.axis_of_time, size=SIZE - 1)
    unit_above(axes, str(table["quantity"].iloc[0]))


def _beyond(axes: Axes, last: pd.Series, of: FittedTo, table: pd.DataFrame) -> None:
    """The forecast, and the two simple rules beside it; data that were held out as open dots."""
    x = table["x"].to_numpy(float)
    axes.axvline(last["x"], color=MUTED, linewidth=0.8, linestyle=":")
    axes.fill_between(x, table["low"], table["high"], color=BLUE, alpha=0.1, linewidth=0)
    for name, (series, colour, line) in _AHEAD.items():
        begun = last["predicted" if name == "predicted" else "observed"]
        axes.plot([last["x"], *x], [begun, *table[name]], color=colour, linestyle=line, label=translated(series))
    axes.vlines(x, table["observed_low"], table["observed_high"], color=MUTED, linewidth=1.0)
    axes.plot(x, table["observed"], "o", color=INK, markerfacecolor="none", markersize=5)
    for series, names in {"Data held out": _TOLD["The data"], "Ensemble": _TOLD["The model"]}.items():
        for where, *ends in zip(x, *(table[name] for name in names), strict=True):
            text = told(lambda value: written(value, ".1%"), *ends)
            note(axes, where, ends[0], translated(series), f"{of.axis_of_time} {rounded(where)}", text)
    axes.legend(loc="upper right", fontsize=SIZE - 1, labelcolor=MUTED)


def _item(sheet: FigureSheet, row: pd.Series, bottom: float) -> None:
    axes = sheet.axes(0.25, bottom + 0.26, sheet.width - 0.5, _ROW - 0.5)
    low, high, seen = float(row["low"]), float(row["high"]), float(row["observed"])
    ends = row[["low", "high", "observed", "observed_low", "observed_high"]].dropna().astype(float)
    room = max(max(ends) - min(ends), 1e-9) * 0.6
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.set_ylim(-1.0, 1.0)
    axes.plot([low, high], [0.0, 0.0], color=BLUE, linewidth=7, alpha=0.35, solid_capstyle="butt")
    axes.plot([float(row["predicted"])] * 2, [-0.9, 0.9], color=BLUE)
    axes.plot([row["observed_low"], row["observed_high"]], [0.0, 0.0], color=MUTED, linewidth=1.0)
    axes.plot([seen], [0.0], "o", color=RED if seen < low or seen > high else INK, markersize=6)
    for series, names in _TOLD.items():
        values = [float(row[name]) for name in names]
        note(axes, values[0], 0.0, translated(series), str(row["quantity"]), told(rounded, *values))
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5 if sheet.narrow else 8))
    axes.tick_params(labelsize=SIZE - 1.5)
    write_above(axes, str(row["quantity"]), (0, 3), color=MUTED, weight="normal")
