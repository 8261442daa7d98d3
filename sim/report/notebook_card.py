"""An answer in a notebook: headline, key figures, one figure, and the other sentences folded away.

One HTML element that needs nothing from outside, light on every page, with styles of its own; all that it shows is
escaped. What stands in its table is said by the kind of answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.plots import page_svg
from sim.report.templates import template
from sim.report.terminal import PrintedTable
from sim.words import plural, say

if TYPE_CHECKING:
    from sim.results.answer import Answer

MOST_ROWS = 30
"""Rows of a table that a notebook shows; the answer's own tables have all."""


def card(answer: Answer, table: PrintedTable) -> str:
    """An answer as an HTML element.

    Args:
        answer: What to show, with the first of its figures.
        table: What to show of its numbers, the first column naming the rows, as on a terminal.

    Returns:
        From `<section` to `</section>`.
    """
    said = answer.sentences
    caption = str(table.caption or "")
    headline = said[0] if said else (caption or repr(answer))
    columns, rows = table.plain()
    left_out = len(rows) - MOST_ROWS
    rows = rows[:MOST_ROWS]
    return template("notebook_card.html.jinja", beside=__name__).render(
        headline=headline,
        caption=caption or say("Key figures"),
        columns=columns,
        rows=rows,
        left_out=plural("{n} more row", "{n} more rows", left_out) if left_out > 0 else "",
        figure=_figure(answer, [headline, *map(str, rows)]),
        sentences=said[1:],
        made_by=repr(answer),
    )


def _figure(answer: Answer, content: Sequence[str]) -> Any:
    """One figure as SVG; its identifiers hold what the card says, so that two cards of one page share none."""
    from markupsafe import Markup

    names = [] if answer.presentation.figures is None else list(answer.plot)
    if not names:
        return ""
    name = names[0]
    prefix = f"{name}-{hashlib.sha256(chr(0).join(content).encode()).hexdigest()[:12]}"
    return Markup(page_svg(answer.plot.figure(name), prefix))
