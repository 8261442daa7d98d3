"""How much each factor matters for an output."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.parameters.labels import label
from sim.plots.panels import label_lines
from sim.plots.style import BLUE, INK, SIZE, SKY, FigureSheet, write_above, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import change_unit, rounded, scale_of
from sim.results.outputs import output_label, output_unit
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.sensitivity_labels import foot
from sim.words import say

_ROW, _MOST = 0.44, 20


def draw(found: Sensitivity, output: str, width: float) -> Figure:
    """Bars with intervals: total and first-order index of each factor, or size and spread of elementary effects."""
    ranked = found.ranked(output)
    shown = ranked["factor"].tolist()[:_MOST]
    unit = output_unit(output, found.scenario)
    sobol = found.method == "sobol"
    title = say("{output}: what matters", output=output_label(output))
    if sobol:
        words = say(
            "Share of the variance that the factor takes part in (total), and that it makes up alone (first order)"
        )
    else:
        words = (
            say(
                "Change as if the factor went through its whole range: mean size, and how much it differs, in {unit}",
                unit=change_unit(unit),
            )
            if change_unit(unit)
            else say("Change as if the factor went through its whole range: mean size, and how much it differs")
        )
    if not shown:
        reason = found.indices[found.indices["output"] == output]["reason"].iloc[0]
        sheet = FigureSheet(
            found,
            width,
            0.5,
            title,
            say("No index can be given: {reason}.", reason=reason),
            foot=foot(found, "design", ""),
        )
        sheet.axes(0.0, 0.0, sheet.width, 0.3).set_axis_off()
        return sheet.figure
    intervals = (
        say("lines: 95% bootstrap interval over base samples")
        if sobol
        else say("lines: 95% bootstrap interval over trajectories")
    )
    sheet = FigureSheet(found, width, _ROW * len(shown) + 1.0, title, words, foot=foot(found, "design", intervals))
    left = 1.45 if sheet.narrow else 2.5
    axes = sheet.single(left=left, right=0.45, bottom=0.5, top=0.36)
    first, second = ("total", "first_order") if sobol else ("mu_star", "sigma")
    names = ("total", say("first order")) if sobol else ("size μ*", "spread σ")
    scale = 1.0 if sobol else scale_of(unit)[0]
    reach = _bars(axes, found, output, shown, (first, 0.14, BLUE, names[0]), scale)
    reach = max(reach, _bars(axes, found, output, shown, (second, -0.2, SKY, names[1]), scale))
    axes.set_yticks(
        range(len(shown)),
        [label_lines(name, left - 0.15, SIZE - 1) for name in reversed(shown)],
        color=INK,
        size=SIZE - 1,
    )
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_xlim(0.0, reach * 1.12 or 1.0)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=5)
    _key(axes, names)
    if sobol:
        axes.set_xlabel(say("share of variance"), size=SIZE - 1)
    else:
        axes.set_xlabel(change_unit(unit) or output_label(output), size=SIZE - 1)
    return sheet.figure


def _bars(
    axes: Axes, found: Sensitivity, output: str, shown: list[str], look: tuple[str, float, str, str], scale: float
) -> float:
    """Bars of one measure; returns how far they and their intervals reach."""
    measure, shift, colour, words = look
    rows = found.indices[(found.indices["output"] == output) & (found.indices["measure"] == measure)]
    table = rows.set_index("factor")
    reach = 0.0
    for place, name in enumerate(reversed(shown)):
        value, low, high = (scale * float(table[column].to_dict()[name]) for column in ("value", "low", "high"))
        axes.barh(place + shift, max(value, 0.0), height=0.28 if shift > 0 else 0.2, color=colour)
        axes.hlines(place + shift, max(low, 0.0), max(high, 0.0), color=INK, linewidth=1.3)
        note(axes, max(value, 0.0), place + shift, words, label(name), told(rounded, value, low, high))
        end = max(value, high, 0.0)
        if shift > 0:
            write_beside(axes, rounded(value, 2) if value > 0.005 or scale != 1.0 else "0", (end, place + shift), 4)
        reach = max(reach, end)
    return reach


def _key(axes: Axes, names: tuple[str, str]) -> None:
    """Names of the two bars, above them."""
    for place, (name, colour) in enumerate(zip(names, (BLUE, SKY), strict=True)):
        write_above(axes, "■ " + name, (80 * place, 9), color=colour)
