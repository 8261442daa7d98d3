"""A drawn figure as SVG: one drawing gives that with outlines and that with text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any, Final, NamedTuple, TypeVar

import matplotlib
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from sim.plots.style import PAPER, is_drawable

_OUTLINES, _TEXT, _END = "\x01outlines", "\x01text", "\x01end"
"""Marks within comments. No text of a figure holds such a letter: no file may."""

_WITHOUT_TEXT: Final = re.compile(rf" *<!-- {_OUTLINES} -->\n| *<!-- {_TEXT} -->\n.*?<!-- {_END} -->\n", re.DOTALL)
_WITHOUT_OUTLINES: Final = re.compile(rf" *<!-- {_OUTLINES} -->\n.*?<!-- {_TEXT} -->\n| *<!-- {_END} -->\n", re.DOTALL)

_POINTS_PER_INCH = 72

_FILLED = "fill: "
"""How SVG says with what."""


class Svg(NamedTuple):
    """A figure as SVG files.

    Attributes:
        file: For whoever opens it: letters are outlines, which look the same everywhere, but where the typeface lacks
            one of them or cannot set its script; then all text is text.
        page: For a page: text is text, and nothing lies behind the figure.
    """

    file: str
    page: str


def svg(figure: Figure) -> Svg:
    """A figure in the house style as SVG, drawn once: what differs is written twice, between marks."""
    lettered, both = _drawn(figure, _LetteredTwice)
    with_text = _WITHOUT_OUTLINES.sub("", both)
    return Svg(_WITHOUT_TEXT.sub("", both) if lettered.drawable else with_text, _without_paper(with_text))


def svg_with_text(figure: Figure) -> str:
    """What `Svg.page` is, where nobody needs the file."""
    matplotlib.rcParams["svg.fonttype"] = "none"
    return _without_paper(_drawn(figure, RendererSVG)[1])


R = TypeVar("R", bound=RendererSVG)


def _drawn(figure: Figure, kind: type[R]) -> tuple[R, str]:
    text = StringIO()
    with _drawn_at(figure, _POINTS_PER_INCH) as dpi:
        width, height = figure.get_size_inches()
        points = width * _POINTS_PER_INCH, height * _POINTS_PER_INCH
        svg_renderer = kind(*points, text, image_dpi=dpi, metadata={"Date": None})
        renderer: Any = MixedModeRenderer(figure, width, height, dpi, svg_renderer)
        figure.draw(renderer)
        renderer.finalize()
    return svg_renderer, text.getvalue()


def _without_paper(text: str) -> str:
    return text.replace(_FILLED + PAPER, _FILLED + "none", 1)  # it is what is drawn first


class _LetteredTwice(RendererSVG):
    """Writes each text as outlines and as text."""

    drawable = True

    def draw_text(self, gc: Any, x: float, y: float, s: str, *more: Any, **named: Any) -> None:
        """Write it both ways, and note whether the typeface has it."""
        self.drawable = self.drawable and is_drawable(s)
        for mark, kind in ((_OUTLINES, "path"), (_TEXT, "none")):
            self.writer.comment(mark)
            matplotlib.rcParams["svg.fonttype"] = kind
            super().draw_text(gc, x, y, s, *more, **named)
        self.writer.comment(_END)


@contextmanager
def _drawn_at(figure: Figure, dpi: int) -> Iterator[float]:
    """The figure at so many dots an inch; gives those that it has otherwise."""
    before = figure.dpi
    figure.dpi = dpi
    try:
        yield before
    finally:
        figure.dpi = before
