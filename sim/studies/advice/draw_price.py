"""What the price does: profit, margin, customers and units over multiples of today's price."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.plots.style import BLUE, GREEN, GREY, INK, ORANGE, SIZE, FigureSheet, spread, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import rounded, signed
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_labels import foot
from sim.studies.advice.levers import PRICE
from sim.words import say

_LINES = {"profit": ("Profit", BLUE), "margin": ("Margin", GREEN), "customers": ("Customers", ORANGE)}


def draw(found: Advice, width: float) -> Figure:
    """Lines with 95% intervals, in per cent of today's; the practical range is between the two grey lines."""
    steps, lever = found.steps_of(PRICE), found.lever(PRICE)
    sheet = FigureSheet(
        found,
        width,
        3.2,
        say("What the price does"),
        say("Change against today with the same luck, % of today's; grey: the ends of the practical range"),
        foot=foot(found),
    )
    axes = sheet.single(left=0.75, right=1.0, bottom=0.5, top=0.12)
    prices = [float(value) for value in steps["value"]]
    ends, names, colours = [], [], []
    for name, (label, colour) in _LINES.items():
        today = abs(float(steps[steps["is_today"]][name].iloc[0])) / 100.0
        if today == 0.0:
            continue
        changes = (steps[f"{name}_change"] / today).tolist()
        axes.fill_between(
            prices, steps[f"{name}_low"] / today, steps[f"{name}_high"] / today, color=colour, alpha=0.2, linewidth=0.0
        )
        axes.plot(prices, changes, "o-", color=colour, markersize=4.0)
        limits = (steps[f"{name}_low"] / today, steps[f"{name}_high"] / today)
        for price, *change in zip(prices, changes, *limits, strict=True):
            where = say("price index {price}", price=rounded(price))
            note(axes, price, change[0], label, where, told(_percent, *change))
        ends.append(changes[-1])
        names.append(label)
        colours.append(colour)
    for end in (float(lever["low"]), float(lever["high"])):
        axes.axvline(end, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.plot([float(lever["today"])], [0.0], "D", color=INK, markersize=6.0, zorder=4)
    low, high = axes.get_ylim()
    places = spread(ends, 0.07 * (high - low), low, high)
    for place, label, colour in zip(places, names, colours, strict=True):
        write_beside(axes, label, (prices[-1], place), 8, color=colour)
    axes.set_ylim(low, high)
    axes.set_xlabel(say("price index"), size=SIZE - 1)
    axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    axes.yaxis.set_major_formatter(lambda value, _: say("{percent}%", percent=signed(value, 4)))
    return sheet.figure


def _percent(change: float) -> str:
    return f"{signed(change, 3)}%"
