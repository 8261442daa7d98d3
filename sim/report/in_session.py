"""An answer in an interactive session, such as IPython's: headline, key figures, and what else there is of it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from sim.report.terminal import PrintedTable, tell
from sim.vocabulary.text import escaped
from sim.words import listed, say

if TYPE_CHECKING:
    from sim.results.answer import Answer

WIDTH = 100
"""Letters of a line: half a screen."""


def told(answer: Answer, table: PrintedTable) -> str:
    """An answer as text.

    Args:
        answer: What to tell.
        table: What to show of its numbers.

    Returns:
        Lines without colours, in which nothing is obeyed by a terminal: what made it, what it says first, the table,
        and how to get at the rest.
    """
    said, written_to = answer.sentences, StringIO()
    console = Console(file=written_to, width=WIDTH, color_system=None, markup=False, emoji=False, highlight=False)
    tell(console, repr(answer), whole=True)
    for sentence in said[:1]:
        tell(console, sentence)
    table.hold_values(console)
    console.print(table)
    figures = [] if answer.presentation.figures is None else [f".plot.{name}()" for name in list(answer.plot)[:3]]
    tables = [f".{name}" for name in (shown.name for shown in answer.tables()) if hasattr(answer, name)]
    for line in (
        say("What it says: {name}", name=".sentences") if said else "",
        say("Tables: {names}", names=listed(tables)) if tables else "",
        say("Figures, such as {names}", names=listed(figures)) if figures else "",
    ):
        if line:
            tell(console, line)
    return escaped(written_to.getvalue().rstrip("\n"), lines=True)
