"""SERVQUAL gaps."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.model.dimensions import DIMENSIONS
from sim.plots.style import BLUE, INK, MUTED, ORANGE, SIZE, FigureSheet
from sim.plots.told_values import note, told
from sim.results.intervals import mean_interval
from sim.results.result import Result
from sim.words import say, translated, written


def draw(result: Result, width: float) -> Figure:
    """Mean gap between perception and both expectations on each dimension, over the whole run, with intervals."""
    sheet = FigureSheet(
        result,
        width,
        2.9,
        say("SERVQUAL gaps: where service falls short of what customers expect"),
        say("Perceived minus expected quality per encounter, on the 7-point scale; left of zero is a shortfall"),
        interval="bars",
    )
    names = [translated(name) for name in DIMENSIONS]
    axes = sheet.single(left=max(1.25, 0.08 * max(map(len, names))), right=0.3, bottom=0.95 if sheet.narrow else 0.8)
    totals = result.totals
    encounters = totals["encounters"].where(totals["encounters"] > 0).astype(float)
    places = np.arange(len(DIMENSIONS))[::-1]
    sorts = (
        ("should", say("against what should be"), BLUE, 0.14, "o"),
        ("will", say("against what was predicted"), ORANGE, -0.14, "D"),
    )
    for reference, words, colour, shift, marker in sorts:
        gaps = [
            mean_interval((totals[f"perceived_{name}"] - totals[f"{reference}_{name}"]) / encounters)
            for name in DIMENSIONS
        ]
        value = np.array([gap.value for gap in gaps])
        for name, gap, place in zip(DIMENSIONS, gaps, places, strict=True):
            note(axes, gap.value, place + shift, words, translated(name), told(_signed, *gap))
        axes.hlines(places + shift, 0.0, value, color=colour, linewidth=2.0, alpha=0.45)
        axes.plot(value, places + shift, marker, color=colour, markersize=6.5, label=words)
        low, high = np.array([gap.low for gap in gaps]), np.array([gap.high for gap in gaps])
        if np.isfinite(low).any():
            axes.hlines(places + shift, low, high, color=INK, linewidth=1.4)
    axes.axvline(0.0, color=MUTED, linewidth=1.2)
    axes.set_yticks(places, names, color=INK, size=SIZE)
    axes.set_ylim(-0.6, len(DIMENSIONS) - 0.4)
    axes.margins(x=0.08)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(say("points (1-7)"), size=SIZE - 1)
    axes.xaxis.set_label_coords(0.5, -0.13)
    sheet.figure.legend(
        *axes.get_legend_handles_labels(),
        loc="lower left",
        ncols=1 if sheet.narrow else 2,
        bbox_to_anchor=(0.0, -0.32 if not sheet.narrow else -0.47),
        bbox_transform=axes.transAxes,
        fontsize=SIZE - 1,
        labelcolor=MUTED,
        borderaxespad=0.0,
        handletextpad=0.3,
    )
    return sheet.figure


def _signed(gap: float) -> str:
    return written(gap, "+.2f")
