"""The house style: colours that the colour-blind can tell apart, one type size, and a frame that says what is shown."""

from __future__ import annotations

import textwrap
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from sim.plots.savings import known_texts
from sim.results.below_figures import standing_below
from sim.words import Sentences, plural, say, translated, with_signs, written

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

# Okabe & Ito 2008, and greys. The report gives each of them a second value for dark screens: keep them distinct.
INK, MUTED, GRID, PAPER = "#1c2530", "#5b6773", "#dfe4ea", "#fefefe"
BLUE, SKY, GREEN, ORANGE, RED, PURPLE = "#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#cc79a7"
GREY, ICE = "#98a2ad", "#bfe3f5"
COLOURS = {
    "ink": INK,
    "muted": MUTED,
    "grid": GRID,
    "paper": PAPER,
    "blue": BLUE,
    "sky": SKY,
    "green": GREEN,
    "orange": ORANGE,
    "red": RED,
    "purple": PURPLE,
    "grey": GREY,
    "ice": ICE,
}

SIZE = 9.5
_SIDE = 0.12  # inches of margin left and right of titles
_LINE = 1.32  # line spacing

_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": SIZE,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": GREY,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titley": 1.0,  # where it would come to lie; matplotlib need not measure every axis for it
    "axes.linewidth": 0.8,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "xtick.major.pad": 6.0,
    "ytick.major.pad": 5.0,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "exitvoice",
    "path.simplify": True,
    "hatch.linewidth": 0.8,
    "text.parse_math": False,
}


_HELD: ContextVar[bool] = ContextVar("_HELD", default=False)
"""Whether the house style is set already, and will be until all is drawn."""


@contextmanager
def house_style(*, real_text: bool = False) -> Iterator[None]:
    """Matplotlib with the house style, whatever the user's own settings, and with those restored behind it.

    Args:
        real_text: Write text into SVG as text; else as outlines, which look the same everywhere.
    """
    if _HELD.get():
        before, written_as = matplotlib.rcParams["svg.fonttype"], "none" if real_text else _STYLE["svg.fonttype"]
        matplotlib.rcParams["svg.fonttype"] = written_as
        try:
            yield
        finally:
            matplotlib.rcParams["svg.fonttype"] = before
        return
    with matplotlib.rc_context(), warnings.catch_warnings():
        # A name in a script that the typeface lacks: pages and SVG leave such text to the viewer's typefaces.
        warnings.filterwarnings("ignore", r"(Glyph \d+ .* missing from|Matplotlib currently does not support) ")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)  # type: ignore[arg-type]
        if real_text:
            matplotlib.rcParams["svg.fonttype"] = "none"
        yield


@contextmanager
def held_style() -> Iterator[None]:
    """The house style for many figures: to set three hundred parameters takes a tenth of drawing and saving one."""
    with house_style():
        token = _HELD.set(True)
        try:
            with known_texts():
                yield
        finally:
            _HELD.reset(token)


def is_drawable(text: str) -> bool:
    """Whether a text can be drawn as outlines: the typeface has its letters, and they stand from left to right.

    >>> is_drawable("Grüße, $x^2$"), is_drawable("مرحبا"), is_drawable("日本")
    (True, False, False)
    """
    if text.isascii():
        return True
    letters = _letters()
    return all(
        ord(letter) in letters and unicodedata.bidirectional(letter) not in ("R", "AL", "NSM") for letter in text
    )


@cache
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    return frozenset((ord("\n"), *FT2Font(findfont("DejaVu Sans")).get_charmap()))


class FigureSource(Protocol):
    """What a figure can be drawn of: runs of a scenario, or of several with the same seed."""

    @property
    def replications(self) -> int:
        """Number of runs behind means and intervals."""
        ...

    @property
    def scenario(self) -> Scenario:
        """The scenario, or the first of several."""
        ...

    @property
    def manifest(self) -> dict[str, Any]:
        """How it came about."""
        ...


class Ticks(ScalarFormatter):
    """Labels of ticks as the library writes them, with the signs of the reader's language."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of the tick at x."""
        return with_signs(super().__call__(x, pos))


def caption(result: FigureSource, interval: str) -> str:
    """What every figure states: n, kind of interval, seed, version.

    Args:
        result: What is shown.
        interval: How intervals are drawn, e.g. "bands"; empty where there are none.
    """
    runs = result.replications
    people = result.scenario.market.customers
    parts = Sentences(
        [plural("n = {n} run of {people:,} people", "n = {n} runs of {people:,} people", runs, people=people)]
    )
    if interval and runs > 1:
        parts.say("{interval}: 95% t-interval of the mean over runs", interval=translated(interval))
    else:
        parts.append(say("one run: no interval") if runs == 1 else say("means over runs, no interval drawn"))
    return standing_below(result, *parts)


def percent_tick(value: float, _: object = None) -> str:
    """A share as the label of a tick: as few digits as it needs.

    >>> percent_tick(0.4), percent_tick(0.025)
    ('40%', '2.5%')
    """
    digits = len(f"{100 * value:.6g}".partition(".")[2])
    return written(value, f".{digits}%")


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of a text that fit into `width` inches at a type size in points."""
    return textwrap.wrap(text, max(12, int(width * 72.0 / (size * 0.575)))) or [""]


class FigureSheet:
    """A figure with title, subtitle and caption, and room between them that is measured in inches.

    Attributes:
        figure: The matplotlib Figure.
        width: Its width in inches.
        narrow: Whether it is for a column or a telephone.
        height: Height of the room in inches.
    """

    def __init__(
        self,
        result: FigureSource,
        width: float,
        height: float,
        title: str,
        subtitle: str = "",
        interval: str = "bands",
        foot: str = "",  # instead of the caption
    ) -> None:
        self.width, self.height, self.narrow = width, height, width < 6.0
        room = width - 2 * _SIDE
        title_size = SIZE + (2.0 if self.narrow else 3.0)
        blocks = [(wrapped(title, room * 0.95, title_size), title_size, INK, "bold")]
        if subtitle:
            blocks.append((wrapped(subtitle, room, SIZE), SIZE, MUTED, "normal"))
        lines_below = wrapped(foot or caption(result, interval), room, SIZE - 2.0)
        head = 0.14 + sum(len(lines) * size * _LINE / 72.0 + 0.04 for lines, size, _, _ in blocks)
        self._bottom = 0.16 + len(lines_below) * (SIZE - 2.0) * _LINE / 72.0
        total = head + height + self._bottom
        self.figure = Figure(figsize=(width, total), dpi=100, label=title)
        top = total - 0.1
        for lines, size, colour, weight in blocks:
            for line in lines:
                self.figure.text(
                    _SIDE / width, top / total, line, size=size, color=colour, weight=weight, va="top", ha="left"
                )
                top -= size * _LINE / 72.0
            top -= 0.04
        low = self._bottom - 0.1
        for line in lines_below:
            self.figure.text(_SIDE / width, low / total, line, size=SIZE - 2.0, color=MUTED, va="top", ha="left")
            low -= (SIZE - 2.0) * _LINE / 72.0
        self._total = total

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at a place in the room, all in inches from its lower left corner."""
        axes = self.figure.add_axes(
            (left / self.width, (self._bottom + bottom) / self._total, width / self.width, height / self._total)
        )
        axes.xaxis.set_major_formatter(Ticks())
        axes.yaxis.set_major_formatter(Ticks())
        return axes

    def single(self, left: float = 0.75, right: float = 0.25, bottom: float = 0.5, top: float = 0.12) -> Axes:
        """Axes that fill the room but for margins in inches."""
        return self.axes(left, bottom, self.width - left - right, self.height - bottom - top)


def write_beside(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    dx: float = 6.0,
    *,
    color: str = INK,
    size: float = SIZE - 1.0,
    **more: Any,
) -> None:
    """Write beside a point, `dx` points to its right or, if below 0, to its left; the frame cuts nothing off."""
    side = "left" if dx > 0 else "right"
    more |= {"color": color, "size": size, "ha": side, "va": "center"}
    axes.annotate(text, at, xytext=(dx, 0.0), textcoords="offset points", annotation_clip=False, **more)


def write_above(
    axes: Axes,
    text: str,
    moved: tuple[float, float],
    *,
    x: float = 0.0,
    color: str = INK,
    size: float = SIZE - 1.0,
    weight: str = "bold",
    **more: Any,
) -> None:
    """Write over the frame of axes: at `x` of its width, moved by points to the right and up."""
    more |= {"color": color, "size": size, "weight": weight}
    axes.annotate(text, (x, 1.0), xycoords="axes fraction", xytext=moved, textcoords="offset points", **more)


def spread(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved apart so that neighbours keep a distance of `gap`, in order, between `low` and `high`.

    >>> spread([0.5, 0.5], 0.2, 0.0, 1.0)
    [0.4, 0.6]
    >>> [round(place, 3) for place in spread([0.5, 1.0], 0.4, 0.0, 0.8)]
    [0.4, 0.8]
    """
    order = sorted(range(len(positions)), key=lambda i: (positions[i], i))
    placed = [min(max(positions[i], low), high) for i in order]
    for _ in range(200):
        moved = False
        for i in range(len(placed) - 1):
            missing = gap - (placed[i + 1] - placed[i])
            if missing > 1e-9:
                placed[i] -= missing / 2
                placed[i + 1] += missing / 2
                moved = True
        if placed:
            placed[0], placed[-1] = max(placed[0], low), min(placed[-1], high)
        if not moved:
            break
    result = [0.0] * len(positions)
    for place, i in zip(placed, order, strict=True):
        result[i] = place
    return result
