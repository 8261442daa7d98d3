"""Small figures side by side, and the long names and wide ranges of factors at their axes."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.parameters.labels import label
from sim.plots.style import INK, FigureSheet, wrapped
from sim.results.amounts import rounded


def label_lines(path: str, width: float, size: float) -> str:
    """What a parameter is called, in lines that fit into `width` inches; its path where it has no label.

    >>> label_lines("firm.desk.ease", 1.0, 9.5).splitlines()
    ['Complaint', 'desk: Ease of', 'complaining']
    """
    named = label(path)
    return path_lines(path, width, size) if named == path else "\n".join(wrapped(named, width, size))


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


def named_rows(axes: Axes, names: Sequence[str], size: float, *, down: bool = False) -> None:
    """A row of bars or marks for each name, written beside it: from below, or `down` from above."""
    axes.set_yticks(range(len(names)), names, color=INK, size=size)
    ends = (-0.6, len(names) - 0.4)
    axes.set_ylim(ends[::-1] if down else ends)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)


def panels(sheet: FigureSheet, count: int, columns: int, each: float, below: float, above: float) -> list[Axes]:
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
        axes = sheet.axes(left + column * (cell + gap), each * (lines - 1 - line) + below, cell, each - below - above)
        if column:
            axes.tick_params(axis="y", labelleft=False)
        found.append(axes)
    return found


def few_powers(axes: Axes, low: float, high: float) -> None:
    """A logarithmic horizontal axis with three to five plain numbers."""
    from matplotlib.ticker import FixedLocator, NullFormatter

    axes.set_xscale("log")
    ticks = [number * 10.0**power for power in range(-12, 13) for number in (1, 2, 5)]
    ticks = [tick for tick in ticks if 0.999 * low <= tick <= 1.001 * high]
    if len(ticks) > 5:
        ticks = [tick for tick in ticks if f"{tick:.0e}".startswith("1")]
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
