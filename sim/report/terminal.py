"""Short tables on a terminal: nothing is cut, however narrow it is."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich.table
from rich import box
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

from sim.results.place import REPORT
from sim.words import percent, say, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderResult


_UNBOUNDED = 10_000
"""Letters: wider than any table."""

_HELD = {0x00A0: 0xE000, 0x202F: 0xE001}
"""Spaces at which no line is broken, and letters that stand in for them while rich breaks lines, at every space."""

_FREED = {letter: space for space, letter in _HELD.items()}

_PIECES = re.compile(r"[^\s_./-]*[\s_./-]*")
"""Of a name: a word with the mark behind it."""


def _held(cell: Any) -> Any:
    """A cell with its no-break spaces held together."""
    if isinstance(cell, str):
        return cell.translate(_HELD)
    if isinstance(cell, Text):
        cell = cell.copy()
        cell.plain = cell.plain.translate(_HELD)
    return cell


def _plain(cell: Any) -> str:
    """A cell as plain text, its no-break spaces as they were."""
    return (cell.plain if isinstance(cell, Text) else str(cell)).translate(_FREED)


class PrintedTable(rich.table.Table):
    """A table that breaks between words as long as there is room for each; else words go on in the next line.

    Rich makes the widest columns narrower until all fit, which breaks long words beside columns that could have given
    way, and cuts what does not fit with an ellipsis. No lines but one below the head.

    >>> from rich.console import Console
    >>> table = PrintedTable(box=box.HEAVY_HEAD, pad_edge=True)
    >>> table.add_column("Unit")
    >>> table.add_row("kilometres")
    >>> Console(width=9, color_system=None).print(table, end="")  # doctest: +NORMALIZE_WHITESPACE
    ┏━━━━━━━┓
    ┃ Unit  ┃
    ┡━━━━━━━┩
    │ kilom │
    │ etres │
    └───────┘
    """

    def __init__(self, **options: Any) -> None:
        look: dict[str, Any] = {"box": box.SIMPLE_HEAD, "pad_edge": False, "caption_justify": "left"}
        super().__init__(**(look | options))

    def add_column(self, *arguments: Any, **options: Any) -> None:
        """As rich's, but words that do not fit go on in the next line."""
        header, *others = arguments or ("",)
        super().add_column(_held(header), *others, **({"overflow": "fold"} | options))

    def add_row(self, *cells: Any, **options: Any) -> None:
        """As rich's, but a number with its thousands apart is one word."""
        super().add_row(*map(_held, cells), **options)

    def plain(self) -> tuple[list[str], list[list[str]]]:
        """Its heads and its rows as plain text, for a page.

        >>> table = PrintedTable()
        >>> table.add_column("Unit")
        >>> table.add_row(Text("kilometres"))
        >>> table.plain()
        (['Unit'], [['kilometres']])
        """
        columns = [[_plain(cell) for cell in (column.header, *column.cells)] for column in self.columns]
        return [column[0] for column in columns], [list(row) for row in zip(*(c[1:] for c in columns), strict=True)]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As rich's, with room for the longest word of every column where that is to be had."""
        self._fit(console, options)
        for segment in super().__rich_console__(console, options):
            yield segment._replace(text=segment.text.translate(_FREED)) if isinstance(segment, Segment) else segment

    def fits(self, console: Console) -> bool:
        """Whether there is room for the longest word of every column."""
        return Measurement.get(console, console.options.update(max_width=_UNBOUNDED), self).minimum <= console.width

    def hold_values(self, console: Console) -> None:
        """Break no value at its spaces, only the names of rows, where there is room for that."""
        options = console.options.update(max_width=_UNBOUNDED)
        whole = Measurement.get(console, options, self).maximum
        contents = [self._content(console, options, column) for column in self.columns]
        held = contents[0][0] + sum(most for _, most in contents[1:])
        if whole - sum(most for _, most in contents) + held <= console.width:
            for column in self.columns[1:]:
                column.no_wrap = True

    def _fit(self, console: Console, options: ConsoleOptions) -> None:
        """Set widths where not all fits: the longest word of each column, the rest to whoever breaks most often."""
        whole = Measurement.get(console, options.update(max_width=_UNBOUNDED), self)
        if whole.maximum <= options.max_width or any(column.ratio for column in self.columns):
            return
        wanted = [self._content(console, options, column) for column in self.columns]
        around = whole.maximum - sum(most for _, most in wanted)
        widths = [least for least, _ in wanted]
        left = options.max_width - around - sum(widths)
        if left < 0:
            return
        for _ in range(left):
            lacking = [most / max(width, 1) for (_, most), width in zip(wanted, widths, strict=True)]
            widths[lacking.index(max(lacking))] += 1
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width

    @staticmethod
    def _content(console: Console, options: ConsoleOptions, column: rich.table.Column) -> tuple[int, int]:
        """Letters of a column's longest word, and of its longest line."""
        found = [Measurement.get(console, options, cell) for cell in (column.header, *column.cells)]
        least = max(cell.maximum if column.no_wrap else cell.minimum for cell in found)
        most = max(cell.maximum for cell in found)
        low, high = column.min_width or 0, column.max_width or most
        return max(min(least, high), low), max(min(most, high), low)


def titled(
    title: str, caption: str = "", *, names: str = "", numbers: Iterable[str] = (), **options: Any
) -> PrintedTable:
    """A table with a title above it and a caption below, as all short tables look.

    Args:
        title: Above it.
        caption: Below it.
        names: Head of its first column, which names the rows; without one it has no columns yet.
        numbers: Heads of the columns after it.
        options: As of rich's tables.
    """
    table = PrintedTable(
        title=Text(title), title_justify="left", title_style="bold", caption=caption or None, **options
    )
    if names:
        table.add_column(names)
    for header in numbers:
        table.add_column(Text(header), justify="right")
    return table


def broken(name: str, width: int) -> str:
    r"""A name in lines of so many letters: broken behind its marks and not amid a word, if it can be.

    >>> broken("promise_less_deliver_more", 15), broken("today", 15)
    ('promise_less_\ndeliver_more', 'today')
    """
    lines = [""]
    for part in filter(None, _PIECES.findall(name)):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def figure(value: float, unit: str) -> str:
    """A key figure as a reader wants it: shares as per cent, thousands apart, no idle digits.

    >>> figure(0.1234, "share"), figure(1234567.8, "EUR"), figure(7.256, "points (1-7)"), figure(float("nan"), "")
    ('12.3%', '1,234,568', '7.26', '-')
    """
    if not math.isfinite(value):
        return "-"
    if unit.startswith("share"):
        return percent(value, 1)
    if abs(value) >= 1000:
        return written(value, ",.0f")
    return written(value, ".1f" if abs(value) >= 100 else ".3g")


def tell(console: Console, line: str, style: str = "", *, whole: bool = False) -> None:
    """Print a sentence as it is: no markup, no colours of its own; `whole` where it holds a path, which is not cut."""
    if not whole:
        lines = Text(line.translate(_HELD)).wrap(console, console.width)
        line = "\n".join(text.plain.rstrip(" ").translate(_FREED) for text in lines)
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def conclude(console: Console, headline: str, said: Iterable[str], certainty: str, folder: Path) -> None:
    """Print what a study says below its table: headline, other sentences, how sure that is, where it is kept."""
    tell(console, headline, "bold")
    for sentence in said:
        tell(console, f"- {sentence}")
    if certainty:
        tell(console, certainty, "dim")
    say_where(console, folder)


def say_where(console: Console, folder: Path) -> None:
    """Print where results are: the report if there is one."""
    report = folder / REPORT
    tell(console, say("Results: {report}", report=report if report.exists() else folder), whole=True)
