"""The figures of a comparison: their names, and which module draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plots import NARROW, WIDE, check_known, drawn, page_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.comparison.result import Comparison

_DRAWN_BY = {
    "differences": ("comparison_differences", "draw"),
    "yearly_loss": ("comparison_paths", "draw_yearly_loss"),
    "satisfaction": ("comparison_paths", "draw_satisfaction"),
    "persons": ("comparison_persons", "draw"),
    "money": ("comparison_money", "draw"),
    "payback": ("comparison_paths", "draw_payback"),
}

FIGURES: tuple[str, ...] = tuple(_DRAWN_BY)
"""Names of all figures, in the order of the report."""


def draw(name: str, comparison: Comparison, *, width: float = WIDE) -> Figure:
    """Draw a figure.

    Args:
        name: One of `FIGURES`.
        comparison: What to show.
        width: Width in inches; below 6 the figure takes its narrow form.

    Raises:
        KeyError: If there is no such figure.
    """
    check_known("figure", name, FIGURES)
    return drawn(*_DRAWN_BY[name], comparison, width)


def inline_svg(name: str, comparison: Comparison, *, narrow: bool = False) -> str:
    """A figure as an SVG element for a page, see `sim.plots.inline_svg`."""
    form = "narrow" if narrow else "wide"
    return page_svg(draw(name, comparison, width=NARROW if narrow else WIDE), f"{name}-{form}")
