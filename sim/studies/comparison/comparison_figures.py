"""The figures of a comparison, in the order of its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.plots.style import INK, SIZE, FigureSheet, caption, wrapped
from sim.results.amounts import change_unit, scale_of
from sim.studies.assumed.assumed_words import short_labels, shown_at
from sim.studies.assumed.look import ALL_LUCK
from sim.studies.comparison import draw_differences, draw_money, draw_paths, draw_persons
from sim.studies.comparison.levers_words import bundles_of
from sim.studies.draw_contributions import draw_contributions
from sim.studies.draw_swings import draw_swings, finish_swings
from sim.studies.shared_output import bars_of
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison


def has_shares(comparison: Comparison) -> bool:
    """Whether anything was shared out."""
    return bool(bundles_of(comparison))


def draw_shares(comparison: Comparison, width: float) -> Figure:
    """A bar a lever, the largest first, and the whole below them; of several plans one after the other."""
    bundles = bundles_of(comparison)
    bars, grey = [], []
    for label, shared in bundles.items():
        rows = bars_of(shared)
        if len(bundles) > 1:
            rows["label"] = [say("{label}: {lever}", label=label, lever=lever) for lever in rows["label"]]
        grey.append(str(rows["label"].iloc[-1]))
        bars.append(rows)
    total = next(iter(bundles.values())).total
    return draw_contributions(
        comparison,
        pd.concat(bars, ignore_index=True),
        width,
        title=say("{output}: what each lever contributes", output=total["label"]),
        unit=change_unit(str(total["unit"])),
        foot=caption(comparison, ""),
        grey=tuple(grey),
    )


MOST_DRAWN = 10


def has_assumptions(comparison: Comparison) -> bool:
    """Whether assumptions were looked at, and any moves the answer."""
    table = comparison.assumptions
    return not table.empty and bool((table["difference"] != 0.0).any())


def draw_assumptions(comparison: Comparison, width: float) -> Figure:
    """Bars from the answer to where it goes with one assumption at an end of its range; the value stands at the bar."""
    table = comparison.assumptions
    table = table[table["difference"].notna() & (table["difference"] != 0.0)]
    order = sorted(table["rank"].unique())[:MOST_DRAWN]
    answer = float(table[table["stage"] == ALL_LUCK]["base"].iloc[0])
    unit = str(table["currency"].iloc[0])
    scale = scale_of(unit)[0]
    sheet = FigureSheet(
        comparison,
        width,
        0.56 * len(order) + 0.75,
        say("What the answer rests on: one assumption at a time"),
        say("From the answer to what it would be with one assumption otherwise; its value stands at the bar"),
        foot=" · ".join(
            [
                caption(comparison, "lines"),
                say("all lines hold together; a bar without one was only looked at, with other luck"),
            ]
        ),
    )
    left = 1.45 if sheet.narrow else 2.5
    axes = sheet.single(left=left, right=0.6, bottom=0.5, top=0.1)
    called = short_labels(comparison.assumptions)
    bars = [_ends(table[table["rank"] == rank], answer, called) for rank in reversed(order)]
    draw_swings(axes, bars, scale, change_unit(unit), room=0.35 if sheet.narrow else 0.2)
    names = ["\n".join(wrapped(str(ends[0]["label"]), left - 0.15, SIZE - 1)) for ends in bars]
    finish_swings(axes, names, say("plan against today, {unit}", unit=change_unit(unit)), 2 if sheet.narrow else 5)
    axes.axvline(scale * answer, color=INK, linewidth=1.0, linestyle=(0, (3, 3)))
    return sheet.figure


def _ends(rows: pd.DataFrame, answer: float, called: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": called[str(row["assumption"])],
            "shown": shown_at(float(row["at"]), str(row["unit"])),
            "change": float(row["at"]) - float(row["value"]),
            "effect": row["difference"],
            "low": row["low"],
            "high": row["high"],
            "base": answer,
        }
        for _, row in rows.sort_values("end", ascending=False).iterrows()
    ]


FIGURES = Gallery(
    {
        "differences": Drawing(draw_differences.draw),
        "shares": Drawing(draw_shares, has=has_shares),
        "assumptions": Drawing(draw_assumptions, has=has_assumptions),
        "yearly_loss": Drawing(draw_paths.draw_yearly_loss),
        "satisfaction": Drawing(draw_paths.draw_satisfaction),
        "persons": Drawing(draw_persons.draw, has=lambda comparison: not comparison.persons.empty),
        "money": Drawing(draw_money.draw),
        "payback": Drawing(draw_paths.draw_payback),
    }
)
