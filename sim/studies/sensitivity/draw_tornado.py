"""What the next sum of money does, lever by lever; and what each factor does at the ends of its range."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.parameters.labels import label
from sim.plots.panels import label_lines
from sim.plots.style import GREEN, GREY, INK, MUTED, PAPER, RED, SIZE, FigureSheet, wrapped, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import change_unit, rounded, scale_of, signed, value_shown
from sim.results.outputs import output_label, output_unit
from sim.studies.draw_swings import beyond, draw_swings, finish_swings
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
        beyond(axes, value, (value, low, high), place, signed(value))
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
    finish_swings(axes, names, change_unit(unit) or output_label(output))
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
    draw_swings(axes, [_ends(rows[rows["factor"] == factor]) for factor in reversed(order)], scale, change_unit(unit))
    finish_swings(
        axes,
        [label_lines(name, left - 0.15, SIZE - 1) for name in reversed(order)],
        say("change, {change_unit}", change_unit=change_unit(unit)) if change_unit(unit) else "change",
    )
    return sheet.figure


def _ends(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """What is drawn of a factor."""
    return [
        {**row.to_dict(), "label": label(str(row["factor"])), "shown": value_shown(row["stop"])}
        for row in _extremes(rows)
    ]


def _extremes(rows: pd.DataFrame) -> list[Any]:
    """The two rows of a factor that are shown: its ends, or of a list the values with least and most effect."""
    ordered = [row for _, row in rows.iterrows()]
    if len(ordered) <= 2:
        return ordered
    ordered.sort(key=lambda row: row["effect"])
    return [ordered[0], ordered[-1]]
