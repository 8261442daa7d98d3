"""The figures of a calibration, in the order of its report; `identification` needs two parameters and a fit."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.parameters.labels import label, short_label
from sim.plots import Drawing, Gallery
from sim.plots.overtime import unit_above
from sim.plots.style import BLUE, GREY, INK, MUTED, ORANGE, RED, SIZE, FigureSheet, percent_tick, write_above
from sim.plots.told_values import note, told
from sim.results.amounts import rounded
from sim.studies.calibration.fit import CalibrationResult, FittedTo
from sim.studies.calibration.goodness import IDENTIFIED, NOT, NOT_CONVERGED, STRONG, UNKNOWN, WEAKLY
from sim.words import say, translated, written


def foot(result: CalibrationResult, drawn: str) -> str:
    """What every figure of a calibration states: members, what is drawn, the data, seed, version."""
    version = result.manifest.get("version", "unknown")
    return say(
        "ensemble of {members} · {drawn} · {trials} points simulated, each of {customers:,} "
        "people · data {data} · seed {seed} · ExitVoice {version}",
        members=len(result.ensemble),
        drawn=drawn,
        trials=result.trials,
        customers=result.scenario.market.customers,
        data=result.data,
        seed=result.seed,
        version=version,
    )


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


def draw_fit(result: CalibrationResult, width: float) -> Figure:
    """Over time as a curve; items of a survey each on its own line."""
    title = translated(_TITLES[result.goodness.verdict])
    subtitle = say("Dots: the data, with 95% limits.")
    drawn = say("nothing is predicted")
    if result.converged:
        subtitle = say(
            "Dots: the data, with 95% limits. Blue: what samples of this size would show, parameters and luck together"
        )
        drawn = say("bands: central 95% of data as the ensemble would give them")
    parts = [part for number, one in enumerate(result.fitted_to) for part in _parts(result, number, one)]
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


def _parts(result: CalibrationResult, number: int, of: FittedTo) -> list[tuple[FittedTo, pd.DataFrame]]:
    """What is drawn of a table: all items of a survey; of what was counted over time each quantity by itself."""
    rows = result.fit.loc[result.fit["table"] == number]
    return [(of, part) for _, part in rows.groupby("quantity", sort=False)] if of.axis_of_time else [(of, rows)]


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


_AFTER = {"After the data": ("median", "low", "high")}
_PARAMETER_ROW = 0.78
_COLOURS = {IDENTIFIED: BLUE, WEAKLY: ORANGE, NOT: RED, UNKNOWN: GREY}
_WORDS = {IDENTIFIED: "identified", WEAKLY: "weakly identified", NOT: "not identified", UNKNOWN: "not converged"}


def draw_posterior(result: CalibrationResult, width: float) -> Figure:
    """A row for each parameter, on its own scale."""
    height = _PARAMETER_ROW * len(result.posterior) + 0.1
    sheet = FigureSheet(
        result,
        width,
        height,
        say("What the data tell about each parameter") if result.converged else say("What was tried: not converged"),
        say("Grey: believed before. Coloured: after the data, with the median; ticks: the ensemble's members")
        if result.converged
        else say("Grey: believed before. Ticks: where the search was last; nothing follows from it"),
        foot=foot(result, say("bars: central 95%")),
    )
    for number, (_, row) in enumerate(result.posterior.iterrows()):
        _parameter(sheet, result, row, height - _PARAMETER_ROW * (number + 1))
    return sheet.figure


def _parameter(sheet: FigureSheet, result: CalibrationResult, row: pd.Series, bottom: float) -> None:
    path, kind = str(row["parameter"]), str(row["identified"])
    axes = sheet.axes(0.25, bottom + 0.28, sheet.width - 0.5, _PARAMETER_ROW - 0.52)
    members = result.ensemble[path].to_numpy(float)
    low, high = min(row["prior_low"], members.min()), max(row["prior_high"], members.max())
    room = 0.04 * max(high - low, 1e-12)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(-1.0, 1.0)
    colour = _COLOURS[kind]
    axes.plot([row["prior_low"], row["prior_high"]], [0, 0], color=GREY, linewidth=9, alpha=0.35, solid_capstyle="butt")
    axes.plot([row["low"], row["high"]], [0, 0], color=colour, linewidth=9, alpha=0.75, solid_capstyle="butt")
    axes.plot([row["median"]] * 2, [-0.7, 0.7], color=INK, linewidth=1.6)
    axes.plot(members, [-0.82] * len(members), "|", color=MUTED, markersize=4, markeredgewidth=0.7)
    before = [float(row[name]) for name in ("prior_low", "prior_high")]
    span = say("{low} to {high}", low=rounded(before[0]), high=rounded(before[1]))
    note(axes, sum(before) / 2.0, 0.0, say("Believed before"), label(path), span)
    for series, names in _AFTER.items():
        middle, *ends = (float(row[name]) for name in names)
        note(axes, middle, 0.0, translated(series), label(path), told(rounded, middle, *ends))
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4 if sheet.narrow else 8))
    axes.tick_params(labelsize=SIZE - 1.5)
    name = short_label(path, result.posterior["parameter"].astype(str).tolist())
    words = (
        translated(_WORDS[kind])
        if kind == UNKNOWN
        else say("{kind}, range narrowed by {shrinkage:.0%}", kind=translated(_WORDS[kind]), shrinkage=row["shrinkage"])
    )
    write_above(axes, name, (0, 4), size=SIZE - 0.5)
    write_above(
        axes,
        words if not sheet.narrow else translated(_WORDS[kind]),
        (0, 4),
        x=1,
        color=colour,
        ha="right",
        weight="normal",
    )


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


def draw_identification(result: CalibrationResult, width: float) -> Figure:
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


def _has_pairs(result: CalibrationResult) -> bool:
    return len(result.values) > 1 and result.converged


FIGURES = Gallery(
    {
        "fit": Drawing(draw_fit),
        "posterior": Drawing(draw_posterior),
        "identification": Drawing(draw_identification, has=_has_pairs),
    }
)
