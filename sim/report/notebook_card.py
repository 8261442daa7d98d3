"""An answer in a notebook: headline, key figures, one figure, and the other sentences folded away.

One HTML element that needs nothing from outside, light on every page, with styles of its own; all that it shows is
escaped. What stands in its table is said by the kind of answer.
"""

from __future__ import annotations

import hashlib
import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.plots import page_svg
from sim.report.templates import template
from sim.words import NO_VALUE, plural, say, written

if TYPE_CHECKING:
    from sim.results.answer import Answer

MOST_ROWS = 30
"""Rows of a table that a notebook shows; the answer's own tables have all."""


def card(answer: Answer, table: pd.DataFrame, caption: str = "", *, figure: str | None = None) -> str:
    """An answer as an HTML element.

    Args:
        answer: What to show.
        table: What to show of its numbers, the first column naming the rows; texts stand as they are.
        caption: What the table shows; a plain word for it if left out.
        figure: The figure to draw; its first if left out, or if it has none of that name.

    Returns:
        From `<section` to `</section>`.
    """
    said = answer.sentences
    headline = said[0] if said else (caption or repr(answer))
    shown = table.head(MOST_ROWS)
    rows = [[_text(value) for value in row] for row in shown.itertuples(index=False)]
    left_out = len(table) - len(shown)
    return template("notebook_card.html.jinja", beside=__name__).render(
        headline=headline,
        caption=caption or say("Key figures"),
        columns=[str(name) for name in table.columns],
        rows=rows,
        left_out=plural("{n} more row", "{n} more rows", left_out) if left_out else "",
        figure=_figure(answer, [headline, *map(str, rows)], figure),
        sentences=said[1:],
        made_by=repr(answer),
    )


def _text(value: Any) -> str:
    """A value of a table: numbers to four digits, nothing for what is not known.

    >>> _text(1234.5678), _text(7), _text(True), _text(float("nan")), _text("as it is")
    ('1,235', '7', 'yes', '–', 'as it is')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return say("yes") if value else say("no")
    if pd.isna(value):
        return NO_VALUE
    if isinstance(value, numbers.Integral):
        return written(int(value), ",")
    return written(float(value), ",.4g") if isinstance(value, numbers.Real) else str(value)


def _figure(answer: Answer, content: Sequence[str], wanted: str | None) -> Any:
    """One figure as SVG; its identifiers hold what the card says, so that two cards of one page share none."""
    from markupsafe import Markup

    names = [] if answer.presentation.figures is None else list(answer.plot)
    if not names:
        return ""
    name = wanted if wanted in names else names[0]
    prefix = f"{name}-{hashlib.sha256(chr(0).join(content).encode()).hexdigest()[:12]}"
    return Markup(page_svg(answer.plot.figure(name), prefix))
