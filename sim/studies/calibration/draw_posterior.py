"""Each parameter before and after the data."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.parameters.labels import label, short_label
from sim.plots.style import BLUE, GREY, INK, MUTED, ORANGE, RED, SIZE, FigureSheet, write_above
from sim.plots.told_values import note, told
from sim.results.amounts import rounded
from sim.studies.calibration.calibration_labels import foot
from sim.studies.calibration.fit import CalibrationResult
from sim.studies.calibration.goodness import IDENTIFIED, NOT, UNKNOWN, WEAKLY
from sim.words import say, translated

_TOLD = {"After the data": ("median", "low", "high")}
_ROW = 0.78
_COLOURS = {IDENTIFIED: BLUE, WEAKLY: ORANGE, NOT: RED, UNKNOWN: GREY}
_WORDS = {IDENTIFIED: "identified", WEAKLY: "weakly identified", NOT: "not identified", UNKNOWN: "not converged"}


def draw(result: CalibrationResult, width: float) -> Figure:
    """A row for each parameter, on its own scale."""
    height = _ROW * len(result.posterior) + 0.1
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
        _row(sheet, result, row, height - _ROW * (number + 1))
    return sheet.figure


def _row(sheet: FigureSheet, result: CalibrationResult, row: pd.Series, bottom: float) -> None:
    path, kind = str(row["parameter"]), str(row["identified"])
    axes = sheet.axes(0.25, bottom + 0.28, sheet.width - 0.5, _ROW - 0.52)
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
    for series, names in _TOLD.items():
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
