"""What the next sum of money does, lever by lever; and what each factor does at the ends of its range."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.parameters.labels import label
from sim.plots.panels import label_lines
from sim.plots.style import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PAPER, RED, SIZE, FigureSheet, wrapped, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import change_unit, rounded, scale_of, signed, value_shown
from sim.results.outputs import output_label, output_unit
from sim.studies.sensitivity.marginal import FREE, ONE_PAIR, SAVES
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.sensitivity_labels import foot
from sim.words import priced, say, written

_MOST = 16


def draw(found: Sensitivity, output: str, width: float) -> Figure:
    """Bars with Fieller's intervals: effect of each lever for the next sum of money; words where there is no ratio."""
    rows = found.lever_steps(output).head(_MOST)
    money = found.scenario.money.currency
    unit = output_unit(output, found.scenario)
    amount = found.amount
    scale = scale_of(unit)[0] * amount
    spent = say("{amount} a year", amount=priced(written(amount, ",.6g"), money))
    sheet = FigureSheet(
        found,
        width,
        0.5 * len(rows) + 0.75,
        say("{output}: what the next {spent} buys", output=output_label(output), spent=spent),
        say("Effect of each lever, a small step from the scenario as it is, for the change in spending that it takes"),
        foot=foot(
            found, "steps", say("lines: 95% interval of the ratio (Fieller), {pairs} pairs of runs", pairs=_pairs(rows))
        ),
    )
    left = 1.45 if sheet.narrow else 2.5
    axes = sheet.single(left=left, right=0.6, bottom=0.5, top=0.1)
    ends = [0.0]
    for place, (_, row) in enumerate(rows.iloc[::-1].iterrows()):
        value, low, high = (scale * float(row[name]) for name in ("per_money", "per_money_low", "per_money_high"))
        if not math.isfinite(value):
            continue
        sure = low > 0 or high < 0
        axes.barh(place, value, height=0.5, color=(GREEN if value > 0 else RED) if sure else GREY)
        axes.hlines(place, low, high, color=INK, linewidth=1.4)
        ends += [value, low, high]
        note(
            axes,
            value,
            place,
            spent,
            label(str(row["factor"])),
            f"{told(signed, value, low, high)} {change_unit(unit)}",
        )
        _beyond(axes, value, (value, low, high), place, signed(value))
    span = (max(ends) - min(ends)) or 1.0
    axes.set_xlim(min(ends) - (0.22 if min(ends) < 0 else 0.02) * span, max(ends) + 0.22 * span)
    for place, (_, row) in enumerate(rows.iloc[::-1].iterrows()):
        if not math.isfinite(float(row["per_money"])):
            lines = wrapped(_why_not(row, unit, money), sheet.width - left - 0.75, SIZE - 2)
            write_beside(
                axes,
                "\n".join(lines),
                (0.0, place),
                xycoords=("axes fraction", "data"),
                linespacing=1.15,
                size=SIZE - 2,
                color=MUTED,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
            )
    names = [_named(row, left - 0.15) for _, row in rows.iloc[::-1].iterrows()]
    _finish(axes, names, change_unit(unit) or output_label(output))
    return sheet.figure


def _pairs(rows: pd.DataFrame) -> str:
    least, most = int(rows["pairs"].min()), int(rows["pairs"].max())
    return str(least) if least == most else say("{least} to {most}", least=least, most=most)


def _named(row: pd.Series, width: float) -> str:
    name = label_lines(str(row["factor"]), width, SIZE - 1)
    return f"{name} → {value_shown(row['stop'])}" if row["kind"] == "switch" else name


def _why_not(row: pd.Series, unit: str, money: str) -> str:
    """Why there is no effect per unit of money, in words, with what is known instead."""
    scale = scale_of(unit)[0]
    step = f"{value_shown(row['start'])} → {value_shown(row['stop'])}"
    change = scale * float(row["effect"])
    told = f"{signed(change)} {change_unit(unit)}".strip()
    effect = say("effect {change}", change=told) if change else say("no effect")
    spending = float(row["spending"])
    if row["note"] == SAVES:
        return say(
            "{step} saves {money} {spending} a year; {effect}",
            step=step,
            money=money,
            spending=rounded(-spending, 2),
            effect=effect,
        )
    if row["note"] == FREE:
        return say("{step} costs nothing; {effect}", step=step, effect=effect)
    if row["note"] == ONE_PAIR:
        return say("too few pairs of runs")
    low, high = float(row["spending_low"]), float(row["spending_high"])
    return say(
        "{step}: spending may change by {low} to {high} {money} a year; {effect}",
        step=step,
        low=signed(low),
        high=signed(high),
        money=money,
        effect=effect,
    )


def draw_swing(found: Sensitivity, output: str, width: float) -> Figure:
    """A tornado: the output with each factor at one end of its range or the other, all others as they are."""
    rows = found.effects[(found.effects["output"] == output) & (found.effects["kind"] != "marginal")]
    sizes = rows["effect"].abs().groupby(rows["factor"]).max().fillna(0.0)
    order = sizes.sort_values(ascending=False, kind="stable").index.tolist()[:_MOST]
    unit = output_unit(output, found.scenario)
    scale = scale_of(unit)[0]
    sheet = FigureSheet(
        found,
        width,
        0.56 * len(order) + 0.75,
        say("{output}: one factor at a time", output=output_label(output)),
        say(
            "Change against the scenario as it is, with one factor at an end of its range; its value stands at the bar"
        ),
        foot=foot(
            found,
            "steps",
            say("lines: 95% t-interval of the paired difference, {pairs} pairs of runs", pairs=_pairs(rows)),
        ),
    )
    left = 1.45 if sheet.narrow else 2.5
    axes = sheet.single(left=left, right=0.6, bottom=0.5, top=0.1)
    reach = [0.0]
    for place, factor in enumerate(reversed(order)):
        ends = _extremes(rows[rows["factor"] == factor])
        for number, row in enumerate(ends):
            value, low, high = (scale * float(row[name]) for name in ("effect", "low", "high"))
            if not math.isfinite(value):
                continue
            y = place + (0.19 if number else -0.19) if len(ends) > 1 else place
            axes.barh(y, value, height=0.34, color=_end_colour(row))
            if math.isfinite(low):
                axes.hlines(y, low, high, color=INK, linewidth=1.2)
            reach += [end for end in (value, low, high) if math.isfinite(end)]
            text = f"{told(signed, value, low, high)} {change_unit(unit)}"
            note(axes, value, y, label(factor), value_shown(row["stop"]), text)
            _beyond(axes, value, (value, low, high), y, value_shown(row["stop"]))
    span = (max(reach) - min(reach)) or 1.0
    axes.set_xlim(min(reach) - 0.2 * span, max(reach) + 0.2 * span)
    _finish(
        axes,
        [label_lines(name, left - 0.15, SIZE - 1) for name in reversed(order)],
        say("change, {change_unit}", change_unit=change_unit(unit)) if change_unit(unit) else "change",
    )
    return sheet.figure


def _extremes(rows: pd.DataFrame) -> list[Any]:
    """The two rows of a factor that are shown: its ends, or of a list the values with least and most effect."""
    ordered = [row for _, row in rows.iterrows()]
    if len(ordered) <= 2:
        return ordered
    ordered.sort(key=lambda row: row["effect"])
    return [ordered[0], ordered[-1]]


def _end_colour(row: pd.Series) -> str:
    change = float(row["change"])
    if math.isnan(change):
        return GREY
    return BLUE if change > 0 else ORANGE


def _beyond(axes: Axes, value: float, ends: tuple[float, ...], y: float, text: str) -> None:
    """A text beyond the end of a bar and its interval."""
    known = [end for end in (*ends, 0.0) if math.isfinite(end)]
    right = value >= 0
    write_beside(axes, text, (max(known) if right else min(known), y), 4 if right else -4, size=SIZE - 1.5)


def _finish(axes: Axes, names: list[str], unit: str) -> None:
    axes.set_yticks(range(len(names)), names, color=INK, size=SIZE - 1)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=MUTED, linewidth=1.0)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda value, _: signed(value, 6))
    axes.set_xlabel(unit, size=SIZE - 1)
