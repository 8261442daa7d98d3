"""Short tables on a terminal: nothing is cut, however narrow it is."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich.table
from rich import box
from rich.text import Text

from sim.words import percent, say, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console


_PIECES = re.compile(r"[^\s_./-]*[\s_./-]*")
"""Of a name: a word with the mark behind it."""


class PrintedTable(rich.table.Table):
    """A table whose words go on in the next line where a column is too narrow; rich would cut them with an ellipsis.

    >>> from rich.console import Console
    >>> table = PrintedTable()
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

    def add_column(self, *arguments: Any, **options: Any) -> None:
        """As rich's, but words that do not fit go on in the next line."""
        super().add_column(*arguments, **({"overflow": "fold"} | options))


def titled(title: str, caption: str = "", **options: Any) -> PrintedTable:
    """A table with a title above it and a caption below, as all short tables look."""
    return PrintedTable(
        title=Text(title),
        title_justify="left",
        title_style="bold",
        caption=caption or None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        **options,
    )


def broken(name: str, width: int) -> str:
    r"""A name in lines of so many letters: broken behind its marks and not amid a word, if it can be.

    >>> broken("promise_less_deliver_more", 15), broken("today", 15)
    ('promise_less_\ndeliver_more', 'today')
    """
    lines = [""]
    for part in _PIECES.findall(name):
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
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=whole)


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
    report = folder / "report.html"
    tell(console, say("Results: {report}", report=report if report.exists() else folder), whole=True)
