"""Figures: one file each, drawn with matplotlib's object interface, so that no global state is touched.

Nothing here loads matplotlib before a figure is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results.result import Result

FIGURES: tuple[str, ...] = (
    "iceberg",
    "satisfaction",
    "levels",
    "gaps",
    "retention",
    "survival",
    "word_of_mouth",
    "quality_cost",
    "customer_types",
)
"""Names of all figures, in the order of the report; each is a module with a function `draw(result, width)`."""

WIDE, NARROW = 8.4, 3.75
"""Widths in inches: a page, and a telephone."""


def draw(name: str, result: Result, *, width: float = WIDE) -> Figure:
    """Draw a figure.

    Args:
        name: One of `FIGURES`.
        result: What to show.
        width: Width in inches; below 6 the figure takes its narrow form.

    Returns:
        A matplotlib Figure with the title, n, kind of interval, seed and version written on it.

    Raises:
        KeyError: If there is no such figure.
    """
    check_known("figure", name, FIGURES)
    return drawn(name, "draw", result, width)


def drawn(module: str, function: str, *what: Any) -> Figure:
    """What a function of a figure's module draws, in the house style.

    Args:
        module: Name of a module in `sim.plots`.
        function: Name of the function in it; returns a matplotlib Figure.
        what: Its arguments.
    """
    from sim.plots.style import house_style

    with house_style():
        figure: Figure = getattr(import_module(f"sim.plots.{module}"), function)(*what)
    return figure


def check_known(kind: str, name: str, names: Sequence[str]) -> None:
    """Refuse a name that is not among those there are.

    Raises:
        KeyError: With the names that there are.

    >>> check_known("figure", "pie", ["bars", "lines"])
    Traceback (most recent call last):
    ...
    KeyError: "no figure 'pie'; there are: bars, lines"
    """
    if name not in names:
        raise KeyError(f"no {kind} {name!r}; there are: {', '.join(names)}")


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG or PNG, by the file's suffix: the same figure gives the same bytes.

    Text in SVG is drawn as outlines, which look the same everywhere; where the typeface lacks a letter of it, or cannot
    set its script, it is left as text to the viewer's typefaces. A PNG shows boxes for letters that are missing.
    """
    from matplotlib.text import Text

    from sim.plots.style import house_style, is_drawable

    real_text = path.suffix == ".svg" and not all(is_drawable(item.get_text()) for item in figure.findobj(Text))
    metadata: dict[str, Any] = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    with house_style(real_text=real_text):
        figure.savefig(path, dpi=160, metadata=metadata)


def inline_svg(name: str, result: Result, *, width: float = WIDE) -> str:
    """A figure as an SVG element for a page: colours are CSS variables, identifiers are its own.

    Every colour of the house style becomes `var(--fig-NAME, #rrggbb)`, so that a page can give it another value on
    dark screens; the background is transparent, and text is text in the page's own typeface.

    Args:
        name: One of `FIGURES`.
        result: What to show.
        width: Width in inches, as for `draw`.

    Returns:
        The text from `<svg` to `</svg>`.
    """
    return page_svg(draw(name, result, width=width), f"{name}-{'narrow' if width < 6.0 else 'wide'}")


def page_svg(figure: Figure, prefix: str) -> str:
    """Any figure in the house style as an SVG element for a page, as `inline_svg`.

    Args:
        figure: What was drawn.
        prefix: Put before every identifier within it: another one for each figure of a page.
    """
    from io import StringIO

    from sim.plots.style import house_style
    from sim.plots.svg import for_page

    text = StringIO()
    with house_style(real_text=True):
        figure.savefig(text, format="svg", metadata={"Date": None}, transparent=True)
    return for_page(text.getvalue(), prefix, str(figure.get_label()))
