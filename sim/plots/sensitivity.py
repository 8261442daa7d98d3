"""The figures of a sensitivity analysis: their names, which module draws them, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plots import NARROW, WIDE, check_known, drawn, page_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.plots.style import Sheet
    from sim.studies.sensitivity.result import Sensitivity

_DRAWN_BY = {
    "indices": ("sensitivity_indices", "draw"),
    "tornado": ("sensitivity_tornado", "draw"),
    "swing": ("sensitivity_tornado", "draw_swing"),
    "dependence": ("sensitivity_dependence", "draw"),
    "map": ("sensitivity_dependence", "draw_map"),
    "regions": ("sensitivity_regions", "draw"),
}

FIGURES: tuple[str, ...] = tuple(_DRAWN_BY)
"""Names of all figures, in the order of the report; all but `regions` are about one output."""


def available(found: Sensitivity) -> list[str]:
    """Names of the figures that an analysis has: no tornado without levers, no map without a pair."""
    missing = set()
    if not found.effects["lever"].astype(bool).any():
        missing.add("tornado")
    if found.effects.empty:
        missing.add("swing")
    if found.dependence.empty:
        missing.add("dependence")
    if found.maps.empty:
        missing.add("map")
    if found.regions.empty:
        missing.add("regions")
    return [name for name in FIGURES if name not in missing]


def draw(name: str, found: Sensitivity, output: str, *, width: float = WIDE) -> Figure:
    """Draw a figure.

    Args:
        name: One of `FIGURES`.
        found: What to show.
        output: The output that the figure is about.
        width: Width in inches; below 6 the figure takes its narrow form.

    Raises:
        KeyError: If this analysis has no such figure, or no such output.
    """
    check_known("figure", name, available(found))
    check_known("output", output, found.outputs)
    return drawn(*_DRAWN_BY[name], found, output, width)


def inline_svg(name: str, found: Sensitivity, output: str, *, narrow: bool = False) -> str:
    """A figure as an SVG element for a page, see `sim.plots.page_svg`."""
    figure = draw(name, found, output, width=NARROW if narrow else WIDE)
    number = found.outputs.index(output)
    return page_svg(figure, f"{name}-{number}-{'narrow' if narrow else 'wide'}")


def foot(found: Sensitivity, part: str, intervals: str) -> str:
    """What every figure states: runs and points behind it, kind of interval, seed, version.

    Args:
        found: What is shown.
        part: `design` or `steps`: where its runs come from.
        intervals: How intervals are drawn and what they are; empty where there are none.
    """
    runs = found.runs[found.runs["part"] == part]
    points = runs["index"].nunique()
    people = found.scenario.market.customers
    said = [f"n = {len(runs):,} runs at {points:,} points, {people:,} people each"]
    failed = int((runs["status"] != "done").sum())
    if failed:
        said.append(f"{failed:,} runs failed")
    if intervals:
        said.append(intervals)
    said += [f"seed {found.scenario.run.seed}", f"ExitVoice {found.manifest.get('version', 'unknown')}"]
    return " · ".join(said)


def path_lines(path: str, width: float, size: float) -> str:
    """A parameter's path in lines that fit into `width` inches, broken after dots, where need be before underscores.

    >>> path_lines("firm.desk.answer_share", 1.0, 9.5).splitlines()
    ['firm.desk.', 'answer_share']
    """
    room = max(8, int(width * 72.0 / (size * 0.6)))
    lines, line = [], ""
    for part in _parts(path, room):
        if line and len(line) + len(part) > room:
            lines.append(line)
            line = ""
        line += part
    return "\n".join([*lines, line])


def panels(sheet: Sheet, count: int, columns: int, each: float, below: float, above: float) -> list[Axes]:
    """Axes of small figures in a grid, those of the first column with numbers at their vertical axis.

    Args:
        sheet: Where they are put; its room is as high as the lines together.
        count: How many.
        columns: How many side by side.
        each: Height of a line in inches, with its margins.
        below: Margin below a panel for its numbers and its name.
        above: Margin above.
    """
    left, gap = 0.62, 0.34
    cell = (sheet.width - left - 0.2 - gap * (columns - 1)) / columns
    lines = -(-count // columns)
    found = []
    for number in range(count):
        line, column = divmod(number, columns)
        axes = sheet.axes(
            left + column * (cell + gap), each * (lines - 1 - line) + below, cell, each - below - above
        )  # fmt: skip
        if column:
            axes.tick_params(axis="y", labelleft=False)
        found.append(axes)
    return found


def few_powers(axes: Axes, low: float, high: float) -> None:
    """A logarithmic horizontal axis with three to five plain numbers."""
    from matplotlib.ticker import FixedLocator, NullFormatter

    from sim.studies.sensitivity.names import rounded

    axes.set_xscale("log")
    ticks = [number * 10.0**power for power in range(-12, 13) for number in (1, 2, 5)]
    ticks = [tick for tick in ticks if 0.999 * low <= tick <= 1.001 * high]
    if len(ticks) > 5:
        ticks = [tick for tick in ticks if rounded(tick, 1).lstrip("0.").startswith("1")]
    axes.xaxis.set_major_locator(FixedLocator(ticks[:: -(-len(ticks) // 5) or 1]))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))


def _parts(path: str, room: int) -> list[str]:
    """Pieces that a path may be broken into."""
    pieces: list[str] = []
    names = path.split(".")
    for number, name in enumerate(names):
        whole = name + ("." if number < len(names) - 1 else "")
        if len(whole) <= room:
            pieces.append(whole)
            continue
        words = whole.split("_")
        pieces += [words[0], *(f"_{word}" for word in words[1:])]
    return pieces
